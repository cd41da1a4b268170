"""The questions and their two answers, one row each; the page of a citation opens in the row that cites it."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from rag.rows import AnswerRow, ConversationRow, turns
from rag.types import Citation, SourcedAnswer
from ui import citations, state, tutor, viewer
from ui.actions import actions
from ui.escape import escape, escape_answer
from ui.guard import act, guard, show_error
from ui.numerals import decimal
from ui.passages import passage_chip
from ui.reword import rewordings
from ui.services import AppServices
from ui.texts import Texts
from ui.usage import usage_line
from ui.watch import redraw
from ui.words import memory_words

POLL_SECONDS = 0.3
NEAREST_SHOWN = 3
ANSWER_PIXELS = 340


def conversation(app: AppServices, texts: Texts, talk: ConversationRow) -> list[AnswerRow]:
    """Draw every question of a conversation, the newest first so that one just asked is in view; return all answers.

    Only what is being written is drawn again and again, each answer where it stands; an older version of it is not.
    """
    rows = app.library.conversation.answers(talk.notebook_id, talk.id)
    for written, group in groupby(reversed(turns(rows)), key=lambda versions: _seen(versions).final):
        if written:
            for versions in group:
                with guard(texts):
                    _turn(app, texts, versions)
        else:
            _live(app, texts, list(group))
    return rows


def _seen(versions: Sequence[AnswerRow]) -> AnswerRow:
    """Return the version of a turn that the tab looks at, by default the newest."""
    return next((row for row in versions if row.id == state.chosen("version", versions[0].turn)), versions[-1])


def _live(app: AppServices, texts: Texts, live: Sequence[Sequence[AnswerRow]]) -> None:
    def body() -> None:
        with guard(texts):
            for versions in live:
                row = app.library.conversation.answer(_seen(versions).id)
                if row is None or row.final:
                    redraw()
                if row is not None:
                    _turn(app, texts, [row if one.id == row.id else one for one in versions])

    st.fragment(run_every=POLL_SECONDS)(body)()


def _turn(app: AppServices, texts: Texts, versions: Sequence[AnswerRow]) -> None:
    """Draw a question with the version of its answer that the tab looks at."""
    row = _seen(versions)
    with st.container(key=f"answer-{row.id}"):
        st.markdown(f"## {escape(row.question)}", anchors=False)
        if row.searched:
            st.caption(f":material/search: {texts('conversation.searched', question=row.searched)}")
        if len(versions) > 1:
            _versions(texts, versions, versions.index(row))
        if tutor.hides(row):
            tutor.steps(app, texts, row)
            return
        tutor.recap(texts, row)
        _answers(app, texts, row, viewer.sight(app, row))
        _below(app, texts, row, versions)


def _versions(texts: Texts, versions: Sequence[AnswerRow], place: int) -> None:
    """Draw which version is shown, with a step to the older and to the newer one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"versions-{versions[0].turn}"):
        for name, icon, to in (("older", "chevron_left", place - 1), ("newer", "chevron_right", place + 1)):
            if name == "newer":
                st.caption(texts("version.of", n=place + 1, total=len(versions)), width="content")
            st.button(
                texts(f"version.{name}"),
                key=f"{name}-{versions[0].turn}",
                type="tertiary",
                icon=f":material/{icon}:",
                disabled=not 0 <= to < len(versions),
                on_click=state.choose,
                args=("version", versions[0].turn, versions[to % len(versions)].id),
            )
    if place and _said(versions[place]) == _said(versions[place - 1]):
        st.caption(f":material/info: {texts('version.same', n=place)}")


def _said(row: AnswerRow) -> tuple[str, ...]:
    """Return the words of a whole answer; of one that is not, its number, so that it equals no other."""
    return (row.sourced.text, row.memory_text) if row.sourced and row.state == "done" else (str(row.id),)


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
        _sources_column(app, texts, row)
        usage_line(texts, row.usage.sources)
    with memory:
        _memory_column(app, texts, row)
        usage_line(texts, row.usage.memory)


