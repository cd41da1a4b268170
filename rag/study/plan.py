"""Which passages a quiz is made from, in which order: spread over sources and sections, best first, each once."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rag.study.material import Section, Sentence
from rag.study.types import Item

TRIES = 4
"""A section whose passages gave no item so many times lets the others go first."""
LOOSE, LEAST_ROOM = 3, 2.0
"""A passage may move by a third of its section's length, or two places, so that another seed makes another quiz."""


@dataclass(slots=True)
class Shelf:
    """A section with the passages that may still give an item, best first; ``place`` is its turn among sections."""

    section: Section
    passages: list[Sentence]
    place: int
    size: int
    made: int = 0
    tried: int = 0

    @property
    def turn(self) -> tuple[bool, float, int]:
        """Return what sorts sections by whose turn it is: those without an item first, then the least served.

        A section of four times the passages is due twice the items: a long one must not take the whole quiz.
        """
        waits = self.made > 0 or self.tried >= TRIES
        return waits, (self.made + self.tried / TRIES) / math.sqrt(self.size) if waits else 0.0, self.place


@dataclass(slots=True)
class Plan:
    """The passages still to try, by section. What ``take`` gives is given once."""

    shelves: list[Shelf]
    _last: Shelf | None = field(default=None, init=False)

    @classmethod
    def of(cls, found: Iterable[tuple[Section, Sequence[Sentence]]], seed: int, kept: Sequence[Item] = ()) -> "Plan":
        """Plan with the passages ``found`` in each section, best first, without those of the items ``kept``.

        Sections of which items are kept count as served. Equal input gives an equal plan.
        """
        given = [(section, list(passages)) for section, passages in found if passages]
        shelves = [
            Shelf(section, _free(_shuffled(passages, seed), kept), place, len(passages))
            for place, (section, passages) in enumerate(_spread(given))
        ]
        for shelf in shelves:
            shelf.made = sum(_is_of(item, shelf.section) for item in kept)
        return cls(shelves)

    @property
    def passages(self) -> int:
        """Return how many passages are left."""
        return sum(len(shelf.passages) for shelf in self.shelves)

    def take(self) -> Sentence | None:
        """Return the next passage to try; None when none is left."""
        left = [shelf for shelf in self.shelves if shelf.passages]
        if not left:
            return None
        self._last = min(left, key=lambda shelf: shelf.turn)
        self._last.tried += 1
        return self._last.passages.pop(0)

    def companions(self, passage: Sentence) -> list[Sentence]:
        """Return ``passage`` and the others left of its source, those of its section first."""
        same = [shelf for shelf in self.shelves if shelf.section.document.id == passage.document.id]
        same.sort(key=lambda shelf: shelf.section.heading != passage.section)
        return [passage, *(other for shelf in same for other in shelf.passages)]

    def served(self) -> None:
        """Tell that the last passage taken gave an item."""
        if self._last is not None:
            self._last.made += 1
            self._last.tried = 0


def _spread(found: Sequence[tuple[Section, list[Sentence]]]) -> list[tuple[Section, list[Sentence]]]:
    """Order sections so that any first part of them is spread over the sources and, in each, from end to end.

    Every source has one section first; the rest come in proportion to how many a source has.
    """
    by_source: dict[int, list[tuple[Section, list[Sentence]]]] = {}
    for entry in found:
        by_source.setdefault(entry[0].document.id, []).append(entry)
    placed = []
    for order, group in enumerate(by_source.values()):
        for turn, at in enumerate(_far_apart(len(group))):
            placed.append((turn > 0, (turn + 0.5) / len(group), order, group[at]))
    return [entry for *_, entry in sorted(placed, key=lambda row: row[:3])]


def _far_apart(count: int) -> list[int]:
    """Return 0..count-1, the bits of each turned round: any first part lies spread over the whole."""
    bits = max(1, (count - 1).bit_length())
    return sorted(range(count), key=lambda at: int(f"{at:0{bits}b}"[::-1], 2))


def _shuffled(passages: list[Sentence], seed: int) -> list[Sentence]:
    first = passages[0]
    # S311: which passage comes first is no secret.
    rng = random.Random(f"{seed}:{first.document.sha256}:{first.page_index}:{first.start}")  # noqa: S311
    room = max(LEAST_ROOM, len(passages) / LOOSE)
    return [p for _, p in sorted(((n + rng.uniform(0, room), p) for n, p in enumerate(passages)), key=lambda e: e[0])]


def _free(passages: list[Sentence], kept: Sequence[Item]) -> list[Sentence]:
    return [passage for passage in passages if not any(_is_from(item, passage) for item in kept)]


def _is_from(item: Item, passage: Sentence) -> bool:
    source = item.source
    same_page = (source.sha256, source.page_index) == (passage.document.sha256, passage.page_index)
    return same_page and source.start < passage.end and passage.start < source.end


def _is_of(item: Item, section: Section) -> bool:
    return item.source.sha256 == section.document.sha256 and item.section == section.heading
