"""The pages of the app and the links between them; the open notebook and the language stay in the address."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from ui import cards, evaluation, guide, models, next_word, notes, page, quiz
from ui.services import AppServices
from ui.texts import Texts

# Each page: the key of its name, which is also its address, its icon, and what draws it.
_PAGES: tuple[tuple[str, str, str, Callable[[AppServices, Texts], None]], ...] = (
    ("pages.notebook", "", "menu_book", page.draw),
    ("quiz.title", "quiz", "quiz", quiz.draw),
    ("cards.title", "cards", "style", cards.draw),
    ("guide.title", "guide", "summarize", guide.draw),
    ("notes.title", "notes", "sticky_note_2", notes.draw),
    ("next.title", "next-word", "bar_chart", next_word.draw),
    ("models.title", "models", "memory", models.draw),
    ("pages.evaluation", "evaluation", "monitoring", evaluation.draw),
)


def navigate(app: AppServices, texts: Texts) -> None:
    """Draw the page that the address names, by default the notebook."""
    pages = [
        st.Page(
            partial(draw, app, texts),
            title=f"{texts.plain(name)} · Lectern" if path else "Lectern",
            url_path=path or "notebook",  # the default page's is not shown
            default=not path,
        )
        for name, path, _, draw in _PAGES
    ]
    chosen = st.navigation(pages, position="hidden")
    with st.sidebar, st.container(gap="xxsmall", key="pages"):
        kept = dict(st.query_params)
        for one, (name, _, icon, _) in zip(pages, _PAGES, strict=True):
            st.page_link(one, label=texts(name), icon=f":material/{icon}:", query_params=kept)
    chosen.run()
