"""What a notebook is about, put together from the guides of its sources: nothing is made here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ingest.types import Language
from rag.rows import DocumentRow
from rag.source_guides.rows import SourceGuideRow
from rag.source_guides.types import Heading, KeyTerm, SourceGuide
from rag.study.aids.definitions import base
from rag.types import Citation

MOST_TERMS = 12
MOST_QUESTIONS = 6
MOST_HEADINGS = 5


@dataclass(frozen=True, slots=True)
class Starter:
    """A question that the notebook was seen to answer, its language, and the sentence that it was made from."""

    text: str
    language: Language
    at: Citation


@dataclass(frozen=True, slots=True)
class Chapter:
    """A source in the overview: its row, what it calls itself and its first headings; ``sections`` counts them all."""

    row: DocumentRow
    title: str
    sections: int
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The sources that have a guide, their pages and languages (the commonest first), main terms and questions.

    ``unmade`` counts the ready sources whose guide is still to be made.
    """

    chapters: tuple[Chapter, ...]
    pages: int
    languages: tuple[Language, ...]
    terms: tuple[KeyTerm, ...]
    questions: tuple[Starter, ...]
    unmade: int = 0


def overview(
    rows: Sequence[DocumentRow], guides: Mapping[int, SourceGuideRow], language: Language, most: int = MOST_QUESTIONS
) -> Overview:
    """Put the guides of ready sources together; the sources take turns with their questions.

    They are in ``language`` if any source has such a question, else in that of the sources.
    """
    held = [(row, kept.guide) for row in rows if (kept := guides.get(row.id)) and kept.guide]
    chapters = [
        Chapter(row, guide.title or row.name, guide.sections, _spread(guide.headings, MOST_HEADINGS))
        for row, guide in held
    ]
    unmade = sum(not (row.id in guides and guides[row.id].final) for row in rows)
    return Overview(
        tuple(chapters),
        sum(row.pages for row in rows),
        tuple(found for found, _ in Counter(row.language for row in rows).most_common()),
        tuple(_turns([guide.terms for _, guide in held], MOST_TERMS)),
        tuple(_starters([guide for _, guide in held], language)[:most]),
        unmade,
    )


def _spread(headings: Sequence[Heading], most: int) -> tuple[Heading, ...]:
    step = max(1.0, len(headings) / most)
    return tuple(headings[int(n * step)] for n in range(min(most, len(headings))))


def _turns(groups: Sequence[Sequence[KeyTerm]], most: int) -> list[KeyTerm]:
    """Take the first term of every source, then the second of each; one that two sources have comes once."""
    found: dict[tuple[str, ...], KeyTerm] = {}
    for turn in zip_longest(*groups):
        for term in turn:
            if term is not None:
                found.setdefault(base(term.text), term)
    return list(found.values())[:most]


def _starters(guides: Sequence[SourceGuide], language: Language) -> list[Starter]:
    own = [guide for guide in guides if guide.language == language and guide.questions]
    other = [guide for guide in guides if guide.language != language and guide.questions]
    found: list[Starter] = []
    for group in (own, other):
        for turn in zip_longest(*(_asked(guide) for guide in group)):
            found += [starter for starter in turn if starter is not None]
        if found:
            break
    return found


def _asked(guide: SourceGuide) -> list[Starter]:
    return [Starter(question.text, guide.language, question.at) for question in guide.questions]
