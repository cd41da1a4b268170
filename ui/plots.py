"""The plots of an evaluation. Each says in words what it shows, and differs by more than by its colours.

The colours are Okabe and Ito's blue (a little lighter) and vermilion, which people who see colours differently tell
apart; both have a contrast of at least 3 to the ground of either theme.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from evaluation.run_figures import RunFigures
from ui.numerals import percent
from ui.texts import Texts

BLUE, VERMILION = "#2F7FB8", "#D55E00"
HEIGHT = 240
_SHARES = [0, 0.25, 0.5, 0.75, 1]

Rows = Sequence[dict[str, Any]]


def plots(texts: Texts, found: RunFigures) -> None:
    """Draw the four plots, two in a row where the window has room."""
    drawn = [
        (_recall, bool(found.recall)),
        (_beside, found.beside is not None),
        (_calibration, bool(found.reliability)),
        (_risk, bool(found.risk)),
    ]
    shown = [draw for draw, there in drawn if there]
    for start in range(0, len(shown), 2):
        for column, draw in zip(st.columns(2, gap="large"), shown[start : start + 2], strict=False):
            with column:
                draw(texts, found)


def _recall(texts: Texts, found: RunFigures) -> None:
    rows = [{"x": rank, "y": share} for rank, share in enumerate(found.recall, start=1)]
    told = texts.plain(
        "plots.recall_told",
        n=found.recall_n,
        first=percent(texts, found.recall[0]),
        last=percent(texts, found.recall[-1]),
        ranks=len(found.recall),
    )
    axis = alt.X("x:Q", title=texts.plain("plots.rank"), axis=alt.Axis(tickMinStep=1, format="d"))
    lines = alt.Chart(_data(rows)).encode(axis.scale(nice=False, zero=False), _share(texts.plain("plots.recall_share")))
    _draw(texts, "recall", lines.mark_line(color=BLUE) + lines.mark_point(color=BLUE, filled=True, size=50), told)


def _beside(texts: Texts, found: RunFigures) -> None:
    if found.beside is None:
        return
    names = {"gold_shown": texts.plain("plots.sources"), "memory_right": texts.plain("plots.memory")}
    shown = {name: figure for name in names if (figure := found.figures[name])}  # type: ignore[index]
    rows = [{"x": names[name], "y": f.value, "low": f.low, "high": f.high} for name, f in shown.items()]
    told = texts.plain(
        "plots.beside_told",
        both=found.beside.both,
        sources=found.beside.sources,
        memory=found.beside.memory,
        neither=found.beside.neither,
    )
    base = alt.Chart(_data(rows)).encode(
        alt.X("x:N", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelLimit=200)),
    )
    colours = alt.Color(
        "x:N", legend=None, sort=None, scale=alt.Scale(domain=[*names.values()], range=[BLUE, VERMILION])
    )
    bars = base.mark_bar(size=56).encode(_share(texts.plain("plots.right_share")), colours)
    spans = base.mark_rule(size=2, color="gray").encode(alt.Y("low:Q"), alt.Y2("high:Q"))
    _draw(texts, "beside", bars + spans, told)


def _calibration(texts: Texts, found: RunFigures) -> None:
    rows = [{"x": one.probability, "y": one.share, "n": one.n} for one in found.reliability]
    parts = [f"{percent(texts, r['x'])} → {percent(texts, r['y'])} ({r['n']})" for r in rows]
    told = texts.plain("plots.calibration_told", parts=", ".join(parts))
    points = alt.Chart(_data(rows)).encode(
        _across(texts.plain("plots.probability")), _share(texts.plain("plots.came_true"))
    )
    sizes = alt.Size("n:Q", title=texts.plain("plots.questions"), scale=alt.Scale(range=[50, 350]), legend=None)
    ideal = alt.Chart(_data([{"x": 0, "y": 0}, {"x": 1, "y": 1}])).mark_line(strokeDash=[5, 4], color="gray")
    chart = ideal.encode(alt.X("x:Q"), alt.Y("y:Q")) + points.mark_line(color=BLUE, opacity=0.6)
    _draw(texts, "calibration", chart + points.mark_point(color=BLUE, filled=True).encode(sizes), told)


def _risk(texts: Texts, found: RunFigures) -> None:
    rows = [{"x": coverage, "y": risk} for coverage, risk in found.risk]
    half = found.risk[(len(found.risk) - 1) // 2][1]
    told = texts.plain("plots.risk_told", half=percent(texts, half), all=percent(texts, found.risk[-1][1]))
    lines = alt.Chart(_data(rows)).encode(
        _across(texts.plain("plots.coverage")), _share(texts.plain("plots.risk_share"))
    )
    _draw(
        texts,
        "risk",
        lines.mark_line(color=VERMILION, interpolate="step-before")
        + lines.mark_point(color=VERMILION, shape="diamond", filled=True, size=30),
        told,
    )


def _draw(texts: Texts, name: str, chart: Any, told: str) -> None:
    st.markdown(f"**{texts(f'plots.{name}')}**")
    sized = chart.properties(height=HEIGHT)
    st.altair_chart(sized, width="stretch", key=f"plot-{name}", alt=told)
    st.caption(told)


def _data(rows: Rows) -> Any:
    return pd.DataFrame.from_records(list(rows))


def _share(title: str) -> Any:
    axis = alt.Axis(format="%", values=_SHARES)
    return alt.Y("y:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)


def _across(title: str) -> Any:
    axis = alt.Axis(format="%", values=_SHARES)
    return alt.X("x:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis)
