"""What can be done with a finished answer: look at the passages, copy, save, ask again, judge, delete."""

from collections.abc import Callable, Sequence

import streamlit as st

from rag.rows import AnswerRow
from ui import citations, note_saving, state
from ui.feedback import why
from ui.guard import act
from ui.reword import can_reword, reword_button
from ui.services import AppServices
from ui.tab import tab
from ui.texts import Texts

# st.feedback("thumbs") counts down as 0 and up as 1; the store keeps -1, 0 (none) and 1.
_THUMBS = {-1: 0, 0: None, 1: 1}
_VERDICTS = {0: -1, None: 0, 1: 1}


def actions(app: AppServices, texts: Texts, row: AnswerRow, versions: Sequence[AnswerRow]) -> None:
    """Draw the row of actions under an answer, which is one of the ``versions`` of its turn."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"actions-{row.id}"):
        if row.passages:
            st.button(
                texts("answer.passages", n=len(row.passages)),
                key=f"passages-{row.id}",
                type="tertiary",
                icon=":material/manage_search:",
                on_click=state.show_dialog,
                args=("passages", row.id),
            )
        _taking(texts, row)
        if note_saving.parts(row):
            note_saving.keep_answer(app, texts, row)
        if can_reword(row):
            reword_button(texts, row)
        st.button(
            texts("answer.again"),
            key=f"again-{row.id}",
            type="tertiary",
            icon=":material/refresh:",
            on_click=act,
            args=(_again, app, row),
        )
        _deleting(app, texts, row, versions)
        key = state.mirror(f"thumbs-{row.id}", _THUMBS[row.feedback])
        st.feedback("thumbs", key=key, on_change=act, args=(_judge, app, row.id, key))
    if row.feedback < 0:
        why(app, texts, row)


def _deleting(app: AppServices, texts: Texts, row: AnswerRow, versions: Sequence[AnswerRow]) -> None:
    """Draw how to delete the answer; where it has several versions, one of them or all."""
    if len(versions) == 1:
        _delete_button(texts, "answer.delete", f"drop-{row.id}", app.library.conversation.delete_answer, row.id)
        return
    with st.popover(texts("answer.delete"), type="tertiary", icon=":material/delete:", key=f"drop-{row.id}"):
        delete = app.library.conversation
        _delete_button(texts, "version.delete_this", f"drop-one-{row.id}", delete.delete_answer, row.id)
        _delete_button(texts, "version.delete_all", f"drop-all-{row.id}", delete.delete_turn, row.turn, len(versions))


def _delete_button(texts: Texts, label: str, key: str, do: Callable[[int], None], row_id: int, n: int = 0) -> None:
    st.button(texts(label, n=n), key=key, type="tertiary", icon=":material/delete:", on_click=act, args=(do, row_id))


def _taking(texts: Texts, row: AnswerRow) -> None:
    """Draw the two ways to take an answer along: its text, and a file with its citations."""
    with st.popover(texts("answer.copy"), type="tertiary", icon=":material/content_copy:", key=f"copy-{row.id}"):
        st.caption(texts("answer.copy_title"))
        st.code(citations.copy_text(texts, row), language=None, wrap_lines=True)
    st.button(
        texts("files.save"),
        key=f"save-{row.id}",
        type="tertiary",
        icon=":material/download:",
        on_click=state.show_dialog,
        args=("answer", row.id),
    )


def _again(app: AppServices, row: AnswerRow) -> None:
    app.library.ask(
        row.notebook_id,
        row.question,
        sources=row.wants_sources,
        memory=row.wants_memory,
        conversation_id=row.conversation_id,
        turn=row.turn,
        asker=tab(),
    )
    state.choose("version", row.turn, 0)
    app.wake()


def _judge(app: AppServices, answer_id: int, key: str) -> None:
    app.library.conversation.set_feedback(answer_id, _VERDICTS[st.session_state[key]])
