"""What can be told of a quiz item by its letters, with code that is not the gate's."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.highlight import letters
from ingest.types import Page
from rag.locate import place
from rag.study.types import Item
from rag.terms import content_words, stem

REPEATED = 0.8
"""Two items that share this much (0..1) of the words of their stems and keys ask the same."""


@dataclass(frozen=True, slots=True)
class Letters:
    """``position`` is the key's place, from 1, among the options of a choice; None for every other type.

    ``longest``: no wrong option is as long as the key. ``located``: the quote stands on its page, where it says.
    """

    position: int | None
    longest: bool | None
    located: bool
    repeated: bool


def by_letters(item: Item, page: Page | None, before: Sequence[Item]) -> Letters:
    """Check an item that cites ``page``; ``before`` are those shown before it in its quiz."""
    position, longest = None, None
    right = [number for number, option in enumerate(item.options, start=1) if option.correct]
    if item.type == "choice" and len(right) == 1:
        position = right[0]
        longest = all(len(item.answer) > len(option.text) for option in item.options if not option.correct)
    return Letters(position, longest, is_located(item, page), any(asks_the_same(item, other) for other in before))


def is_located(item: Item, page: Page | None) -> bool:
    """Tell whether the page holds the quote, by its letters and digits, at the span where it is placed."""
    placed = place(item.source, page)
    if page is None or placed.located != "located":
        return False
    return letters(page.text[placed.start : placed.end]) == letters(item.source.quote) != ""


def asks_the_same(item: Item, other: Item) -> bool:
    """Tell whether two items share nearly all words of what they ask and of their answers."""
    mine, theirs = _words(item), _words(other)
    return len(mine & theirs) >= REPEATED * len(mine | theirs) if mine | theirs else True


def _words(item: Item) -> set[str]:
    pairs = [option.match for option in item.options]
    return {stem(word) for word in content_words(" ".join((item.stem, item.answer, *pairs)))}
