"""The sentences of a guide, each with its page; a page opens in the row of the sentence that cites it."""

from collections.abc import Sequence

import streamlit as st

from rag.study.rows import GuideRow
from rag.study.types import Guide
from rag.types import Citation
from ui import state
from ui.cited_page import page_button, page_panel, quoted
from ui.escape import escape
from ui.guide_lines import Line, cited, groups, only_document
from ui.services import AppServices
from ui.texts import Texts

LIST = "list"


def points(app: AppServices, texts: Texts, row: GuideRow, guide: Guide, view: str) -> None:
    """Draw every point under its heading; a document is named once, where all that follows under it is from there."""
    every = cited(guide)
    before = ""
    for heading, under in groups(guide):
        document = only_document([heading, *under] if heading else under)
        if document and document != before:
            st.caption(f":material/description: {escape(document)}")
        before = document or before
        if heading:
            _line(app, texts, row, heading, every, view, named=bool(document))
        with st.container(gap="xsmall", key=f"points-{view}-{heading.number if heading else 'first'}"):
            for line in under:
                _line(app, texts, row, line, every, view, named=bool(document))


def _line(
    app: AppServices, texts: Texts, row: GuideRow, line: Line, every: Sequence[Citation], view: str, *, named: bool
) -> None:
    body = _body(row, line)
    place = state.opened_place(view)
    last = line.first + len(line.point.citations)
    if place is None or place.where != LIST or not line.first <= place.position < last:
        _row(texts, line, every, view, body, named=named)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _row(texts, line, every, view, body, named=named, below=True)
        if line.point.phrased or every[place.position].quote not in line.point.text:
            st.markdown(quoted(texts, every[place.position]))
    with right:
        page_panel(app, texts, row.notebook_id, place, every, dialog_of=row.id)


def _body(row: GuideRow, line: Line) -> str:
    """Return a point as markdown: a heading where it has points under it, else its words after its note."""
    text, note = escape(line.point.text), escape(line.point.note)
    if line.point.children:
        return f"{'#' * min(3 + line.depth, 6)} {text}" + (f" :gray[:small[{note}]]" if note else "")
    if note and row.kind == "faq":
        return f"**{note}**  \n{text}"
    return f"**{note}** · {text}" if note else text


def _row(
    texts: Texts, line: Line, every: Sequence[Citation], view: str, body: str, *, named: bool, below: bool = False
) -> None:
    """Draw a sentence and the buttons of its pages: beside it where they are short and it has the whole width."""
    beside = named and len(line.point.citations) == 1 and not below
    with st.container(
        horizontal=beside,
        wrap=not beside,
        vertical_alignment="center",
        gap="small" if beside else "xxsmall",
        key=f"line-{view}-{line.number}",
    ):
        st.markdown(body, width="stretch", anchors=False)
        with st.container(horizontal=True, gap="small", width="content"):
            for position in range(line.first, line.first + len(line.point.citations)):
                page_button(texts, every[position], state.Place(view, position, LIST), document=not named)
