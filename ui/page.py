"""The notebook page: sidebar, header, conversation, question box."""

from collections.abc import Callable, Sequence

import streamlit as st

from rag.rows import AnswerRow, NotebookRow
from ui import state
from ui.asking import MEMORY, ask, wants_memory
from ui.builtin_words import field_words
from ui.conversation import conversation
from ui.conversation_list import open_conversation
from ui.destination import privacy
from ui.dialogs import open_dialog
from ui.guard import act, guard, show_notices
from ui.header import banners, footer, header, refuse_network, tiny_model
from ui.notebook_overview import news, welcome
from ui.services import AppServices
from ui.shelf import shelf
from ui.sources import source_list, uploader
from ui.texts import Texts
from ui.watch import watch

Body = Callable[[AppServices, Texts, NotebookRow], None]


def draw(app: AppServices, texts: Texts) -> None:
    """Draw everything from the stored rows."""
    frame(app, texts, _notebook)


def frame(app: AppServices, texts: Texts, body: Body) -> None:
    """Draw what every page has, and ``body`` for the open notebook in the middle of it."""
    address = st.get_option("server.address")
    refuse_network(app, texts, address)
    field_words()
    notebooks = app.library.store.notebooks()
    notebook = state.current_notebook(notebooks)
    with st.sidebar, guard(texts):
        _sidebar(app, texts, notebooks, notebook)
    with guard(texts):
        # In one place, so that what comes and goes there moves nothing that is being typed below.
        with st.container(key="notices"):
            banners(app, texts, address)
            show_notices(texts)
        if notebook is None:
            _nothing(texts)
        else:
            body(app, texts, notebook)
    open_dialog(app, texts)


def _sidebar(app: AppServices, texts: Texts, notebooks: Sequence[NotebookRow], notebook: NotebookRow | None) -> None:
    shelf(app, texts, notebooks, notebook)
    if notebook is not None:
        st.markdown(f"**{texts('sources.title')}**")
        uploader(app, texts, notebook, "sidebar")
        source_list(app, texts, notebook)
    footer(app, texts)


def _nothing(texts: Texts) -> None:
    st.markdown(f"# {texts('notebook.none_title')}", anchors=False)


def _notebook(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    documents = app.library.store.documents(notebook.id)
    tiny_model(app, texts)
    header(app, texts, notebook, documents)
    watch(app, texts, notebook)
    with guard(texts):
        news(app, texts, notebook, documents)
    talk = open_conversation(app, texts, notebook)
    rows = conversation(app, texts, talk) if talk else []
    if not documents:
        _first_source(app, texts, notebook)
    elif not rows:
        st.markdown(f"## {texts('notebook.first_question')}", anchors=False)
        st.markdown(texts("notebook.first_question_body"))
        welcome(app, texts, notebook)
    if documents:
        _question(app, texts, notebook, [row for row in rows if not row.final])


def _first_source(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    st.markdown(f"## {texts('notebook.empty_title')}", anchors=False)
    st.markdown(texts("notebook.empty_body"))
    uploader(app, texts, notebook, "first")
    _promises(app, texts)


def _promises(app: AppServices, texts: Texts) -> None:
    st.caption(f":material/description: {texts('app.limits', limit=app.library.settings.max_upload_mb)}")
    st.caption(privacy(app, texts))


def _question(app: AppServices, texts: Texts, notebook: NotebookRow, pending: Sequence[AnswerRow]) -> None:
    with st.bottom:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            key = state.mirror("ask-memory", wants_memory(app))
            st.toggle(texts("ask.memory"), key=key, on_change=act, args=(_remember_memory, app, key))
            if pending:
                st.button(
                    texts("ask.stop"),
                    key=f"stop-{pending[0].id}",
                    icon=":material/stop:",
                    disabled=pending[0].stopping,
                    on_click=act,
                    args=(app.library.stop, pending[0].id),
                )
        st.chat_input(
            texts.plain("ask.placeholder"),
            key=f"question-{notebook.id}",
            # Without max_chars: of a longer text that is pasted Streamlit takes nothing, without a word.
            on_submit=act,
            args=(_ask, app, notebook.id),
        )


def _remember_memory(app: AppServices, key: str) -> None:
    app.library.store.set_setting(MEMORY, "yes" if st.session_state[key] else "no")


def _ask(app: AppServices, notebook_id: int) -> None:
    """Ask what was typed; what is refused comes back into the box, which is emptied as it is sent."""
    key = f"question-{notebook_id}"
    question = st.session_state[key]
    try:
        ask(app, notebook_id, question)
    except Exception:
        state.mirror(key, question)
        raise
