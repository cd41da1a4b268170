"""Study guides, one file an aid: sentences and headings taken from the sources, each with its page."""
