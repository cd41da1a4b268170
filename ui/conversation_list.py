"""The conversations of a notebook: choose one, begin another, and what can be done with the one that is open."""

from collections.abc import Sequence

import streamlit as st

from rag.conversations import MAX_TITLE
from rag.rows import ConversationRow, NotebookRow
from ui import state
from ui.citations import shorten
from ui.escape import escape
from ui.guard import act
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.texts import Texts

SHOWN_TITLE = 60
ACTIONS: tuple[state.Dialog, ...] = ("rename_conversation", "conversation", "delete_conversation")


def open_conversation(app: AppServices, texts: Texts, notebook: NotebookRow) -> ConversationRow | None:
    """Draw the chooser once anything was asked; return the conversation that is open, None before the first."""
    rows = app.library.conversations.rows(notebook.id)
    current = _current(rows)
    if current is not None and any(row.questions for row in rows):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="conversations"):
            _chooser(texts, rows, current)
            _new(app, texts, notebook, current)
            _menu(texts, current)
    return current


def _current(rows: Sequence[ConversationRow]) -> ConversationRow | None:
    """Return the conversation named in the address, else the newest, as the command line does."""
    wanted = st.query_params.get(state.CONVERSATION, "")
    named = [row for row in rows if str(row.id) == wanted]
    return max(named or rows, key=lambda row: row.id, default=None)


def _show(conversation_id: int) -> None:
    """Keep a conversation in the address, so that a refresh shows it again; an open page is closed."""
    st.query_params[state.CONVERSATION] = str(conversation_id)
    state.close_page()


def _chooser(texts: Texts, rows: Sequence[ConversationRow], current: ConversationRow) -> None:
    titles = {row.id: _title(texts, row) for row in reversed(rows)}
    key = state.mirror("open-conversation", current.id)
    st.selectbox(
        texts("conversation.choose"),
        options=list(titles),
        format_func=lambda conversation_id: titles[conversation_id],
        key=key,
        on_change=lambda: _show(st.session_state[key]),
        label_visibility="collapsed",
        width=420,
    )


def _title(texts: Texts, row: ConversationRow) -> str:
    return shorten(row.title, SHOWN_TITLE) or texts.plain("conversation.untitled")


def _new(app: AppServices, texts: Texts, notebook: NotebookRow, current: ConversationRow) -> None:
    st.button(
        texts("conversation.new"),
        key=f"new-conversation-{notebook.id}",
        type="tertiary",
        icon=":material/add_comment:",
        disabled=not current.questions and not current.title,
        on_click=act,
        args=(_start, app, notebook.id),
    )


def _start(app: AppServices, notebook_id: int) -> None:
    _show(app.library.conversations.start(notebook_id).id)


def _menu(texts: Texts, current: ConversationRow) -> None:
    chosen = st.menu_button(
        texts("conversation.manage"),
        options=ACTIONS,
        format_func=lambda action: texts.plain(f"conversation.{action}"),
        key=f"conversation-actions-{current.id}",
        type="tertiary",
    )
    if chosen:
        state.show_dialog(chosen, current.id)


def rename_conversation(app: AppServices, texts: Texts, conversation_id: int) -> None:
    """Ask for another title: the content of a dialog."""
    row = app.library.conversations.row(conversation_id)
    title = st.text_input(
        texts("conversation.title"),
        value=row.title if row else "",
        key=f"title-{conversation_id}",
        max_chars=MAX_TITLE,
    )
    decide(texts, "notebook.save", lambda: app.library.conversations.rename(conversation_id, title))


def delete_conversation(app: AppServices, texts: Texts, conversation_id: int) -> None:
    """Ask before a conversation is deleted with its answers: the content of a dialog."""
    row = app.library.conversations.row(conversation_id)
    if row and row.questions:
        st.markdown(texts.count("conversation.delete_body", row.questions, title=_title(texts, row)))
    else:
        st.markdown(f"{escape(_title(texts, row) if row else '')}  \n{texts('conversation.delete_empty')}")

    def do() -> None:
        app.library.conversations.delete(conversation_id)
        st.query_params.pop(state.CONVERSATION, None)
        state.close_page()

    decide(texts, "conversation.delete_conversation", do)
