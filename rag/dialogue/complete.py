"""The question that is searched: by a chat model where its words can be trusted, by the rules where not."""

import logging
from collections.abc import Callable, Sequence

from ingest.types import Language
from rag.dialogue.followup import completed
from rag.dialogue.words import question_word
from rag.errors import GenerationError
from rag.prompt import completing_prompt
from rag.terms import content_words, stem
from rag.types import Exchange, Generator

logger = logging.getLogger(__name__)

MAX_TOKENS = 64
LONGEST = 300
"""Characters of a question that a model may write."""

SHOWN = 3
"""Exchanges that a model sees."""


def complete_question(
    question: str,
    language: Language,
    history: Sequence[Exchange],
    generator: Generator,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Return the question that can be searched without its conversation; itself where it can be as it is.

    Only a question that the rules find to lean on the conversation is shown to a model; where that fails, they hold.
    """
    ruled = completed(question, language, history)
    if ruled == question or not generator.is_chat:
        return ruled
    prompt = completing_prompt(question, language, history[-SHOWN:])
    tokens = generator.stream(prompt, max_tokens=MAX_TOKENS, stop=("\n",), cancelled=cancelled)
    try:
        written = "".join(token.text for token in tokens).strip().strip("\"“”«»' ")
    except GenerationError as error:
        logger.warning("the question could not be completed by %s: %s", generator.model_id, error)
        return ruled
    return written if is_faithful(written, question, language, history) else ruled


def is_faithful(written: str, question: str, language: Language, history: Sequence[Exchange]) -> bool:
    """Tell whether a model's question keeps every word of the user's, adds some of the conversation, and no others."""
    if not written.endswith("?") or len(written) > LONGEST or "\n" in written:
        return False
    own, said = _stems(question), {word for e in history for word in _stems(f"{e.question} {e.answer}")}
    made = _stems(written)
    asks = question_word(question, language)[0].lower()
    keeps = own <= made and (not asks or asks in written.lower())
    return keeps and made <= own | said and bool(made - own) and completed(written, language, history) == written


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}
