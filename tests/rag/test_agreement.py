"""What an answer says beside what a reader finds."""

import math

import pytest

from ingest.types import Language
from rag.agreement import behind
from rag.spans import Candidate
from tests.rag.examples import passage

TEXTS: dict[Language, str] = {
    "en": "Joseph Weizenbaum wrote ELIZA in 1966. Kenneth Colby wrote PARRY six years later.",
    "fr": "Joseph Weizenbaum écrivit ELIZA en 1966. Kenneth Colby écrivit PARRY six ans après.",
}

QUESTIONS: dict[Language, str] = {"en": "Who described ELIZA?", "fr": "Qui a décrit ELIZA ?"}


def found(words: str, score: float, language: Language = "en") -> Candidate:
    text = TEXTS[language]
    return Candidate(passage(1, text, language), text.index(words), text.index(words) + len(words), {}, score)


@pytest.mark.parametrize(
    ("language", "said", "nats"),
    [
        ("en", "Joseph Weizenbaum described ELIZA [1].", 0.0),
        ("en", "It was Weizenbaum.", 0.0),
        ("en", "ELIZA was described by Kenneth Colby [1].", 5.0),
        ("en", "A program described it.", math.inf),
        ("fr", "C'est Weizenbaum qui décrivit ELIZA.", 0.0),
        ("fr", "ELIZA fut décrite par Kenneth Colby.", 5.0),
    ],
)
def test_an_answer_falls_behind_by_what_it_says(language: Language, said: str, nats: float) -> None:
    answers = [found("Joseph Weizenbaum", 3.0, language), found("Kenneth Colby", -2.0, language)]
    assert behind(QUESTIONS[language], said, answers) == nats


def test_where_nothing_was_found_nothing_falls_behind() -> None:
    assert behind("Who?", "Anything.", []) == 0.0


def test_the_question_s_own_words_answer_nothing() -> None:
    answers = [found("ELIZA", 3.0), found("Kenneth Colby", 1.0), found("Joseph Weizenbaum", 0.0)]
    assert behind(QUESTIONS["en"], "Joseph Weizenbaum described ELIZA.", answers) == 1.0
