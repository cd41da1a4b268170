"""The root that the singular and the plural of a word share."""

from rag.terms import stem


def root(word: str) -> str:
    """Return the stem of a folded word without the "s" or "x" of its plural."""
    return stem(word[:-1] if len(word) > 4 and word[-1] in "sx" else word)
