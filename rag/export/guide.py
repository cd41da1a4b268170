"""A study guide as Markdown, Word or PDF; each sentence with the document and page that it comes from."""

from collections.abc import Iterator

from rag.export.blocks import Block, Group, Heading, Paragraph, Sheet
from rag.export.conversation import RENDERERS
from rag.export.words import place, quoted
from rag.study.types import Guide, Point

# Their points are sections of the sources, also where nothing stands below one.
_HEADED = frozenset({"outline", "mindmap"})


def write_guide(suffix: str, guide: Guide, title: str) -> bytes:
    """Return a guide's file; ``suffix`` is md, docx or pdf."""
    blocks: list[Block] = [Heading(title, 1)]
    for point in guide.points:
        blocks += _point(guide, point, 2)
    return RENDERERS[suffix](Sheet(title, guide.language, blocks))


def _point(guide: Guide, point: Point, level: int) -> Iterator[Block]:
    if point.children or (level == 2 and guide.kind in _HEADED):
        yield Heading(" – ".join(text for text in (point.note, point.text) if text), min(level, 3))
        if point.citations:
            yield _places(guide, point)
        for child in point.children:
            yield from _point(guide, child, level + 1)
        return
    note = (Paragraph(point.note, "strong"),) if point.note else ()
    yield Group((*note, Paragraph(point.text), *_sources(guide, point)))


def _sources(guide: Guide, point: Point) -> Iterator[Block]:
    """Yield where a point stands; the quotes too where its words are a model's."""
    if not point.phrased:
        if point.citations:
            yield _places(guide, point)
        return
    for citation in point.citations:
        yield Paragraph(quoted(guide.language, citation.quote), "quote", depth=1)
        yield Paragraph(place(guide.language, citation), "quiet", depth=1)


def _places(guide: Guide, point: Point) -> Paragraph:
    places = dict.fromkeys(place(guide.language, citation) for citation in point.citations)
    return Paragraph("; ".join(places), "quiet")
