"""The words of a memory answer: shaded by probability, each with what else was likely in its place."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from rag.library import Library
from rag.rows import AnswerRow
from rag.tokens import words
from rag.types import Token
from tests.ui import home
from tests.ui.test_page import words as shown
from ui.escape import escape
from ui.numerals import likelihood
from ui.texts import Texts
from ui.words import DARK, LEVELS, LIGHT, alternatives, level, piece

Draw = Callable[..., AppTest]

BEACH = Token(" beach", 0.62, ((" beach", 0.62), (" mountains", 0.2), (" pool", 0.15)))
TOKENS = (
    Token("The", 0.95, (("The", 0.95), ("A", 0.03))),
    BEACH,
    Token(" wa", 0.5, ((" wa", 0.5), (" is", 0.004))),
    Token("ves", 0.08, (("ves", 0.08), ("s", 0.07), ("", 0.06))),
    Token("\n\n* <b>", 0.01, (("\n\n* <b>", 0.01), ("\n", 0.996))),
)
TEXT = "The beach waves\n\n* <b>"


def answered(library: Library, tokens: tuple[Token, ...] = TOKENS, text: str = TEXT) -> AnswerRow:
    answer_id = home.asked(library)
    library.conversation.claim_answer("test")
    library.conversation.finish_answer(answer_id, "done", memory_text=text, memory_tokens=tokens)
    row = library.conversation.answer(answer_id)
    assert row is not None
    return row


def test_words_are_shaded_with_a_legend_and_the_shading_can_be_switched_off_for_good(
    page: Draw, library: Library
) -> None:
    row = answered(library)
    app = page()
    _, grounds = LIGHT
    ink = LIGHT[0]
    text = next(str(m.value) for m in app.markdown if "waves" in str(m.value))
    assert text == (
        f'The :color[beach]{{foreground="{ink}" background="{grounds[1]}"}} '
        f':color[waves]{{foreground="{ink}" background="{grounds[4]}"}}\n\n'
        f':color[{escape("* <b>")}]{{foreground="{ink}" background="{grounds[4]}"}}'
    )
    assert "≥\u00a090% :color[50%–90%]" in shown(app)
    assert ":color[<\u00a05%]" in shown(app)

    app.toggle(key=f"shade-{row.id}").set_value(False).run()
    assert ":color[" not in shown(app)
    assert ":color[" not in shown(page())
    assert page().toggle(key=f"shade-{row.id}").value is False


def test_each_word_becomes_a_button_that_tells_what_was_likely_in_its_place(page: Draw, library: Library) -> None:
    row = answered(library)
    app = page().button(key=f"explore-{row.id}").click().run()
    buttons = {n: app.button(key=f"word-{row.id}-{n}") for n in range(4)}
    assert ["beach" in buttons[1].label, "waves" in buttons[2].label] == [True, True]
    assert buttons[1].help == "beach 62%, mountains 20%, pool 15%"

    buttons[2].click().run()
    assert "**waves** 4% = wa 50% × ves 8%" in shown(app)
    assert "**…ves** · …ves 8%, …s 7%, (end) 6%" in shown(app)
    app.button(key=f"explore-{row.id}").click().run()
    assert not [button for button in app.button if button.key == f"word-{row.id}-1"]


def test_text_is_shaded_while_it_is_written(page: Draw, library: Library) -> None:
    answer_id = home.asked(library)
    library.conversation.claim_answer("test")
    library.conversation.checkpoint_answer(answer_id, "memory", "", "The beach", TOKENS[:2])
    app = page()
    assert "The :color[beach]" in shown(app)
    assert not [toggle for toggle in app.toggle if toggle.key == f"shade-{answer_id}"]


@pytest.mark.parametrize("tokens", [(), TOKENS[:2]])
def test_an_answer_whose_tokens_are_not_known_is_plain_text(
    page: Draw, library: Library, tokens: tuple[Token, ...]
) -> None:
    row = answered(library, tokens, "The old answer")
    app = page()
    assert "The old answer" in shown(app)
    assert ":color[" not in shown(app)
    assert not [toggle for toggle in app.toggle if toggle.key == f"shade-{row.id}"]


def test_a_model_that_does_not_tell_its_probabilities_is_named_as_such(page: Draw, library: Library) -> None:
    answered(library, (Token("The"), Token(" beach")), "The beach")
    app = page()
    assert "The beach" in shown(app)
    assert "This model does not tell how likely its words are." in shown(app)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "beach 62%, mountains 20%, pool 15%"),
        ("fr", "beach 62\u00a0%, mountains 20\u00a0%, pool 15\u00a0%"),
    ],
)
def test_alternatives_read_as_a_list_in_both_languages(language: str, expected: str) -> None:
    assert alternatives(Texts(language), words(TOKENS), 1) == [expected]


def test_a_word_that_was_drawn_and_is_not_among_the_likeliest_is_told_first() -> None:
    drawn = words([Token(" pool", 0.01, ((" beach", 0.62), (" mountains", 0.2)))])
    assert alternatives(Texts("en"), drawn, 0) == ["pool 1% · beach 62%, mountains 20%"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" sea", "sea"),
        ("s", "…s"),
        (".", "“.”"),
        ("", "(end)"),
        ("\n", "(new line)"),
        ("  ", "(space)"),
        ("\ufffd", "(part of a character)"),
    ],
)
def test_every_token_can_be_read(text: str, expected: str) -> None:
    assert piece(Texts("en"), text) == expected


@pytest.mark.parametrize(
    ("share", "en", "fr"),
    [
        (0.0, "0%", "0\u00a0%"),
        (0.004, "<\u00a01%", "<\u00a01\u00a0%"),
        (0.62, "62%", "62\u00a0%"),
        (0.9999, ">\u00a099%", ">\u00a099\u00a0%"),
        (1.0, "100%", "100\u00a0%"),
    ],
)
def test_no_chance_is_said_to_be_none_or_certain_that_is_not(share: float, en: str, fr: str) -> None:
    assert (likelihood(Texts("en"), share), likelihood(Texts("fr"), share)) == (en, fr)


def test_the_less_likely_a_word_the_stronger_its_shade() -> None:
    assert [level(p) for p in (1.0, 0.9, 0.89, 0.5, 0.49, 0.2, 0.19, 0.05, 0.049, 0.0)] == [
        0,
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
    ]
    assert len(LIGHT[1]) == len(DARK[1]) == len(LEVELS) + 1
