"""One answer at a time, with what it counts for worked out by hand."""

from dataclasses import replace
from typing import Any

import pytest

from evaluation.data import Question
from evaluation.records import Record
from evaluation.scores import curves, figures, outside, score

ENGLISH = Question("q", "Who described ELIZA?", "en", ("Joseph Weizenbaum",), "c", "d", True, True)
FRENCH = Question(
    "f", "Qui a décrit ELIZA ?", "fr", ("Joseph Weizenbaum",), "c", "d", True, True, document_language="fr"
)
NOWHERE = replace(ENGLISH, answers=(), answerable=False, kind="unanswerable_removed_passage")
PASSAGE = "ELIZA was described by Joseph Weizenbaum in 1966. It imitated a therapist."
GOLD = {("d", 0)}


def citation(quote: str, passage: str = PASSAGE, page: int = 0, **more: Any) -> Record:
    return {"sha256": "d", "page_index": page, "quote": quote, "passage": passage, "located": "located", **more}


def record(text: str, answer: str, *citations: Record, status: str = "answered", **more: Any) -> Record:
    return {
        "status": status,
        "answer": answer,
        "text": text,
        "probability": 0.9,
        "citations": list(citations),
        "retrieved": [["d", 0]],
        "seconds": 1.5,
        **more,
    }


RIGHT = record(
    "Joseph Weizenbaum. [1]", "Joseph Weizenbaum", citation("ELIZA was described by Joseph Weizenbaum in 1966.")
)
REFUSED = record("", "", status="not_found", probability=0.1)


def test_a_right_answer_counts_in_every_measure() -> None:
    found = score(ENGLISH, RIGHT, GOLD)
    assert found.values == {
        "seconds": [1.5],
        "answered": [1.0],
        "exact match": [1.0],
        "F1": [1.0],
        "gold shown": [1.0],
        "gold in the text": [1.0],
        "false refusal": [0.0],
        "citation recall": [1.0],
        "gold retrieved": [1.0],
        "F1 when answered": [1.0],
        "gold shown when answered": [1.0],
        "citation precision": [1.0],
        "first citation right": [1.0],
        "unsupported": [0.0],
        "without words of a language": [1.0],
        "located": [1.0],
    }
    assert (found.wrong, found.unsupported) == (0.0, ())


def test_a_citation_is_right_on_the_gold_page_or_with_a_gold_answer() -> None:
    elsewhere = citation("Its author was Joseph Weizenbaum.", "Its author was Joseph Weizenbaum.", page=7)
    neither = citation("It was a program.", "It was a program.", page=8)
    found = score(ENGLISH, record("x [1][2][3]", "x", neither, citation(PASSAGE), elsewhere), GOLD).values
    assert found["citation precision"] == [pytest.approx(2 / 3)]
    assert found["citation recall"] == [1.0]
    assert found["first citation right"] == [0.0]
    wrong = score(ENGLISH, record("x [1]", "x", neither), GOLD).values
    assert (wrong["citation precision"], wrong["citation recall"]) == ([0.0], [0.0])


def test_a_refused_question_counts_as_nothing_found() -> None:
    found = score(ENGLISH, REFUSED, GOLD)
    kept = {name: found.values[name] for name in ("answered", "F1", "exact match", "gold shown", "false refusal")}
    assert kept == {"answered": [0.0], "F1": [0.0], "exact match": [0.0], "gold shown": [0.0], "false refusal": [1.0]}
    assert "citation precision" not in found.values, "what is not cited is neither right nor wrong"
    assert found.wrong == 1.0


def test_a_gold_answer_in_a_quote_is_shown_but_is_not_in_the_text() -> None:
    for question in (ENGLISH, FRENCH):
        found = score(question, record("A scientist. [1]", "A scientist", citation(PASSAGE)), GOLD).values
        assert (found["gold shown"], found["gold in the text"]) == ([1.0], [0.0])
        refused = score(question, {**RIGHT, "status": "not_found"}, GOLD).values
        assert (refused["gold shown"], refused["gold in the text"]) == ([0.0], [0.0])


