"""The values of source guides; every word that is shown of a source is a citation of it."""

from dataclasses import dataclass
from typing import Literal

from ingest.types import Language
from rag.types import Citation

Lack = Literal["no_prose", "no_questions"]
"""What a guide has not, and why: no sentence stands alone, or no question is answered as it should."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A section and where its heading stands, None where it is not in the text of a page."""

    title: str
    at: Citation


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A term and a sentence or heading that holds it; ``defined`` tells whether the sentence defines it."""

    text: str
    at: Citation
    defined: bool = False


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """A question and the sentence that it was made from; the notebook answered it from that page."""

    text: str
    at: Citation


@dataclass(frozen=True, slots=True)
class Shared:
    """A key term that other sources use too: their hashes, in the order in which they came."""

    term: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a source brought to those that were there: key terms that none of them uses, and those that some do.

    ``beside`` are the hashes of the sources that were there.
    """

    beside: tuple[str, ...]
    new: tuple[str, ...] = ()
    shared: tuple[Shared, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceGuide:
    """What a source is about, in its own words and ``language``.

    ``sections`` counts the headings found, of which ``headings`` are the main ones. ``tried`` counts the questions that
    were put to the notebook so far, ``questions`` are those that passed. ``digest`` is None for a source that came
    into a notebook without others.
    """

    language: Language
    title: str
    sections: int = 0
    headings: tuple[Heading, ...] = ()
    terms: tuple[KeyTerm, ...] = ()
    summary: tuple[Citation, ...] = ()
    questions: tuple[GuideQuestion, ...] = ()
    tried: int = 0
    lacks: tuple[Lack, ...] = ()
    digest: Digest | None = None
