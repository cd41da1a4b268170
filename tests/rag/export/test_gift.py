"""GIFT as another reader has it."""

import html
import re

import pytest
from hypothesis import given, settings

from rag.export.quiz import read_quiz, write_quiz
from rag.study.types import Item
from tests.rag.export.gift_reader import GiftQuestion, read
from tests.rag.export.items import ALL, CHOICE, CLOZE, MATCHING, SEVERAL, SHORT, TRUE_FALSE
from tests.rag.export.nasty import items

SIGNS = "a = b ~ c # d { e } : f \\ g & h"


def question(item: Item) -> GiftQuestion:
    _, questions = read(write_quiz("gift", "Q", [item], "fr").decode())
    assert len(questions) == 1
    return questions[0]


def plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "\n", text)).strip()


def test_a_category_is_named_after_the_quiz() -> None:
    category, questions = read(write_quiz("gift", "Été / 1", ALL, "fr").decode())
    assert category == "$course$/top/Été // 1"
    assert [found.kind for found in questions] == ["choice", "several", "true_false", "short", "short", "matching"]
    assert all(found.text_format == "html" for found in questions)


def test_a_choice_keeps_its_options_feedback_and_source() -> None:
    found = question(CHOICE)
    assert plain(found.text) == CHOICE.stem
    assert found.title == f"01 {CHOICE.stem}"
    assert [answer.share for answer in found.answers] == [0, 100, 0, 0]
    assert [plain(answer.text) for answer in found.answers] == [
        "l’azote",
        "le dioxyde de carbone",
        "l’hélium <He>",
        "\\(CO_2 + H_2O\\)",
    ]
    assert plain(found.answers[2].feedback) == SIGNS
    assert "Voir \\(CO_2\\)." in found.feedback
    assert CHOICE.source.quote in plain(found.feedback)
    assert plain(found.feedback).endswith("Cours d’été.pdf, p. 4 (iv)".replace("p. ", "p.\u00a0"))


def test_several_right_ones_make_the_whole_mark_and_all_ticked_none() -> None:
    shares = [answer.share for answer in question(SEVERAL).answers]
    assert sum(share for share in shares if share > 0) == pytest.approx(100, abs=0.001)
    assert sum(shares) == pytest.approx(0, abs=0.001)


def test_true_and_false_keep_their_reasons_apart() -> None:
    yes, no = question(TRUE_FALSE).answers
    assert (yes.share, no.share) == (100, 0)
    assert yes.feedback == "C’est dit."
    assert no.feedback == "La page dit le contraire."


def test_typed_answers_are_plain_and_no_arrow_makes_them_pairs() -> None:
    assert [answer.text for answer in question(CLOZE).answers] == ["mitochondrion", "mitochondria", "a→b∗"]
    assert "_____" in question(CLOZE).text
    assert [answer.text for answer in question(SHORT).answers] == ["1789"]


def test_pairs_stay_pairs() -> None:
    pairs = [(html.unescape(left), right) for left, right in question(MATCHING).pairs]
    assert pairs == [(option.text, option.match) for option in MATCHING.options]


@settings(max_examples=40, deadline=None)
@given(item=items())
def test_any_text_keeps_the_grammar(item: Item) -> None:
    found = question(item)
    expected = {"cloze": "short", "true_false": "choice"}.get(item.type, item.type)
    assert found.kind == expected
    if item.type == "matching":
        assert len(found.pairs) == len(item.options)
    else:
        assert len(found.answers) == len(item.options or item.accepted)
    right = [answer.share > 0 for answer in found.answers]
    assert right == [option.correct for option in item.options] or item.type in ("matching", "cloze", "short")


def test_a_text_changed_in_the_file_is_read_as_changed() -> None:
    data = write_quiz("gift", "Q", [CHOICE, TRUE_FALSE], "fr").decode()
    data = data.replace("\t~l’azote#", "\t~l’argon \\: gaz &amp; noble#").replace(
        "[html]L’eau bout", "[html]L’eau pure bout"
    )
    first, second = read_quiz("q.gift", data.encode())[1]
    assert first.options[0].text == "l’argon : gaz & noble"
    assert first.options[1:] == CHOICE.options[1:]
    assert second.stem == "L’eau pure bout à 100 °C au niveau de la mer."
    assert first.labels == ("needs_review", "edited")
    assert first.source == CHOICE.source
    assert first.id == CHOICE.id
