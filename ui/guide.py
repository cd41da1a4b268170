"""The study guide page: summaries, terms, timelines and maps of the ticked sources, every sentence with its page."""

from collections.abc import Sequence
from typing import get_args

import streamlit as st

from rag.rows import NotebookRow
from rag.study.rows import GuideRow
from rag.study.types import GuideKind, QuizLanguage
from ui import state
from ui.escape import escape
from ui.guard import act, show_error
from ui.guide_run import show_guide
from ui.numerals import moment
from ui.page import frame
from ui.services import AppServices
from ui.texts import Texts

KINDS: tuple[GuideKind, ...] = get_args(GuideKind)
LANGUAGES: tuple[QuizLanguage, ...] = get_args(QuizLanguage)
READY = ("ready", "ready_warnings")


def draw(app: AppServices, texts: Texts) -> None:
    """Draw everything from the stored rows."""
    frame(app, texts, _guides)


def _guides(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    st.markdown(f"# {texts('guide.title')}", anchors=False)
    st.caption(f"{escape(notebook.name)} · {texts('guide.about')}")
    rows = sorted(app.library.guides.rows(notebook.id), key=lambda row: row.id)
    # The key changes with the count, so that the expander closes over the guide just begun.
    with st.expander(texts("guide.new"), expanded=not rows, icon=":material/add:", key=f"new-guide-{len(rows)}"):
        _new(app, texts, notebook)
    if rows:
        show_guide(app, texts, _chosen(texts, notebook, rows))


def _new(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    ticked = [row for row in app.library.store.documents(notebook.id) if row.ticked and row.state in READY]
    if not ticked:
        show_error(texts, "NO_SOURCES", {})
        return
    kind = st.pills(
        texts("guide.kind"),
        options=KINDS,
        default="summary",
        required=True,
        format_func=lambda name: texts.plain(f"guide.kind_{name}"),
        key=f"guide-kind-{notebook.id}",
    )
    kind = kind or "summary"
    st.caption(texts(f"guide.told_{kind}"))
    language = st.segmented_control(
        texts("guide.language"),
        options=LANGUAGES,
        default="document",
        required=True,
        format_func=lambda name: texts.plain(f"guide.language_{name}"),
        key=f"guide-language-{notebook.id}",
    )
    st.button(
        texts("guide.make"),
        key=f"make-guide-{notebook.id}",
        type="primary",
        icon=":material/play_arrow:",
        on_click=act,
        args=(_make, app, notebook.id, kind, language or "document"),
    )
    st.caption(f":material/low_priority: {texts.count('guide.behind', len(ticked))}")


def _make(app: AppServices, notebook_id: int, kind: GuideKind, language: QuizLanguage) -> None:
    state.choose("guide", notebook_id, app.library.make_guide(notebook_id, kind, language))
    state.close_place()
    app.wake()


def _chosen(texts: Texts, notebook: NotebookRow, rows: Sequence[GuideRow]) -> GuideRow:
    """Draw the list of guides, the newest first; return the one to look at."""
    by_id = {row.id: row for row in reversed(rows)}
    wanted = state.chosen("guide", notebook.id)
    key = state.mirror(f"guide-{notebook.id}", wanted if wanted in by_id else rows[-1].id)
    names = _names(texts, rows)
    chosen = st.selectbox(
        texts("guide.guide"),
        options=list(by_id),
        format_func=lambda guide_id: names[guide_id],
        key=key,
        on_change=lambda: state.choose("guide", notebook.id, st.session_state[key]),
    )
    return by_id[chosen]


def _names(texts: Texts, rows: Sequence[GuideRow]) -> dict[int, str]:
    """Return what each guide is called in a list; the number keeps two of one minute apart."""
    return {
        row.id: f"{number}. {texts.plain(f'guide.kind_{row.kind}')} · {moment(texts, row.created_at)}"
        for number, row in enumerate(rows, start=1)
    }
