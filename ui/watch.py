"""Notice what another tab or the command line asks, deletes or ends in the notebook that is shown."""

import streamlit as st

from rag.rows import NotebookRow
from ui import state
from ui.guard import guard
from ui.services import AppServices
from ui.texts import Texts

WATCH_SECONDS = 2.0


def redraw() -> None:
    """Draw the page anew; while a dialog is open, only what called this goes on.

    Streamlit takes a dialog away at the beginning of a run and brings it back, without what was being typed in it. The
    end of a dialog draws the page anew in any case.
    """
    if state.opened_dialog() is None:
        st.rerun()


def watch(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    """Draw nothing, and the page anew once its conversation is another than when this was called."""
    drawn = app.library.conversation.pulse(notebook.id)

    def body() -> None:
        with guard(texts):
            if app.library.conversation.pulse(notebook.id) != drawn:
                redraw()

    st.fragment(run_every=WATCH_SECONDS)(body)()
