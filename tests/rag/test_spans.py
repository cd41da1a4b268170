"""The answer is the likeliest span over all passages, by features that can be checked by hand."""

import pytest

from rag.spans import FAR_BEHIND, NOT_READ, WEIGHED_SPAN_FEATURES, candidates, sentence_score, whole
from rag.types import Passage, Reading, Span
from tests.rag.examples import ELIZA, passage

AGAIN = "Joseph Weizenbaum wrote ELIZA at MIT."


def span(source: Passage, text: str, score: float = -0.5) -> Span:
    start = source.text.index(text)
    return Span(start, start + len(text), score)


def test_each_span_is_described_by_its_passage_and_its_own_words() -> None:
    first, second = passage(1, ELIZA), passage(2, AGAIN)
    readings = [
        Reading(3.0, (span(first, "Joseph Weizenbaum"), span(first, "1966", -2.0))),
        Reading(1.0, (span(second, "Joseph Weizenbaum", -0.1),)),
    ]
    name, year, again = candidates("Who described ELIZA?", [first, second], readings)
    assert dict(name.features) == {
        "answerable": 3.0,
        "span": -0.5,
        "rank": 1.0,
        "kind": 1.0,
        "gained": 0.0,
    }
    assert (year.text, year.features["kind"]) == ("1966", 0.0)
    assert (again.features["rank"], again.features["answerable"]) == (0.5, 1.0)
    assert set(name.features) == set(WEIGHED_SPAN_FEATURES)


def test_a_span_gains_with_its_passage_beside_the_others() -> None:
    sources = [passage(n, ELIZA) for n in range(1, 5)]
    readings = [
        Reading(0.0, (span(s, "1966"),), gain) for s, gain in zip(sources, (7.0, 9.0, -90.0, None), strict=True)
    ]
    assert [c.features["gained"] for c in candidates("When?", sources, readings)] == [-2.0, 0.0, FAR_BEHIND, FAR_BEHIND]


def test_a_span_without_words_or_as_long_as_a_paragraph_is_no_answer() -> None:
    source = passage(1, "... " + "word " * 40)
    readings = [Reading(0.0, (Span(0, 3, 0.0), Span(4, len(source.text), 0.0)))]
    assert candidates("Who?", [source], readings) == []


@pytest.mark.parametrize(("start", "end", "score"), [(0, 49, 2.0 - 0.5), (50, 74, 2.0 + NOT_READ)])
def test_a_sentence_is_worth_its_likeliest_span(start: int, end: int, score: float) -> None:
    source = passage(1, ELIZA)
    reading = Reading(2.0, (span(source, "1966", -3.0), span(source, "Joseph Weizenbaum")))
    assert sentence_score(reading, start, end) == score


@pytest.mark.parametrize(
    ("text", "cut", "widened"),
    [
        ("There were twenty-five widows.", "twenty", "twenty-five"),
        ("Il y avait vingt-cinq veuves.", "cinq", "vingt-cinq"),
        ("Il mesure 1,75 m.", "75", "1,75"),
        ("It cost 3.5 million.", "3", "3.5"),
        ("L'hydroélectricité, en 1914-1918.", "1914", "1914"),
        ("Jean-Paul Sartre", "Paul", "Jean-Paul"),
        ("l'oxygène", "oxygène", "oxygène"),
        ("the engines, and", "engine", "engines"),
        ("the steam engine, and", "engine", "engine"),
        ("in 1914.", "1914", "1914"),
        ("-25 °C", "25", "25"),
    ],
)
def test_no_span_ends_inside_a_word_or_a_number(text: str, cut: str, widened: str) -> None:
    start = text.index(cut)
    begin, end = whole(text, start, start + len(cut))
    assert text[begin:end] == widened
