"""A picture of boxes and lines that can be pressed; the same boxes are drawn for a wide and for a narrow window.

Each box has a ground of its own, so that its words can be read whatever the page's ground is.
"""

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt
import streamlit as st

from ui.escape import one_line

LINE_PIXELS, FONT_PIXELS, PADDING = 16, 12, 7
WIDE_FROM = 700  # pixels; below, the narrow words are drawn
MAX_WIDTH = 860
_PRESSED = "pressed"
_BEFORE_MARK = re.compile(r" (?=[:;!?»–])")
_LINK, _OPENED = "#8A9097", "#D55E00"

# Ground and ink by level and theme; each pair has a contrast of at least 5.
_LIGHT = (("#1D5C63", "#FFFFFF"), ("#CFE3E6", "#0F1215"), ("#EFF3F2", "#0F1215"))
_DARK = (("#27807E", "#FFFFFF"), ("#234E57", "#F2F1ED"), ("#2C333A", "#E8E6E1"))


@dataclass(frozen=True, slots=True)
class Box:
    """Words at a place: ``left`` and ``right`` are shares of the width, ``top`` and ``bottom`` pixels.

    ``number`` comes back when it is pressed, -1 where nothing opens. ``title`` is a line in bold above the words.
    """

    number: int
    left: float
    right: float
    top: float
    bottom: float
    level: int
    words: str
    wide: str
    narrow: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line between two places, given as (share of the width, pixels)."""

    points: tuple[tuple[float, float], ...]
    bent: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, the lines between them, and what it shows in words; ``height`` in pixels."""

    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    height: float
    told: str


def wrapped(text: str, characters: int, most: int) -> str:
    """Return a text in at most ``most`` lines, cut with an ellipsis where it is longer."""
    kept = _BEFORE_MARK.sub("\u00a0", one_line(text))  # no line begins with a mark
    found = textwrap.wrap(kept, characters, max_lines=most, placeholder="…", break_on_hyphens=False)
    return "\n".join(found)


def box_height(*words: str, title: bool = False) -> float:
    """Return the pixels that the longest of these texts needs."""
    return LINE_PIXELS * (max(text.count("\n") + 1 for text in words) + title) + 2 * PADDING


def press_picture(picture: Picture, key: str, opened: int, press: Callable[[int | None], object]) -> None:
    """Draw a picture; ``opened`` is the box to set off, ``press`` is told which box was pressed, None for none."""

    def pressed() -> None:
        chosen = st.session_state[key].selection.get(_PRESSED) or [{}]
        number = chosen[0].get("number")
        press(int(number) if number is not None and int(number) >= 0 else None)

    with st.container(width=MAX_WIDTH, key=f"box-{key}"):
        st.altair_chart(_chart(picture, opened), width="stretch", key=key, on_select=pressed, alt=picture.told)


def _chart(picture: Picture, opened: int) -> Any:
    x = alt.X("left:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("top:Q", scale=alt.Scale(domain=[picture.height, 0], nice=False), axis=None)
    layers = [_lines(picture.curves, bent=bent, x=x, y=y) for bent in (False, True)]
    boxes = alt.Chart(_boxes(picture, opened))
    grounds = boxes.mark_rect(cornerRadius=6, cursor="pointer").encode(
        x,
        y,
        x2="right:Q",
        y2="bottom:Q",
        color=alt.Color("ground:N", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
        strokeWidth=alt.StrokeWidth("edge_width:Q", scale=None),
        tooltip=alt.Tooltip("words:N"),
        description=alt.Description("words:N"),
    )
    pressed = alt.selection_point(name=_PRESSED, fields=["number"], on="click", empty=False)
    layers += [grounds.add_params(pressed), _text(boxes, x, title=True), _text(boxes, x, title=False)]
    return alt.layer(*layers).properties(height=picture.height).configure_view(stroke=None)


def _boxes(picture: Picture, opened: int) -> Any:
    grounds = _DARK if st.context.theme.type == "dark" else _LIGHT
    rows = []
    for box in picture.boxes:
        ground, ink = grounds[min(box.level, len(grounds) - 1)]
        is_open = box.number >= 0 and box.number == opened
        edge = {"edge": _OPENED if is_open else ground, "edge_width": 3 if is_open else 1}
        below = box.top + PADDING + (LINE_PIXELS if box.title else 0)
        rows.append({**asdict(box), **edge, "ground": ground, "ink": ink, "below": below, "at": box.top + PADDING})
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def _lines(curves: Sequence[Curve], *, bent: bool, x: Any, y: Any) -> Any:
    rows = [
        {"curve": number, "step": step, "left": left, "top": top}
        for number, curve in enumerate(curves)
        if curve.bent == bent
        for step, (left, top) in enumerate(curve.points)
    ]
    data = alt.Data(values=rows)  # type: ignore[no-untyped-call]
    mark = alt.Chart(data).mark_line(
        interpolate="basis" if bent else "linear", color=_LINK, strokeWidth=1.5, aria=False
    )
    return mark.encode(x, y, detail="curve:N", order="step:Q")


def _text(boxes: Any, x: Any, *, title: bool) -> Any:
    """Return the words of the boxes, those that fit the width of the picture, or their titles."""
    words = "datum.title" if title else f"width < {WIDE_FROM} ? datum.narrow : datum.wide"
    mark = boxes.mark_text(
        text=alt.ExprRef(words),
        align="left",
        baseline="top",
        dx=PADDING + 1,
        dy=2,
        fontSize=FONT_PIXELS,
        lineHeight=LINE_PIXELS,
        lineBreak="\n",
        fontWeight="bold" if title else "normal",
        cursor="pointer",
        clip=True,
        aria=False,
    )
    place = alt.Y("at:Q" if title else "below:Q", axis=None)
    return mark.encode(x, place, color=alt.Color("ink:N", scale=None), tooltip=alt.Tooltip("words:N"))
