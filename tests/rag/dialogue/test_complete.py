"""A chat model may complete a question, in words of the conversation; whatever else it writes, the rules hold."""

from collections.abc import Iterator

import pytest

from rag.dialogue.complete import complete_question, is_faithful
from rag.errors import GenerationError
from rag.types import Exchange, Token
from tests.rag.examples import ScriptedGenerator

ELIZA = Exchange("Who described ELIZA?", "Joseph Weizenbaum")
WHERE = "Where was he born?"
RULED = "Where was Joseph Weizenbaum born?"

WRITTEN = {
    "Where was Weizenbaum born?": "Where was Weizenbaum born?",
    '"Where was Weizenbaum, who described ELIZA, born?"': "Where was Weizenbaum, who described ELIZA, born?",
    "Where was Alan Turing born?": RULED,  # a name that nobody spoke of
    "When was Weizenbaum born?": RULED,  # another question
    "Where was he born?": RULED,  # still not complete
    "Where was Weizenbaum?": RULED,  # a word is gone
    "Joseph Weizenbaum was born in Berlin.": RULED,
    "": RULED,
    f"Where was Weizenbaum born {'and ' * 90}?": RULED,
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_model_is_believed_only_in_words_of_the_conversation(written: str) -> None:
    generator = ScriptedGenerator(written, is_chat=True)
    assert complete_question(WHERE, "en", [ELIZA], generator) == WRITTEN[written]
    assert [prompt.user for prompt in generator.prompts] == [
        "Question: Who described ELIZA?\nAnswer: Joseph Weizenbaum\nLast question: Where was he born?"
    ]


def test_a_question_that_stands_alone_is_shown_to_no_model() -> None:
    generator = ScriptedGenerator(is_chat=True)
    assert complete_question("Who described PARRY?", "en", [ELIZA], generator) == "Who described PARRY?"
    assert complete_question(WHERE, "en", [], generator) == WHERE
    assert generator.prompts == []


def test_a_base_model_is_not_asked() -> None:
    generator = ScriptedGenerator()
    assert complete_question(WHERE, "en", [ELIZA], generator) == RULED
    assert generator.prompts == []


def test_a_model_that_fails_leaves_the_question_to_the_rules() -> None:
    class Failing(ScriptedGenerator):
        def stream(self, *given: object, **options: object) -> Iterator[Token]:
            yield Token("Where was Wei")
            raise GenerationError("ENDPOINT_THOUGHT", model="tiny")

    assert complete_question(WHERE, "en", [ELIZA], Failing(is_chat=True)) == RULED


def test_a_french_question_keeps_its_words_too() -> None:
    said = [Exchange("Qui a décrit ELIZA ?", "Joseph Weizenbaum")]
    assert is_faithful("Et où Joseph Weizenbaum est-il né ?", "Où est-il né ?", "fr", said)
    assert not is_faithful("Quand Joseph Weizenbaum est-il né ?", "Où est-il né ?", "fr", said)
