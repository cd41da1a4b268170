"""The sources of a notebook: upload, tick, watch, look into, remove."""

import time
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ingest.types import Upload
from rag.rows import DocumentRow, NotebookRow
from ui import state
from ui.builtin_words import file_words
from ui.escape import escape, escape_label
from ui.guard import act, attempt, guard
from ui.progress import facts, progress_text, progress_value
from ui.services import AppServices
from ui.source_guide import source_guide
from ui.texts import Texts
from ui.watch import redraw

POLL_SECONDS = 0.7
TYPES = ("pdf", "txt", "md")


def uploader(app: AppServices, texts: Texts, notebook: NotebookRow, prefix: str) -> None:
    """Draw the file chooser; it empties itself once every file is committed or refused."""
    key = state.upload_key(f"{prefix}-{notebook.id}")
    limit = app.library.settings.max_upload_mb
    file_words(texts, key, TYPES, limit)
    st.file_uploader(
        texts("sources.add"),
        type=TYPES,
        accept_multiple_files=True,
        key=key,
        max_upload_size=limit,
        on_change=act,
        args=(_receive, app, notebook.id, key),
    )


def _receive(app: AppServices, notebook_id: int, key: str) -> None:
    try:
        # The browser may send the same files again before it has seen that the uploader is empty.
        for file in filter(state.is_new_upload, st.session_state.get(key) or []):
            attempt(file.name, _receive_one, app, notebook_id, file)
    finally:
        state.next_upload()
        app.wake()


def _receive_one(app: AppServices, notebook_id: int, file: UploadedFile) -> None:
    receipt = app.library.receive(notebook_id, Upload(file.name, file.getvalue()))
    if receipt.duplicate:
        state.notify("info", "sources.duplicate", {"name": receipt.document.name})
    elif receipt.document.state != "refused":
        state.add_receipt(receipt.document.name)


def source_list(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    """Draw the sources; while one is worked on, the list alone is drawn again and again."""
    busy = {row.id for row in app.library.store.documents(notebook.id) if not row.final}

    def body() -> None:
        with guard(texts):
            rows = app.library.store.documents(notebook.id)
            if busy - {row.id for row in rows if not row.final}:
                redraw()
            with st.container(gap="small", key="source-list"):
                _rows(app, texts, rows)

    st.fragment(run_every=POLL_SECONDS if busy else None)(body)()


def _rows(app: AppServices, texts: Texts, rows: Sequence[DocumentRow]) -> None:
    if not rows:
        st.caption(texts("sources.none"))
    for row in rows:
        with st.container(key=f"source-{row.id}", gap="xxsmall"):
            if not row.final:
                _working(app, texts, row)
            elif row.state in ("refused", "failed"):
                _unusable(app, texts, row)
            else:
                _ready(app, texts, row)


def _working(app: AppServices, texts: Texts, row: DocumentRow) -> None:
    st.markdown(escape(row.name))
    st.progress(progress_value(row), text=f":small[{progress_text(texts, row, time.time())}]")
    st.button(
        texts("sources.cancel"),
        key=f"cancel-{row.id}",
        type="tertiary",
        on_click=act,
        args=(app.library.remove, row.id),
    )


def _unusable(app: AppServices, texts: Texts, row: DocumentRow) -> None:
    st.markdown(escape(row.name))
    details = {"name": row.name, **row.details}
    st.caption(f":material/error: {texts.error(row.code, details)}  \n{texts('errors.code', code=row.code)}")
    with st.container(horizontal=True, gap="small"):
        if row.state == "failed":
            st.button(
                texts("sources.retry"), key=f"retry-{row.id}", type="tertiary", on_click=act, args=(_retry, app, row.id)
            )
        st.button(
            texts("sources.remove"),
            key=f"dismiss-{row.id}",
            type="tertiary",
            on_click=act,
            args=(app.library.remove, row.id),
        )


def _retry(app: AppServices, document_id: int) -> None:
    app.library.store.retry_document(document_id)
    app.wake()


def _ready(app: AppServices, texts: Texts, row: DocumentRow) -> None:
    key = state.mirror(f"tick-{row.id}", row.ticked)
    # Screen readers read this label as it is written, so it holds no icon code and no colour.
    warning = "⚠ " if row.state == "ready_warnings" else ""
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="xsmall"):
        st.checkbox(
            f"{warning}{escape_label(row.name)} · {_pages(texts, row)}",
            key=key,
            on_change=act,
            args=(_tick, app, row.id, key),
            width="stretch",
            wrap=True,
        )
        opened = st.button(
            f":small[{texts('sources.details')}]",
            key=f"about-{row.id}",
            type="tertiary",
            on_click=state.show_dialog,
            args=("about", row.id),
        )
    if opened:
        # A button in a fragment runs the fragment alone; the dialog belongs to the page.
        st.rerun()


def _tick(app: AppServices, document_id: int, key: str) -> None:
    app.library.store.set_ticked(document_id, bool(st.session_state[key]))


def _pages(texts: Texts, row: DocumentRow) -> str:
    n = str(row.pages) if row.readable == row.pages else f"{row.readable}/{row.pages}"
    return texts.plain("sources.pages", n=n)


def about(app: AppServices, texts: Texts, document_id: int) -> None:
    """Draw the guide of a source, then its file and how to remove it: the content of a dialog."""
    row = app.library.store.document(document_id)
    if row is None:
        st.caption(texts("answer.deleted"))
        return
    source_guide(app, texts, row)
    with st.expander(texts("sources.file"), icon=":material/description:", key=f"file-{row.id}"):
        _file(app, texts, row)


def _file(app: AppServices, texts: Texts, row: DocumentRow) -> None:
    st.markdown(f"**{escape(row.name)}**")
    for line in facts(texts, row):
        st.caption(line)
    st.download_button(
        texts("sources.original"),
        data=app.library.file(row).read_bytes,
        file_name=row.name,
        key=f"original-{row.id}",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption(texts("sources.remove_body"))
    if st.button(texts("sources.remove"), key=f"remove-{row.id}", icon=":material/delete:"):
        act(app.library.remove, row.id)
        state.close_dialog()
        st.rerun()
