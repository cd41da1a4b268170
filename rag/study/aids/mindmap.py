"""The mind map: the title, the blocks of the lesson around it, and around each of them its key terms."""

from ingest.types import Language
from rag.study.aids.aid import StudyAid
from rag.study.aids.blocks import Block, blocks, find_term, is_telling, key_terms, titled
from rag.study.aids.definitions import base
from rag.study.aids.lesson import Lesson
from rag.study.aids.parts import bare_title
from rag.study.types import Point

BRANCHES = 7
LEAVES = 7
_TERMS = 5


def points(lesson: Lesson, language: Language) -> list[Point]:
    """Return one root with at most 7 branches, each with at most 7 leaves; every node with a citation."""
    found = blocks(lesson, BRANCHES, language)
    sources = lesson.material.documents
    if len(found) > BRANCHES or len({block.document.id for block in found}) > 1:
        branches = tuple(_of_source(lesson, [b for b in found if b.document.id == row.id]) for row in sources)[
            :BRANCHES
        ]
        return [
            Point(", ".join(row.title or row.name for row in sources[:3]), branches[0].citations, children=branches)
        ]
    title = _title(lesson)
    taken = {frozenset(base(text)) for text in (title, *(bare_title(part.title) for part in lesson.parts))}
    branches = tuple(_branch(lesson, block, found, taken) for block in found)
    return [Point(title, (found[0].at,), children=branches)]


def _title(lesson: Lesson) -> str:
    row = lesson.material.documents[0]
    return row.title or row.name


def _of_source(lesson: Lesson, own: list[Block]) -> Point:
    row = own[0].document
    leaves = tuple(Point(block.title, (block.at,)) for block in own[:LEAVES])
    return Point(row.title or row.name, (own[0].at,), children=leaves)


def _branch(lesson: Lesson, block: Block, found: list[Block], taken: set[frozenset[str]]) -> Point:
    """Return a block with the other headings that it holds, then its key terms that no node has ``taken`` yet."""
    leaves: list[Point] = []
    taken.add(frozenset(base(block.title)))
    for place in block.parts:
        part = lesson.parts[place]
        name = bare_title(part.title)
        whole = len(lesson.statements[place]) == sum(s.part == place for s in block.statements)
        if part.at and part.title and whole and name != block.title and len(leaves) < LEAVES:
            leaves.append(Point(name, (part.at,)))
    other = [s for b in found if b is not block for s in b.statements]
    for term in key_terms(lesson, block.statements, other):
        if len(leaves) >= max(_TERMS, min(LEAVES, len(block.parts) - 1)):
            break
        own = frozenset(base(term.text))
        held = find_term(term, block.statements)
        if held and is_telling(term) and not any(own <= known for known in taken):
            taken.add(own)
            leaves.append(Point(titled(term), (held.sentence.cite(),)))
    return Point(block.title, (block.at,), children=tuple(leaves))


AID = StudyAid(
    "mindmap",
    {"en": "Mind map", "fr": "Carte mentale"},
    "STUDY_NO_TEXT",
    points,
)
