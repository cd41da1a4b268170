"""The questions of a run, each with its verdict; a press opens what came for it."""

from collections.abc import Sequence

import streamlit as st

from evaluation.run_figures import Verdict, verdict
from rag.evaluation_rows import EvaluationItem, EvaluationRun
from ui import citations, state
from ui.escape import escape
from ui.texts import Texts

A_PAGE = 25
LABEL = 140

# Colour and icon of each verdict; the words are in the catalogue.
_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "right": ("green", "check_circle"),
    "shown": ("green", "task_alt"),
    "partly": ("orange", "rule"),
    "quoted": ("orange", "format_quote"),
    "wrong": ("red", "cancel"),
    "refused_right": ("green", "search_off"),
    "refused_wrong": ("orange", "search_off"),
    "unexpected": ("red", "report"),
    "error": ("red", "error"),
    "waiting": ("gray", "hourglass_empty"),
}


def badge(texts: Texts, found: Verdict) -> str:
    """Return a verdict as an icon and words."""
    colour, icon = _VERDICTS[found]
    return f":{colour}-badge[:material/{icon}: {texts(f'evaluation.verdict_{found}')}]"


def rows(texts: Texts, run: EvaluationRun, items: Sequence[EvaluationItem]) -> None:
    """Draw the questions, filtered by verdict, a page of them at a time."""
    st.markdown(f"## {texts('evaluation.rows')}", anchors=False)
    judged = [(item, verdict(item)) for item in items]
    kinds = [kind for kind in _VERDICTS if any(found == kind for _, found in judged)]
    wanted = st.pills(
        texts("evaluation.filter"),
        options=kinds,
        format_func=lambda kind: f"{texts.plain(f'evaluation.verdict_{kind}')} ({_count(judged, kind)})",
        selection_mode="multi",
        key=f"filter-{run.id}",
        label_visibility="collapsed",
    )
    chosen = [(item, found) for item, found in judged if not wanted or found in wanted]
    pages = -(-len(chosen) // A_PAGE)
    number = st.pagination(pages, key=f"rows-{run.id}-{pages}") if pages > 1 else 1
    with st.container(gap="xsmall", key="evaluation-rows"):
        for item, found in chosen[(number - 1) * A_PAGE : number * A_PAGE]:
            _row(texts, item, found)


def _count(judged: Sequence[tuple[EvaluationItem, Verdict]], kind: Verdict) -> int:
    return sum(found == kind for _, found in judged)


def _row(texts: Texts, item: EvaluationItem, found: Verdict) -> None:
    number = item.position + 1
    with st.container(key=f"item-row-{item.id}", gap="xxsmall"):
        st.markdown(f"{number}\\. {escape(item.question)}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            given = f" :small[{citations.quote(texts, item.answer, LABEL)}]" if item.answer else ""
            st.markdown(f"{badge(texts, found)}{given}", width="content")
            st.button(
                f":small[{texts('evaluation.open', n=number)}]",
                key=f"item-{item.id}",
                type="tertiary",
                icon=":material/open_in_full:",
                on_click=state.show_dialog,
                args=("item", item.id),
            )
