"""The notes page: what was kept of answers and passages, and words of one's own; every citation opens its page."""

import streamlit as st

from rag.notes import NoteRow
from rag.rows import NotebookRow
from ui import citations, state
from ui.cited_page import page_panel, quoted
from ui.downloads import DOCUMENTS, downloads
from ui.escape import escape, escape_answer
from ui.guard import guard
from ui.numerals import moment
from ui.page import frame
from ui.services import AppServices
from ui.texts import Texts

A_PAGE = 20
_ORIGINS = {"answer": "menu_book", "passage": "format_quote", "memory": "psychology", "own": "edit_note"}


def draw(app: AppServices, texts: Texts) -> None:
    """Draw everything from the stored rows."""
    frame(app, texts, _notes)


def _notes(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    st.markdown(f"# {texts('notes.title')}", anchors=False)
    st.caption(f"{escape(notebook.name)} · {texts('notes.about')}")
    rows = app.library.notes.rows(notebook.id)
    st.button(
        texts("notes.new"),
        key=f"new-note-{notebook.id}",
        icon=":material/add:",
        type="secondary" if rows else "primary",
        on_click=state.show_dialog,
        args=("new_note", notebook.id),
    )
    if not rows:
        st.markdown(texts("notes.none"))
        return
    wanted = st.text_input(texts("notes.find"), key=f"find-note-{notebook.id}", icon=":material/search:").casefold()
    found = [row for row in reversed(rows) if wanted in f"{row.title}\n{row.text}".casefold()]
    if not found:
        st.caption(texts("notes.not_found"))
    pages = -(-len(found) // A_PAGE)
    number = st.pagination(pages, key=f"notes-{notebook.id}-{pages}") if pages > 1 else 1
    for row in found[(number - 1) * A_PAGE : number * A_PAGE]:
        with guard(texts):
            _note(app, texts, row)
    with guard(texts):
        _files(texts, notebook, rows)


def _note(app: AppServices, texts: Texts, row: NoteRow) -> None:
    view = f"note-{row.id}"
    place = state.opened_place(view)
    with st.container(key=view, gap="small"):
        st.markdown(f"## {escape(row.title)}", anchors=False)
        if place is None or place.position >= len(row.citations):
            _body(app, texts, row, view)
            return
        left, right = st.columns(2, gap="medium")
        with left:
            _body(app, texts, row, view)
            st.markdown(quoted(texts, row.citations[place.position]))
        with right, guard(texts):
            page_panel(app, texts, row.notebook_id, place, row.citations)


def _body(app: AppServices, texts: Texts, row: NoteRow, view: str) -> None:
    st.markdown(f":small[:gray[{_facts(texts, row)}]]")
    st.markdown(escape_answer(row.text, {citation.n: f":blue-badge[{citation.n}]" for citation in row.citations}))
    called = citations.numbers(row.citations)
    with st.container(horizontal=True, gap="small", key=f"cited-{view}"):
        for position, citation in enumerate(row.citations):
            _chip(app, texts, row, position, citations.chip_label(texts, citation, called[position]))
    with st.container(horizontal=True, gap="small", key=f"tools-{view}"):
        _tool(texts, row.id, "edit_note", "notes.edit", ":material/edit:")
        _tool(texts, row.id, "drop_note", "notes.drop", ":material/delete:")


def _chip(app: AppServices, texts: Texts, row: NoteRow, position: int, label: str) -> None:
    place = state.Place(f"note-{row.id}", position)
    opened = state.opened_place(place.view) == place
    gone = app.library.store.find_document(row.notebook_id, row.citations[position].sha256) is None
    st.button(
        f":small[{label}]",
        key=f"cite-note-{row.id}-{position}",
        type="secondary" if opened else "tertiary",
        icon=":material/delete:" if gone else ":material/article:",
        on_click=state.close_place if opened else state.open_place,
        args=() if opened else tuple(place),
    )


def _tool(texts: Texts, note_id: int, dialog: state.Dialog, label: str, icon: str) -> None:
    st.button(
        texts(label),
        key=f"{dialog}-{note_id}",
        type="tertiary",
        icon=icon,
        on_click=state.show_dialog,
        args=(dialog, note_id),
    )


def _facts(texts: Texts, row: NoteRow) -> str:
    parts = [f":material/{_ORIGINS[row.origin]}: {texts(f'notes.origin_{row.origin}')}"]
    if row.edited and row.origin != "own":
        parts.append(f":material/edit: {texts('notes.edited')}")
    return " · ".join([*parts, escape(moment(texts, row.changed_at))])


def _files(texts: Texts, notebook: NotebookRow, rows: list[NoteRow]) -> None:
    title = f"{notebook.name} - {texts.plain('notes.title')}"

    def write(suffix: str) -> bytes:
        # What writes the files is loaded when one is asked for.
        from rag.export.notes import write_notes

        return write_notes(suffix, title, rows, texts.language)

    st.markdown(f"**{texts('files.title')}**")
    downloads(texts, f"notes-{notebook.id}", title, DOCUMENTS, write)
