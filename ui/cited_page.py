"""The page that a study aid cites, opened where it is cited, with its words highlighted."""

from collections.abc import Sequence

import streamlit as st

from rag.rows import DocumentRow
from rag.types import Citation
from ui import citations, state
from ui.escape import escape
from ui.services import AppServices
from ui.texts import Texts
from ui.viewer import LARGE_PIXELS, PANEL_PIXELS, QUOTE_WHOLE, picture


def page_button(texts: Texts, citation: Citation, place: state.Place, *, document: bool = True) -> None:
    """Draw the button that opens the page of a citation, named by its number, document (if asked) and page."""
    where = citations.place(texts, citation)
    if not document:
        where = citations.page_name(texts, citation.page_index, citation.page_label)
    opened = state.opened_place(place.view) == place
    st.button(
        f":small[**{place.position + 1}** · {escape(where)}]",
        key=f"cite-{place.view}-{place.where}-{place.position}",
        type="secondary" if opened else "tertiary",
        icon=":material/article:",
        on_click=state.close_place if opened else state.open_place,
        args=() if opened else tuple(place),
    )


def page_panel(
    app: AppServices,
    texts: Texts,
    notebook_id: int,
    place: state.Place,
    cited: Sequence[Citation],
    *,
    dialog_of: int = 0,
) -> None:
    """Draw the page of ``cited[place.position]``; ``dialog_of`` names the guide whose dialog shows it large."""
    found, document = app.library.place(cited[place.position], notebook_id)
    with st.container(border=True, gap="small", key=f"place-{place.view}"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(f"**{escape(citations.place(texts, found))}**", width="stretch")
            st.button(
                texts("viewer.close"),
                key=f"close-{place.view}",
                type="tertiary",
                icon=":material/close:",
                on_click=state.close_place,
            )
        if len(cited) > 1:
            _steps(texts, place, len(cited), "panel")
        picture(app, texts, found, document, PANEL_PIXELS)
        _tools(app, texts, place, document, dialog_of)


def _tools(app: AppServices, texts: Texts, place: state.Place, document: DocumentRow | None, dialog_of: int) -> None:
    if document is None:
        return
    with st.container(horizontal=True, gap="small"):
        if dialog_of:
            st.button(
                texts("viewer.enlarge"),
                key=f"enlarge-{place.view}",
                type="tertiary",
                icon=":material/open_in_full:",
                on_click=state.show_dialog,
                args=("enlarge_place", dialog_of),
            )
        st.download_button(
            texts("viewer.original"),
            data=app.library.file(document).read_bytes,
            file_name=document.name,
            key=f"original-{place.view}",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


def _steps(texts: Texts, place: state.Place, total: int, where: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _step(texts, place, total, where, -1)
        st.caption(texts("viewer.position_citation", n=place.position + 1, total=total), width="content")
        _step(texts, place, total, where, 1)


def _step(texts: Texts, place: state.Place, total: int, where: str, by: int) -> None:
    st.button(
        texts("viewer.previous_citation" if by < 0 else "viewer.next_citation"),
        key=f"{where}-{by}-{place.view}",
        type="tertiary",
        icon=f":material/chevron_{'left' if by < 0 else 'right'}:",
        icon_position="left" if by < 0 else "right",
        disabled=not 0 <= place.position + by < total,
        on_click=state.open_place,
        args=(place.view, place.position + by, place.where),
    )


def large_page(app: AppServices, texts: Texts, notebook_id: int, place: state.Place, cited: Sequence[Citation]) -> None:
    """Draw the open page large: the content of a dialog."""
    found, document = app.library.place(cited[place.position], notebook_id)
    st.markdown(f"**{escape(citations.place(texts, found))}**")
    _steps(texts, place, len(cited), "large")
    st.markdown(quoted(texts, found))
    picture(app, texts, found, document, LARGE_PIXELS)


def quoted(texts: Texts, citation: Citation) -> str:
    """Return a citation's whole quote as small markdown."""
    return f":small[{citations.quote(texts, citation.quote, QUOTE_WHOLE)}]"
