import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.fuse import reciprocal_rank_fusion, without_near_duplicates
from rag.terms import words

rankings = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.lists(st.integers(0, 30), unique=True), min_size=1)


def test_scores_follow_the_published_formula() -> None:
    fused = reciprocal_rank_fusion({"dense": [1, 2], "keyword": [2, 3]})
    assert fused == [(2, pytest.approx(1 / 62 + 1 / 61)), (1, pytest.approx(1 / 61)), (3, pytest.approx(1 / 62))]


@given(rankings)
def test_every_id_appears_once_and_scores_fall(given_rankings: dict[str, list[int]]) -> None:
    fused = reciprocal_rank_fusion(given_rankings)
    assert {i for i, _ in fused} == {i for ranking in given_rankings.values() for i in ranking}
    assert len({i for i, _ in fused}) == len(fused)
    assert [s for _, s in fused] == sorted((s for _, s in fused), reverse=True)


@given(rankings)
def test_the_first_of_all_rankings_stays_first(given_rankings: dict[str, list[int]]) -> None:
    with_winner = {name: [99, *ranking] for name, ranking in given_rankings.items()}
    assert reciprocal_rank_fusion(with_winner)[0][0] == 99


def test_a_passage_held_by_an_earlier_one_is_dropped() -> None:
    whole = "La bile aide à digérer les graisses dans l'intestin grêle de l'homme"
    texts = [whole, "La bile aide à digérer les graisses", "Le foie produit la bile chaque jour de la vie"]
    assert without_near_duplicates(texts, words) == [texts[0], texts[2]]


@given(st.lists(st.sampled_from(["a b c d", "a b c d e", "f g h i", "j k l m", "n"])), st.integers(0, 4))
def test_a_limit_keeps_the_first_of_what_would_be_kept(texts: list[str], most: int) -> None:
    assert without_near_duplicates(texts, words, most=most) == without_near_duplicates(texts, words)[:most]
