"""The page behind a citation or a passage, with its words highlighted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from ingest.errors import IngestError
from ingest.types import PageImage
from rag.library import Library
from rag.rows import AnswerRow, DocumentRow
from rag.types import Citation, Passage
from ui import citations, state
from ui.escape import escape
from ui.note_saving import keep_quote
from ui.services import AppServices
from ui.texts import Texts

PANEL_PIXELS, LARGE_PIXELS = 1000, 1800
QUOTE_WHOLE = 4000
Step = Literal["previous", "next"]


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked at: an answer's n-th citation or passage, found again, and its source if that still exists."""

    opened: state.Opened
    total: int
    citation: Citation
    document: DocumentRow | None


def sight(app: AppServices, row: AnswerRow) -> Sight | None:
    """Return what is open beside an answer, or None."""
    opened = state.opened_page()
    if opened is None or opened.answer_id != row.id:
        return None
    sources = _sources(row, opened.kind)
    if opened.position >= len(sources):
        return None
    source = sources[opened.position]
    citation = source if isinstance(source, Citation) else as_citation(source)
    found, document = app.library.place(citation, row.notebook_id)
    return Sight(opened, len(sources), found, document)


def _sources(row: AnswerRow, kind: state.Kind) -> Sequence[Citation | Passage]:
    if kind == "passage":
        return row.passages
    return row.sourced.citations if row.sourced else ()


def as_citation(passage: Passage) -> Citation:
    """Return a passage as a citation of its whole text, to be found on its page."""
    return Citation(
        n=passage.n,
        sha256=passage.sha256,
        document=passage.document,
        page_index=passage.page_index,
        page_label=passage.page_label,
        quote=passage.text,
        start=passage.start,
        end=passage.end,
    )


def panel(app: AppServices, texts: Texts, seen: Sight, notebook_id: int) -> None:
    """Draw the page as the third column of an answer's row."""
    with st.container(border=True, key=f"page-{seen.opened.answer_id}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(f"**{escape(citations.place(texts, seen.citation))}**", width="stretch")
            st.button(
                texts("viewer.close"),
                key=f"close-{seen.opened.answer_id}",
                type="tertiary",
                icon=":material/close:",
                on_click=state.close_page,
            )
        _steps(texts, seen, "panel")
        _picture(app, texts, seen, PANEL_PIXELS)
        _tools(app, texts, seen, notebook_id)


def _steps(texts: Texts, seen: Sight, where: str) -> None:
    position, kind = seen.opened.position, seen.opened.kind
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        _step(texts, seen, where, "previous", position - 1)
        st.caption(texts(f"viewer.position_{kind}", n=position + 1, total=seen.total), width="content")
        _step(texts, seen, where, "next", position + 1)


def _step(texts: Texts, seen: Sight, where: str, name: Step, position: int) -> None:
    answer_id, kind, _ = seen.opened
    st.button(
        texts(f"viewer.{name}_{kind}"),
        key=f"{where}-{name}-{answer_id}",
        type="tertiary",
        icon=f":material/chevron_{'left' if name == 'previous' else 'right'}:",
        icon_position="left" if name == "previous" else "right",
        disabled=not 0 <= position < seen.total,
        on_click=state.open_page,
        args=(answer_id, kind, position),
    )


def _picture(app: AppServices, texts: Texts, seen: Sight, pixels: int) -> None:
    picture(app, texts, seen.citation, seen.document, pixels)


def picture(app: AppServices, texts: Texts, citation: Citation, document: DocumentRow | None, pixels: int) -> None:
    """Draw the page of a citation that was found again, its words marked, or say why that cannot be."""
    if document is None:
        st.info(texts("viewer.deleted"), icon=":material/delete:")
        st.markdown(citations.quote(texts, citation.quote, QUOTE_WHOLE))
        return
    spans = ((citation.start, citation.end),) if citation.located == "located" else ()
    try:
        image = _drawn(app.library, document, document.sha256, citation.page_index, pixels, spans)
    except IngestError:
        st.warning(texts("viewer.page_failed"), icon=":material/broken_image:")
        st.markdown(citations.quote(texts, citation.quote, QUOTE_WHOLE))
        return
    if image is None:
        _plain_text(app, texts, citation, document)
        return
    alt = texts.plain("viewer.alt_marked" if image.boxes else "viewer.alt", place=citations.place(texts, citation))
    st.image(image.png, width="stretch", alt=alt, output_format="PNG")
    if not image.boxes:
        _page_only(texts)


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(
    _library: Library, _row: DocumentRow, sha256: str, index: int, pixels: int, spans: tuple[tuple[int, int], ...]
) -> PageImage | None:
    # The hash names the row in the cache: equal bytes give equal pictures.
    return _library.page_image(_row, index, pixels, spans)


def _plain_text(app: AppServices, texts: Texts, citation: Citation, document: DocumentRow) -> None:
    """Draw a source that has no page images as its text, with the quote marked."""
    page = app.library.store.page(document.id, citation.page_index)
    text = page.text if page else citation.quote
    if citation.located != "located":
        st.markdown(escape(citations.shorten(text, QUOTE_WHOLE)))
        _page_only(texts)
        return
    before = escape(text[max(0, citation.start - QUOTE_WHOLE) : citation.start])
    after = escape(text[citation.end : citation.end + QUOTE_WHOLE])
    st.markdown(f"{before} :orange-background[{escape(text[citation.start : citation.end])}] {after}")


def _page_only(texts: Texts) -> None:
    st.caption(f":material/description: {texts('viewer.page_only')}")


def _tools(app: AppServices, texts: Texts, seen: Sight, notebook_id: int) -> None:
    key = str(seen.opened.answer_id)
    with st.container(horizontal=True, gap="small"):
        if seen.document:
            enlarge = st.button(
                texts("viewer.enlarge"),
                key=f"enlarge-{key}",
                type="tertiary",
                icon=":material/open_in_full:",
                on_click=state.show_dialog,
                args=("enlarge", seen.opened.answer_id),
            )
            if enlarge:
                # The row may be drawn by a fragment; the dialog belongs to the page.
                st.rerun()
        keep_quote(app, texts, notebook_id, seen.citation, f"page-{key}")
        with st.popover(
            texts("viewer.copy"), type="tertiary", icon=":material/content_copy:", key=f"copy-passage-{key}"
        ):
            st.code(seen.citation.quote, language=None, wrap_lines=True)
        if seen.document:
            st.download_button(
                texts("viewer.original"),
                data=app.library.file(seen.document).read_bytes,
                file_name=seen.document.name,
                key=f"pdf-{key}",
                type="tertiary",
                icon=":material/download:",
                on_click="ignore",
            )


def enlarged(app: AppServices, texts: Texts, answer_id: int) -> None:
    """Draw the open page large: the content of a dialog."""
    row = app.library.conversation.answer(answer_id)
    seen = sight(app, row) if row else None
    if seen is None:
        return
    st.markdown(f"**{escape(citations.place(texts, seen.citation))}**")
    _steps(texts, seen, "large")
    _picture(app, texts, seen, LARGE_PIXELS)
