"""The two answers to a question, each as a column: from the sources with citations, and from the model's memory."""

import streamlit as st

from rag.rows import AnswerRow
from rag.types import Citation, SourcedAnswer
from ui import citations, state
from ui.escape import escape_answer
from ui.guard import show_error
from ui.model_facts import full_name
from ui.numerals import decimal
from ui.passages import passage_chip
from ui.services import AppServices
from ui.texts import Texts
from ui.usage import usage_line
from ui.words import memory_words

NEAREST_SHOWN = 3


def sources_column(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    """Draw what the sources answer, as far as it is written, with its citations and what it took."""
    _from_sources(app, texts, row)
    usage_line(texts, row.usage.sources)


def memory_column(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    """Draw what the model remembers, as far as it is written, and what it took."""
    _from_memory(app, texts, row)
    usage_line(texts, row.usage.memory)


def outcome(texts: Texts, row: AnswerRow) -> None:
    """Draw how both compare, and why an answer ended early."""
    if row.comparison and row.memory_text and row.sourced:
        st.markdown(citations.comparison_line(texts, row.comparison))
    if row.state == "stopped":
        st.caption(f":material/stop_circle: {texts('answer.stopped')}")
    if row.state == "error":
        show_error(texts, row.code or "INTERNAL", row.details)


def _from_sources(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    st.markdown(f":material/menu_book: **{texts('answer.sources')}**")
    if row.sourced is None:
        _sources_pending(app, texts, row)
        return
    if row.sourced.status == "not_found":
        _not_found(texts, row, row.sourced)
        return
    st.markdown(citations.status_badge(texts, row.sourced))
    _unread(texts, row.sourced)
    _doubts(texts, row.sourced)
    st.markdown(citations.answer_body(row.sourced))
    called = citations.numbers(row.sourced.citations)
    for position, citation in enumerate(row.sourced.citations):
        _citation(app, texts, row, citation, position, called[position])
    _not_held(texts, row.sourced)


def _doubts(texts: Texts, sourced: SourcedAnswer) -> None:
    """Say what of the question the passages do not speak of, and where they answer something else."""
    lines = [texts("answer.missing", names=texts.names(sourced.missing))] if sourced.missing else []
    if sourced.instead:
        lines.append(texts("answer.instead", text=sourced.instead))
    if sourced.status == "partial" and not (lines or sourced.unsupported):
        lines = [texts("answer.unsure")]
    for line in lines:
        st.caption(f":material/rule: {line}")


def _not_held(texts: Texts, sourced: SourcedAnswer) -> None:
    if sourced.unsupported:
        with st.expander(texts.count("answer.not_held", len(sourced.unsupported)), icon=":material/block:"):
            st.markdown("\n".join(f"- {escape_answer(sentence)}" for sentence in sourced.unsupported))


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
        _waiting(app, texts, row)


def _queue_text(texts: Texts, row: AnswerRow) -> str:
    ahead = row.queue_place - 1
    body = texts.count("ask.waiting", ahead) if ahead > 0 else texts("ask.queued")
    return f":material/hourglass_top: {body}"


def _waiting(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    st.caption(f":material/progress_activity: {_doing(app, texts, row)}")
    st.skeleton(height=72)


def _doing(app: AppServices, texts: Texts, row: AnswerRow) -> str:
    if row.choice and row.stage == "searching" and not row.passages:
        return texts("compare.loading", name=full_name(row.choice))
    status = app.status()
    if status.holding and status.models == "loading":
        return texts("app.model_loading")
    return texts("ask.writing_sources" if row.stage == "sources" else "ask.searching")


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


def _from_memory(app: AppServices, texts: Texts, row: AnswerRow) -> None:
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
