"""The flashcard page: what is due today, all cards, and where new ones come from."""

import time

import streamlit as st

from rag.rows import NotebookRow
from rag.study.rows import DueCounts
from ui.cards_list import card_list
from ui.cards_new import new_cards
from ui.cards_review import review
from ui.escape import escape
from ui.guard import guard
from ui.page import frame
from ui.services import AppServices
from ui.texts import Texts

VIEWS = ("review", "all", "new")
TOLD_STREAK = 2


def draw(app: AppServices, texts: Texts) -> None:
    """Draw everything from the stored rows."""
    frame(app, texts, _cards)


def _cards(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    counts = app.library.cards.counts(notebook.id, time.time())
    st.markdown(f"# {texts('cards.title')}", anchors=False)
    st.caption(f"{escape(notebook.name)} · {texts('cards.about')}")
    if counts.total:
        st.markdown(_counted(texts, counts))
    # The key changes with the first card, so that the page turns from making cards to reviewing them.
    view = st.segmented_control(
        texts("cards.view"),
        options=VIEWS,
        default="review" if counts.total else "new",
        required=True,
        format_func=lambda name: texts.plain(f"cards.view_{name}"),
        key=f"cards-view-{notebook.id}-{bool(counts.total)}",
        label_visibility="collapsed",
    )
    with guard(texts):
        {"review": review, "all": card_list, "new": new_cards}[view or "review"](app, texts, notebook)


def _counted(texts: Texts, counts: DueCounts) -> str:
    """Return what is due, what there is and for how long cards were reviewed day by day, as one line."""
    parts = [f"**{texts.count('cards.due', counts.due)}**"]
    if counts.new:
        parts.append(texts.count("cards.of_them_new", counts.new))
    parts.append(texts.count("cards.total", counts.total))
    if counts.reviewed_today:
        parts.append(texts.count("cards.reviewed", counts.reviewed_today))
    if counts.streak >= TOLD_STREAK:
        parts.append(f":material/event_available: {texts('cards.streak', n=counts.streak)}")
    return " · ".join(parts)
