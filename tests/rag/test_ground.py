"""Which sentence answers, and whether any does."""

from dataclasses import replace

import pytest

from ingest.types import Language
from rag.calibration import Calibration, Calibrations, Logistic
from rag.ground import Grounder, Grounding, refusal_features
from rag.types import Passage, Reading, Span
from tests.rag.examples import BY_COVERAGE, ELIZA, OXYGEN, alike, evidence, passage
from tests.rag.fakes import BagEmbedder

EMBEDDER = BagEmbedder()
NEVER = Calibration(Logistic(0, {"cosine": 1.0}), Logistic(-9, {}), 0.5, 0.8)
BILE = passage(2, "Bile helps to digest fat. The liver makes bile.")


def ground(question: str, language: Language, *passages: Passage, crossed: Calibration = NEVER) -> Grounding:
    grounder = Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), crossed))
    return grounder.ground(question, language, passages, EMBEDDER.embed_query(question))


def test_the_best_sentence_of_all_passages_comes_first() -> None:
    found = ground("Who described ELIZA?", "en", BILE, passage(1, ELIZA))
    assert found.evidence[0].text == "ELIZA was described by Joseph Weizenbaum in 1966."
    assert [item.score for item in found.evidence] == sorted((item.score for item in found.evidence), reverse=True)
    assert found.decision.status == "answered"


def test_nothing_that_shares_a_word_is_not_found() -> None:
    assert ground("Which volcano erupted?", "en", BILE, passage(1, ELIZA)).decision.status == "not_found"


@pytest.mark.parametrize("passages", [(), (passage(1, "x = 2"),)])
def test_without_a_sentence_nothing_is_found(passages: tuple[Passage, ...]) -> None:
    found = ground("Who?", "en", *passages)
    assert (found.evidence, found.decision.status, found.decision.probability) == ((), "not_found", 0.0)


def test_a_question_in_another_language_is_judged_by_its_own_calibration() -> None:
    oxygen = passage(1, OXYGEN, "fr")
    assert ground("Quel est le numéro atomique de l'oxygène ?", "fr", oxygen).decision.status != "not_found"
    assert ground("Quel est le numéro atomique de l'oxygène ?", "en", oxygen).decision.status == "not_found"


def test_the_same_sentence_in_two_passages_is_evidence_once() -> None:
    texts = [item.text for item in ground("Who described ELIZA?", "en", passage(1, ELIZA), passage(2, ELIZA)).evidence]
    assert sorted(texts) == sorted(set(texts))


def test_equal_sentences_keep_the_order_of_the_passages() -> None:
    found = ground("Which volcano erupted?", "en", passage(1, ELIZA), BILE)
    assert [(item.passage.n, item.start) for item in found.evidence] == [(1, 0), (1, 50), (2, 0), (2, 26)]


def test_the_gap_is_to_the_mean_of_the_next_five() -> None:
    features = dict.fromkeys(("cosine", "passage_cosine", "coverage", "passage_coverage", "names", "kind"), 0.25)
    said = evidence(passage(1, ELIZA), "ELIZA was")
    ranked = [replace(said, features=features, score=score) for score in (5.0, 4.0, 2.0)]
    assert refusal_features(ranked)["gap"] == 5.0 - 3.0
    assert refusal_features(ranked[:1])["gap"] == 0.0
    assert refusal_features(ranked)["passage_cosine"] == 0.25


READ = replace(
    BY_COVERAGE,
    answer=Logistic(0.0, {"answerable": 1.0, "span": 1.0}),
    refusal=Logistic(0.0, {"answerable": 1.0}),
)


def read(*pairs: tuple[Passage, Reading], question: str = "Who described ELIZA?") -> Grounding:
    grounder = Grounder(EMBEDDER, Calibrations(alike(READ), READ))
    passages = [source for source, _ in pairs]
    vector = EMBEDDER.embed_query(question)
    return grounder.ground(question, "en", passages, vector, [reading for _, reading in pairs])


