"""A conversation, one answer of it, or what was judged, as a file: the contents of three dialogs."""

from collections.abc import Sequence

import streamlit as st

from ingest.types import Language
from rag.rows import AnswerRow
from ui.citations import shorten
from ui.downloads import DOCUMENTS, TABLES, downloads
from ui.services import AppServices
from ui.texts import Texts

TITLE = 60


def conversation_files(app: AppServices, texts: Texts, conversation_id: int) -> None:
    """Offer one whole conversation, with every version of its answers."""
    talk = app.library.conversations.row(conversation_id)
    notebook = app.library.store.notebook(talk.notebook_id) if talk else None
    if talk is None or notebook is None:
        st.markdown(texts("files.no_answer"))
        return
    rows = [row for row in app.library.conversation.answers(notebook.id, talk.id) if row.final]
    if not rows:
        st.markdown(texts("files.no_answer"))
        return
    st.markdown(texts.count("files.conversation_body", talk.questions, name=talk.title))
    _files(texts, f"conversation-{talk.id}", f"{notebook.name} – {talk.title}", rows)


def answer_files(app: AppServices, texts: Texts, answer_id: int) -> None:
    """Offer one answer."""
    row = app.library.conversation.answer(answer_id)
    if row is None:
        st.markdown(texts("files.no_answer"))
        return
    st.markdown(texts("files.answer_body"))
    _files(texts, f"answer-{answer_id}", shorten(row.question, TITLE), [row])


def feedback_files(app: AppServices, texts: Texts, notebook_id: int) -> None:
    """Offer the judged answers of a notebook as questions to evaluate."""
    notebook = app.library.store.notebook(notebook_id)
    rows = [row for row in app.library.conversation.answers(notebook_id) if row.feedback]
    if notebook is None or not rows:
        st.markdown(texts("feedback.none"))
        return
    up = sum(row.feedback > 0 for row in rows)
    st.markdown(texts("feedback.body", up=up, down=len(rows) - up))
    language: Language = texts.language

    def write(suffix: str) -> bytes:
        from rag.export.feedback import write_feedback

        return write_feedback(suffix, rows, language)

    downloads(texts, f"feedback-{notebook_id}", f"{notebook.name} – {texts.plain('notebook.feedback')}", TABLES, write)


def _files(texts: Texts, key: str, title: str, rows: Sequence[AnswerRow]) -> None:
    language: Language = texts.language

    def write(suffix: str) -> bytes:
        # What writes the files is loaded when one is asked for.
        from rag.export.conversation import write_conversation

        return write_conversation(suffix, title, rows, language)

    downloads(texts, key, title, DOCUMENTS, write)
