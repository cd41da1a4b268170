"""The course plan: sessions in the order of the sources, each with its share of them and the points to teach."""

from ingest.types import Language
from rag.study.aids.aid import StudyAid, by_source
from rag.study.aids.blocks import Block, blocks
from rag.study.aids.lesson import Lesson, pick
from rag.study.aids.parts import bare_title
from rag.study.types import Point

SESSIONS = 12
_STATEMENTS = 8
_POINTS = 5
_SESSION: dict[Language, str] = {"en": "Session {n}: {title}", "fr": "Séance {n}\u00a0: {title}"}
_NOTE: dict[Language, tuple[str, str]] = {
    "en": ("page {first}, {share}%", "pages {first}–{last}, {share}%"),
    "fr": ("page {first}, {share}\u00a0%", "pages {first}–{last}, {share}\u00a0%"),
}


def points(lesson: Lesson, language: Language) -> list[Point]:
    """Return the sessions: ``note`` their pages and share of the text, children the points to teach.

    A point's ``note`` is the heading it stands under, where a session has several.
    """
    total = len(lesson.all())
    most = max(2, min(SESSIONS, round(total / _STATEMENTS)))
    found = blocks(lesson, most, language)
    sizes = [_letters(lesson, block) for block in found]
    sessions: dict[int, list[Point]] = {row.id: [] for row in lesson.material.documents}
    for n, (block, size) in enumerate(zip(found, sizes, strict=True), start=1):
        point = _session(lesson, block, n, round(100 * size / sum(sizes)), language)
        sessions[block.document.id].append(point)
    return by_source(lesson, sessions)


def _session(lesson: Lesson, block: Block, n: int, share: int, language: Language) -> Point:
    chosen = pick(block.statements, lesson.likeness, _POINTS)
    leaves = []
    for statement in chosen:
        heading = bare_title(lesson.parts[statement.part].title)
        note = heading if len(block.parts) > 1 else ""
        leaves.append(Point(statement.text, (statement.sentence.cite(),), note))
    first, last = (label(lesson, block, index) for index in block.pages)
    form = _NOTE[language][block.pages[0] != block.pages[1]]
    title = _SESSION[language].format(n=n, title=block.title)
    return Point(title, (block.at,), form.format(first=first, last=last, share=share), children=tuple(leaves))


def label(lesson: Lesson, block: Block, index: int) -> str:
    """Return the printed number of a page of the block's document."""
    return next(page.label for page in lesson.material.pages[block.document.id] if page.index == index)


def _letters(lesson: Lesson, block: Block) -> int:
    """Return how much text the block's parts hold; a part that is in several blocks counts by its statements."""
    whole = 0
    for place in block.parts:
        part = lesson.parts[place]
        own = sum(statement.part == place for statement in block.statements)
        whole += sum(len(s.text) for s in part.sentences) * own // max(1, len(lesson.statements[place]))
    return max(1, whole)


AID = StudyAid(
    "plan",
    {"en": "Course plan", "fr": "Plan de cours"},
    "STUDY_NO_TEXT",
    points,
    instruction={
        "en": "Write each numbered sentence as one short point to teach.",
        "fr": "Écris chaque phrase numérotée comme un point court à enseigner.",
    },
)
