"""What can be done with a finished answer: look at the passages, copy, save, ask again, judge, delete."""

import streamlit as st

from rag.rows import AnswerRow
from ui import citations, note_saving, state
from ui.guard import act
from ui.reword import can_reword, reword_button
from ui.services import AppServices
from ui.tab import tab
from ui.texts import Texts

# st.feedback("thumbs") counts down as 0 and up as 1; the store keeps -1, 0 (none) and 1.
_THUMBS = {-1: 0, 0: None, 1: 1}
_VERDICTS = {0: -1, None: 0, 1: 1}


def actions(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    """Draw the row of actions under an answer."""
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
        st.button(
            texts("answer.delete"),
            key=f"drop-{row.id}",
            type="tertiary",
            icon=":material/delete:",
            on_click=act,
            args=(_delete, app, row.id),
        )
        key = state.mirror(f"thumbs-{row.id}", _THUMBS[row.feedback])
        st.feedback("thumbs", key=key, on_change=act, args=(_judge, app, row.id, key))


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
    app.library.ask(row.notebook_id, row.question, sources=row.wants_sources, memory=row.wants_memory, asker=tab())
    app.wake()


def _delete(app: AppServices, answer_id: int) -> None:
    app.library.conversation.delete_answer(answer_id)


def _judge(app: AppServices, answer_id: int, key: str) -> None:
    app.library.conversation.set_feedback(answer_id, _VERDICTS[st.session_state[key]])
