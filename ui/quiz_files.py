"""A quiz leaves as a file for other programs, and comes back from one."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from rag.export.quiz import FORMATS, MAX_BYTES, READERS, read_quiz, write_quiz
from rag.rows import NotebookRow
from rag.study.rows import QuizItemRow, QuizRow
from ui import state
from ui.builtin_words import file_words
from ui.guard import act
from ui.model_facts import MEGABYTE
from ui.services import AppServices
from ui.texts import Texts


def download(texts: Texts, quiz: QuizRow, rows: Sequence[QuizItemRow]) -> None:
    """Draw a menu of the files that a quiz can be taken away as; each is written when it is asked for."""
    items = [row.item for row in rows]
    language = items[0].language if items else texts.language
    with st.popover(
        texts("quiz.export"), icon=":material/download:", type="tertiary", disabled=not items, key=f"export-{quiz.id}"
    ):
        st.caption(texts("quiz.export_body"))
        for suffix, form in FORMATS.items():
            st.download_button(
                texts(form.label_key),
                data=partial(write_quiz, suffix, quiz.name, items, language),
                file_name=f"{_file_name(quiz.name)}.{suffix}",
                mime=form.mime,
                key=f"export-{suffix}-{quiz.id}",
                type="tertiary",
                icon=":material/description:",
                on_click="ignore",
            )


def _file_name(name: str) -> str:
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in name)
    return " ".join(kept.split()) or "quiz"


def upload(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    """Draw the chooser of a file that holds a quiz; what can be read becomes a quiz of the notebook."""
    key = state.upload_key(f"quiz-file-{notebook.id}")
    st.markdown(texts("quiz.import_body"))
    file_words(texts, key, list(READERS), MAX_BYTES // MEGABYTE)
    st.file_uploader(
        texts("quiz.import_file"),
        type=list(READERS),
        key=key,
        max_upload_size=MAX_BYTES // MEGABYTE,
        on_change=act,
        args=(_receive, app, notebook.id, key),
    )


def _receive(app: AppServices, notebook_id: int, key: str) -> None:
    file: UploadedFile | None = st.session_state.get(key)
    try:
        if file is not None and state.is_new_upload(file):
            name, items = read_quiz(file.name, file.getvalue())
            quiz_id = app.library.quizzes.take(notebook_id, name or file.name, items)
            state.choose_quiz(quiz_id)
            state.notify("info", "quiz.imported", {"name": name or file.name, "n": str(len(items))})
    finally:
        state.next_upload()
