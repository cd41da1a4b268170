"""Before an answer, or a question with all versions of its answer, is deleted: the contents of two dialogs."""

import streamlit as st

from ui.escape import escape
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.texts import Texts


def drop_answer(app: AppServices, texts: Texts, answer_id: int) -> None:
    """Ask before one version of an answer is deleted."""
    row = app.library.conversation.answer(answer_id)
    st.markdown(f"**{escape(row.question if row else '')}**")
    st.markdown(texts("version.drop_body"))
    decide(texts, "answer.delete", lambda: app.library.conversation.delete_answer(answer_id))


def drop_versions(app: AppServices, texts: Texts, answer_id: int) -> None:
    """Ask before a question is deleted with all versions of its answer, of which one is given."""
    row = app.library.conversation.answer(answer_id)
    if row is None:
        st.caption(texts("errors.ANSWER_GONE"))
        return
    turn = row.turn
    versions = [one for one in app.library.conversation.answers(row.notebook_id) if one.turn == turn]
    st.markdown(f"**{escape(row.question)}**")
    st.markdown(texts("version.drop_all_body", n=len(versions)))
    decide(texts, "answer.delete", lambda: app.library.conversation.delete_turn(turn))
