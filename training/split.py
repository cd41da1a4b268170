"""Which training documents are set aside: no part is trained on them, all are calibrated on them."""

from collections.abc import Mapping
from zlib import crc32

HELD_OUT_ENGLISH = frozenset({"en-Steam_engine", "en-train-1a609050"})
ONE_IN = 5

TRANSLATED = "translated-"
"""What the name of a document begins with that is another one in French."""

COURSE = "course-"
"""What the name of a sheet or of slides begins with that were written to be set aside."""


def origin(document_id: str) -> str:
    """Return the document that this one is, or is a translation of."""
    return document_id.removeprefix(TRANSLATED)


def without_translation(document_id: str, others: Mapping[str, int]) -> list[int]:
    """Return the values of ``others``, documents by name, but of those that are ``document_id`` in another language.

    They answer what is asked of it, in words of their own.
    """
    return [n for name, n in others.items() if name == document_id or origin(name) != origin(document_id)]


def held_out(document_id: str) -> bool:
    """Tell whether a document is set aside: two English articles, one French document in five by its name's CRC-32,
    all that were written for it.

    A translation counts as its original.
    """
    if document_id.startswith(COURSE):
        return True
    if document_id.startswith("fr-"):
        return crc32(document_id.encode()) % ONE_IN == 0
    return origin(document_id) in HELD_OUT_ENGLISH
