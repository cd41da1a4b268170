"""The summary: the most central sentences of each part, as many as its share of the sources."""

import math
from collections.abc import Sequence

from ingest.types import Language
from rag.study.aids.aid import StudyAid, by_source
from rag.study.aids.lesson import Lesson, Statement, pick
from rag.study.aids.parts import Part, bare_title
from rag.study.types import Point
from rag.terms import words

FEWEST, MOST = 4, 24
"""For one source; each further one may add ``FEWEST``."""
_STATEMENTS = 9
"""One sentence of the summary for so many that could be shown."""


def points(lesson: Lesson, language: Language) -> list[Point]:
    """Return the chosen sentences under the headings of their parts; those without a heading by themselves."""
    found: dict[int, list[Point]] = {row.id: [] for row in lesson.material.documents}
    for place, count in shares(lesson, size(lesson)).items():
        chosen = pick(lesson.statements[place], lesson.likeness, count)
        part = lesson.parts[place]
        found[part.document.id] += under(part, chosen)
    return by_source(lesson, found)


def size(lesson: Lesson) -> int:
    """Return how many sentences sum a lesson up."""
    most = MOST + FEWEST * (len(lesson.material.documents) - 1)
    return max(FEWEST, min(most, FEWEST + round(len(lesson.all()) / _STATEMENTS)))


def shares(lesson: Lesson, total: int) -> dict[int, int]:
    """Deal ``total`` sentences to the parts by the root of their sizes; small parts may get none.

    Returns counts of at least one by the places of parts, in reading order.
    """
    sizes = {n: len(group) for n, group in enumerate(lesson.statements) if group}
    counts = dict.fromkeys(sizes, 0)
    for _ in range(total):
        open_parts = [n for n in sizes if counts[n] < sizes[n]]
        if not open_parts:
            break
        # Highest averages: each next sentence goes where a sentence stands for most (Webster's method, on roots).
        counts[
            max(open_parts, key=lambda n: (math.sqrt(sizes[n]) * _strength(lesson, n) / (2 * counts[n] + 1), -n))
        ] += 1
    return {n: count for n, count in counts.items() if count}


def under(part: Part, chosen: Sequence[Statement]) -> list[Point]:
    """Return sentences as points, under the part's heading if it has one."""
    leaves = tuple(Point(s.text, (s.sentence.cite(),)) for s in chosen)
    if not part.title or words(part.title) == words(part.document.title):
        return list(leaves)
    return [Point(bare_title(part.title), (part.at,) if part.at else (), children=leaves)]


def _strength(lesson: Lesson, place: int) -> float:
    best = sorted((statement.weight for statement in lesson.statements[place]), reverse=True)[:2]
    return max(0.1, sum(best) / max(1, len(best)))


AID = StudyAid(
    "summary",
    {"en": "Summary", "fr": "Résumé"},
    "STUDY_NO_TEXT",
    points,
    instruction={
        "en": "Sum up what the numbered sentences say, one short sentence for each.",
        "fr": "Résume ce que disent les phrases numérotées, une phrase courte pour chacune.",
    },
)
