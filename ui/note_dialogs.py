"""What can be done to a note, each in a dialog: write, edit, delete."""

import streamlit as st

from rag.notes import MAX_TEXT, MAX_TITLE, NewNote
from ui.escape import escape, visible
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.texts import Texts

HEIGHT = 260


def new_note(app: AppServices, texts: Texts, notebook_id: int) -> None:
    """Ask for a note in the user's own words."""
    title, text = _fields(texts, f"new-{notebook_id}", "", "")
    decide(texts, "notes.save", lambda: app.library.notes.add(notebook_id, NewNote(title, text)))


def edit_note(app: AppServices, texts: Texts, note_id: int) -> None:
    """Draw a note's title and text to change; its citations stay."""
    row = app.library.notes.row(note_id)
    if row is None:
        st.caption(texts("errors.NOTE_GONE"))
        return
    title, text = _fields(texts, str(note_id), row.title, row.text)
    if row.origin != "own":
        st.caption(texts("notes.edit_told"))
    decide(texts, "notes.save", lambda: app.library.notes.edit(note_id, title, text))


def drop_note(app: AppServices, texts: Texts, note_id: int) -> None:
    """Ask before a note is deleted."""
    row = app.library.notes.row(note_id)
    st.markdown(f"**{escape(row.title if row else '')}**")
    st.markdown(texts("notes.drop_body"))
    decide(texts, "notes.drop", lambda: app.library.notes.delete(note_id))


def _fields(texts: Texts, key: str, title: str, text: str) -> tuple[str, str]:
    return (
        st.text_input(texts("notes.name"), visible(title), MAX_TITLE, key=f"note-title-{key}"),
        st.text_area(texts("notes.text"), visible(text), HEIGHT, MAX_TEXT, key=f"note-text-{key}"),
    )
