"""A question of a quiz as a form: to be changed, or written by hand from a sentence of a page."""

from typing import get_args

import streamlit as st

from ingest.language import sentences
from ingest.types import Page
from rag.errors import RagError
from rag.rows import DocumentRow
from rag.study.types import Item, ItemType
from rag.types import Citation
from ui import citations, state
from ui.quiz_form import item_form
from ui.services import AppServices
from ui.texts import Texts

SENTENCE_SHOWN = 160


def edit_item(app: AppServices, texts: Texts, item_row_id: int) -> None:
    """Draw a question as a form: the content of a dialog."""
    row = app.library.quizzes.item(item_row_id)
    if row is None:
        st.caption(texts("quiz.gone"))
        return
    st.markdown(f":small[{citations.quote(texts, row.item.source.quote)}]")
    made = item_form(texts, row.item, f"edit-{item_row_id}")
    if made:
        app.library.quizzes.edit(item_row_id, made)
        _close()


def add_item(app: AppServices, texts: Texts, quiz_id: int) -> None:
    """Draw the form of a new question, and the sentence that it comes from: the content of a dialog."""
    quiz = app.library.quizzes.row(quiz_id)
    ready = [row for row in app.library.store.documents(quiz.notebook_id) if row.readable] if quiz else []
    if not ready:
        raise RagError("NO_SOURCES")
    names = {row.id: row for row in ready}
    document = names[
        st.selectbox(
            texts("quiz.document"), list(names), format_func=lambda i: names[i].name, key=f"add-document-{quiz_id}"
        )
    ]
    source, section = _sentence(app, texts, quiz_id, document)
    types: tuple[ItemType, ...] = get_args(ItemType)
    wanted = st.segmented_control(
        texts("quiz.type"),
        options=types,
        default="choice",
        format_func=lambda name: texts.plain(f"quiz.type_{name}"),
        key=f"add-type-{quiz_id}",
        required=True,
    )
    blank = Item(wanted or "choice", "", (), "", source, document.language, section=section)
    made = item_form(texts, blank, f"add-{quiz_id}-{blank.type}")
    if made:
        app.library.quizzes.add(quiz_id, made)
        _close()


def _close() -> None:
    state.close_dialog()
    st.rerun()


def _sentence(app: AppServices, texts: Texts, quiz_id: int, document: DocumentRow) -> tuple[Citation, str]:
    """Ask for a page and a sentence on it; return it as a citation, and its section."""
    pages = {page.index: page for page in app.library.store.pages(document.id) if page.text.strip()}
    index = st.selectbox(
        texts("quiz.page"),
        options=list(pages),
        format_func=lambda i: citations.page_name(texts, i, pages[i].label),
        key=f"add-page-{quiz_id}-{document.id}",
    )
    page = pages[index]
    spans = sentences(page.text, document.language)
    chosen = st.selectbox(
        texts("quiz.sentence"),
        options=range(len(spans)),
        format_func=lambda n: citations.shorten(page.text[spans[n][0] : spans[n][1]], SENTENCE_SHOWN),
        key=f"add-sentence-{quiz_id}-{document.id}-{index}",
    )
    return _cited(document, page, *spans[chosen]), page.section


def _cited(document: DocumentRow, page: Page, start: int, end: int) -> Citation:
    return Citation(
        n=1,
        sha256=document.sha256,
        document=document.name,
        page_index=page.index,
        page_label=page.label,
        quote=page.text[start:end],
        start=start,
        end=end,
        extractor=document.extractor,
    )
