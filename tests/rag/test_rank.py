"""The order of passages: features worked out by hand, and orders that lose nothing and never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.types import Language
from rag.calibration import Logistic
from rag.rank import (
    CROSSED,
    FIRST,
    GAIN,
    READER,
    SAME,
    Asked,
    Candidate,
    Ranking,
    Weights,
    first_features,
    load,
    within_languages,
)
from rag.rows import ChunkRow
from rag.search import Hit
from rag.types import Reading
from tests.rag.examples import passage

TEXT = "ELIZA was described by Weizenbaum. It dates from 1966."
RARITY = {"eliza": 3.0, "describ": 1.0, "1966": 2.0}
NOTHING = Logistic(0.0, {})


def row(text: str, language: Language = "en", title: str = "History", section: str = "") -> ChunkRow:
    return ChunkRow(1, 1, "sha", "file.pdf", title, language, 0, "1", section, text, 0, len(text), "text-1")


def hit(bm25: float = 3.0, language: Language = "en", number: int = 1, cosine: float = 0.8) -> Hit:
    return Hit(number, language, cosine, bm25)


def test_features_in_the_question_s_own_language() -> None:
    found = Asked("ELIZA described 1966", "en", RARITY).features(hit(), row(TEXT))
    assert found == pytest.approx(
        {
            "cosine": 0.8,
            "bm25": 3.0 / 6.0,
            "names": 1.0,
            "numbers": 1.0,
            "coverage": 1.0,
            "sentence": (3.0 + 1.0) / 6.0,  # the first sentence lacks 1966
            "pairs": (3.0 + 1.0) / (4.0 + 3.0),  # "described 1966" does not follow one another
        }
    )
    assert set(found) == set(SAME)


def test_a_title_and_a_section_count_as_held() -> None:
    found = Asked("ELIZA described 1966", "en", RARITY).features(hit(), row("It dates from 1966.", title="Eliza"))
    assert (found["coverage"], found["sentence"]) == (5.0 / 6.0, 5.0 / 6.0)
    found = Asked("ELIZA described 1966", "en", RARITY).features(hit(), row("It dates.", section="ELIZA"))
    assert (found["coverage"], found["names"], found["numbers"]) == (0.5, 1.0, 0.0)


def test_features_between_languages_are_names_numbers_and_words_that_begin_alike() -> None:
    asked = Asked("Qui a décrit ELIZA et l'impérialisme en 1966 ?", "fr", {"elis": 1.0})
    found = asked.features(hit(), row("ELIZA was described by imperialism."))
    assert found == pytest.approx({"cosine": 0.8, "names": 1.0, "numbers": 0.0, "cognates": 2 / 3})
    assert set(found) == set(CROSSED)


def test_french_stems_are_matched_and_elision_is_no_word() -> None:
    asked = Asked("l'évaluation des élèves", "fr", {"evalu": 2.0, "elev": 2.0})
    found = asked.features(hit(language="fr"), row("Chaque élève passe des évaluations.", "fr"))
    assert (found["coverage"], found["sentence"]) == (1.0, 1.0)


def test_a_question_without_names_or_numbers_asks_for_none() -> None:
    found = Asked("why so", "en", {"whi": 0.0, "so": 0.0}).features(hit(bm25=0.0), row(TEXT))
    assert (found["names"], found["numbers"], found["bm25"], found["coverage"], found["pairs"]) == (1, 1, 0, 0, 0)


def ranking(same: dict[str, float], crossed: dict[str, float], bias: float = 0.0) -> Ranking:
    weights = Weights(Logistic(0.0, same), Logistic(bias, crossed))
    by = {name: Weights(Logistic(0.0, {name: 1.0}), Logistic(0.0, {name: 1.0})) for name in (READER, GAIN)}
    return Ranking(weights, weights, by[READER], by[GAIN])


def candidate(number: int, cosine: float, crossed: bool = False) -> Candidate:
    return Candidate(number, passage(number, TEXT), crossed, {"cosine": cosine})


BY_COSINE = ranking({"cosine": 1.0}, {"cosine": 1.0}, bias=0.25)
candidates = st.lists(
    st.builds(candidate, st.integers(1, 99), st.sampled_from([0.0, 0.25, 0.5]), st.booleans()),
    unique_by=lambda item: item.id,
)


@given(candidates)
def test_an_order_loses_nothing_and_does_not_depend_on_the_order_given(given: list[Candidate]) -> None:
    ordered = [item for item, _ in BY_COSINE.order(given)]
    assert sorted(item.id for item in ordered) == sorted(item.id for item in given)
    assert [item.id for item, _ in BY_COSINE.order(given[::-1])] == [item.id for item in ordered]
    scores = [(-item.features["cosine"] - 0.25 * item.crossed, item.id) for item in ordered]
    assert scores == sorted(scores)


@given(candidates)
def test_readings_follow_their_passages_and_decide(given: list[Candidate]) -> None:
    readings = [Reading(float(item.id % 7), ()) for item in given]
    ordered = BY_COSINE.order(given, readings)
    assert all(reading == Reading(float(item.id % 7), ()) for item, reading in ordered if reading is not None)
    odds = [(-(item.id % 7), item.id) for item, _ in ordered]
    assert odds == sorted(odds)


def test_passages_that_were_weighed_are_ordered_by_that() -> None:
    read = BY_COSINE.order([candidate(1, 0.5), candidate(2, 0.0)], [Reading(9.0, ()), Reading(-9.0, ())])
    assert [item.id for item, _ in read] == [1, 2]
    weighed = [(item, Reading(0.0, (), gain=float(item.id))) for item, _ in read]
    assert BY_COSINE.reorder(weighed) == weighed[::-1]


def test_each_language_keeps_its_places_among_the_weighed() -> None:
    ranked = [(candidate(n, 0.0, n in (1, 4)), Reading(0.0, (), gain=float(n))) for n in range(1, 5)]
    assert [item.id for item, _ in BY_COSINE.reorder(ranked)] == [4, 3, 2, 1]
    assert [item.crossed for item, _ in BY_COSINE.reorder(ranked)] == [True, False, False, True]
    assert within_languages([0.0, 0.0, 5.0], [False, False, True]) == [0, 1, 2]


def test_without_readings_there_are_none() -> None:
    assert BY_COSINE.order([candidate(1, 0.5)]) == [(candidate(1, 0.5), None)]
    assert BY_COSINE.order([]) == []


def test_the_first_choice_knows_cosine_and_keywords_of_its_own_language_only() -> None:
    assert first_features(hit(bm25=3.0), 6.0) == {"cosine": 0.8, "bm25": 0.5}
    assert first_features(hit(bm25=3.0), 0.0)["bm25"] == 0.0
    hits = [hit(1.0, "en", 1), hit(9.0, "en", 2), hit(1.0, "fr", 3), hit(9.0, "fr", 4), hit(1.0, "fr", 5)]
    chosen = load().choose(hits, "en", 9.0)
    assert [h.id for h in chosen if h.language == "en"] == [2, 1]
    assert [h.id for h in chosen if h.language == "fr"] == [3, 4, 5]  # equal: a word means nothing there


@pytest.mark.parametrize("part", ["first", "plain", "read"])
def test_the_committed_weights_reward_what_speaks_for_a_passage(part: str) -> None:
    weights: Weights = getattr(load(), part)
    names = {"first": FIRST, "plain": SAME, "read": (*SAME, READER)}[part]
    low = dict.fromkeys((*SAME, *CROSSED, READER), 0.0)
    for crossed in (False, True):
        assert weights.score(low | {"cosine": 0.1}, crossed) > weights.score(low, crossed)
    assert set(weights.same.weights) == set(names)
    assert ("bm25" in weights.crossed.weights, "coverage" in weights.crossed.weights) == (False, False)


def test_a_reader_s_word_counts_in_both_relations() -> None:
    weights = load().read
    assert weights.same.weights[READER] > 0
    assert weights.crossed.weights[READER] > 0


def test_a_passage_of_the_other_language_may_come_first() -> None:
    near, far = candidate(1, 0.5), candidate(2, 0.3, crossed=True)
    assert [item.id for item, _ in BY_COSINE.order([near, far])] == [2, 1]
