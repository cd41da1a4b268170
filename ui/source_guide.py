"""What a source is about: its main sentences, terms and sections, each opening its page, and questions to press."""

from collections.abc import Callable, Sequence

import streamlit as st

from rag.rows import DocumentRow
from rag.source_guides.digest import of_those_there
from rag.source_guides.rows import SourceGuideRow
from rag.source_guides.types import Digest, SourceGuide
from rag.types import Citation
from ui import citations, state
from ui.asking import ask_of
from ui.cited_page import page_panel
from ui.escape import escape, escape_label
from ui.guard import act, guard, show_error
from ui.progress import warning_lines
from ui.services import AppServices
from ui.texts import Texts

POLL_SECONDS = 1.0


def source_guide(app: AppServices, texts: Texts, row: DocumentRow) -> None:
    """Draw the guide of a source that is ready; while it is made, how far it is."""
    kept = app.library.source_guides.row(row.id)
    if kept is None:
        return
    guide = kept.guide
    # A dialog draws headings at two thirds of their size.
    st.markdown(f"# {escape((guide and guide.title) or row.title or row.name)}", anchors=False)
    st.caption(_facts(texts, row, guide))
    _state(app, texts, kept)
    if guide is not None:
        _Drawn(app, texts, row, guide).all()


def _facts(texts: Texts, row: DocumentRow, guide: SourceGuide | None) -> str:
    facts = [escape(row.name), texts.count("app.pages", row.pages), texts(f"sources.language_{row.language}")]
    if guide and guide.sections:
        facts.insert(2, texts.count("source_guide.sections", guide.sections))
    return " · ".join(facts)


def _state(app: AppServices, texts: Texts, kept: SourceGuideRow) -> None:
    if kept.code:
        show_error(texts, kept.code, kept.details)
    if kept.final and kept.state != "done":
        key = "source_guide.stopped" if kept.state == "cancelled" else "source_guide.failed"
        st.caption(f":material/stop_circle: {texts(key)}")
        resume = app.library.source_guides.resume
        _button(app, texts, kept.document_id, "source_guide.resume", ":material/play_arrow:", resume)
    elif not kept.final and not (kept.guide and kept.asked_of):
        _progress(app, texts, kept)
        cancel = app.library.source_guides.cancel
        _button(app, texts, kept.document_id, "source_guide.cancel", ":material/stop:", cancel)


def _progress(app: AppServices, texts: Texts, kept: SourceGuideRow) -> None:
    def body() -> None:
        with guard(texts):
            now = app.library.source_guides.row(kept.document_id)
            if now is None or now.final or now.guide != kept.guide:
                st.rerun()
            text = texts(f"source_guide.state_{now.state}", done=now.done)
            st.progress(now.done / 100, text=f":small[{text}]")

    st.fragment(run_every=POLL_SECONDS)(body)()


def _button(
    app: AppServices, texts: Texts, document_id: int, key: str, icon: str, action: Callable[[int], object]
) -> None:
    def do() -> None:
        action(document_id)
        app.wake()

    st.button(texts(key), key=f"{key}-{document_id}", type="tertiary", icon=icon, on_click=act, args=(do,))


