"""All cards of a notebook: find, open, edit, leave out, delete, take away."""

from collections.abc import Sequence

import streamlit as st

from rag.errors import RagError
from rag.rows import NotebookRow
from rag.study.rows import CardRow
from ui import citations, state
from ui.cards_review import card_side
from ui.cited_page import quoted
from ui.downloads import downloads
from ui.escape import escape, visible
from ui.guard import guard
from ui.notebook_dialogs import decide
from ui.numerals import moment
from ui.services import AppServices
from ui.texts import Texts
from ui.viewer import LARGE_PIXELS, picture

A_PAGE = 25
LABEL = 160
MAX_CHARS = 2000
FORMS = ("apkg", "csv", "md")


def card_list(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    """Draw the cards, the newest first, filtered by words, a page of them at a time; then the files."""
    rows = app.library.cards.rows(notebook.id)
    if not rows:
        st.markdown(texts("cards.none"))
        return
    wanted = st.text_input(texts("cards.find"), key=f"find-card-{notebook.id}", icon=":material/search:")
    folded = wanted.casefold()
    numbered = [(n, row) for n, row in enumerate(rows, start=1) if folded in f"{row.front}\n{row.back}".casefold()]
    if not numbered:
        st.caption(texts("cards.not_found"))
    numbered.reverse()
    pages = -(-len(numbered) // A_PAGE)
    number = st.pagination(pages, key=f"cards-{notebook.id}-{pages}") if pages > 1 else 1
    with st.container(gap="small", key="card-list"):
        for n, row in numbered[(number - 1) * A_PAGE : number * A_PAGE]:
            _row(texts, n, row)
    with guard(texts):
        _files(texts, notebook, rows)


def _row(texts: Texts, n: int, row: CardRow) -> None:
    with st.container(key=f"card-row-{row.id}", gap="xxsmall"):
        st.markdown(
            f"**{escape(citations.shorten(row.front, LABEL))}**  \n{escape(citations.shorten(row.back, LABEL))}"
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":small[:gray[{_facts(texts, row)}]]", width="content")
            st.button(
                f":small[{texts('cards.open', n=n)}]",
                key=f"open-card-{row.id}",
                type="tertiary",
                icon=":material/edit:",
                on_click=state.show_dialog,
                args=("edit_card", row.id),
            )


def _facts(texts: Texts, row: CardRow) -> str:
    parts = [escape(citations.place(texts, row.source))] if row.source else []
    if row.suspended:
        parts.append(f":material/pause_circle: {texts('cards.suspended')}")
    elif not row.reviews:
        parts.append(texts("cards.new"))
    else:
        parts.append(texts("cards.due_on", moment=moment(texts, row.due)))
    return " · ".join(parts)


def _files(texts: Texts, notebook: NotebookRow, rows: Sequence[CardRow]) -> None:
    def write(suffix: str) -> bytes:
        # What writes the files is loaded when one is asked for.
        from rag.export.cards import write_cards

        return write_cards(suffix, notebook.name, rows, texts.language)

    st.markdown(f"**{texts('files.title')}**")
    downloads(texts, f"cards-{notebook.id}", f"{notebook.name} - {texts.plain('cards.title')}", FORMS, write)


def edit_card(app: AppServices, texts: Texts, card_id: int) -> None:
    """Draw a card to change, with its page: the content of a dialog."""
    row = app.library.cards.row(card_id)
    if row is None:
        st.caption(texts("cards.gone"))
        return
    front = st.text_area(texts("cards.front"), value=visible(row.front), key=f"front-{card_id}", max_chars=MAX_CHARS)
    back = st.text_area(texts("cards.back"), value=visible(row.back), key=f"back-{card_id}", max_chars=MAX_CHARS)
    left_out = st.toggle(texts("cards.leave_out"), value=row.suspended, key=f"leave-out-{card_id}")
    _drop_button(texts, card_id)

    def do() -> None:
        if not (front.strip() and back.strip()):
            raise RagError("CARD_EMPTY")
        app.library.cards.edit(card_id, front.strip(), back.strip())
        app.library.cards.suspend(card_id, left_out)

    decide(texts, "notebook.save", do)
    if row.source:
        found, document = app.library.place(row.source, row.notebook_id)
        st.markdown(f"**{escape(citations.place(texts, found))}**")
        st.markdown(quoted(texts, found))
        picture(app, texts, found, document, LARGE_PIXELS)


def _drop_button(texts: Texts, card_id: int) -> None:
    if st.button(texts("cards.drop"), key=f"drop-card-{card_id}", type="tertiary", icon=":material/delete:"):
        state.show_dialog("drop_card", card_id)
        st.rerun()


def drop_card(app: AppServices, texts: Texts, card_id: int) -> None:
    """Ask before a card is deleted: the content of a dialog."""
    row = app.library.cards.row(card_id)
    st.markdown(f"**{card_side(row.front) if row else ''}**")
    st.markdown(texts("cards.drop_body"))
    decide(texts, "cards.drop", lambda: app.library.cards.delete(card_id))