def test_refusals_count_by_kind_where_there_is_no_answer() -> None:
    refused = score(NOWHERE, REFUSED, set()).values
    assert (refused["refused"], refused["refused: removed passage"]) == ([1.0], [1.0])
    answered = score(NOWHERE, RIGHT, set())
    assert answered.values["refused: removed passage"] == [0.0]
    assert answered.wrong == 1.0
    assert "F1" not in answered.values


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Joseph Weizenbaum in 1966. [1]", ()),
        ("Joseph Weizenbaum in 1967. [1]", ("1967",)),
        ("Alan Turing. [1]", ("Alan", "Turing")),
        ("Joseph Weizenbaum. [12]", ()),
    ],
)
def test_numbers_and_names_must_stand_in_a_cited_passage(text: str, expected: tuple[str, ...]) -> None:
    found = score(ENGLISH, record(text, "x", citation(PASSAGE)), GOLD)
    assert found.unsupported == expected
    assert found.values["unsupported"] == [float(bool(expected))]


def test_what_is_outside_quotes_and_spans_is_what_the_program_says() -> None:
    quote = "ELIZA was described by Joseph Weizenbaum in 1966."
    assert outside(RIGHT).strip(" .") == ""
    said = record(f"D'après le cours : « {quote} » [1]", "Joseph Weizenbaum", citation(quote))
    assert outside(said).split() == ["D'après", "le", "cours:", "«", "»"]
    assert outside(record("", "", citation(quote))) == ""


@pytest.mark.parametrize(
    "question, text, expected",
    [
        (ENGLISH, "The program was described by Joseph Weizenbaum. [1]", [1.0]),
        (ENGLISH, "Le programme est décrit par Joseph Weizenbaum. [1]", [0.0]),
        (FRENCH, "Le programme est décrit par Joseph Weizenbaum. [1]", [1.0]),
        (FRENCH, "The program was described by Joseph Weizenbaum. [1]", [0.0]),
        (FRENCH, "Joseph Weizenbaum, 1966. [1]", None),
    ],
)
def test_the_language_is_that_of_the_question_where_words_tell(
    question: Question, text: str, expected: list[float] | None
) -> None:
    values = score(question, record(text, "Joseph Weizenbaum", citation(PASSAGE)), GOLD).values
    assert values.get("language") == expected
    assert values["without words of a language"] == [float(expected is None)]


def test_memory_counts_where_it_was_asked() -> None:
    assert "gold in memory" not in score(ENGLISH, RIGHT, GOLD).values
    assert score(ENGLISH, RIGHT, GOLD, "Joseph Weizenbaum did.").values["gold in memory"] == [1.0]
    assert score(ENGLISH, RIGHT, GOLD, "").values["gold in memory"] == [0.0]


def test_figures_are_over_questions_or_over_citations() -> None:
    two = record("x [1][2]", "x", citation(PASSAGE), citation(PASSAGE, located="page_only"))
    scored = [score(ENGLISH, RIGHT, GOLD), score(ENGLISH, two, GOLD), score(NOWHERE, REFUSED, set())]
    found = figures(scored)
    assert (found["located"].value, found["located"].n) == (pytest.approx(2 / 3), 3)
    assert (found["F1"].value, found["F1"].n) == (0.5, 2)
    assert found["seconds, median"].value == 1.5
    # By confidence: both answers, shown right (the quote of the second holds the gold), then the refusal.
    assert found["risk-coverage area"].value == pytest.approx((0 + 0 + 1 / 3) / 3)
    assert figures([]) == {}


def test_curves_end_at_the_whole_set() -> None:
    found = curves([score(ENGLISH, RIGHT, GOLD), score(NOWHERE, REFUSED, set())])
    assert found["risk_coverage"][-1] == [1.0, 0.5]
    assert found["calibration"] == [[0.1, 0.0, 1], [0.9, 1.0, 1]]
