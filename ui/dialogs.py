"""The one dialog that may be open. It is a view choice, so a run of the page, for whatever reason, keeps it open."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from ui import state
from ui.evaluation_item import item
from ui.evaluation_run import drop_run
from ui.guard import guard
from ui.model_settings import model_settings
from ui.notebook_dialogs import clear, delete, export, rename
from ui.passages import passages
from ui.services import AppServices
from ui.sources import about
from ui.texts import Texts
from ui.viewer import enlarged

Body = Callable[[AppServices, Texts, int], None]
Width = Literal["small", "medium", "large"]

# Each draws its content for the id of a notebook, a source, an answer, a run or a question of one.
_DIALOGS: dict[state.Dialog, tuple[str, Width, Body]] = {
    "rename": ("notebook.rename_title", "small", rename),
    "model_settings": ("model_settings.title", "medium", model_settings),
    "export": ("notebook.export_title", "small", export),
    "clear": ("notebook.clear_title", "small", clear),
    "delete": ("notebook.delete_title", "small", delete),
    "about": ("sources.about_title", "small", about),
    "passages": ("answer.passages_title", "medium", passages),
    "item": ("evaluation.item_title", "large", item),
    "drop_run": ("evaluation.drop_title", "small", drop_run),
    "enlarge": ("viewer.enlarge_title", "large", enlarged),
}


def open_dialog(app: AppServices, texts: Texts) -> None:
    """Draw the dialog that the tab has open, if any."""
    opened = state.opened_dialog()
    if opened is None:
        return
    kind, row_id = opened
    title, width, content = _DIALOGS[kind]

    def body() -> None:
        with guard(texts):
            content(app, texts, row_id)

    st.dialog(texts(title), width=width, on_dismiss=state.close_dialog)(body)()