def _sources_column(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    st.markdown(f":material/menu_book: **{texts('answer.sources')}**")
    if row.sourced is None:
        _sources_pending(app, texts, row)
        return
    if row.sourced.status == "not_found":
        _not_found(texts, row, row.sourced)
        return
    st.markdown(citations.status_badge(texts, row.sourced))
    _unread(texts, row.sourced)
    if row.sourced.missing:
        st.caption(f":material/rule: {texts('answer.missing', names=texts.names(row.sourced.missing))}")
    st.markdown(citations.answer_body(row.sourced))
    called = citations.numbers(row.sourced.citations)
    for position, citation in enumerate(row.sourced.citations):
        _citation(app, texts, row, citation, position, called[position])


def _sources_pending(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    if row.sources_text:
        if row.final:
            st.markdown(f":orange-badge[:material/warning: {texts('answer.unchecked')}]")
        st.markdown(escape_answer(row.sources_text))
    elif row.final:
        st.caption(texts("answer.memory_skipped" if not row.wants_sources else "answer.not_reached"))
    if row.final:
        return
    if row.state == "queued":
        st.caption(_queue_text(texts, row))
    elif row.stopping:
        st.caption(f":material/stop_circle: {texts('ask.stopping')}")
    else:
        _waiting(app, texts, "ask.writing_sources" if row.stage == "sources" else "ask.searching")


def _queue_text(texts: Texts, row: AnswerRow) -> str:
    ahead = row.queue_place - 1
    body = texts.count("ask.waiting", ahead) if ahead > 0 else texts("ask.queued")
    return f":material/hourglass_top: {body}"


def _waiting(app: AppServices, texts: Texts, key: str) -> None:
    status = app.status()
    loading = status.holding and status.models == "loading"
    st.caption(f":material/progress_activity: {texts('app.model_loading' if loading else key)}")
    st.skeleton(height=72)


def _unread(texts: Texts, sourced: SourcedAnswer) -> None:
    if sourced.unread:
        st.caption(f":material/hourglass_top: {texts.count('answer.unread', sourced.unread)}")


def _not_found(texts: Texts, row: AnswerRow, sourced: SourcedAnswer) -> None:
    _unread(texts, sourced)  # before "not in your sources", which is said of those that were read
    st.markdown(citations.status_badge(texts, sourced))
    nearest = row.passages[:NEAREST_SHOWN]
    st.markdown(texts("answer.not_found_body" if nearest else "answer.not_found_nothing"))
    for position, passage in enumerate(nearest):
        passage_chip(texts, row, passage, position, "near")


def _citation(app: AppServices, texts: Texts, row: AnswerRow, citation: Citation, position: int, number: str) -> None:
    gone = app.library.store.find_document(row.notebook_id, citation.sha256) is None
    with st.container(key=f"citation-{row.id}-{position}", gap="xsmall"):
        st.button(
            citations.chip_label(texts, citation, number),
            key=f"cite-{row.id}-{position}",
            icon=":material/delete:" if gone else ":material/article:",
            on_click=state.open_page,
            args=(row.id, "citation", position),
        )
        shown = citations.QUOTE_HINT if citations.repeats(citation, row) else citations.QUOTE_SHOWN
        answer = row.sourced.answer if row.sourced else ""
        st.markdown(f":small[{citations.quote(texts, citation.quote, shown, answer)}]")
        st.markdown(f":small[{citations.evidence_line(texts, citation, deleted=gone)}]")
        if citation.support != "supported":
            st.caption(texts("answer.check_it"))


def _memory_column(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    st.markdown(f":material/psychology: **{texts('answer.memory')}**")
    if not row.wants_memory:
        st.caption(texts("answer.memory_skipped"))
        return
    st.caption(f":material/warning: {texts('answer.memory_caption')}{_drawn(texts, row)}")
    if row.memory_text:
        memory_words(app, texts, row)
    elif row.final:
        st.caption(texts("answer.memory_empty" if row.state == "done" else "answer.not_reached"))
    elif row.stage == "memory":
        st.caption(f":material/progress_activity: {texts('ask.writing_memory')}")
        st.skeleton(height=48)
    else:
        st.caption(texts("ask.memory_next"))


def _drawn(texts: Texts, row: AnswerRow) -> str:
    """Return how the memory answer was drawn, where it is not the likeliest text."""
    drawn = row.settings.sampling
    if drawn is None:
        return ""
    temperature, top_p = decimal(texts, drawn.temperature), decimal(texts, drawn.top_p, 2)
    return f" · {texts('answering.drawn', temperature=temperature, top_p=top_p, seed=drawn.seed)}"


def _below(app: AppServices, texts: Texts, row: AnswerRow, versions: Sequence[AnswerRow]) -> None:
    if row.comparison and row.memory_text and row.sourced:
        st.markdown(citations.comparison_line(texts, row.comparison))
    if row.state == "stopped":
        st.caption(f":material/stop_circle: {texts('answer.stopped')}")
    if row.state == "error":
        show_error(texts, row.code or "INTERNAL", row.details)
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
