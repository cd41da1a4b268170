import pytest

from evaluation.normalise import normalise


@pytest.mark.parametrize(
    "text, language, expected",
    [
        ("The Royal Society", "en", "royal society"),
        ("“We are beggars,”", "en", "we are beggars"),
        ("an apple a day", "en", "apple day"),
        ("L’Ouganda", "fr", "ouganda"),
        ("l'école d'Été", "fr", "ecole ete"),
        ("des cœurs", "fr", "coeurs"),
        ("aux États-Unis", "fr", "etats unis"),
        ("un an", "fr", "an"),
        ("il a trois ans", "fr", "il a trois ans"),
        ("L'île", "en", "l ile"),
    ],
)
def test_case_accents_punctuation_and_the_articles_of_the_language_do_not_count(
    text: str, language: str, expected: str
) -> None:
    assert normalise(text, language) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["1 000 habitants", "1,000 habitants", "1.000 habitants", "1000 habitants"])
def test_a_number_is_one_word_however_it_is_grouped(written: str) -> None:
    assert normalise(written, "fr") == "1000 habitants"


def test_a_space_that_does_not_break_groups_too() -> None:
    assert normalise("1\u202f234\u00a0567", "fr") == "1234567"


@pytest.mark.parametrize("text, expected", [("in 1914, 1918", "in 1914 1918"), ("3.5", "3 5"), ("10,25", "10 25")])
def test_other_numbers_keep_their_parts(text: str, expected: str) -> None:
    assert normalise(text, "en") == expected


@pytest.mark.parametrize("text, language", [("A", "en"), ("Le", "fr"), ("Un", "fr")])
def test_an_answer_of_articles_alone_is_kept(text: str, language: str) -> None:
    assert normalise(text, language) == text.lower()  # type: ignore[arg-type]


def test_nothing_stays_nothing() -> None:
    assert normalise(" «…» ", "fr") == ""
