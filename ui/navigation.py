"""The pages of the app and the links between them; the open notebook and the language stay in the address."""

import streamlit as st

from ui import evaluation, page
from ui.services import AppServices
from ui.texts import Texts


def navigate(app: AppServices, texts: Texts) -> None:
    """Draw the page that the address names, by default the notebook."""

    def notebook() -> None:
        page.draw(app, texts)

    def measured() -> None:
        evaluation.draw(app, texts)

    first = st.Page(notebook, title="Lectern", default=True)
    second = st.Page(measured, title=f"{texts.plain('pages.evaluation')} · Lectern", url_path="evaluation")
    chosen = st.navigation([first, second], position="hidden")
    with st.sidebar, st.container(gap="xxsmall", key="pages"):
        kept = dict(st.query_params)
        st.page_link(first, label=texts("pages.notebook"), icon=":material/menu_book:", query_params=kept)
        st.page_link(second, label=texts("pages.evaluation"), icon=":material/monitoring:", query_params=kept)
    chosen.run()
