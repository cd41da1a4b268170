"""What a newly added source brings to a notebook that holds others: which of its key terms they use too."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from ingest.language import fold
from ingest.types import Page
from rag.rows import DocumentRow
from rag.source_guides.types import Digest, KeyTerm, Shared
from rag.terms import FUNCTION_WORDS

APART_SECONDS = 3.0
"""Sources that come this soon after one was read were added together with it, and none is new beside the other."""
_PARTS = re.compile(r"[^\W_]+")


def before(row: DocumentRow, others: Sequence[DocumentRow]) -> list[DocumentRow]:
    """Return the sources that were read already when this one was added."""
    return [one for one in others if one.id != row.id and one.stage_started + APART_SECONDS < row.received_at]


def compare(
    terms: Sequence[KeyTerm], there: Sequence[DocumentRow], pages_of: Callable[[int], Sequence[Page]]
) -> Iterator[Digest | None]:
    """Look for key terms in the sources that were ``there``: yield None after each, last the digest if any was there.

    Words are compared without accents, small words and the endings of a plural.
    """
    if not there:
        return
    keys = {term.text: _row(term.text) for term in terms}
    found: dict[str, list[str]] = {name: [] for name in keys}
    for one in there:
        texts = [_row(page.text) for page in pages_of(one.id)]
        for name, key in keys.items():
            if any(key in text for text in texts):
                found[name].append(one.sha256)
        yield None
    yield Digest(
        tuple(one.sha256 for one in there),
        tuple(name for name, sources in found.items() if not sources),
        tuple(Shared(name, tuple(sources)) for name, sources in found.items() if sources),
    )


def _row(text: str) -> str:
    found = [word for word in _PARTS.findall(fold(text)) if word not in FUNCTION_WORDS]
    return f" {' '.join(word.rstrip('sx') if len(word) > 3 else word for word in found)} "


def of_those_there(digest: Digest, hashes: Collection[str]) -> Digest | None:
    """Return a digest as it reads with the sources that are still there, None when all it was held against are gone."""
    beside = tuple(one for one in digest.beside if one in hashes)
    if not beside:
        return None
    shared = [Shared(one.term, tuple(found for found in one.sources if found in hashes)) for one in digest.shared]
    gone = tuple(one.term for one in shared if not one.sources)
    return Digest(beside, (*digest.new, *gone), tuple(one for one in shared if one.sources))