def test_the_sentence_that_holds_the_readers_answer_comes_first() -> None:
    source = passage(1, ELIZA)
    therapist = source.text.index("a therapist")
    found = read((BILE, Reading(-6.0, (Span(0, 4, -1.0),))), (source, Reading(4.0, (Span(therapist, 73, -0.5),))))
    assert found.evidence[0].text == "It imitated a therapist."
    assert found.answer is not None
    assert (found.answer.text, found.answer.score) == ("a therapist", 3.5)
    assert found.decision.status == "answered"


def test_a_reader_that_finds_nothing_likely_refuses() -> None:
    assert read((BILE, Reading(-6.0, (Span(0, 4, -1.0),)))).decision.status == "not_found"


def test_an_answer_across_two_sentences_gives_way_to_the_next() -> None:
    source = passage(1, ELIZA)
    across, inside = Span(45, 60, -0.1), Span(23, 40, -0.4)
    found = read((source, Reading(4.0, (across, inside))))
    assert found.answer is not None
    assert found.answer.text == "Joseph Weizenbaum"


def test_passages_without_words_to_answer_with_are_refused() -> None:
    found = read((BILE, Reading(-2.0, ())))
    assert (found.answer, found.decision.status) == (None, "not_found")


WEIGHED = replace(READ, refusal=Logistic(-5.0, {"answerable": 1.0, "gain": 0.5}))


def weighed(*readings: Reading) -> str:
    grounder = Grounder(EMBEDDER, Calibrations(alike(READ), READ), None, Calibrations(alike(WEIGHED), WEIGHED))
    question = "Who described ELIZA?"
    sources = [passage(1, ELIZA), BILE]
    return grounder.ground(question, "en", sources, EMBEDDER.embed_query(question), readings).decision.status


@pytest.mark.parametrize(("gain", "status"), [(20.0, "answered"), (1.0, "not_found"), (None, "answered")])
def test_what_the_reader_found_is_weighed(gain: float | None, status: str) -> None:
    assert weighed(Reading(4.0, (Span(23, 40, -0.4),), gain), Reading(-6.0, (Span(0, 4, -1.0),), gain)) == status


def test_an_answer_whose_passage_was_not_weighed_is_judged_by_the_reader_alone() -> None:
    assert weighed(Reading(4.0, (Span(23, 40, -0.4),)), Reading(-6.0, (Span(0, 4, -1.0),), 1.0)) == "answered"


def test_where_the_reader_found_no_words_nothing_is_weighed() -> None:
    assert weighed(Reading(9.0, (), 20.0), Reading(9.0, (), 20.0)) == "not_found"


def test_a_page_in_the_questions_language_goes_before_its_translation() -> None:
    english = passage(1, "ELIZA was described by Weizenbaum in 1966.")
    french = passage(2, "ELIZA was described by Joseph Weizenbaum, Weizenbaum.", "fr")
    surer = replace(BY_COVERAGE, evidence=Logistic(9.0, {}))
    grounder = Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), surer))
    question = "Who described ELIZA?"
    found = grounder.ground(question, "en", [french, english], EMBEDDER.embed_query(question))
    assert [item.passage.n for item in found.evidence] == [1]
    alone = grounder.ground(question, "en", [french, BILE], EMBEDDER.embed_query(question))
    assert alone.evidence[0].passage.n == 2


def test_beside_sources_in_its_own_language_a_question_is_answered_in_the_other_one_only_when_sure() -> None:
    unsure = Calibration(Logistic(0, {"cosine": 1.0}), Logistic(0.0, {}), 0.4, 0.8)
    grounder = Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), unsure))
    question, oxygen = "Quel est le numéro atomique de l'oxygène ?", passage(1, OXYGEN, "fr")
    vector = EMBEDDER.embed_query(question)
    statuses = [
        grounder.ground(question, "en", [oxygen], vector, own_language=own).decision.status for own in (False, True)
    ]
    assert statuses == ["partial", "not_found"]
    sure = Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), replace(unsure, sure=0.5)))
    assert sure.ground(question, "en", [oxygen], vector, own_language=True).decision.status == "answered"
