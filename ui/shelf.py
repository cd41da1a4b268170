"""The notebooks: choose, create, rename, delete, export, import."""

from collections.abc import Sequence

import streamlit as st

from rag.rows import NotebookRow
from ui import state
from ui.escape import escape
from ui.guard import act, guard
from ui.services import AppServices
from ui.texts import Texts


def shelf(app: AppServices, texts: Texts, notebooks: Sequence[NotebookRow], current: NotebookRow | None) -> None:
    """Draw the chooser with what can be done to the open notebook beside it."""
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False, gap="xsmall"):
        if current:
            _chooser(texts, notebooks, current)
        with st.popover(":material/add:", help=texts("notebook.new"), key="new-notebook"):
            _create(app, texts)
        if current:
            with st.popover(":material/more_vert:", help=texts("notebook.more"), key="notebook-actions"):
                _actions(app, texts, current)


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
        file = st.file_uploader(texts("notebook.import_file"), type=["zip"], key=state.upload_key("import"))
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


def _actions(app: AppServices, texts: Texts, current: NotebookRow) -> None:
    with st.form(f"rename-{current.id}", border=False):
        name = st.text_input(texts("notebook.name"), value=current.name, key=f"name-{current.id}", max_chars=120)
        if st.form_submit_button(texts("notebook.rename")):
            act(app.library.store.rename_notebook, current.id, name)
            st.rerun()
    st.download_button(
        texts("notebook.export"),
        data=lambda: app.library.export_notebook(current.id),
        file_name=f"{current.name}.zip",
        mime="application/zip",
        key=f"export-{current.id}",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
    if st.button(texts("notebook.clear"), key="clear", icon=":material/delete_sweep:", width="stretch"):
        _confirm(app, texts, current, "clear")
    if st.button(texts("notebook.delete"), key="delete-notebook", icon=":material/delete:", width="stretch"):
        _confirm(app, texts, current, "delete")


def _confirm(app: AppServices, texts: Texts, current: NotebookRow, what: str) -> None:
    def body() -> None:
        with guard(texts):
            sources = len(app.library.store.documents(current.id))
            answers = len(app.library.conversation.answers(current.id))
            st.markdown(texts(f"notebook.{what}_body", name=current.name, sources=sources, answers=answers))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(texts("notebook.cancel"), key="confirm-no"):
                st.rerun()
            if st.button(texts(f"notebook.{what}"), key="confirm-yes", type="primary"):
                act(_delete if what == "delete" else _clear, app, current.id)
                st.rerun()

    st.dialog(texts(f"notebook.{what}_title"))(body)()


def _delete(app: AppServices, notebook_id: int) -> None:
    app.library.delete_notebook(notebook_id)
    state.close_page()


def _clear(app: AppServices, notebook_id: int) -> None:
    app.library.conversation.clear_conversation(notebook_id)
    state.close_page()


def title(notebook: NotebookRow) -> str:
    """Return a notebook's name as markdown."""
    return escape(notebook.name)
