"""The questions of a quiz as their author checks them: each with its key beside the page that it comes from."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from rag.study.gate import faults
from rag.study.rows import ItemStatistics, QuizItemRow, QuizRow
from ui import state
from ui.escape import escape
from ui.guard import act, guard
from ui.quiz_dialogs import source
from ui.quiz_item import badges, facts, key_lines, reason_words, stem
from ui.services import AppServices
from ui.texts import Texts
from ui.viewer import PANEL_PIXELS
from ui.watch import redraw

A_PAGE = 5
POLL_SECONDS = 1.0
MORE = ("up", "down", "flag")


def review(app: AppServices, texts: Texts, quiz: QuizRow, rows: Sequence[QuizItemRow]) -> None:
    """Draw the questions, a page of them at a time, and what the author can do to each."""
    _await_redone(app, quiz, rows)
    with st.container(horizontal=True, gap="small"):
        st.button(
            texts("quiz.add"),
            key=f"add-item-{quiz.id}",
            type="tertiary",
            icon=":material/add:",
            on_click=state.show_dialog,
            args=("add_item", quiz.id),
        )
        _to_cards(app, texts, quiz, rows)
    statistics = app.library.attempts.statistics(quiz.id)
    pages = -(-len(rows) // A_PAGE)
    number = st.pagination(pages, key=f"quiz-items-{quiz.id}-{pages}") if pages > 1 else 1
    for row in rows[(number - 1) * A_PAGE : number * A_PAGE]:
        with guard(texts):
            _row(app, texts, quiz, row, statistics)
    _removed(app, texts, quiz)


def _await_redone(app: AppServices, quiz: QuizRow, rows: Sequence[QuizItemRow]) -> None:
    """Draw the page again once a question that waits to be replaced has been."""
    waiting = [row.id for row in rows if row.state == "redo"]
    if not waiting:
        return

    def body() -> None:
        if waiting != [row.id for row in app.library.quizzes.items(quiz.id) if row.state == "redo"]:
            redraw()

    st.fragment(run_every=POLL_SECONDS)(body)()


def _to_cards(app: AppServices, texts: Texts, quiz: QuizRow, rows: Sequence[QuizItemRow]) -> None:
    def do() -> None:
        added = app.library.cards.add_items(quiz.notebook_id, [row.item for row in rows])
        state.notify("info", "quiz.carded", {"n": str(added)})

    st.button(
        texts("quiz.to_cards"),
        key=f"to-cards-{quiz.id}",
        type="tertiary",
        icon=":material/style:",
        disabled=not rows,
        on_click=act,
        args=(do,),
    )


def _row(
    app: AppServices, texts: Texts, quiz: QuizRow, row: QuizItemRow, statistics: Mapping[int, ItemStatistics]
) -> None:
    item = row.item
    st.space("small")
    with st.container(key=f"quiz-item-{row.id}"):
        words, page = st.columns(2, gap="large")
        with words:
            st.markdown(f"### {stem(item, row.position + 1)}", anchors=False)
            st.markdown(badges(texts, item, redo=row.state == "redo"))
            if "needs_review" in item.labels:
                _faults(app, texts, quiz, row)
            st.markdown("\n\n".join(key_lines(texts, item)))
            if item.hint:
                st.markdown(f":material/lightbulb: **{texts('quiz.hint')}** {escape(item.hint)}")
            if item.explanation:
                st.markdown(f":material/info: **{texts('quiz.explanation')}** {escape(item.explanation)}")
            st.caption(facts(texts, item, statistics.get(row.id)))
            _actions(app, texts, row)
        with page:
            if source(app, texts, row, quiz.notebook_id, PANEL_PIXELS):
                st.button(
                    texts("viewer.enlarge"),
                    key=f"enlarge-item-{row.id}",
                    type="tertiary",
                    icon=":material/open_in_full:",
                    on_click=state.show_dialog,
                    args=("quiz_page", row.id),
                )


def _faults(app: AppServices, texts: Texts, quiz: QuizRow, row: QuizItemRow) -> None:
    """Draw what the checks say against a question; one that its author marked may pass them all."""
    source = row.item.source
    document = app.library.store.find_document(quiz.notebook_id, source.sha256)
    page = app.library.store.page(document.id, source.page_index) if document else None
    others = [other.item for other in app.library.quizzes.items(quiz.id) if other.id != row.id]
    found = faults(row.item, page.text if page else source.quote, others)
    if found:
        st.caption(f":material/flag: {' · '.join(reason_words(texts, name) for name in found)}")


def _actions(app: AppServices, texts: Texts, row: QuizItemRow) -> None:
    quizzes, waits = app.library.quizzes, row.state == "redo"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            texts("quiz.edit"),
            key=f"edit-item-{row.id}",
            type="tertiary",
            icon=":material/edit:",
            disabled=waits,
            on_click=state.show_dialog,
            args=("edit_item", row.id),
        )
        _action(texts, "redo", ":material/autorenew:", row, _waking(app, quizzes.redo), disabled=waits)
        _action(texts, "remove", ":material/delete:", row, quizzes.remove)
        _more(app, texts, row)


def _waking(app: AppServices, action: Callable[[int], object]) -> Callable[[int], object]:
    def do(row_id: int) -> None:
        action(row_id)
        app.wake()

    return do


def _action(
    texts: Texts, name: str, icon: str, row: QuizItemRow, action: Callable[[int], object], *, disabled: bool = False
) -> None:
    st.button(
        texts(f"quiz.{name}"),
        key=f"{name}-item-{row.id}",
        type="tertiary",
        icon=icon,
        disabled=disabled,
        on_click=act,
        args=(action, row.id),
    )


def _more(app: AppServices, texts: Texts, row: QuizItemRow) -> None:
    flagged = "needs_review" in row.item.labels
    names = {"up": "quiz.up", "down": "quiz.down", "flag": "quiz.unflag" if flagged else "quiz.flag"}
    chosen = st.menu_button(
        texts("quiz.more"),
        options=MORE,
        format_func=lambda name: texts.plain(names[name]),
        key=f"more-item-{row.id}",
        type="tertiary",
    )
    if chosen == "flag":
        act(app.library.quizzes.flag, row.id, not flagged)
    elif chosen:
        act(app.library.quizzes.move, row.id, row.position + (1 if chosen == "down" else -1))
    if chosen:
        st.rerun()


def _removed(app: AppServices, texts: Texts, quiz: QuizRow) -> None:
    rows = app.library.quizzes.removed(quiz.id)
    if not rows:
        return
    with st.expander(texts.count("quiz.removed", len(rows)), key=f"removed-{quiz.id}"):
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(escape(row.item.stem), width="stretch")
                _action(texts, "restore", ":material/undo:", row, app.library.quizzes.restore)
