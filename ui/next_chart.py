"""The next words as bars: those that top-p keeps are filled, those that it cuts are outlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from ui.escape import JOINER
from ui.numerals import likelihood
from ui.plots import BLUE
from ui.texts import Texts

BAR_PIXELS = 26
INK = {"dark": "#E8E6E1", "light": "#0F1215"}
CUT = "#858B93"  # a contrast of 3 to the ground of either theme


@dataclass(frozen=True, slots=True)
class Bar:
    """A word, or all that are not shown, with its probability 0..1 and whether it can be drawn."""

    word: str
    probability: float
    kept: bool


def next_chart(texts: Texts, bars: Sequence[Bar], title: str, told: str) -> None:
    """Draw the bars from the likeliest down; ``told`` says the same in words."""
    ink = INK["dark" if st.context.theme.type == "dark" else "light"]
    kept, cut = texts.plain("next.kept"), texts.plain("next.cut")
    # An axis shows equal names once: an invisible mark tells them apart.
    rows = [
        {"word": bar.word + JOINER * n, "share": bar.probability, "state": kept if bar.kept else cut}
        | {"shown": likelihood(texts, bar.probability)}
        for n, bar in enumerate(bars)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(  # type: ignore[no-untyped-call]
        alt.Y("word:N", sort=None, title=None, axis=alt.Axis(labelLimit=140, labelFontSize=13, labelColor=ink)),
        alt.X("share:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)),
    )
    states = [state for state in (kept, cut) if any(row["state"] == state for row in rows)]
    fills = {kept: BLUE, cut: "transparent"}
    edges = {kept: BLUE, cut: CUT}
    legend = alt.Legend(title=None, orient="bottom", labelColor=ink) if len(states) > 1 else None
    marks = base.mark_bar(strokeWidth=1.5, size=BAR_PIXELS - 8, aria=False).encode(
        _colours(alt.Fill, fills, states, legend), _colours(alt.Stroke, edges, states, legend)
    )
    words = base.mark_text(align="left", dx=6, color=ink, fontSize=12, aria=False).encode(alt.Text("shown:N"))
    height = BAR_PIXELS * len(rows) + 70
    st.altair_chart((marks + words).properties(height=height), width="stretch", key="next-chart", alt=told)


def _colours(channel: Any, colours: dict[str, str], states: Sequence[str], legend: Any) -> Any:
    scale = alt.Scale(domain=list(states), range=[colours[state] for state in states])
    return channel("state:N", scale=scale, legend=legend)
