"""Two versions of an answer side by side, mostly of two models: each whole, with its citations and what it took."""

from collections.abc import Sequence
from typing import Literal, get_args

import streamlit as st

from rag.rows import AnswerRow
from ui import state, viewer
from ui.answer_columns import memory_column, outcome, sources_column
from ui.destination import goes_to
from ui.escape import escape
from ui.guard import guard
from ui.model_facts import written_by
from ui.services import AppServices
from ui.texts import Texts

Place = Literal["version", "beside"]  # what the tab remembers of the left and of the right one
_PLACES: tuple[Place, ...] = get_args(Place)


def beside(versions: Sequence[AnswerRow], row: AnswerRow) -> AnswerRow | None:
    """Return the version that the tab looks at beside ``row``, or None."""
    chosen = state.chosen("beside", versions[0].turn)
    return next((other for other in versions if other.id == chosen != row.id), None)


def open_beside(texts: Texts, versions: Sequence[AnswerRow], place: int) -> None:
    """Draw the way from one version to two: the one before it, or after the first, comes beside it."""
    first = max(place - 1, 0)
    st.button(
        texts("compare.both"),
        key=f"beside-{versions[0].turn}",
        type="tertiary",
        icon=":material/splitscreen_right:",
        on_click=look_at,
        args=(versions[0].turn, versions[first].id, versions[first + 1].id),
    )


def look_at(turn: int, version: int, other: int = 0) -> None:
    """Look at a version of an answer, 0 for the newest, and at another one beside it, 0 for none."""
    state.choose("version", turn, version)
    state.choose("beside", turn, other)


def side_by_side(
    app: AppServices, texts: Texts, versions: Sequence[AnswerRow], left: AnswerRow, right: AnswerRow
) -> None:
    """Draw two versions of an answer; on a phone one stands under the other."""
    st.button(
        texts("compare.one"),
        key=f"alone-{left.turn}",
        type="tertiary",
        icon=":material/close:",
        on_click=look_at,
        args=(left.turn, left.id),
    )
    for column, place in zip(st.columns(2, gap="large"), _PLACES, strict=True):
        row, other = (left, right) if place == "version" else (right, left)
        with column, st.container(key=f"version-{row.id}"):
            st.markdown(f"### :material/memory: {escape(written_by(app, row))}", anchors=False)
            if len(versions) > 2:
                _choice(app, texts, versions, place, row, other)
            _version(app, texts, row)


def _version(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    told = goes_to(texts, row.choice)
    if told:
        st.caption(told)
    if row.state == "error" and not (row.passages or row.memory_text):
        outcome(texts, row)  # nothing was begun: all there is to tell is why
        return
    sources_column(app, texts, row)
    seen = viewer.sight(app, row)
    if seen is not None:
        with guard(texts):
            viewer.panel(app, texts, seen, row.notebook_id)
    memory_column(app, texts, row)
    outcome(texts, row)


def _choice(
    app: AppServices, texts: Texts, versions: Sequence[AnswerRow], place: Place, row: AnswerRow, other: AnswerRow
) -> None:
    """Draw which of several versions stands here; never that which stands beside it."""
    names = {
        version.id: texts.plain("version.of", n=n, total=len(versions), name=written_by(app, version))
        for n, version in enumerate(versions, start=1)
    }
    key = state.mirror(f"{place}-shown-{row.turn}", row.id)
    st.selectbox(
        texts("compare.shown"),
        options=[number for number in names if number != other.id],
        format_func=names.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: state.choose(place, row.turn, st.session_state[key]),
    )
