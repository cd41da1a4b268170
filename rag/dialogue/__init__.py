"""Questions that lean on what was said before, made complete in themselves."""
