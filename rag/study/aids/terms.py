"""The glossary: terms that the sources define, and other important ones with the sentence that tells most of them."""

from ingest.types import Language
from rag.study.aids.aid import StudyAid
from rag.study.aids.blocks import find_term, is_telling, key_terms, titled
from rag.study.aids.definitions import base, defined
from rag.study.aids.lesson import Lesson
from rag.study.types import Point
from rag.terms import content_words

MOST = 40
_OTHERS = 15
"""So many terms that are not defined, at most."""
_SUBJECT = 3
"""A sentence tells something of a term that stands among its first words."""


def points(lesson: Lesson, language: Language) -> list[Point]:
    """Return the terms in alphabetical order: ``note`` the term, ``text`` its sentence."""
    statements = lesson.all()
    found = [point for point, _ in defined(statements)][:MOST]
    shown = {point.text for point in found}
    others: list[Point] = []
    for term in key_terms(lesson, statements, ()):
        if len(others) == min(_OTHERS, MOST - len(found)):
            break
        free = [s for s in statements if s.text not in shown and s.standing == 2]
        held = find_term(term, free, _SUBJECT) if is_telling(term) else None
        name = titled(term)
        if held is None or any(_is_within(name, p.note) for p in found + others):
            continue
        shown.add(held.text)
        others.append(Point(held.text, (held.sentence.cite(),), name))
    return sorted(found + others, key=lambda point: content_words(point.note))


def _is_within(name: str, other: str) -> bool:
    one, two = set(base(name)), set(base(other))
    return one <= two or two <= one


AID = StudyAid(
    "terms",
    {"en": "Key terms", "fr": "Termes clés"},
    "GUIDE_NO_TERMS",
    points,
    weighed=False,
    instruction={
        "en": "Say in one short sentence for each numbered sentence what the term before the colon is.",
        "fr": "Dis en une phrase courte, pour chaque phrase numérotée, ce qu'est le terme devant les deux-points.",
    },
)
