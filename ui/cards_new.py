"""Where cards come from: a quiz, the definitions in the ticked sources, or the hand."""

from collections.abc import Callable, Sequence

import streamlit as st

import ingest
from rag.errors import RagError
from rag.library import Library
from rag.rows import NotebookRow
from rag.study.aids.definitions import definitions
from rag.study.material import gather
from rag.study.types import Item, Point
from ui import citations, state
from ui.escape import escape
from ui.guard import act, guard, show_error
from ui.services import AppServices
from ui.texts import Texts

WAYS = ("definitions", "quiz", "hand")
READY = ("ready", "ready_warnings")
SHOWN = 8
MAX_CHARS = 2000

Adding = Callable[[], int]


def new_cards(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    """Draw the choice of where the cards come from, and what there is."""
    way = st.segmented_control(
        texts("cards.way"),
        options=WAYS,
        default="definitions",
        required=True,
        format_func=lambda name: texts.plain(f"cards.way_{name}"),
        key=f"cards-way-{notebook.id}",
        label_visibility="collapsed",
    )
    with guard(texts):
        {"definitions": _definitions, "quiz": _quiz, "hand": _hand}[way or "definitions"](app, texts, notebook)


def _definitions(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    ticked = [row for row in app.library.store.documents(notebook.id) if row.ticked and row.state in READY]
    if not ticked:
        show_error(texts, "NO_SOURCES", {})
        return
    st.caption(texts("cards.told_definitions"))
    with st.spinner(texts("cards.looking")):
        found = _found(app.library, notebook.id, tuple((row.id, row.extractor) for row in ticked))
    if not found:
        raise RagError("NO_DEFINITIONS")
    st.markdown(f"**{texts.count('cards.definitions', len(found))}**")
    _add_button(texts, "definitions", len(found), lambda: app.library.cards.add_definitions(notebook.id, found))
    for point in found[:SHOWN]:
        where = f"  \n:small[:gray[{escape(citations.place(texts, point.citations[0]))}]]" if point.citations else ""
        st.markdown(f"**{escape(point.note)}** · {escape(point.text)}{where}")
    if len(found) > SHOWN:
        st.caption(texts.count("evaluation.more", len(found) - SHOWN))


@st.cache_data(max_entries=16, show_spinner=False)
def _found(_library: Library, notebook_id: int, ids: tuple[tuple[int, str], ...]) -> tuple[Point, ...]:
    # The ids name the rows in the cache: an id is never given twice.
    return tuple(definitions(gather(_library.store, notebook_id, [number for number, _ in ids])))


def _quiz(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    quizzes = {row.id: row for row in reversed(app.library.quizzes.rows(notebook.id)) if row.done}
    if not quizzes:
        st.markdown(texts("cards.no_quiz"))
        return
    st.caption(texts("cards.told_quiz"))
    chosen = st.selectbox(
        texts("cards.quiz"),
        options=list(quizzes),
        format_func=lambda quiz_id: f"{quizzes[quiz_id].name} ({quizzes[quiz_id].done})",
        key=f"cards-quiz-{notebook.id}",
    )
    items: Sequence[Item] = [row.item for row in app.library.quizzes.items(chosen)]
    _add_button(texts, "quiz", len(items), lambda: app.library.cards.add_items(notebook.id, items))


def _hand(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    with st.form(f"card-by-hand-{notebook.id}", border=False, clear_on_submit=True):
        front = st.text_area(texts("cards.front"), key="new-front", max_chars=MAX_CHARS, height=80)
        back = st.text_area(texts("cards.back"), key="new-back", max_chars=MAX_CHARS, height=110)
        if st.form_submit_button(texts("cards.add_one"), type="primary", icon=":material/add:"):
            act(_add_one, app, notebook.id, front.strip(), back.strip())
            st.rerun()


def _add_one(app: AppServices, notebook_id: int, front: str, back: str) -> None:
    if not (front and back):
        raise RagError("CARD_EMPTY")
    app.library.cards.add(notebook_id, front, back, ingest.detect(f"{front} {back}"))
    state.notify("info", "cards.added_one", {"n": "1"})


def _add_button(texts: Texts, way: str, n: int, add: Adding) -> None:
    st.button(
        texts.count("cards.add", n),
        key=f"add-cards-{way}",
        type="primary",
        icon=":material/add:",
        disabled=not n,
        on_click=act,
        args=(_add, add),
    )


def _add(add: Adding) -> None:
    added = add()
    key = "cards.added_none" if not added else "cards.added_one" if added == 1 else "cards.added"
    state.notify("info", key, {"n": str(added)})
