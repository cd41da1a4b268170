"""A text of an answer in the model's other words: asked for in a dialog, shown apart under the answer, never cited."""

from collections.abc import Sequence

import streamlit as st

from rag.errors import RagError
from rag.reword_prompts import Rewording
from rag.rewordings import RewordingRow, Target, text_of
from rag.rows import AnswerRow
from ui import citations
from ui.escape import escape, escape_answer
from ui.guard import act, guard, show_error
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.texts import Texts
from ui.watch import redraw

POLL_SECONDS = 0.5
SHOWN = 160
SENTENCE_WORDS = 5


def reword(app: AppServices, texts: Texts, answer_id: int) -> None:
    """Ask what shall be said otherwise, and how: the content of a dialog."""
    row = app.library.conversation.answer(answer_id)
    if row is None or not _targets(row):
        st.caption(texts("errors.ANSWER_GONE"))
        return
    targets = _targets(row)
    target, position = st.selectbox(
        texts("reword.what"),
        options=targets,
        index=_first(row, targets),
        format_func=lambda chosen: _name(texts, row, *chosen),
        key=f"reword-what-{answer_id}",
    )
    text, language = text_of(row, target, position)
    st.markdown(f":small[{escape(citations.shorten(text, 3 * SHOWN))}]")
    kinds: list[Rewording] = ["simpler", "rephrase", "to_en" if language == "fr" else "to_fr"]
    kind: Rewording = st.radio(
        texts("reword.how"),
        options=kinds,
        format_func=lambda name: texts.plain(f"reword.{name}"),
        key=f"reword-how-{answer_id}-{language}",
    )
    choice = app.status().choice
    bundled = choice is not None and choice.kind == "bundled"
    st.caption(f":material/warning: {texts('reword.tiny' if bundled else 'reword.unchecked_told')}")

    def do() -> None:
        if not text:
            raise RagError("ANSWER_GONE")
        app.library.rewordings.enqueue(answer_id, target, position, kind, text, language)
        app.wake()

    decide(texts, "reword.ask", do)


def _first(row: AnswerRow, targets: Sequence[tuple[Target, int]]) -> int:
    """Return the place of the first text that is a sentence: a name or a number alone is hardly said otherwise."""
    long = (n for n, target in enumerate(targets) if len(text_of(row, *target)[0].split()) >= SENTENCE_WORDS)
    return next(long, 0)


def can_reword(row: AnswerRow) -> bool:
    """Tell whether an answer has a text to say otherwise."""
    return bool(_targets(row))


def rewordings(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    """Draw what the model made of the texts of an answer; only what is being written is drawn again and again."""
    rows = app.library.rewordings.rows(row.id)
    for one in rows:
        if one.final:
            _shown(app, texts, row, one)
        else:
            _live(app, texts, row, one.id)


def _live(app: AppServices, texts: Texts, row: AnswerRow, rewording_id: int) -> None:
    def body() -> None:
        with guard(texts):
            now = app.library.rewordings.row(rewording_id)
            if now is None or now.final:
                redraw()
            if now is not None:
                _shown(app, texts, row, now)

    st.fragment(run_every=POLL_SECONDS)(body)()


def _shown(app: AppServices, texts: Texts, row: AnswerRow, one: RewordingRow) -> None:
    with st.container(border=True, gap="xsmall", key=f"rewording-{one.id}"):
        about = f"**{texts(f'reword.{one.kind}')}** · {escape(_name(texts, row, one.target, one.position))}"
        st.markdown(f":violet-badge[:material/smart_toy: {texts('reword.badge')}] {about}")
        if one.text:
            st.markdown(escape_answer(one.text))
        if one.state == "queued":
            st.caption(f":material/hourglass_top: {texts('reword.queued')}")
        elif one.state == "streaming":
            st.caption(f":material/progress_activity: {texts('reword.writing')}")
        elif one.state == "stopped":
            st.caption(f":material/stop_circle: {texts('answer.stopped')}")
        if one.added:
            st.caption(f":material/warning: {texts('reword.added', numbers=', '.join(one.added))}")
        if one.code:
            show_error(texts, one.code, one.details)
        _tools(app, texts, one)


def _tools(app: AppServices, texts: Texts, one: RewordingRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if one.model_id:
            st.markdown(f":small[:gray[{escape(one.model_id)}]]", width="content")
        do = app.library.rewordings.delete if one.final else app.library.rewordings.request_stop
        st.button(
            texts("reword.drop" if one.final else "reword.stop"),
            key=f"end-rewording-{one.id}",
            type="tertiary",
            icon=":material/delete:" if one.final else ":material/stop:",
            disabled=one.stopping and not one.final,
            on_click=act,
            args=(do, one.id),
        )


def _targets(row: AnswerRow) -> list[tuple[Target, int]]:
    found: list[tuple[Target, int]] = []
    if row.sourced and row.sourced.status != "not_found":
        found = [("answer", 0), *(("citation", n) for n in range(len(row.sourced.citations)))]
    found += [("passage", n) for n in range(len(row.passages))]
    return [*found, ("memory", 0)] if row.memory_text.strip() else found


def _name(texts: Texts, row: AnswerRow, target: Target, position: int) -> str:
    """Return what a text is called, not yet escaped."""
    if target in ("answer", "memory"):
        return texts.plain(f"reword.{target}")
    sources = row.passages if target == "passage" else (row.sourced.citations if row.sourced else ())
    if position >= len(sources):
        return texts.plain(f"reword.{target}", place="–")
    return texts.plain(f"reword.{target}", place=citations.place(texts, sources[position]))
