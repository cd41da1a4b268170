"""What can be done with a finished answer: look at the passages, copy, save, ask again, judge, delete."""

from collections.abc import Sequence

import streamlit as st

from rag.rows import AnswerRow
from ui import citations, note_saving, state
from ui.feedback import why
from ui.guard import act
from ui.reword import can_reword
from ui.services import AppServices
from ui.side_by_side import look_at
from ui.tab import tab
from ui.texts import Texts

# st.feedback("thumbs") counts down as 0 and up as 1; the store keeps -1, 0 (none) and 1.
_THUMBS = {-1: 0, 0: None, 1: 1}
_VERDICTS = {0: -1, None: 0, 1: 1}


def actions(app: AppServices, texts: Texts, row: AnswerRow, versions: Sequence[AnswerRow]) -> None:
    """Draw the row of actions under an answer, which is one of the ``versions`` of its turn."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"actions-{row.id}"):
        _copying(texts, row)
        if note_saving.parts(row):
            note_saving.keep_answer(app, texts, row)
        st.button(
            texts("answer.again"),
            key=f"again-{row.id}",
            type="tertiary",
            icon=":material/refresh:",
            on_click=act,
            args=(_again, app, row),
        )
        _more(texts, row, versions)
        key = state.mirror(f"thumbs-{row.id}", _THUMBS[row.feedback])
        st.feedback("thumbs", key=key, on_change=act, args=(_judge, app, row.id, key))
    if row.feedback < 0:
        why(app, texts, row)


def _more(texts: Texts, row: AnswerRow, versions: Sequence[AnswerRow]) -> None:
    """Draw the menu of what is done less often."""
    labels = _rarer(texts, row, versions)
    chosen = st.menu_button(
        texts("answer.more"),
        options=list(labels),
        format_func=lambda name: labels[name],
        key=f"more-{row.id}",
        type="tertiary",
        icon=":material/more_horiz:",
    )
    if chosen:
        state.show_dialog(chosen, row.id)
        st.rerun()


def _rarer(texts: Texts, row: AnswerRow, versions: Sequence[AnswerRow]) -> dict[state.Dialog, str]:
    """Return the dialogs that the menu offers and their names; of several versions, one is deleted or all are."""
    many = len(versions) > 1
    labels: dict[state.Dialog, str] = {
        "compare": texts.plain("compare.open"),
        "reword": texts.plain("reword.open") if can_reword(row) else "",
        "passages": texts.plain("answer.passages", n=len(row.passages)) if row.passages else "",
        "answer": texts.plain("files.save"),
        "drop_answer": texts.plain("version.delete_this" if many else "answer.delete"),
        "drop_versions": texts.plain("version.delete_all", n=len(versions)) if many else "",
    }
    return {name: label for name, label in labels.items() if label}


def _copying(texts: Texts, row: AnswerRow) -> None:
    with st.popover(texts("answer.copy"), type="tertiary", icon=":material/content_copy:", key=f"copy-{row.id}"):
        st.caption(texts("answer.copy_title"))
        st.code(citations.copy_text(texts, row), language=None, wrap_lines=True)


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
    look_at(row.turn, 0)
    app.wake()


def _judge(app: AppServices, answer_id: int, key: str) -> None:
    app.library.conversation.set_feedback(answer_id, _VERDICTS[st.session_state[key]])
