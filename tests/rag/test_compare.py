import pytest

from rag.compare import compare
from rag.types import Comparison, SourcedAnswer
from tests.rag.examples import ELIZA, passage

FOUND = SourcedAnswer("answered", "Joseph Weizenbaum", "Joseph Weizenbaum. [1]", (), (passage(1, ELIZA),))
SILENT = SourcedAnswer("not_found", "", "", (), (passage(1, ELIZA),))
QUESTION = "Who described ELIZA?"


@pytest.mark.parametrize(
    ("sourced", "memory", "expected"),
    [
        (FOUND, "", Comparison("not_comparable")),
        (FOUND, "It was Joseph Weizenbaum.", Comparison("agree", (), ("Joseph", "Weizenbaum"))),
        (FOUND, "ELIZA was described by Alan Turing.", Comparison("differ", ("Alan", "Turing"), ())),
        (FOUND, "Joseph Weizenbaum, in 1959.", Comparison("differ", ("1959",), ("Joseph", "Weizenbaum"))),
        (FOUND, "Nobody knows.", Comparison("not_comparable")),
        (FOUND, "In 1966.", Comparison("not_comparable", (), ())),
        (SILENT, "Alan Turing.", Comparison("unsupported", ("Alan", "Turing"))),
        (SILENT, "Nobody knows.", Comparison("not_comparable")),
    ],
)
def test_each_rule(sourced: SourcedAnswer, memory: str, expected: Comparison) -> None:
    assert compare(QUESTION, sourced, memory) == expected


def test_an_answer_without_names_agrees_when_the_memory_holds_its_words() -> None:
    sourced = SourcedAnswer("answered", "le foie", "Le foie. [1]", (), (passage(1, "Le foie produit la bile.", "fr"),))
    assert compare("Quel organe produit la bile ?", sourced, "C'est le foie.").verdict == "agree"


def test_the_question_s_own_names_prove_nothing() -> None:
    assert compare(QUESTION, FOUND, "ELIZA.").verdict == "not_comparable"
