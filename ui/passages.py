"""The passages that were searched, whether or not they answered."""

import streamlit as st

from rag.rows import AnswerRow
from rag.types import Passage
from ui import citations, state
from ui.note_saving import keep_quote
from ui.services import AppServices
from ui.texts import Texts
from ui.viewer import as_citation


def passage_chip(texts: Texts, row: AnswerRow, passage: Passage, position: int, where: str) -> bool:
    """Draw one passage: a button that opens its page, the words, how near it is; tell whether it was pressed."""
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
    return opened


def _facts(texts: Texts, row: AnswerRow, passage: Passage) -> str:
    score = f"{passage.score:.2f}"
    facts = [texts("answer.nearness", score=score.replace(".", ",") if texts.language == "fr" else score)]
    if row.sourced and passage.n in row.sourced.left_out:
        facts.append(texts("answer.left_out"))
    return " · ".join(facts)


def passages(app: AppServices, texts: Texts, answer_id: int) -> None:
    """Draw every passage that was searched for an answer: the content of a dialog."""
    row = app.library.conversation.answer(answer_id)
    if row is None:
        return
    st.caption(texts("answer.passages_body"))
    for position, passage in enumerate(row.passages):
        if passage_chip(texts, row, passage, position, "searched"):
            # The row may be out of view behind the dialog, so the page is shown large, in the dialog's place.
            state.show_dialog("enlarge", answer_id)
            st.rerun()
        keep_quote(app, texts, row.notebook_id, as_citation(passage), f"searched-{row.id}-{position}")
