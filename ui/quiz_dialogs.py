"""What a dialog asks or shows of a whole quiz, and the page that a question comes from."""

import streamlit as st

from rag.study.rows import QuizItemRow
from ui import citations
from ui.escape import escape
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.texts import Texts
from ui.viewer import LARGE_PIXELS, picture

NAME_CHARS = 60


def rename_quiz(app: AppServices, texts: Texts, quiz_id: int) -> None:
    """Ask for another name: the content of a dialog."""
    quiz = app.library.quizzes.row(quiz_id)
    name = st.text_input(
        texts("quiz.name"), value=quiz.name if quiz else "", key=f"quiz-name-{quiz_id}", max_chars=NAME_CHARS
    )
    decide(
        texts, "notebook.save", lambda: app.library.quizzes.rename(quiz_id, name.strip() or (quiz.name if quiz else ""))
    )


def drop_quiz(app: AppServices, texts: Texts, quiz_id: int) -> None:
    """Ask before a quiz is deleted: the content of a dialog."""
    quiz = app.library.quizzes.row(quiz_id)
    st.markdown(texts("quiz.drop_body", name=quiz.name if quiz else ""))
    decide(texts, "notebook.delete", lambda: app.library.quizzes.delete(quiz_id))


def source(app: AppServices, texts: Texts, row: QuizItemRow, notebook_id: int, pixels: int) -> bool:
    """Draw where a question comes from: the place, and its page with the quote marked; tell whether that is there."""
    found, document = app.library.place(row.item.source, notebook_id)
    st.caption(f":material/description: {escape(citations.place(texts, found))}")
    picture(app, texts, found, document, pixels)
    return document is not None


def quiz_page(app: AppServices, texts: Texts, item_row_id: int) -> None:
    """Draw the page of a question large: the content of a dialog."""
    row = app.library.quizzes.item(item_row_id)
    quiz = app.library.quizzes.row(row.quiz_id) if row else None
    if row is None or quiz is None:
        st.caption(texts("quiz.gone"))
        return
    st.markdown(f":small[{citations.quote(texts, row.item.source.quote, answer=row.item.answer)}]")
    source(app, texts, row, quiz.notebook_id, LARGE_PIXELS)
