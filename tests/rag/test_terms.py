import pytest

from rag.facts import missing_from
from rag.terms import names, number_readings, number_values, numbers


@pytest.mark.parametrize(
    ("written", "value"),
    [("1 000", "1000"), ("1\u202f000", "1000"), ("1,000", "1000"), ("1.000", "1000"), ("3,5", "3.5"), ("3.50", "3.5"),
     ("1 234 567,8", "1234567.8"), ("007", "7"), ("1966", "1966")],
)  # fmt: skip
def test_one_value_has_many_spellings(written: str, value: str) -> None:
    assert value in number_readings(written)


def test_numbers_are_read_whole() -> None:
    assert numbers("en 1966, 1 000 élèves et 3,5 % de 12.") == ("1966", "1 000", "3,5", "12")


def test_numbers_in_words_count() -> None:
    assert {"1000", "3"} <= number_values("mille ans, trois rois")
    assert not missing_from("1000 ans", "Il y a mille ans")
    assert not missing_from("three kings", "The 3 kings")
    assert not missing_from("19", "au 19e siècle")


def test_names_are_capitalised_words_that_mean_something() -> None:
    assert names("Le mathématicien Alan Turing vécut à Londres. Il est mort.") == ("Alan", "Turing", "Londres")
    assert names("L'Ouganda et Qu'Est") == ("Ouganda",)


@pytest.mark.parametrize(
    ("text", "source", "missing"),
    [
        ("Alan Turing", "ELIZA was described by Joseph Weizenbaum", ("Alan", "Turing")),
        ("en 1967", "décrit en 1966", ("1967",)),
        ("Weizenbaum, 1966", "JOSEPH WEIZENBAUM (1966)", ()),
        ("Élisée Reclus", "Elisee Reclus", ()),
        ("les Français", "le français", ()),
    ],
)
def test_what_a_source_does_not_hold_is_named(text: str, source: str, missing: tuple[str, ...]) -> None:
    assert missing_from(text, source) == missing


@pytest.mark.parametrize(
    ("name", "source", "holds"),
    [
        ("Weizenberg", "Joseph Weizenbaum", False),
        ("Martin", "Marthe et Marti", False),
        ("Danois", "le peuple danois", True),
        ("Romains", "un empereur romain", True),
        ("Européenne", "un projet européen", True),
        ("Rouses", "rou", False),
    ],
)
def test_only_the_endings_of_a_name_may_differ(name: str, source: str, holds: bool) -> None:
    assert (missing_from(name, source) == ()) is holds
