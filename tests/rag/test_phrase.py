import pytest

from rag.phrase import accept, short_answer
from tests.rag.examples import ELIZA, ScriptedGenerator, evidence, passage

SOURCE = passage(1, ELIZA)
SENTENCE = evidence(SOURCE, "ELIZA was described by Joseph Weizenbaum in 1966.")
WHO = "Who described ELIZA?"


def test_words_of_the_evidence_are_accepted_with_their_span() -> None:
    generator = ScriptedGenerator("joseph weizenbaum.\nText: more")
    short = short_answer(WHO, "en", SENTENCE, generator, lambda: False)
    assert short is not None
    assert short.span is not None
    assert ELIZA[slice(*short.span)] == "Joseph Weizenbaum"


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ("Alan Turing", WHO),
        ("Joseph Weizenbaum in 1967", WHO),
        ("it was joseph weizenberg", WHO),
        ("ELIZA", WHO),
        ("", WHO),
        ("ABSENT", WHO),
        ("was described", WHO),
        ("Joseph Weizenbaum", "When was ELIZA described?"),
        ("1966 1966 1966 1966 1966 1966 " * 5, "When was it?"),
        ("a wonderful friend of the whole human race", WHO),
    ],
)
def test_what_the_evidence_does_not_hold_or_the_question_did_not_ask_is_refused(reply: str, question: str) -> None:
    assert accept(reply, question, SENTENCE) is None


@pytest.mark.parametrize(
    ("sentence", "reply", "kept"),
    [
        ("DATAPAC was developed by Bell Northern Research in 1976.", "Bell", "Bell Northern Research"),
        ("It was built in the city of New York by hand.", "York", "New York"),
        ("It is more accessible than Baran's, said Davies.", "Baran", None),
        ("It is more accessible than Paul Baran's, said Davies.", "Paul", None),
        ("It is more accessible than Baran's, said Davies.", "Davies", "Davies"),
    ],
)
def test_a_name_is_taken_whole_and_never_from_a_comparison(sentence: str, reply: str, kept: str | None) -> None:
    short = accept(reply, "Who or what was it?", evidence(passage(1, sentence), sentence))
    assert (short.text if short else None) == kept


def test_only_the_evidence_and_the_question_reach_the_model() -> None:
    generator = ScriptedGenerator("x")
    short_answer(WHO, "en", SENTENCE, generator, lambda: False)
    prompt = generator.prompts[0].completion
    assert prompt.endswith(f"Text: {SENTENCE.text}\nQuestion: {WHO}\nAnswer:")
    assert "imitated a therapist" not in prompt
