"""One event of a streamed answer as tokens with their probabilities; the shapes of chat and of plain completions.

Servers differ: llama.cpp gives the chat shape of log-probabilities in completions too, vLLM the older one, of parallel
lists, and many give none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, prod
from typing import Any

from rag.endpoint.faults import Garbled
from rag.types import Token


@dataclass(frozen=True, slots=True)
class Piece:
    """What one event brings: ``tokens``, whether the answer is ``finished``, whether the model ``thought`` aloud."""

    tokens: tuple[Token, ...] = ()
    finished: bool = False
    thought: bool = False


def read_chunk(chunk: object, top: int) -> Piece:
    """Read an event; probabilities and at most ``top`` alternatives only when ``top`` > 0. Raises Garbled."""
    choice = _choice(chunk)
    if choice is None:
        return Piece()
    said = choice.get("delta") if "delta" in choice else choice
    if not isinstance(said, Mapping):
        raise Garbled("an answer without text")
    text = said.get("content") if "delta" in choice else said.get("text")
    if not isinstance(text, str | None):
        raise Garbled("an answer whose text is not text")
    thought = bool(said.get("reasoning_content") or said.get("reasoning"))
    scored = tuple(_scored(choice.get("logprobs"), top)) if top else ()
    return Piece(_tokens(text or "", scored), choice.get("finish_reason") is not None, thought)


def _choice(chunk: object) -> Mapping[str, Any] | None:
    """Return the answer in an event, None where it holds something else, such as counts."""
    if not isinstance(chunk, Mapping):
        raise Garbled("an event that is not an object")
    choices = chunk.get("choices")
    if not isinstance(choices, list):
        raise Garbled("an event without choices")
    if not choices:
        return None
    if not isinstance(choices[0], Mapping):
        raise Garbled("a choice that is not an object")
    return choices[0]


def _tokens(text: str, scored: tuple[Token, ...]) -> tuple[Token, ...]:
    if not text:
        return ()
    if not scored:
        return (Token(text),)
    if "".join(token.text for token in scored) == text:
        return tuple(token for token in scored if token.text)
    # Bytes of one character come as several tokens: their text is whole only together.
    known = [token.probability for token in scored if token.probability is not None]
    return (Token(text, prod(known) if len(known) == len(scored) else None, scored[0].alternatives),)


def _scored(logprobs: object, top: int) -> Iterator[Token]:
    if not isinstance(logprobs, Mapping):
        return
    entries = logprobs.get("content")
    if isinstance(entries, list):
        for entry in filter(_is_mapping, entries):
            others = [
                (other.get("token"), other.get("logprob"))
                for other in filter(_is_mapping, _list(entry, "top_logprobs"))
            ]
            yield _token(entry.get("token"), entry.get("logprob"), others, top)
        return
    best = _list(logprobs, "top_logprobs")
    for place, text in enumerate(_list(logprobs, "tokens")):
        chances = _list(logprobs, "token_logprobs")
        named = best[place] if place < len(best) and isinstance(best[place], Mapping) else {}
        yield _token(text, chances[place] if place < len(chances) else None, list(named.items()), top)


def _token(text: object, logprob: object, others: list[tuple[Any, Any]], top: int) -> Token:
    known = [
        (other, chance) for other, value in others if isinstance(other, str) and (chance := _chance(value)) is not None
    ]
    best = sorted(known, key=lambda pair: -pair[1])[:top]
    return Token(text if isinstance(text, str) else "", _chance(logprob), tuple(best))


def _chance(logprob: object) -> float | None:
    return min(1.0, exp(logprob)) if isinstance(logprob, int | float) and not isinstance(logprob, bool) else None


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping)


def _list(values: Mapping[str, Any], name: str) -> list[Any]:
    found = values.get(name)
    return found if isinstance(found, list) else []
