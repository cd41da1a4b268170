"""How a question is put from any place of the page: typed, or one that is offered."""

import streamlit as st

from rag.rows import DocumentRow
from ui import state
from ui.services import AppServices
from ui.tab import tab

MEMORY = "ui.ask_memory"


def wants_memory(app: AppServices) -> bool:
    """Tell whether the model is to answer from memory too."""
    return app.library.store.get_setting(MEMORY) != "no"


def ask(app: AppServices, notebook_id: int, question: str, document_ids: list[int] | None = None) -> None:
    """Ask some sources of a notebook, by default the ticked ones, in the conversation that is open."""
    named = st.query_params.get(state.CONVERSATION, "")
    talks = [row.id for row in app.library.conversations.rows(notebook_id) if str(row.id) == named]
    app.library.ask(
        notebook_id,
        question,
        memory=wants_memory(app),
        document_ids=document_ids,
        conversation_id=talks[0] if talks else None,
        asker=tab(),
    )
    app.wake()


def ask_of(app: AppServices, source: DocumentRow, question: str) -> None:
    """Ask the ticked sources and ``source``, whether it is ticked or not."""
    rows = app.library.store.documents(source.notebook_id)
    ask(app, source.notebook_id, question, [row.id for row in rows if row.ticked or row.id == source.id])
