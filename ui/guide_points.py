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
    """Draw every point under its heading; a document that a whole group cites is named once."""
    every = cited(guide)
    for heading, under in groups(guide):
        shown = [heading, *under] if heading else under
        document = only_document(shown)
        if heading:
            _heading(app, texts, row, heading, every, view, named=bool(document))
        if document:
            st.caption(f":material/description: {escape(document)}")
        with st.container(gap="xsmall", key=f"points-{view}-{heading.number if heading else 'first'}"):
            for line in under:
                _line(app, texts, row, line, every, view, named=bool(document))


def _heading(
    app: AppServices, texts: Texts, row: GuideRow, line: Line, every: Sequence[Citation], view: str, *, named: bool
) -> None:
    level = "#" * min(3 + line.depth, 6)
    note = f" :gray[:small[{escape(line.point.note)}]]" if line.point.note else ""
    st.markdown(f"{level} {escape(line.point.text)}{note}", anchors=False)
    if line.point.citations:
        _line_of(app, texts, row, line, every, view, body="", named=named)


def _line(
    app: AppServices, texts: Texts, row: GuideRow, line: Line, every: Sequence[Citation], view: str, *, named: bool
) -> None:
    point = line.point
    body = escape(point.text)
    if point.note and row.kind == "faq":
        body = f"**{escape(point.note)}**  \n{body}"
    elif point.note:
        body = f"**{escape(point.note)}** · {body}"
    _line_of(app, texts, row, line, every, view, body=body, named=named)


def _line_of(
    app: AppServices,
    texts: Texts,
    row: GuideRow,
    line: Line,
    every: Sequence[Citation],
    view: str,
    *,
    body: str,
    named: bool,
) -> None:
    place = state.opened_place(view)
    last = line.first + len(line.point.citations)
    if place is None or place.where != LIST or not line.first <= place.position < last:
        _row(texts, line, every, view, body, named=named)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _row(texts, line, every, view, body, named=named)
        if line.point.phrased or not body:
            st.markdown(quoted(texts, every[place.position]))
    with right:
        page_panel(app, texts, row.notebook_id, place, every, dialog_of=row.id)


def _row(texts: Texts, line: Line, every: Sequence[Citation], view: str, body: str, *, named: bool) -> None:
    """Draw a sentence and the buttons of its pages: beside it where they are short, below it where they name files."""
    beside = named and len(line.point.citations) == 1
    with st.container(
        horizontal=beside, wrap=not beside, vertical_alignment="top", gap="small", key=f"line-{view}-{line.number}"
    ):
        if body:
            st.markdown(body, width="stretch")
        with st.container(horizontal=True, gap="small", width="content"):
            for position in range(line.first, line.first + len(line.point.citations)):
                page_button(texts, every[position], state.Place(view, position, LIST), document=not named)
