"""The questions and their two answers, one row each; the page of a citation opens in the row that cites it."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from rag.rows import AnswerRow, ConversationRow, turns
from ui import state, tutor, viewer
from ui.actions import actions
from ui.answer_columns import memory_column, outcome, sources_column
from ui.escape import escape
from ui.guard import act, guard
from ui.model_facts import written_by
from ui.reword import rewordings
from ui.services import AppServices
from ui.side_by_side import beside, open_beside, side_by_side
from ui.texts import Texts
from ui.watch import redraw

POLL_SECONDS = 0.3
ANSWER_PIXELS = 340


def conversation(app: AppServices, texts: Texts, talk: ConversationRow) -> list[AnswerRow]:
    """Draw every question of a conversation, the newest first so that one just asked is in view; return all answers.

    Only what is being written is drawn again and again, each answer where it stands; an older version of it is not.
    """
    rows = app.library.conversation.answers(talk.notebook_id, talk.id)
    for still, group in groupby(reversed(turns(rows)), key=lambda versions: all(map(_is_still, _seen(versions)))):
        if still:
            for versions in group:
                with guard(texts):
                    _turn(app, texts, versions)
        else:
            _live(app, texts, list(group))
    return rows


def _live(app: AppServices, texts: Texts, live: Sequence[Sequence[AnswerRow]]) -> None:
    def body() -> None:
        with guard(texts):
            for versions in live:
                moving = [row.id for row in _seen(versions) if not _is_still(row)]
                now = {row_id: app.library.conversation.answer(row_id) for row_id in moving}
                if not now or any(row is None or _is_still(row) for row in now.values()):
                    redraw()
                if None not in now.values():
                    _turn(app, texts, [now.get(one.id) or one for one in versions])

    st.fragment(run_every=POLL_SECONDS)(body)()


def _is_still(row: AnswerRow) -> bool:
    """Tell whether nothing that is seen of an answer changes by itself.

    A tutor's steps stand still while the answer behind them is written: what is drawn by a fragment moves to another
    place once it is done, and a box that moves drops what is being typed in it.
    """
    return row.final or (row.tutoring is not None and tutor.hides(row))


def _seen(versions: Sequence[AnswerRow]) -> list[AnswerRow]:
    """Return the version of a turn that the tab looks at, by default the newest, and the one beside it, if any."""
    row = next((row for row in versions if row.id == state.chosen("version", versions[0].turn)), versions[-1])
    other = beside(versions, row)
    return [row, other] if other else [row]


def _turn(app: AppServices, texts: Texts, versions: Sequence[AnswerRow]) -> None:
    """Draw a question with the version of its answer that the tab looks at, or with two side by side."""
    row, *others = _seen(versions)
    with st.container(key=f"answer-{row.id}"):
        st.markdown(f"## {escape(row.question)}", anchors=False)
        if row.searched:
            st.caption(f":material/search: {texts('conversation.searched', question=row.searched)}")
        if others and not any(tutor.hides(one) for one in (row, *others)):
            side_by_side(app, texts, versions, row, others[0])
            return
        if len(versions) > 1:
            _versions(app, texts, versions, versions.index(row))
        if tutor.hides(row):
            tutor.steps(app, texts, row)
            return
        tutor.recap(texts, row)
        _answers(app, texts, row, viewer.sight(app, row))
        _below(app, texts, row, versions)


def _versions(app: AppServices, texts: Texts, versions: Sequence[AnswerRow], place: int) -> None:
    """Draw which version is shown, with a step to the older and to the newer one, and to two side by side."""
    name = written_by(app, versions[place])
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"versions-{versions[0].turn}"):
        for step, icon, to in (("older", "chevron_left", place - 1), ("newer", "chevron_right", place + 1)):
            if step == "newer":
                st.caption(texts("version.of", n=place + 1, total=len(versions), name=name), width="content")
            st.button(
                texts(f"version.{step}"),
                key=f"{step}-{versions[0].turn}",
                type="tertiary",
                icon=f":material/{icon}:",
                disabled=not 0 <= to < len(versions),
                on_click=state.choose,
                args=("version", versions[0].turn, versions[to % len(versions)].id),
            )
        if not any(tutor.hides(row) for row in versions):
            open_beside(texts, versions, place)
    if place and _said(versions[place]) == _said(versions[place - 1]):
        st.caption(f":material/info: {texts('version.same', n=place)}")


def _said(row: AnswerRow) -> tuple[str, ...]:
    """Return the model and the words of a whole answer; of one that is not, its number: it equals no other."""
    if row.sourced and row.state == "done":
        return row.model_id, row.sourced.text, row.memory_text
    return (str(row.id),)


def _answers(app: AppServices, texts: Texts, row: AnswerRow, seen: viewer.Sight | None) -> None:
    """Draw both answers side by side; beside an open page they stand side by side only where the window has room."""
    if seen is None:
        sources, memory = st.columns([5, 4], gap="medium")
    else:
        answers, page = st.columns(2, gap="medium")
        both = answers.container(horizontal=True, gap="medium")
        sources, memory = both.container(width=ANSWER_PIXELS), both.container(width=ANSWER_PIXELS)
        with page, guard(texts):
            viewer.panel(app, texts, seen, row.notebook_id)
    with sources:
        sources_column(app, texts, row)
    with memory:
        memory_column(app, texts, row)


def _below(app: AppServices, texts: Texts, row: AnswerRow, versions: Sequence[AnswerRow]) -> None:
    outcome(texts, row)
    if row.final:
        actions(app, texts, row, versions)
        rewordings(app, texts, row)
    elif row.state == "queued":
        st.button(
            texts("notebook.cancel"),
            key=f"unqueue-{row.id}",
            type="tertiary",
            on_click=act,
            args=(app.library.stop, row.id),
        )
