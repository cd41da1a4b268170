"""Answers and passages kept as notes."""

from typing import Literal

import streamlit as st

from rag.notes import NewNote
from rag.rows import AnswerRow
from rag.types import Citation
from ui import citations, state
from ui.guard import act
from ui.services import AppServices
from ui.texts import Texts

Part = Literal["answer", "memory"]


def parts(row: AnswerRow) -> list[Part]:
    """Return what of a finished answer can be kept."""
    found: list[Part] = ["answer"] if row.sourced and row.sourced.status != "not_found" else []
    return [*found, "memory"] if row.memory_text.strip() else found


def keep_answer(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    """Draw the menu that keeps one of the two answers; they never become one note."""
    chosen = st.menu_button(
        texts("notes.keep"),
        options=parts(row),
        format_func=lambda part: texts.plain(f"notes.keep_{part}"),
        key=f"keep-{row.id}",
        type="tertiary",
        icon=":material/note_add:",
    )
    if chosen:
        act(_keep, app, row.notebook_id, note_of(row, chosen))
        st.rerun()


def note_of(row: AnswerRow, part: Part) -> NewNote:
    """Return a part of an answer as a note under its question."""
    if part == "memory" or row.sourced is None:
        return NewNote(row.question, row.memory_text, (), "memory")
    return NewNote(row.question, row.sourced.text, row.sourced.citations, "answer")


def keep_quote(app: AppServices, texts: Texts, notebook_id: int, citation: Citation, key: str) -> None:
    """Draw the button that keeps a quote or a passage with its place."""
    new = NewNote(citations.place(texts, citation), citation.quote, (citation,), "passage")
    st.button(
        texts("notes.keep"),
        key=f"keep-{key}",
        type="tertiary",
        icon=":material/note_add:",
        on_click=act,
        args=(_keep, app, notebook_id, new),
    )


def _keep(app: AppServices, notebook_id: int, new: NewNote) -> None:
    note_id = app.library.notes.add(notebook_id, new)
    row = app.library.notes.row(note_id)
    state.notify("info", "notes.kept", {"title": row.title if row else new.title})
