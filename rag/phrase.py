"""A short answer in the words of a small model, kept only when the evidence holds it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.types import Language
from rag.evidence import Evidence
from rag.prompt import ABSENT, fence, short_prompt
from rag.question import could_answer, kind_of
from rag.quotes import find_quote
from rag.runaway import cut_runaway
from rag.terms import content_words, stem
from rag.types import Generator

MAX_TOKENS = 32
MAX_WORDS = 16
_CAPITAL = r"[A-ZÀ-ÖØ-ÝŒ][^\W\d_](?:[\w-]|['’](?!s\b))*"
_NAME_AFTER = re.compile(rf"(?: {_CAPITAL})+")
# Not at the start of a sentence, where any word has a capital.
_NAME_BEFORE = re.compile(rf"(?<=[^\W\d_][ ,])((?:{_CAPITAL} )+)$")
_POSSESSIVE = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A few words of the evidence; ``span`` is where they stand in the passage."""

    text: str
    span: tuple[int, int]


def short_answer(
    question: str,
    language: Language,
    evidence: Evidence,
    generator: Generator,
    cancelled: Callable[[], bool],
) -> ShortAnswer | None:
    """Let the model take the answer out of one sentence; None when what it wrote cannot be accepted."""
    if kind_of(question) == "definition":
        # A definition is the whole sentence; a few words of it would define nothing.
        return None
    prompt = short_prompt(question, language, evidence.text)
    tokens = generator.stream(prompt, max_tokens=MAX_TOKENS, stop=("\n",), cancelled=cancelled)
    text = "".join(token.text for token in tokens)
    return accept(text, question, evidence)


def accept(text: str, question: str, evidence: Evidence) -> ShortAnswer | None:
    """Keep a short answer only if it stands in the sentence word for word: what is reworded may say the contrary.

    An answer that only repeats the question, or is not of the kind asked for, is no answer.
    """
    short = cut_runaway(text)[0].strip(" \t\n.;:,«»“”\"'")
    if not short or len(short.split()) > MAX_WORDS or ABSENT in short:
        return None
    span = find_quote(evidence.text, short) or find_quote(fence(evidence.text), short)
    if span is None:
        return None
    span = _whole_name(evidence.text, span)
    if _POSSESSIVE.match(evidence.text, span[1]):
        return None
    short = " ".join(evidence.text[slice(*span)].split())
    asked = {stem(word) for word in content_words(question)}
    if {stem(word) for word in content_words(short)} <= asked and not _is_choice(short, question):
        return None
    if not could_answer(kind_of(question), short, question):
        return None
    return ShortAnswer(short, (evidence.start + span[0], evidence.start + span[1]))


def _whole_name(text: str, span: tuple[int, int]) -> tuple[int, int]:
    # "Bell" out of "Bell Northern Research" is another name.
    start, end = span
    if text[start:end].split()[-1][:1].isupper() and (rest := _NAME_AFTER.match(text, end)):
        end = rest.end()
    if text[start].isupper() and (before := _NAME_BEFORE.search(text, 0, start)):
        start = before.start(1)
    return start, end


def _is_choice(short: str, question: str) -> bool:
    # "Was it A or B?" is answered with a word of the question.
    return bool(content_words(short)) and (" or " in question or " ou " in question)
