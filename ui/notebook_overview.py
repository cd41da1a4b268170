"""What an open notebook is about before anything was asked, and what a source that was just added brings to it."""

from collections.abc import Sequence

import streamlit as st

from rag.library import READY_STATES
from rag.rows import DocumentRow, NotebookRow
from rag.source_guides.digest import of_those_there
from rag.source_guides.overview import Chapter, Overview, overview
from rag.source_guides.rows import SourceGuideRow
from ui import citations, state
from ui.asking import ask
from ui.escape import escape, escape_label
from ui.guard import act, guard
from ui.services import AppServices
from ui.source_guide import digest_lines
from ui.texts import Texts
from ui.watch import redraw

POLL_SECONDS = 2.0
SENTENCES_SHOWN = 2


def welcome(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    """Draw the starter questions and the overview; while guides are made, they are drawn again and again."""
    found = _found(app, texts, notebook)

    def body() -> None:
        with guard(texts):
            now = _found(app, texts, notebook)
            if found.unmade and not now.unmade:
                redraw()
            _starters(app, texts, notebook, now)
            _about(texts, now)

    st.fragment(run_every=POLL_SECONDS if found.unmade else None)(body)()


def _found(app: AppServices, texts: Texts, notebook: NotebookRow) -> Overview:
    rows = app.library.store.documents(notebook.id)
    ready = [row for row in rows if row.ticked and row.state in READY_STATES]
    return overview(ready, app.library.source_guides.rows(notebook.id), texts.language)


def _starters(app: AppServices, texts: Texts, notebook: NotebookRow, found: Overview) -> None:
    for number, starter in enumerate(found.questions):
        pressed = st.button(
            escape_label(starter.text),
            key=f"start-{notebook.id}-{number}",
            icon=":material/chat:",
            help=escape(citations.place(texts, starter.at)),
            on_click=act,
            args=(ask, app, notebook.id, starter.text),
        )
        if pressed:
            # The button is drawn by a fragment; the answer belongs to the page.
            st.rerun()
    if found.questions:
        st.caption(f":material/task_alt: {texts.count('source_guide.starters', len(found.questions))}")
    if found.unmade:
        st.caption(f":material/hourglass_top: {texts.count('source_guide.unmade', found.unmade)}")


def _about(texts: Texts, found: Overview) -> None:
    if not found.chapters:
        return
    st.markdown(f"### {texts('source_guide.overview')}", anchors=False)
    languages = ", ".join(texts.plain(f"sources.language_{language}") for language in found.languages)
    st.caption(f"{texts.count('app.pages', found.pages)} · {escape(languages)}")
    if found.terms:
        st.markdown(texts("source_guide.main_terms", terms=", ".join(term.text for term in found.terms)))
    for chapter in found.chapters:
        _chapter(texts, chapter)


def _chapter(texts: Texts, chapter: Chapter) -> None:
    titles = " · ".join(heading.title for heading in chapter.headings)
    more = chapter.sections - len(chapter.headings)
    rest = f" · {texts.count('source_guide.more_sections', more)}" if titles and more > 0 else ""
    with st.container(gap="xxsmall", key=f"chapter-{chapter.row.id}"):
        opened = st.button(
            f"**{escape_label(chapter.title)}**",
            key=f"guide-of-{chapter.row.id}",
            type="tertiary",
            icon=":material/menu_book:",
            on_click=state.show_dialog,
            args=("about", chapter.row.id),
        )
        if opened:
            # The button is drawn by a fragment; the dialog belongs to the page.
            st.rerun()
        st.caption(f"{texts.count('app.pages', chapter.row.pages)}{titles and ' · '}{escape(titles)}{rest}")


def news(app: AppServices, texts: Texts, notebook: NotebookRow, rows: Sequence[DocumentRow]) -> None:
    """Draw what the source added last brings to the notebook, until that is dismissed."""
    guides = app.library.source_guides.rows(notebook.id)
    untold = [
        row for row in rows if (kept := guides.get(row.id)) and kept.guide and kept.guide.digest and not kept.told
    ]
    if untold:
        _digest(app, texts, untold[-1], guides[untold[-1].id], {row.sha256: row.name for row in rows})


def _digest(app: AppServices, texts: Texts, row: DocumentRow, kept: SourceGuideRow, names: dict[str, str]) -> None:
    guide = kept.guide
    digest = of_those_there(guide.digest, names) if guide and guide.digest else None
    if guide is None or digest is None:
        return
    with st.container(border=True, gap="small", key=f"news-{row.id}"):
        pages = texts.count("app.pages", row.pages)
        sections = f", {texts.count('source_guide.sections', guide.sections)}" if guide.sections else ""
        st.markdown(
            f":material/new_releases: **{texts('source_guide.added', name=row.name)}** :small[{pages}{sections}]"
        )
        for line in digest_lines(texts, digest, names):
            st.markdown(line)
        for citation in guide.summary[:SENTENCES_SHOWN]:
            page = citations.page_name(texts, citation.page_index, citation.page_label)
            st.markdown(f"{citations.quote(texts, citation.quote)} :gray[:small[{escape(page)}]]")
        with st.container(horizontal=True, gap="small"):
            st.button(
                texts("source_guide.open"),
                key=f"news-open-{row.id}",
                type="tertiary",
                icon=":material/menu_book:",
                on_click=state.show_dialog,
                args=("about", row.id),
            )
            st.button(
                texts("source_guide.dismiss"),
                key=f"news-dismiss-{row.id}",
                type="tertiary",
                icon=":material/close:",
                on_click=act,
                args=(_dismiss, app, row.notebook_id),
            )


def _dismiss(app: AppServices, notebook_id: int) -> None:
    for document_id in app.library.source_guides.rows(notebook_id):
        app.library.source_guides.tell(document_id)
