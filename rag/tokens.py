"""The tokens of a text that a model wrote, and the words that they make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod

from rag.codec import decode, encode
from rag.types import MemoryReady, Token

ALTERNATIVES = 5  # kept of each token: with more, a stored answer outweighs its passages
_DIGITS = 5  # significant ones that are kept of a probability


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two spaces, as its tokens; ``before`` is the space in front of it.

    ``probability`` is the product of those of its tokens, each given all the text before it; None where one is unknown.
    """

    before: str
    text: str
    tokens: tuple[Token, ...]

    @property
    def probability(self) -> float | None:
        """Return how likely the model held exactly these tokens, 0..1."""
        chances = [token.probability for token in self.tokens]
        return None if None in chances else prod(chance for chance in chances if chance is not None)


def spell(tokens: Iterable[Token]) -> str:
    """Return the text that tokens make."""
    return "".join(token.text for token in tokens)


def cut_to(tokens: Sequence[Token], text: str) -> tuple[Token, ...]:
    """Return the tokens, or parts of them, that spell ``text``, a stretch of what they spell; none where it is not.

    The first and the last may be cut (a space before the answer, what follows its end); a token that is cut keeps its
    probability and its alternatives, which are those of the whole one.
    """
    start = spell(tokens).find(text)
    kept: list[Token] = []
    at = 0
    for token in tokens if text and start >= 0 else ():
        piece = token.text[max(0, start - at) : max(0, start + len(text) - at)]
        if piece:
            kept.append(replace(token, text=piece))
        at += len(token.text)
    return tuple(kept)


def words(tokens: Iterable[Token]) -> tuple[Word, ...]:
    """Group tokens into words; with the spaces before them they spell the whole text."""
    groups: list[list[Token]] = []
    for token in tokens:
        so_far = spell(groups[-1]) if groups else ""
        begins = token.text[:1].isspace() or so_far[-1:].isspace()
        if not groups or (begins and so_far.strip()):
            groups.append([])
        groups[-1].append(token)
    return tuple(_word(group) for group in groups)


def _word(tokens: Sequence[Token]) -> Word:
    text = spell(tokens)
    bare = text.lstrip()
    return Word(text[: len(text) - len(bare)], bare, tuple(tokens))


def write_tokens(tokens: Sequence[Token]) -> str:
    """Write tokens for a column, their probabilities rounded to five digits; "" for none."""
    return encode(MemoryReady("", tuple(_rounded(token) for token in tokens))) if tokens else ""


def read_tokens(text: str) -> tuple[Token, ...]:
    """Read what ``write_tokens`` wrote. Raises ValueError."""
    return decode(MemoryReady, text).tokens if text else ()


def _rounded(token: Token) -> Token:
    others = tuple((text, _round(chance)) for text, chance in token.alternatives)
    return replace(
        token, probability=None if token.probability is None else _round(token.probability), alternatives=others
    )


def _round(chance: float) -> float:
    return float(f"{chance:.{_DIGITS}g}")
