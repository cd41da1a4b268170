"""What can be done to a whole notebook, each in a dialog that says what it does."""

from collections.abc import Callable

import streamlit as st

from ui import state
from ui.guard import act
from ui.services import AppServices
from ui.texts import Texts


def rename(app: AppServices, texts: Texts, notebook_id: int) -> None:
    """Ask for another name."""
    notebook = app.library.store.notebook(notebook_id)
    name = st.text_input(
        texts("notebook.name"), value=notebook.name if notebook else "", key=f"name-{notebook_id}", max_chars=120
    )
    decide(texts, "notebook.save", lambda: app.library.store.rename_notebook(notebook_id, name))


def export(app: AppServices, texts: Texts, notebook_id: int) -> None:
    """Offer the notebook as one file."""
    notebook = app.library.store.notebook(notebook_id)
    st.markdown(texts("notebook.export_body"))
    st.download_button(
        texts("notebook.export"),
        data=lambda: app.library.export_notebook(notebook_id),
        file_name=f"{notebook.name if notebook else 'notebook'}.zip",
        mime="application/zip",
        key=f"export-{notebook_id}",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )


def delete(app: AppServices, texts: Texts, notebook_id: int) -> None:
    """Ask before the notebook is deleted with all it holds."""
    notebook = app.library.store.notebook(notebook_id)
    sources = len(app.library.store.documents(notebook_id))
    answers = len(app.library.conversation.answers(notebook_id))
    name = notebook.name if notebook else ""
    st.markdown(texts("notebook.delete_body", name=name, sources=sources, answers=answers))

    def do() -> None:
        app.library.delete_notebook(notebook_id)
        state.close_page()

    decide(texts, "notebook.delete", do)


def decide(texts: Texts, label: str, do: Callable[[], object], *, disabled: bool = False) -> None:
    """Draw cancel and confirm, which does what the dialog is for; either closes it."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        cancelled = st.button(texts("notebook.cancel"), key="dialog-cancel")
        confirmed = st.button(texts(label), key="dialog-confirm", type="primary", disabled=disabled)
    if confirmed:
        act(do)
    if cancelled or confirmed:
        state.close_dialog()
        st.rerun()
