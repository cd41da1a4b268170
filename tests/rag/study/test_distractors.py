"""Wrong options: of the key's kind, form and agreement, and never true."""

import random
import re

import pytest

from ingest.types import Language
from rag.study.distractors import choose, fits, is_told, is_wrong
from rag.study.gaps import gaps
from rag.study.keypoints import Statement
from rag.study.pool import Candidate, Pool
from rag.study.roots import root
from rag.study.stems import Asked
from rag.study.variants import numbers_near, respelled, years_near
from tests.rag.study.lessons import networks, one_page, pool, trees

MADE: Pool = pool(networks())


def asked(key: str, kind: str, unit: str = "", language: Language = "en", before: str = "") -> Asked:
    statement = MADE.statements[0] if language == "en" else pool(trees()).statements[0]
    return Asked("gap", "", key, kind, statement, unit, before)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(8))
def test_years_are_mixed_about_the_key_and_near_it(seed: int) -> None:
    years = [int(text) for text, _ in years_near("1973", MADE.candidates["year"], random.Random(seed))]
    assert len(set(years)) == len(years)
    assert 1973 not in years
    assert all(abs(year - 1973) <= 60 for year in years)


def test_the_key_s_rank_among_the_options_varies() -> None:
    def rank(seed: int) -> int:
        return sum(int(text) < 1973 for text, _ in years_near("1973", (), random.Random(seed))[:3])

    assert {rank(seed) for seed in range(40)} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("key", "unit", "look"),
    [
        ("12,5", "%", r"\d+,\d"),
        ("1 200", "patients", r"\d( \d{3})*|\d+"),
        ("53", "byte", r"\d+"),
        ("three", "layers", r"[a-z]+"),
    ],
)
def test_numbers_are_written_as_the_key_is(key: str, unit: str, look: str) -> None:
    made = [text for text, _ in numbers_near(asked(key, "number", unit), (), random.Random(1))]
    assert len(made) >= 3
    assert key not in made
    assert all(re.fullmatch(look, text) for text in made)


def test_a_share_stays_below_a_hundred() -> None:
    made = [int(text) for text, _ in numbers_near(asked("90", "number", "%"), (), random.Random(3))]
    assert all(0 < value <= 100 for value in made)


def test_an_option_that_the_course_tells_of_the_stem_is_not_wrong() -> None:
    statement = next(s for s in MADE.statements if "sold to GTE" in s.text)
    question = next(a for a in gaps(statement, MADE, "en") if a.key == "1979")
    assert is_wrong("1973", question, MADE)
    assert not is_wrong("1979", question, MADE)
    retold = pool(
        one_page(
            "Firms\nThe data network Telenet was sold to the company GTE in 1979.\n"
            "The firm GTE announced that the data network Telenet was sold in 1981."
        )
    )
    question = next(gaps(retold.statements[0], retold, "en"))
    assert question.key == "1979"
    assert not is_wrong("1981", question, retold)
    assert is_told({root("telenet"), "sold", "gte"}, "1981", retold)


def test_spellings_plurals_and_abbreviations_of_the_key_are_not_wrong() -> None:
    question = asked("User Datagram Protocol", "term")
    assert [is_wrong(text, question, MADE) for text in ("UDP", "user datagram protocols", "Datagram Protocol")] == [
        False
    ] * 3


@pytest.mark.parametrize(
    ("before", "text", "gender", "fitting"),
    [
        ("Elle repose sur une", "racine", "f", True),
        ("Elle repose sur une", "sommet", "m", False),
        ("Elle repose sur l’", "arête", "f", True),
        ("Elle repose sur l’", "racine", "f", False),
        ("Elle repose sur la", "arête", "f", False),
        ("Elle repose sur la", "tige", "", False),
    ],
)
def test_french_options_agree_with_the_words_before_the_gap(before: str, text: str, gender: str, fitting: bool) -> None:
    made = pool(
        one_page(
            "Plantes\nLa feuille tient à la tige par une feuille.\nLa feuille est verte et la feuille tombe.", "fr"
        )
    )
    key = "feuille" if "l’" not in before else "arbre"
    statement = Statement(made.material.sentences[0], "x")
    candidate = Candidate(text, "term", (text,), (), "", gender)
    assert fits(candidate, Asked("gap", "", key, "term", statement, "", before), made) is fitting


def test_abbreviations_are_respelled_so_that_none_stands_out() -> None:
    made = pool(
        one_page(
            "Networks\nThe Internet Protocol (IP) carries packets through many networks of the world.\n"
            "An intermediate provider sells links.\nEach intermediate provider sells an intermediate provider."
        )
    )
    assert respelled("Internet Protocol", made) == [
        "Intermediate Protocol",
        "Internet Provider",
        "Intermediate Provider",
    ]
    assert respelled("Bolt, Beranek and Newman", made) == []


def test_too_few_of_a_kind_are_not_filled_up() -> None:
    statement = next(s for s in MADE.statements if s.text.startswith("Circuit"))
    question = Asked("term", "?", "circuit switching", "term", statement)
    found = choose(question, MADE, 3, True, random.Random(1))
    assert [wrong.text for wrong in found] == ["packet switching", "virtual circuit"][: len(found)] or len(found) < 3
