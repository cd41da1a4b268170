"""A conversation, or one answer of it, as a file with its citations: the contents of two dialogs."""

from collections.abc import Sequence

import streamlit as st

from ingest.types import Language
from rag.rows import AnswerRow
from ui.citations import shorten
from ui.downloads import DOCUMENTS, downloads
from ui.services import AppServices
from ui.texts import Texts

TITLE = 60


def conversation_files(app: AppServices, texts: Texts, notebook_id: int) -> None:
    """Offer the whole conversation of a notebook."""
    notebook = app.library.store.notebook(notebook_id)
    rows = [row for row in app.library.conversation.answers(notebook_id) if row.final]
    if notebook is None or not rows:
        st.markdown(texts("files.no_answer"))
        return
    st.markdown(texts.count("files.conversation_body", len(rows), name=notebook.name))
    _files(texts, f"conversation-{notebook_id}", notebook.name, rows)


def answer_files(app: AppServices, texts: Texts, answer_id: int) -> None:
    """Offer one answer."""
    row = app.library.conversation.answer(answer_id)
    if row is None:
        st.markdown(texts("files.no_answer"))
        return
    st.markdown(texts("files.answer_body"))
    _files(texts, f"answer-{answer_id}", shorten(row.question, TITLE), [row])


def _files(texts: Texts, key: str, title: str, rows: Sequence[AnswerRow]) -> None:
    language: Language = texts.language

    def write(suffix: str) -> bytes:
        # What writes the files is loaded when one is asked for.
        from rag.export.conversation import write_conversation

        return write_conversation(suffix, title, rows, language)

    downloads(texts, key, title, DOCUMENTS, write)
