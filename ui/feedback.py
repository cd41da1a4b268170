"""Why an answer was not good: a reason to choose, and a few words of one's own."""

from typing import get_args

import streamlit as st

from rag.conversation import MAX_COMMENT
from rag.rows import AnswerRow, FeedbackReason
from ui import state
from ui.guard import act
from ui.services import AppServices
from ui.texts import Texts

PAUSE = "300ms"
_ALL: tuple[FeedbackReason, ...] = tuple(reason for reason in get_args(FeedbackReason) if reason)
_OF_REFUSAL: tuple[FeedbackReason, ...] = ("refused", "wrong_language", "other")


def why(app: AppServices, texts: Texts, row: AnswerRow) -> None:
    """Draw the reasons for a bad answer; what is chosen or written is kept at once."""
    with st.container(gap="xsmall", key=f"why-{row.id}"):
        key = state.mirror(f"reason-{row.id}", row.reason or None)
        words = f"comment-{row.id}"

        def keep() -> None:
            chosen: FeedbackReason = st.session_state.get(key) or ""
            app.library.conversation.set_feedback(row.id, -1, chosen, st.session_state.get(words) or "")

        st.pills(
            texts("feedback.why"),
            reasons(row),
            format_func=lambda reason: texts.plain(f"feedback.{reason}"),
            key=key,
            on_change=act,
            args=(keep,),
        )
        # Kept at each pause: the next question moves this row down the page, and with it goes what was being typed.
        # Not mirrored: that would take back what was typed since.
        st.text_input(
            texts("feedback.comment"), row.comment, MAX_COMMENT,
            key=words, on_change=act, args=(keep,), live=PAUSE, width=560,
        )  # fmt: skip
        if row.reason or row.comment:
            st.caption(f":material/check: {texts('feedback.kept')}")


def reasons(row: AnswerRow) -> tuple[FeedbackReason, ...]:
    """Return what may have been wrong: a refusal cites nothing, and only a refusal refuses."""
    refused = row.sourced is not None and row.sourced.status == "not_found"
    fitting = _OF_REFUSAL if refused else tuple(reason for reason in _ALL if reason != "refused")
    return fitting if not row.reason or row.reason in fitting else (*fitting, row.reason)
