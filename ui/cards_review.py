"""One card after another: the front, then the back with its page, then how well it was known."""

import time
from collections.abc import Mapping

import streamlit as st

from rag.rows import NotebookRow
from rag.study.rows import CardRow, Rating
from rag.types import Citation
from ui import citations, state
from ui.cited_page import page_panel, quoted
from ui.escape import escape
from ui.guard import act
from ui.numerals import moment
from ui.services import AppServices
from ui.texts import Texts

RATINGS: Mapping[Rating, str] = {1: "again", 2: "hard", 3: "good", 4: "easy"}
# From how many seconds on an interval is told in this unit, and how many seconds that unit has; the longest first.
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_UNITS = (("years", 365 * _DAY), ("months", 30 * _DAY), ("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE))


def review(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    """Draw the card whose turn it is, or say when the next one comes."""
    now = time.time()
    due = app.library.cards.due(notebook.id, now)
    if due:
        _card(app, texts, due[0])
    else:
        _nothing(app, texts, notebook)


def _nothing(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    rows = [row for row in app.library.cards.rows(notebook.id) if not row.suspended]
    if not rows:
        st.markdown(texts("cards.none"))
        return
    st.markdown(f":material/task_alt: {texts('cards.nothing_due')}")
    st.caption(texts("cards.next", moment=moment(texts, min(row.due for row in rows))))


def _card(app: AppServices, texts: Texts, card: CardRow) -> None:
    revealed = state.revealed_card() == card.id
    with st.container(border=True, key=f"card-{card.id}", gap="medium"):
        question, _, options = card.front.partition("\n")
        st.markdown(f"### {escape(question)}", anchors=False)
        if options:
            st.markdown(card_side(options))
        if revealed:
            st.markdown(card_side(card.back))
            if card.source:
                _source(app, texts, card, card.source)
    if revealed:
        _ratings(app, texts, card)
        _page(app, texts, card)
    else:
        st.button(
            texts("cards.show"),
            key=f"show-{card.id}",
            type="primary",
            shortcut="Space",
            on_click=act,
            args=(state.reveal_card, card.id),
        )


def card_side(text: str) -> str:
    """Return a side of a card as markdown, its line feeds kept."""
    return "  \n".join(escape(line) for line in text.split("\n") if line.strip())


def _source(app: AppServices, texts: Texts, card: CardRow, source: Citation) -> None:
    if source.quote not in card.back:
        st.markdown(quoted(texts, source))
    view = f"card-{card.id}"
    if state.opened_place(view) is None:
        st.button(
            f":small[{escape(citations.place(texts, source))}]",
            key=f"page-{card.id}",
            type="tertiary",
            icon=":material/article:",
            on_click=state.open_place,
            args=(view, 0),
        )


def _page(app: AppServices, texts: Texts, card: CardRow) -> None:
    place = state.opened_place(f"card-{card.id}")
    if place and card.source:
        page_panel(app, texts, card.notebook_id, place, [card.source])


def _ratings(app: AppServices, texts: Texts, card: CardRow) -> None:
    now = time.time()
    due = app.library.cards.preview(card.id, now)
    st.caption(texts("cards.how_well"))
    with st.container(horizontal=True, gap="small", key=f"ratings-{card.id}"):
        for rating, name in RATINGS.items():
            st.button(
                f"{texts(f'cards.rating_{name}')} · {interval(texts, due[rating] - now)}",
                key=f"rate-{rating}-{card.id}",
                type="primary" if name == "good" else "secondary",
                shortcut=str(rating),
                on_click=act,
                args=(_rate, app, card.id, rating),
            )


def _rate(app: AppServices, card_id: int, rating: Rating) -> None:
    app.library.cards.review(card_id, rating, time.time())
    state.reveal_card(0)
    state.close_place()


def interval(texts: Texts, seconds: float) -> str:
    """Return a time to wait as a person says it: minutes, hours, days, months or years, at least a minute."""
    for unit, size in _UNITS:
        if seconds >= size:
            return texts(f"cards.in_{unit}", n=round(seconds / size))
    return texts("cards.in_minutes", n=1)
