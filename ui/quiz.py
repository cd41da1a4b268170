"""The quiz page: quizzes made from the sources of a notebook, to be checked, practised and taken away."""

from collections.abc import Sequence

import streamlit as st

from rag.rows import NotebookRow
from rag.study.rows import QuizItemRow, QuizRow
from ui import state
from ui.escape import escape
from ui.guard import guard
from ui.numerals import moment
from ui.page import frame
from ui.practise import practise
from ui.quiz_files import download
from ui.quiz_new import new_quiz
from ui.quiz_progress import show_progress, tell_shortfall
from ui.quiz_review import review
from ui.services import AppServices
from ui.texts import Texts

VIEWS: tuple[state.QuizView, ...] = ("practise", "review")
ACTIONS: tuple[state.Dialog, ...] = ("rename_quiz", "drop_quiz")


def draw(app: AppServices, texts: Texts) -> None:
    """Draw everything from the stored rows."""
    frame(app, texts, _quizzes)


def _quizzes(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    rows = app.library.quizzes.rows(notebook.id)
    quiz = next((row for row in rows if row.id == state.chosen_quiz()), rows[-1] if rows else None)
    if quiz and _is_practised(app, quiz):
        # Who answers needs the question, not what can be done to quizzes: a phone shows little at once.
        st.markdown(f"# {escape(quiz.name)}", anchors=False)
        _views(app, texts, quiz)
        return
    st.markdown(f"# {texts('quiz.title')}", anchors=False)
    st.caption(f"{escape(notebook.name)} · {texts('quiz.about')}")
    with st.expander(texts("quiz.new"), expanded=not rows, icon=":material/add:", key=f"new-quiz-{len(rows)}"):
        new_quiz(app, texts, notebook, rows)
    if quiz:
        _choose(texts, rows, quiz)
        _tools(texts, quiz, app.library.quizzes.items(quiz.id))
        with guard(texts):
            show_progress(app, texts, quiz)
        if quiz.final:
            _views(app, texts, quiz)


def _is_practised(app: AppServices, quiz: QuizRow) -> bool:
    return quiz.final and app.library.attempts.open(quiz.id) is not None and state.quiz_view("practise") == "practise"


def _choose(texts: Texts, rows: Sequence[QuizRow], quiz: QuizRow) -> None:
    """Draw the list of quizzes, the newest first, with the one that is looked at."""
    names = quiz_names(texts, rows)
    key = state.mirror("chosen-quiz", quiz.id)
    st.selectbox(
        texts("quiz.chosen"),
        options=list(reversed(names)),
        format_func=lambda quiz_id: names[quiz_id],
        key=key,
        on_change=lambda: state.choose_quiz(st.session_state[key]),
    )


def quiz_names(texts: Texts, rows: Sequence[QuizRow]) -> dict[int, str]:
    """Return what each quiz is called in a list: a number, its name, when it was made.

    The number keeps two quizzes of one name and minute apart: the browser names the chosen one by these words.
    """
    return {row.id: f"{n}. {row.name} · {moment(texts, row.created_at)}" for n, row in enumerate(rows, start=1)}


def _tools(texts: Texts, quiz: QuizRow, items: Sequence[QuizItemRow]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if items:
            st.markdown(texts.count("quiz.holds", len(items)), width="content")
        download(texts, quiz, items)
        chosen = st.menu_button(
            texts("quiz.manage"),
            options=ACTIONS,
            format_func=lambda action: texts.plain(f"quiz.{action}"),
            key=f"quiz-actions-{quiz.id}",
            type="tertiary",
        )
    if chosen:
        state.show_dialog(chosen, quiz.id)


def _views(app: AppServices, texts: Texts, quiz: QuizRow) -> None:
    items = app.library.quizzes.items(quiz.id)
    view = _view(app, texts, quiz) if items else "review"
    with guard(texts):
        if view == "practise":
            state.choose_quiz_view(view)  # the results are seen where the attempt was
            practise(app, texts, quiz, items)
        else:
            tell_shortfall(texts, quiz)
            review(app, texts, quiz, items)


def _view(app: AppServices, texts: Texts, quiz: QuizRow) -> state.QuizView:
    # Who practises finds the place again; who made the quiz looks at its questions first.
    default: state.QuizView = "practise" if app.library.attempts.open(quiz.id) else "review"
    key = state.mirror(f"quiz-view-{quiz.id}", state.quiz_view(default))
    chosen = st.segmented_control(
        texts("quiz.view"),
        options=VIEWS,
        format_func=lambda name: texts.plain(f"quiz.view_{name}"),
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: state.choose_quiz_view(st.session_state[key]),
    )
    return chosen or default
