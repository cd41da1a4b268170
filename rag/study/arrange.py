"""The order of an item's options: given by its content, the key in each place equally often over a quiz."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from rag.study.types import Item, Option, identified


def arranged(item: Item, others: Sequence[Item]) -> Item:
    """Return the item with its id and its options in their order; ``others`` are those before it in the quiz.

    The key of a choice takes a place that the keys of ``others`` took least often; the content decides between
    equals. True and false keep their order, and so do the pairs of a matching item.
    """
    item = identified(item)
    if item.type not in ("choice", "several"):
        return item
    options = sorted(item.options, key=lambda option: _draw(item.id, option.text))
    if item.type == "choice":
        options = _with_key_at(options, _place(item, others))
    return replace(item, options=tuple(options))


def key_place(item: Item) -> int | None:
    """Return the place (0..3) of the right option of a choice; None for any other item."""
    places = [place for place, option in enumerate(item.options) if option.correct]
    return places[0] if item.type == "choice" and places else None


def _place(item: Item, others: Sequence[Item]) -> int:
    taken = [key_place(other) for other in others]
    return min(range(len(item.options)), key=lambda place: (taken.count(place), _draw(item.id, str(place))))


def _with_key_at(options: list[Option], place: int) -> list[Option]:
    wrong = [option for option in options if not option.correct]
    right = [option for option in options if option.correct]
    return [*wrong[:place], *right, *wrong[place:]]


def _draw(seed: str, text: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{text}".encode()).digest()