class _Drawn:
    """The parts of one guide; all that opens a page is numbered in reading order over the parts."""

    def __init__(self, app: AppServices, texts: Texts, row: DocumentRow, guide: SourceGuide) -> None:
        self.app, self.texts, self.row, self.guide = app, texts, row, guide
        self.view = f"source-{row.id}"
        self.every: list[Citation] = [
            *guide.summary,
            *(term.at for term in guide.terms),
            *(heading.at for heading in guide.headings),
        ]

    def all(self) -> None:
        """Draw every part that there is, and say what there is not."""
        self._digest()
        self._summary()
        self._terms()
        self._questions()
        self._sections()

    def _digest(self) -> None:
        hashes = {row.sha256: row.name for row in self.app.library.store.documents(self.row.notebook_id)}
        digest = self.guide.digest and of_those_there(self.guide.digest, hashes)
        if digest:
            with st.container(border=True, gap="xsmall", key=f"digest-{self.view}"):
                st.markdown(f":material/compare: **{self.texts('source_guide.brings')}**")
                for line in digest_lines(self.texts, digest, hashes):
                    st.markdown(line)

    def _summary(self) -> None:
        st.markdown(f"**{self.texts('source_guide.summary')}**")
        if "no_prose" in self.guide.lacks:
            st.caption(f":material/info: {self.texts('source_guide.no_prose')}")
            for line in warning_lines(self.texts, self.row.warnings):
                st.caption(f":material/warning: {line}")
            return
        st.caption(f":material/format_quote: {self.texts('source_guide.word_for_word')}")
        for position, citation in enumerate(self.guide.summary):
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", key=f"said-{position}"):
                st.markdown(escape(" ".join(citation.quote.split())), width="stretch")
                self._opener(
                    citations.page_name(self.texts, citation.page_index, citation.page_label), position, "said"
                )
        self._page("said")

    def _terms(self) -> None:
        if not self.guide.terms:
            return
        st.markdown(f"**{self.texts('source_guide.terms')}**")
        first = len(self.guide.summary)
        with st.container(horizontal=True, gap="small", key=f"terms-{self.view}"):
            for position, term in enumerate(self.guide.terms, start=first):
                page = citations.page_name(self.texts, term.at.page_index, term.at.page_label)
                self._opener(f"{term.text} · {page}", position, "term")
        self._page("term")

    def _questions(self) -> None:
        st.markdown(f"**{self.texts('source_guide.questions')}**")
        if self.guide.questions:
            st.caption(f":material/task_alt: {self.texts.count('source_guide.checked', len(self.guide.questions))}")
        elif "no_questions" in self.guide.lacks:
            st.caption(f":material/info: {self.texts('source_guide.no_questions')}")
        for number, question in enumerate(self.guide.questions):
            pressed = st.button(
                escape_label(question.text),
                key=f"ask-{self.view}-{number}",
                icon=":material/chat:",
                on_click=act,
                args=(ask_of, self.app, self.row, question.text),
            )
            if pressed:
                state.close_dialog()
                st.rerun()

    def _sections(self) -> None:
        if not self.guide.headings:
            return
        first = len(self.guide.summary) + len(self.guide.terms)
        opened = state.opened_place(self.view)
        with st.expander(
            self.texts.count("source_guide.sections", self.guide.sections),
            expanded=opened is not None and opened.where == "section",
            icon=":material/toc:",
            key=f"sections-{self.view}",
        ):
            self._page("section")
            for position, heading in enumerate(self.guide.headings, start=first):
                page = citations.page_name(self.texts, heading.at.page_index, heading.at.page_label)
                self._opener(f"{heading.title} · {page}", position, "section")

    def _opener(self, label: str, position: int, where: str) -> None:
        """Draw the button that opens the page of a citation, or closes it again."""
        place = state.Place(self.view, position, where)
        opened = state.opened_place(self.view) == place
        st.button(
            f":small[{escape_label(label)}]",
            key=f"open-{self.view}-{position}",
            type="secondary" if opened else "tertiary",
            icon=":material/article:",
            on_click=state.close_place if opened else state.open_place,
            args=() if opened else tuple(place),
        )

    def _page(self, where: str) -> None:
        place = state.opened_place(self.view)
        if place and place.where == where and place.position < len(self.every):
            page_panel(self.app, self.texts, self.row.notebook_id, place, self.every)


def digest_lines(texts: Texts, digest: Digest, names: dict[str, str]) -> list[str]:
    """Return what a source brings as markdown: the terms that only it has, and those that it shares with others."""
    lines = []
    if digest.new:
        lines.append(texts("source_guide.new_terms", terms=_listed(digest.new)))
    by_sources: dict[tuple[str, ...], list[str]] = {}
    for shared in digest.shared:
        by_sources.setdefault(shared.sources, []).append(shared.term)
    for sources, terms in by_sources.items():
        there = _listed([names[one] for one in sources])
        lines.append(texts("source_guide.shared_terms", sources=there, terms=_listed(terms)))
    return lines or [texts("source_guide.no_terms")]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
