"""The bundled models answer questions on the sample documents from the right page, in both languages."""

from typing import Any

import pytest

from rag.library import Library
from tests.quality.conftest import Ask
from tests.quality.questions import CROSSED, ELSEWHERE, ENGLISH, FRENCH, Question


def page_missed(question: Question, sources: dict[str, Any]) -> str:
    """Return what was cited instead of a right page, else nothing."""
    cited = [(citation["document"], citation["page"]) for citation in sources["citations"]]
    return "" if set(cited[:1]) & set(question.places) else f"{question.text} {sources['status']} {cited}"


def words_missed(question: Question, sources: dict[str, Any]) -> str:
    """Return what was shown instead of the expected words, else nothing."""
    shown = " ".join([sources["answer"], sources["text"], *(citation["quote"] for citation in sources["citations"])])
    return "" if question.words in shown else f"{question.text} {sources['status']} {shown}"


@pytest.mark.parametrize(
    "questions, at_least", [(FRENCH, 6), (ENGLISH, 4), (CROSSED, 1)], ids=["french", "english", "crossed"]
)
def test_the_first_citation_is_the_right_page_and_holds_the_answer(
    ask: Ask, questions: tuple[Question, ...], at_least: int
) -> None:
    answers = [(question, ask(question.text)) for question in questions]
    assert [answer["language"] for _, answer in answers] == [question.language for question in questions]
    for missed in (page_missed, words_missed):
        misses = [text for question, answer in answers if (text := missed(question, answer["sources"]))]
        assert len(questions) - len(misses) >= at_least, misses


@pytest.mark.parametrize("question", ELSEWHERE)
def test_what_the_sources_do_not_hold_is_not_found(ask: Ask, question: str) -> None:
    sources = ask(question)["sources"]
    assert (sources["status"], sources["text"], sources["citations"]) == ("not_found", "", [])
    assert sources["passages"]


def test_every_quote_is_the_text_of_its_page(ask: Ask, library: Library) -> None:
    notebook = library.store.find_notebook("Sample course")
    assert notebook is not None
    documents = {row.name: row.id for row in library.store.documents(notebook.id)}
    citations = [
        citation
        for question in (*FRENCH, *ENGLISH, *CROSSED)
        for citation in ask(question.text)["sources"]["citations"]
    ]
    assert len(citations) >= len(FRENCH) + len(ENGLISH)
    for citation in citations:
        page = library.store.page(documents[citation["document"]], citation["page"] - 1)
        assert page is not None
        assert page.text[citation["start"] : citation["end"]] == citation["quote"]
        assert page.label == citation["page_label"]
        assert citation["located"] == "located"
        assert citation["support"] in ("supported", "weak")
