"""A guide as a tree one can press: roots on the left edge, their headings beside a trunk, the terms to the right."""

from dataclasses import replace

import streamlit as st

from rag.study.rows import GuideRow
from rag.study.types import Guide
from ui.clickable import Box, Curve, Picture, box_height, press_picture, wrapped
from ui.guide_lines import Line, lines, only_document
from ui.services import AppServices
from ui.state import open_place, opened_place, show_dialog
from ui.texts import Texts

ROUNDS = ("picture", "picture-again")
GAP = 10.0
TRUNK = 0.015
# Where the boxes of each level begin and end, as shares of the width.
COLUMNS = ((0.0, 0.62), (0.045, 0.44), (0.52, 1.0))
# Characters in a line of each level, in a wide and in a narrow window, and the most lines.
WIDE, NARROW, LINES = (66, 42, 52), (32, 19, 24), 3


def mindmap(app: AppServices, texts: Texts, row: GuideRow, guide: Guide, view: str) -> None:
    """Draw the map; a pressed box shows its page."""
    notebook = app.library.store.notebook(row.notebook_id)
    root = only_document(lines(guide)) or (notebook.name if notebook else texts.plain("guide.kind_mindmap"))
    clickable_guide(texts, row, guide, view, tree(texts, guide, root))


def clickable_guide(texts: Texts, row: GuideRow, guide: Guide, view: str, picture: Picture) -> None:
    """Draw a picture whose boxes are numbered by the guide's citations; a press shows the page over it."""
    place = opened_place(view)
    here = place if place and place.where in ROUNDS else None
    # Each press draws the picture anew under another key, so that the same box can be pressed again.
    following = ROUNDS[here is not None and here.where == ROUNDS[0]]

    def press(number: int | None) -> None:
        if number is not None:
            open_place(view, number, following)
            show_dialog("enlarge_place", row.id)

    press_picture(picture, f"picture-{view}-{following}", here.position if here else -1, press)
    st.caption(picture.told)


def tree(texts: Texts, guide: Guide, root: str) -> Picture:
    """Return a guide as boxes by depth: its own roots where it is three levels deep, else one root named ``root``."""
    found = lines(guide)
    own_roots = max((line.depth for line in found), default=0) >= 2
    boxes: list[Box] = []
    curves: list[Curve] = []
    top = 0.0
    if not own_roots:
        first = _box(-1, 0, root, top)
        boxes, top = [first], first.bottom + GAP
    for line in found:
        level = min(line.depth + (not own_roots), 2)
        top = _add(boxes, curves, line, level, top)
    told = texts.plain("guide.mindmap_told", n=len(boxes), root=boxes[0].words if boxes else root)
    return Picture(tuple(boxes), tuple(curves), max((box.bottom for box in boxes), default=0.0) + 2, told)


def _add(boxes: list[Box], curves: list[Curve], line: Line, level: int, top: float) -> float:
    """Add a point below what is there and the line to its parent; return where the next one begins."""
    words = line.point.note or line.point.text
    number = line.first if line.point.citations else -1
    parent = next((box for box in reversed(boxes) if box.level < level), None)
    if level == 2 and parent and parent.level == 1 and boxes[-1] is parent:
        top = parent.top  # the first term stands beside its heading
    elif boxes and level < 2:
        top = max(top, max(box.bottom for box in boxes) + GAP)
    box = replace(_box(number, level, words, top), words=line.point.text)
    boxes.append(box)
    if parent:
        curves.append(_curve(parent, box))
    return box.bottom + GAP


def _box(number: int, level: int, words: str, top: float) -> Box:
    left, right = COLUMNS[level]
    wide, narrow = wrapped(words, WIDE[level], LINES), wrapped(words, NARROW[level], LINES)
    return Box(number, left, right, top, top + box_height(wide, narrow), level, words, wide, narrow)


def _curve(parent: Box, box: Box) -> Curve:
    end = (box.left, (box.top + box.bottom) / 2)
    if box.level == 2 and parent.level == 1:
        start = (parent.right, (parent.top + parent.bottom) / 2)
        middle = (start[0] + end[0]) / 2
        return Curve((start, (middle, start[1]), (middle, end[1]), end), bent=True)
    return Curve(((TRUNK, parent.bottom), (TRUNK, end[1]), end))
