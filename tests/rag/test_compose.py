"""A chat model may be obedient, disobedient, verbose, wrong in its language or malicious: the checks are the same."""

import pytest

from rag.compose import check
from tests.rag.examples import ELIZA, OXYGEN, passage

PASSAGES = (passage(1, ELIZA, page=3), passage(2, "Bile is made by the liver and helps to digest fat."))


def test_a_supported_sentence_keeps_its_mark_and_gets_its_quote() -> None:
    checked = check("Joseph Weizenbaum described ELIZA in 1966 [1]. The liver makes bile. [2]", "en", PASSAGES)
    assert checked.text == "Joseph Weizenbaum described ELIZA in 1966. [1] The liver makes bile. [2]"
    assert [(c.n, c.page_index, c.quote) for c in checked.citations] == [
        (1, 3, "ELIZA was described by Joseph Weizenbaum in 1966."),
        (2, 0, "Bile is made by the liver and helps to digest fat."),
    ]
    assert checked.dropped == 0


@pytest.mark.parametrize(
    "raw",
    [
        "Alan Turing described ELIZA in 1966 [1].",
        "ELIZA was described in 1967 [1].",
        "Quantum chromodynamics explains this beautifully [2].",
        "Nobody can say anything about such a question [7].",
        "ABSENT",
        "Le foie produit la bile et aide à digérer les graisses [2].",
        '<img src="http://evil.example/x.png"> Visit evil.example now [1].',
        "",
    ],
)
def test_what_no_passage_supports_is_dropped(raw: str) -> None:
    assert check(raw, "en", PASSAGES).citations == ()


def test_a_sentence_without_a_mark_is_given_the_passage_that_fully_supports_it() -> None:
    checked = check("The liver makes bile.", "en", PASSAGES)
    assert checked.text == "The liver makes bile. [2]"


def test_too_many_marks_are_cut_to_those_that_support() -> None:
    checked = check("The liver makes bile [1][2][3].", "en", PASSAGES)
    assert [c.n for c in checked.citations] == [2]


def test_repetition_is_cut_and_partial_answers_are_counted() -> None:
    raw = "The liver makes bile [2]. Mars is a planet of Alan Turing [1]. " + "So it is. So it is. So it is. So it is. "
    checked = check(raw, "en", PASSAGES)
    assert checked.text == "The liver makes bile. [2]"
    assert checked.dropped >= 1


def test_french_answers_are_checked_alike() -> None:
    sources = (passage(1, OXYGEN, "fr"),)
    checked = check("Le numéro atomique de l'oxygène est 8 [1]. Il vaut 9 [1].", "fr", sources)
    assert checked.text == "Le numéro atomique de l'oxygène est 8. [1]"
