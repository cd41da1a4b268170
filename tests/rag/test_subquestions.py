"""Questions that ask two things."""

from dataclasses import replace

import pytest

from rag.cite import cite_span
from rag.subquestions import join, subquestions
from rag.types import AnswerStatus, SourcedAnswer
from tests.rag.examples import ELIZA, OXYGEN, passage


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Qui a décrit ELIZA, et quand ?", ("Qui a décrit ELIZA ?", "quand a décrit ELIZA ?")),
        ("Who described ELIZA and when?", ("Who described ELIZA ?", "when described ELIZA ?")),
        (
            "Where and when was Marie Curie born?",
            ("Where was Marie Curie born?", "when was Marie Curie born?"),
        ),
        (
            "Quand et où est née Marie Curie ?",
            ("Quand est née Marie Curie ?", "où est née Marie Curie ?"),
        ),
        (
            "Who built the engine, and how many were sold?",
            ("Who built the engine ?", "how many were sold ?"),
        ),
        ("Who were Watt and Boulton?", ("Who were Watt and Boulton?",)),
        ("Qui sont Watt et Boulton ?", ("Qui sont Watt et Boulton ?",)),
        ("Is it hot and how?", ("Is it hot and how?",)),
        ("Quand ?", ("Quand ?",)),
    ],
)
def test_a_question_is_cut_where_a_second_one_begins(question: str, asked: tuple[str, ...]) -> None:
    assert subquestions(question) == asked


WHO, WHEN = passage(1, ELIZA), passage(2, OXYGEN, "fr")
ASKED = ("Who described ELIZA?", "When?")


def answer(text: str, status: AnswerStatus = "answered", probability: float = 0.9) -> SourcedAnswer:
    """An answer that cites the first of two passages."""
    start = ELIZA.index(text)
    cited = cite_span(WHO, start, start + len(text), "supported")
    return SourcedAnswer(status, text, f"{text}. [1]", (cited,), (WHO, WHEN), probability=probability)


NOTHING = SourcedAnswer("not_found", "", "", (), (WHEN, replace(WHO, n=2)), probability=0.1)


def test_two_answers_share_the_numbers_of_the_passages_they_share() -> None:
    joined = join(ASKED, [answer("Joseph Weizenbaum"), answer("1966", probability=0.7)])
    assert (joined.status, joined.answer) == ("answered", "Joseph Weizenbaum; 1966")
    assert joined.text == "Joseph Weizenbaum. [1]\n\n1966. [1]"
    assert [(c.n, c.quote) for c in joined.citations] == [(1, "Joseph Weizenbaum"), (1, "1966")]
    assert [p.n for p in joined.passages] == [1, 2]
    assert (joined.probability, joined.missing) == (0.7, ())


def test_passages_of_the_second_answer_get_numbers_of_their_own() -> None:
    other = passage(1, "It was built in 1966.")
    second = SourcedAnswer(
        "answered", "1966", "1966. [1]", (cite_span(other, 0, 21, "supported"),), (replace(other, sha256="b"),)
    )
    second = replace(second, citations=(replace(second.citations[0], sha256="b"),))
    joined = join(ASKED, [answer("Joseph Weizenbaum"), second])
    assert joined.text == "Joseph Weizenbaum. [1]\n\n1966. [2]"
    assert [p.sha256 for p in joined.passages] == ["sha-1", "b", "sha-2"]


@pytest.mark.parametrize("first", [True, False])
def test_a_part_without_an_answer_is_named(first: bool) -> None:
    given = [NOTHING, answer("1966")] if first else [answer("1966"), NOTHING]
    joined = join(ASKED, given)
    assert (joined.status, joined.answer, joined.text) == ("partial", "1966", "1966. [1]")
    assert joined.missing == (ASKED[0 if first else 1],)


def test_nothing_found_for_any_part_is_not_found() -> None:
    assert join(ASKED, [NOTHING, NOTHING]) == NOTHING
