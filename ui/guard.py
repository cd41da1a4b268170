"""Errors become a sentence, a next step and a code; a traceback goes to the log only."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from ingest.errors import Refused
from rag.errors import RagError
from ui import state
from ui.escape import escape
from ui.texts import Texts

_logger = logging.getLogger(__name__)


@contextmanager
def guard(texts: Texts) -> Iterator[None]:
    """Show what goes wrong while drawing a part of the page, and draw the rest."""
    try:
        yield
    except (RagError, Refused) as error:
        show_error(texts, error.code, error.details)
    except Exception as error:
        _logger.exception("drawing failed")
        show_error(texts, "INTERNAL", {"reason": type(error).__name__})


def act(action: Callable[..., object], *args: object) -> None:
    """Run what a widget asks for; what goes wrong is told by the next draw and stays until the next action."""
    state.clear_notices()
    attempt("", action, *args)


def attempt(about: str, action: Callable[..., object], *args: object) -> None:
    """Run one part of an action, so that its other parts are run whatever becomes of it; ``about`` names it."""
    try:
        action(*args)
    except (RagError, Refused) as error:
        state.notify("error", error.code, error.details, about)
    except Exception as error:
        _logger.exception("an action failed")
        state.notify("error", "INTERNAL", {"reason": type(error).__name__}, about)


def show_error(texts: Texts, code: str, details: dict[str, str], about: str = "") -> None:
    """Draw one error, under the name of what it concerns."""
    name = f"**{escape(about)}**  \n" if about else ""
    body = f"{name}{texts.error(code, details)}  \n:small[{texts('errors.code', code=code)}]"
    st.error(body, icon=":material/error:")


def show_notices(texts: Texts) -> None:
    """Draw what the last action has to tell, and in a toast the files just received."""
    for notice in state.notices():
        if notice.level == "error":
            show_error(texts, notice.key, notice.values, notice.about)
        else:
            st.info(texts(notice.key, **notice.values), icon=":material/info:")
    names = state.take_receipts()
    if names:
        st.toast(texts.count("sources.receipts", len(names), name=names[0]), icon=":material/check:")
