"""One question of a run: what was expected, what came from the sources and from memory, and the page cited."""

from collections.abc import Sequence

import streamlit as st

from evaluation.run_figures import rank, verdict
from rag.evaluation_rows import EvaluationItem, EvaluationRun
from rag.types import Citation, Passage, SourcedAnswer
from ui import citations
from ui.escape import escape, escape_answer
from ui.evaluation_rows import badge
from ui.guard import show_error
from ui.numerals import decimal, percent
from ui.services import AppServices
from ui.texts import Texts
from ui.viewer import LARGE_PIXELS, as_citation, picture

Place = Citation | Passage


def item(app: AppServices, texts: Texts, item_id: int) -> None:
    """Draw a question of a run whole: the content of a dialog."""
    row = app.library.evaluations.item(item_id)
    run = app.library.evaluations.run(row.run_id) if row else None
    if row is None or run is None:
        st.caption(texts("evaluation.gone"))
        return
    st.markdown(f"**{escape(row.question)}**")
    st.markdown(badge(texts, verdict(row)))
    if row.code:
        show_error(texts, row.code, row.details)
    answers, page = st.columns(2, gap="large")
    with answers:
        _expected(texts, row)
        _given(texts, row)
        _facts(texts, row)
    with page:
        _page(app, texts, run, row)


def _expected(texts: Texts, row: EvaluationItem) -> None:
    st.markdown(f":material/flag: **{texts('evaluation.expected')}**")
    st.markdown(escape(" | ".join(row.expected)) or f":gray[{texts('evaluation.nothing_expected')}]")
    if row.page:
        place = f"{row.document}, {citations.page_name(texts, row.page - 1, '')}".removeprefix(", ")
        st.caption(escape(place))


def _given(texts: Texts, row: EvaluationItem) -> None:
    if row.state != "done":
        return
    st.markdown(f":material/menu_book: **{texts('answer.sources')}**")
    sourced = SourcedAnswer(row.status or "not_found", row.answer, row.text, row.citations, row.passages)
    st.markdown(citations.status_badge(texts, sourced))
    if row.status != "not_found":
        st.markdown(citations.answer_body(sourced))
    if row.memory_text:
        st.markdown(f":material/psychology: **{texts('answer.memory')}**")
        st.caption(f":material/warning: {texts('answer.memory_caption')}")
        st.markdown(escape_answer(row.memory_text))


def _facts(texts: Texts, row: EvaluationItem) -> None:
    if row.state != "done":
        return
    facts = [texts("evaluation.took", seconds=decimal(texts, row.seconds))]
    if row.probability is not None:
        facts.append(texts("evaluation.sure", share=percent(texts, row.probability)))
    if row.expected and row.passages:
        found = rank(row)
        facts.append(texts("evaluation.at_rank", n=found) if found else texts("evaluation.at_no_rank"))
    st.caption(" · ".join(facts))


def _page(app: AppServices, texts: Texts, run: EvaluationRun, row: EvaluationItem) -> None:
    """Draw the page of a citation or, where there is none, of a passage that was looked at."""
    places: Sequence[Place] = row.citations or row.passages
    if not places:
        return
    called = citations.numbers(row.citations) if row.citations else [str(passage.n) for passage in row.passages]
    labels = [f"{number} · {citations.place(texts, place)}" for number, place in zip(called, places, strict=True)]
    chosen = st.selectbox(
        texts("evaluation.cited" if row.citations else "answer.passages_title"),
        options=range(len(places)),
        format_func=lambda n: labels[n],
        key=f"place-{row.id}",
    )
    place = places[chosen]
    citation = place if isinstance(place, Citation) else as_citation(place)
    found, document = app.library.place(citation, run.notebook_id)
    if isinstance(place, Citation):
        st.markdown(f":small[{citations.quote(texts, found.quote, answer=row.answer)}]")
        st.markdown(f":small[{citations.evidence_line(texts, found, deleted=document is None)}]")
    picture(app, texts, found, document, LARGE_PIXELS)
