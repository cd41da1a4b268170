"""A guide as events along a line, in order and evenly spaced; each can be pressed."""

from rag.study.rows import GuideRow
from rag.study.types import Guide
from ui.clickable import Box, Curve, Picture, box_height, wrapped
from ui.guide_lines import lines
from ui.mindmap import clickable_guide
from ui.services import AppServices
from ui.texts import Texts

GAP = 10.0
LINE, BOX = 0.015, 0.05
# Characters in a line in a wide and in a narrow window, and the most lines.
WIDE, NARROW, LINES = 104, 48, 3


def timeline(app: AppServices, texts: Texts, row: GuideRow, guide: Guide, view: str) -> None:
    """Draw the line of events; a pressed one shows its page."""
    clickable_guide(texts, row, guide, view, along(texts, guide))


def along(texts: Texts, guide: Guide) -> Picture:
    """Return the dated points of a guide as boxes along a line, from the first above to the last below."""
    boxes: list[Box] = []
    top = 0.0
    for line in (line for line in lines(guide) if not line.point.children):
        words = line.point.text
        wide, narrow = wrapped(words, WIDE, LINES), wrapped(words, NARROW, LINES)
        bottom = top + box_height(wide, narrow, title=True)
        number = line.first if line.point.citations else -1
        boxes.append(Box(number, BOX, 1.0, top, bottom, 1, words, wide, narrow, title=line.point.note))
        top = bottom + GAP
    middles = [(box.top + box.bottom) / 2 for box in boxes]
    curves = [Curve(((LINE, middle), (BOX, middle))) for middle in middles]
    if boxes:
        curves.insert(0, Curve(((LINE, boxes[0].top), (LINE, boxes[-1].bottom))))
    told = texts.plain(
        "guide.timeline_told",
        n=len(boxes),
        first=boxes[0].title if boxes else "–",
        last=boxes[-1].title if boxes else "–",
    )
    return Picture(tuple(boxes), tuple(curves), top, told)
