"""Numbers, dates and units compare across the spellings of French and English."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from num2words import num2words

from ingest.types import Language
from rag.facts import check_facts, missing_from
from rag.number_words import spelled
from rag.values import number_readings, values

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("1 000 élèves", "mille élèves"),
        ("1,000 pupils", "1 000 pupils"),
        ("97 %", "quatre-vingt-dix-sept pour cent"),
        ("97 percent", "97%"),
        ("five per cent", "5 %"),
        ("200 000 soldats", "deux cent mille soldats"),
        ("twenty-one days", "21 jours"),
        ("soixante et onze ans", "71 years"),
        ("5 km", "cinq kilomètres"),
        ("5 km", "entre 5 et 10 kilomètres"),
        ("5,2 millions d'euros", "5 200 000 €"),
        ("$5 million", "5 millions de dollars"),
        ("5 M€", "5 million euros"),
        ("le XIXe siècle", "the 19th century"),
        ("au dix-neuvième siècle", "au XIXe siècle"),
        ("XVIe siècle", "aux XVIe et XVIIe siècles"),
        ("12 mars 1966", "March 12, 1966"),
        ("12 March 1966", "le 12 mars 1966"),
        ("12 mars 1966", "du 12 au 15 mars 1966"),
        ("mars 1966", "12/03/1966"),
        ("25/12/1966", "25 décembre 1966"),
        ("1966-03-12", "12 mars 1966"),
        ("en 1966", "le 12 mars 1966"),
        ("1er janvier", "January 1st"),
        ("lundi 3 mai", "Monday 3 May"),
        ("14 h 30", "14:30"),
        ("2:30 pm", "14h30"),
        ("50 av. J.-C.", "50 BC"),
        ("nineteen sixty-six", "1966"),
        ("les années 60", "1960s"),
        ("une centaine de pages", "100 pages"),
        ("2 km²", "2 square kilometres"),
        ("-5 °C", "-5 degrés Celsius"),
    ],
)
def test_one_fact_has_many_spellings(claim: str, source: str) -> None:
    language: Language = "fr"
    assert check_facts(claim, source, None, language).missing == ()


@pytest.mark.parametrize(
    ("claim", "source", "missing"),
    [
        ("5 km", "5 m", "5 km"),
        ("5 km", "cinq litres", "5 km"),
        ("97 %", "97 km", "97 %"),
        ("deux cent mille", "deux mille", "deux cent mille"),
        ("twenty-one", "twenty and one", "twenty-one"),
        ("5 millions", "5 milliards", "5 millions"),
        ("3 000 élèves", "3 élèves", "3 000"),
        ("12 mars 1966", "12 mai 1966", "12 mars 1966"),
        ("12 mars 1966", "mars 1966", "12 mars 1966"),
        ("12 mars 1967", "12 mars 1966, puis 1967", "12 mars 1967"),
        ("au XIXe siècle", "au XVIIIe siècle", "XIXe siècle"),
        ("19th century", "19 years", "19th century"),
        ("the second president", "the first president", "second"),
        ("Monday", "Tuesday", "Monday"),
        ("50 av. J.-C.", "50 apr. J.-C.", "av. J.-C."),
        ("post-1945", "post-1954", "1945"),
        ("14h30", "13:30", "14h30"),
        ("-5 °C", "5 °C", "-5 °C"),
        ("GPT-3", "GPT-2 has 3 layers", "GPT-3"),
        ("$5 million", "5 millions d'euros", "$5 million"),
    ],
)
def test_another_value_is_missing(claim: str, source: str, missing: str) -> None:
    assert missing_from(claim, source) == (missing,)


def test_a_numeric_date_that_two_countries_read_differently_is_read_only_where_the_language_tells() -> None:
    assert check_facts("12 mars 1966", "12/03/1966", "fr", "fr").missing == ()
    assert check_facts("12 March 1966", "12/03/1966", "en", "en").missing == ("12 March 1966",)
    assert check_facts("on 12/03/1966", "born 12/03/1966", "en", "en").missing == ()


def test_parts_that_stand_apart_are_loose() -> None:
    facts = check_facts("le 12 mars 1966", "Le 12 mars, il partit. C'était en 1966.")
    assert (facts.missing, facts.loose) == ((), ("12 mars 1966",))
    facts = check_facts("5 km", "Distances en km : Lyon 5, Paris 450 km.")
    assert (facts.missing, facts.loose) == ((), ("5 km",))
    assert check_facts("Joseph Turing", "Joseph Weizenbaum met the great Alan Turing.").loose == ("Joseph Turing",)
    assert check_facts("Marie Curie", "Marie et Pierre Curie").loose == ()


def test_a_separator_is_read_in_the_text_s_language() -> None:
    assert number_readings("1,000", "en") == {"1000"}
    assert number_readings("1,000", "fr") == {"1000", "1"}
    assert number_readings("1.5", "en") == {"1.5"}
    assert number_readings("1.234,5") == number_readings("1,234.5") == {"1234.5"}
    assert [sorted(v.readings) for v in values("trois billions", "fr").numbers] == [["3000000000000"]]
    assert [sorted(v.readings) for v in values("three billion", "en").numbers] == [["3000000000"]]


@pytest.mark.parametrize("text", ["Le chat dort.", "Il en est un autre.", "One may say so.", "I saw him in a second."])
def test_an_article_or_a_modal_is_no_fact(text: str) -> None:
    assert missing_from(text.lower(), "rien") == ()


NUMBERS = st.integers(0, 999_999_999)


@given(NUMBERS, st.sampled_from(["en", "fr"]))
@example(479_001_000, "fr")
def test_a_number_in_words_is_read_whole(value: int, language: Language) -> None:
    written = num2words(value, lang=language).replace(",", "")
    assert [number.value for number in spelled(written, language)] == [value]


@given(st.integers(1, 9_999), st.sampled_from(["en", "fr"]))
def test_an_ordinal_in_words_is_read_whole(value: int, language: Language) -> None:
    written = num2words(value, lang=language, to="ordinal").replace(",", "")
    assert [(number.value, number.ordinal) for number in spelled(written, language)] == [(value, True)]


@given(NUMBERS, st.sampled_from([" ", NARROW, "\u00a0", ",", ".", "’", ""]))
def test_a_number_in_digits_survives_its_separators(value: int, separator: str) -> None:
    written = f"{value:,}".replace(",", separator)
    assert str(value) in number_readings(written)
    assert missing_from(f"il y en a {written} ici", f"{value}") == ()


@given(NUMBERS, NUMBERS)
def test_two_different_numbers_never_agree(one: int, other: int) -> None:
    assert (missing_from(f"about {one} people", f"about {other} people") == ()) is (one == other)


@given(st.dates(), st.sampled_from(["{0.day} mars {0.year:04}", "mars {0.year:04}", "{0.day} mars"]))
def test_a_date_is_held_by_its_fuller_form_only(date: object, form: str) -> None:
    full = f"{date.day} mars {date.year:04}"
    assert missing_from(form.format(date), full) == ()
    if form.format(date) != full:
        assert missing_from(full, form.format(date)) != ()


@given(st.text(max_size=60))
def test_any_text_holds_its_own_facts(text: str) -> None:
    assert missing_from(text, text) == ()
