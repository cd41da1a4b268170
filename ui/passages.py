"""The passages that were searched, whether or not they answered."""

import streamlit as st

from rag.rows import AnswerRow
from rag.types import Passage
from ui import citations, state
from ui.texts import Texts


def passage_chip(texts: Texts, row: AnswerRow, passage: Passage, position: int, where: str) -> None:
    """Draw one passage: a button that opens its page, the words, how near it is."""
    with st.container(gap="xsmall"):
        opened = st.button(
            citations.chip_label(texts, passage),
            key=f"{where}-{row.id}-{position}",
            icon=":material/article:",
            on_click=state.open_page,
            args=(row.id, "passage", position),
        )
        st.markdown(f":small[{citations.quote(texts, passage.text)}]")
        st.markdown(f":small[:gray[{_facts(texts, row, passage)}]]")
    # A dialog closes only with a run of the whole page.
    if opened and where == "searched":
        st.rerun()


def _facts(texts: Texts, row: AnswerRow, passage: Passage) -> str:
    score = f"{passage.score:.2f}"
    facts = [texts("answer.nearness", score=score.replace(".", ",") if texts.language == "fr" else score)]
    if row.sourced and passage.n in row.sourced.left_out:
        facts.append(texts("answer.left_out"))
    return " · ".join(facts)


def show_passages(texts: Texts, row: AnswerRow) -> None:
    """Open the dialog with every passage that was searched for an answer."""

    def body() -> None:
        st.caption(texts("answer.passages_body"))
        for position, passage in enumerate(row.passages):
            passage_chip(texts, row, passage, position, "searched")

    st.dialog(texts("answer.passages_title"), width="large")(body)()
