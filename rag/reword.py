"""A text in a model's other words, simpler or in the other language; they are checked against no source.

What is plainly no such thing (nothing, a loop, the wrong language, the text itself) is said to be beyond the model.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.language import detect, sentences
from ingest.types import Language
from rag.cite import read_marks
from rag.errors import Stopped
from rag.reword_prompts import Rewording, reword_prompt, written_in
from rag.runaway import runaway_start
from rag.terms import FUNCTION_WORDS, number_readings, number_values, numbers, words
from rag.types import Generator

LONGEST = 4_000  # characters; a passage has fewer
CHAT_TOKENS = 512
ROOM, LEAST_TOKENS = 2, 24
"""A base model may write so many times the tokens of a sentence, and so many for a short one."""
_TELLING_WORDS = 3
_RUN = 4
_SAME_LANGUAGE = ("rephrase", "simpler")


@dataclass(frozen=True, slots=True)
class Reworded:
    """What a model made of a text; ``code`` says why it is none, "" where nothing speaks against it.

    ``added`` are the numbers in it that the text does not have.
    """

    text: str
    code: str = ""
    added: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Return an answer or a passage without marks and quotation marks around it: what a model is given."""
    lines = (read_marks(line, ()).text.lstrip("-• ").strip(" «»“”\u00a0\u202f") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST]


def reword(
    kind: Rewording, text: str, language: Language, generator: Generator, cancelled: Callable[[], bool]
) -> Iterator[str | Reworded]:
    """Yield the words as they come, then the whole, checked. ``text`` is as ``plain`` returns it.

    A base model is given one sentence at a time. Raises GenerationError; Stopped once ``cancelled()`` is true.
    """
    written = ""
    for piece in [text] if generator.is_chat else _pieces(text, language):
        stop = () if generator.is_chat else ("\n",)
        most = CHAT_TOKENS if generator.is_chat else max(LEAST_TOKENS, ROOM * generator.count_tokens(piece))
        before, own = f"{written} ".lstrip(), ""
        for token in generator.stream(
            reword_prompt(kind, piece, language), max_tokens=most, stop=stop, cancelled=cancelled
        ):
            own += token.text
            said = f"{before}{own.lstrip()}".rstrip()
            if runaway_start(own) is not None:
                break
            yield said[len(written) :]
            written = max(written, said, key=len)
        if cancelled():
            raise Stopped
        if code := fault(kind, piece, own, language):
            yield Reworded(written, code)
            return
    if kind in _SAME_LANGUAGE and words(written) == words(text):
        yield Reworded(written, "REWORD_SAME")
        return
    yield Reworded(written, "", _added(text, written))


def fault(kind: Rewording, text: str, written: str, language: Language) -> str:
    """Return the code of what is wrong with the words for a text, "" when nothing is."""
    said = words(written)
    if not said:
        return "REWORD_EMPTY"
    if runaway_start(written) is not None or _goes_round(said, words(text)):
        return "REWORD_LOOPS"
    if len(said) >= _TELLING_WORDS and detect(written) != written_in(kind, language):
        return "REWORD_LANGUAGE"
    return "REWORD_ASTRAY" if _is_example(kind, text, written, language) else ""


def _goes_round(said: Sequence[str], text: Sequence[str]) -> bool:
    """Tell whether a word follows itself, or some words come back, that do not so in the text."""
    twice = {word for word, after in pairwise(said) if word == after and word not in FUNCTION_WORDS}
    if twice - {word for word, after in pairwise(text) if word == after}:
        return True
    return any(count > 1 for count in (Counter(_runs(said)) - Counter(dict.fromkeys(_runs(text), 9))).values())


def _runs(said: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(said[at : at + _RUN]) for at in range(len(said) - _RUN + 1)]


def _is_example(kind: Rewording, text: str, written: str, language: Language) -> bool:
    """Tell whether a model copied an example of its prompt instead of reading the text."""
    shown = reword_prompt(kind, "", language).completion
    line = " ".join(written.split())
    return line in shown and " ".join(text.split()) not in shown


def _pieces(text: str, language: Language) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


def _added(text: str, written: str) -> tuple[str, ...]:
    held = number_values(text)
    return tuple(dict.fromkeys(token for token in numbers(written) if not number_readings(token) & held))
