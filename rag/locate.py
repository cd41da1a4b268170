"""Find a stored citation again in the page as it is now."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.types import Page
from rag.types import Citation


def place(citation: Citation, page: Page | None) -> Citation:
    """Return the citation with the span its quote has on ``page``: located there, or "page only" where it is not.

    The stored span holds when the page still reads the quote there; else the quote is searched with its white space
    folded, and of several finds the one nearest the stored span is taken.
    """
    if page is None or not citation.quote.strip():
        return replace(citation, located="page_only")
    if page.text[citation.start : citation.end] == citation.quote:
        return replace(citation, located="located")
    pattern = r"\s+".join(re.escape(word) for word in citation.quote.split())
    spans = [match.span() for match in re.finditer(pattern, page.text)]
    if not spans:
        return replace(citation, located="page_only")
    start, end = min(spans, key=lambda span: abs(span[0] - citation.start))
    return replace(citation, start=start, end=end, located="located")


def deleted(citation: Citation) -> Citation:
    """Return the citation of a source that the notebook does not hold any more."""
    return replace(citation, located="deleted")


def characters(page: Page, spans: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
    """Return PDFium's number and the character, for each character of the spans that PDFium has."""
    places = sorted({place for start, end in spans for place in range(max(start, 0), min(end, len(page.source_index)))})
    return [(page.source_index[place], page.text[place]) for place in places if page.source_index[place] >= 0]
