"""The notebooks: choose, create, import; a menu for the rest."""

from collections.abc import Sequence

import streamlit as st

from rag.rows import NotebookRow
from ui import state
from ui.builtin_words import file_words
from ui.guard import act
from ui.services import AppServices
from ui.texts import Texts

ACTIONS: tuple[state.Dialog, ...] = ("rename", "answering", "model_settings", "export", "feedback", "delete")
IMPORT_MB = 2000  # an export holds all sources of a notebook, so it may be larger than any one of them


def shelf(app: AppServices, texts: Texts, notebooks: Sequence[NotebookRow], current: NotebookRow | None) -> None:
    """Draw the chooser, and under it how to make another notebook."""
    with st.container(gap="xxsmall", key="shelf"):
        if current:
            _chooser(texts, notebooks, current)
        # The key changes with the notebook, so that the popover closes over the one just made.
        key = f"new-notebook-{current.id if current else 0}"
        with st.popover(texts("notebook.new"), icon=":material/add:", type="tertiary", key=key):
            _create(app, texts)


def _chooser(texts: Texts, notebooks: Sequence[NotebookRow], current: NotebookRow) -> None:
    names = {row.id: row.name for row in notebooks}
    key = state.mirror("open-notebook", current.id)
    st.selectbox(
        texts("notebook.choose"),
        options=list(names),
        format_func=lambda notebook_id: names[notebook_id],
        key=key,
        on_change=lambda: state.open_notebook(st.session_state[key]),
    )


def _create(app: AppServices, texts: Texts) -> None:
    with st.form("create-notebook", border=False, clear_on_submit=True):
        name = st.text_input(texts("notebook.name"), key="create-name", max_chars=120)
        if st.form_submit_button(texts("notebook.create"), type="primary"):
            act(_open_new, app, name)
            st.rerun()
    with st.form("import-notebook", border=False, clear_on_submit=True):
        key = state.upload_key("import")
        file_words(texts, key, ["zip"], IMPORT_MB)
        file = st.file_uploader(
            texts("notebook.import_file"),
            type=["zip"],
            key=key,
            max_upload_size=IMPORT_MB,
        )
        if st.form_submit_button(texts("notebook.import_do")) and file is not None:
            act(_import, app, file.getvalue())
            st.rerun()


def _open_new(app: AppServices, name: str) -> None:
    state.open_notebook(app.library.store.create_notebook(name).id)


def _import(app: AppServices, data: bytes) -> None:
    notebook = app.library.import_notebook(data)
    state.open_notebook(notebook.id)
    state.next_upload()
    state.notify("info", "notebook.imported", {"name": notebook.name})
    app.wake()


def actions(texts: Texts, current: NotebookRow) -> None:
    """Draw the menu of what can be done to the open notebook."""
    chosen = st.menu_button(
        texts("notebook.manage"),
        options=ACTIONS,
        format_func=lambda action: texts.plain(f"notebook.{action}"),
        key=f"notebook-actions-{current.id}",
        type="tertiary",
    )
    if chosen:
        state.show_dialog(chosen, current.id)
