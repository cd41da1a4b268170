"""Support is fitted on sentences that are known to be true or false of their passage."""

import pytest

from rag.grading import SIMILARITY_FEATURES, WORD_FEATURES, load
from training.squad import Example
from training.support import calibrate
from training.support_pairs import FALSE_KINDS, TRUE_KINDS, Pair, pairs

STEAM = (
    "The first engine was built by Thomas Newcomen in 1712, near a mine, and it pumped 12 litres of water at each "
    "stroke. It was used for more than 50 years in the mines of the county."
)
BILE = "Bile is made in the liver, in large amounts, and it helps the body to digest the fat of the food."


def example(question: str, answer: str, passage: str, number: int) -> Example:
    start = passage.index(answer)
    return Example(question, "en", "Engines", passage, f"p{number}", "doc", ((answer, start),))


EXAMPLES = [
    example("Who built the first engine?", "Thomas Newcomen", STEAM, 1),
    example("When was the first engine built?", "1712", STEAM, 1),
    example("Where is bile made?", "the liver", BILE, 2),
]


def test_pairs_are_the_same_for_a_seed_and_of_every_kind_that_can_be_made() -> None:
    made = pairs(EXAMPLES, 0, 1)
    assert made == pairs(EXAMPLES, 0, 1)
    kinds = {pair.kind for pair in made}
    assert {"own words", "clauses exchanged", "question and answer"} <= kinds & set(TRUE_KINDS)
    assert {"number", "negation", "another passage", "another answer"} <= kinds & set(FALSE_KINDS)
    assert Pair("question and answer", "bile made: the liver.", BILE, "en", "Engines", "Where is bile made?") in made


def test_what_fails_by_the_letter_is_never_found_whatever_the_fit() -> None:
    made = pairs(EXAMPLES, 0, 1)
    result = calibrate(made, None, "by hand")
    for kind in ("number", "negation"):
        assert result["figures"]["words"][f"{kind}, en"]["not_found"] == 1.0
    assert result["figures"]["words"]["own words, en"]["supported"] == 1.0
    assert result["command"] == "by hand"
    assert "similarity" not in result


def test_the_committed_file_weighs_every_feature_of_the_code_and_no_other() -> None:
    grading = load()
    assert set(grading.words.model.weights) == set(WORD_FEATURES)
    assert grading.words.weak < grading.words.supported
    if grading.similarity is not None:
        assert set(grading.similarity.model.weights) == set(SIMILARITY_FEATURES)


@pytest.mark.parametrize(("passage", "grade"), [(1.0, "supported"), (0.53, "weak"), (0.0, "not_found")])
def test_the_two_limits_cut_the_score(passage: float, grade: str) -> None:
    features = {"passage": passage, "near": passage, "pairs": 0.0, "facts": 1.0}
    assert load().words.grade(features) == grade
