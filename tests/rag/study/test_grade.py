"""What counts as right, in both languages."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.study.grade import is_right
from rag.study.types import Item, Option
from tests.rag.study.items import choice, typed

RIGHT = [
    ("ATP", "l'ATP"),
    ("ATP", "L’ATP."),
    ("ATP", " atp "),
    ("l'ATP", "ATP"),
    ("ATP synthase", "the ATP synthase"),
    ("mitochondrie", "La Mitochondrie !"),
    ("mitochondria", "the mitochondria"),
    ("énergie", "energie"),
    ("œil", "oeil"),
    ("1 000", "1,000"),
    ("1 000", "1000"),
    ("1\u202f000", "mille"),
    ("1,000", "one thousand"),
    ("1000", "1\u00a0000"),
    ("mille", "1000"),
    ("3,5", "3.5"),
    ("37 °C", "37"),
    ("37 °C", "37°C"),
    ("1200", "1 200 km"),
    ("50 %", "fifty percent"),
    ("50 %", "50"),
    ("1964", "in 1964"),
    ("1964", "en 1964"),
    ("12 mars 1998", "le 12 mars 1998"),
    ("12 mars 1998", "March 12, 1998"),
    ("XVIIIe siècle", "18e siècle"),
    ("XVIIIe siècle", "le dix-huitième siècle"),
    ("trois gènes", "3 gènes"),
    ("photosynthèse", "photosynthese"),
    ("photosynthèse", "photosyntèse"),
    ("photosynthesis", "photosinthesis"),
    ("photosynthesis", "photosynhtesis"),
    ("routeur", "routeurs"),
    ("les protéines et les lipides", "protéines et lipides"),
    ("packet switching", "packet-switching"),
    ("coenzyme", "co-enzyme"),
    ("C++", "c++"),
    ("Na+", "na+"),
    ("H₂O", "H2O"),
    ("vitamine A", "la vitamine A"),
    ("le", "le"),
]
WRONG = [
    ("ATP", "ADP"),
    ("ATP", ""),
    ("ATP", "..."),
    ("ATP", "la"),
    ("1000", "100"),
    ("1000", "10 000"),
    ("1000", "1000 2000"),
    ("37 °C", "37 km"),
    ("37 °C", "38 °C"),
    ("-5", "5"),
    ("12 mars 1998", "12 mars"),
    ("12 mars 1998", "13 mars 1998"),
    ("1964", "1965"),
    ("trois gènes", "3 protéines"),
    ("plus de 50 %", "moins de 50 %"),
    ("mitose", "méiose"),
    ("nitrate", "nitrite"),
    ("sulfates", "sulfites"),
    ("afférent", "efférent"),
    ("gène", "gêne de"),
    ("vitamine A", "vitamine"),
    ("C++", "C"),
    ("Na+", "Na"),
    ("packet switching", "packet"),
    ("photosynthèse", "fautossyntèse"),
    ("modem", "model"),
    ("p53", "p54"),
    ("CYP2D6", "CYP2D7"),
]


@pytest.mark.parametrize("wanted, said", RIGHT)
def test_the_same_written_otherwise_is_right(wanted: str, said: str) -> None:
    assert is_right(typed("short", "What?", wanted), [said])


@pytest.mark.parametrize("wanted, said", WRONG)
def test_something_else_is_wrong(wanted: str, said: str) -> None:
    assert not is_right(typed("short", "What?", wanted), [said])


@given(st.text(min_size=1).filter(str.strip))
def test_every_answer_is_right_for_itself(text: str) -> None:
    assert is_right(typed("short", "What?", text), [f" {text}\n"])


@pytest.mark.parametrize("answer", ["∞", "+", "α", "%", "=>"])
def test_signs_alone_are_told_apart(answer: str) -> None:
    assert is_right(typed("short", "What?", answer), [answer])
    assert not is_right(typed("short", "What?", answer), ["−"])


def test_a_word_of_the_passage_is_no_typo() -> None:
    item = typed("cloze", "The _____ forwards packets.", "routeur")
    assert is_right(item, ["routteur"])
    assert not is_right(replace(item, explanation="The router, not the routteur."), ["routteur"])


def test_any_accepted_spelling_counts() -> None:
    item = replace(typed("short", "Qui ?", "Paul Baran", "fr"), accepted=("Paul Baran", "Baran"))
    assert is_right(item, ["baran"])
    assert not is_right(item, ["Paul"])


@pytest.mark.parametrize("said", [[], ["Leonard Klein"], ["Paul Baran", "Leonard Klein"], ["paul baran"]])
def test_a_choice_is_exact(said: list[str]) -> None:
    assert is_right(choice(), ["Paul Baran"])
    assert not is_right(choice(), said)


def test_all_right_options_and_no_other() -> None:
    options = (Option("a", True), Option("b", True), Option("c", False), Option("d", False))
    item = replace(choice(), type="several", options=options, answer="a | b")
    assert is_right(item, ["b", "a"])
    assert [is_right(item, said) for said in (["a"], ["a", "b", "c"], ["c"], [])] == [False] * 4


def test_every_pair_counts() -> None:
    item = _matching()
    assert is_right(item, ["2\tb", "1\ta"])
    assert is_right(item, ["b\t2", "a\t1"])
    wrong = (["1\ta"], ["1\tb", "2\ta"], ["1\ta", "2\tb", "2\ta"], [], ["1", "2"])
    assert [is_right(item, said) for said in wrong] == [False] * len(wrong)


def _matching() -> Item:
    options = (Option("1", True, match="a"), Option("2", True, match="b"))
    return replace(choice(), type="matching", options=options, answer="1 – a | 2 – b")
