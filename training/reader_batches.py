"""The batches that the reader is trained on, as one small file: each text once, pairs by the numbers of their texts."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from rag.reader_network import Marks, Pair, Pairs

Ints = npt.NDArray[np.int32]
Row = tuple[Pair, int, int]
"""A pair with the first and last token of its answer, -1 where none is."""

NONE = -1
_SAME_LENGTH = 1200  # pairs sorted together: batches waste little padding and stay mixed
_MIXED = 60  # batches shuffled together
_MARKS = 4  # between and around the texts of a pair


@dataclass(frozen=True, slots=True)
class Item:
    """A question on a passage; ``start`` and ``end`` mark the answer in the text, (0, 0) when it does not answer."""

    question: str
    context: str
    text: str
    start: int
    end: int

    @property
    def answerable(self) -> bool:
        """Tell whether the passage answers."""
        return self.end > 0


@dataclass(frozen=True, slots=True)
class Batches:
    """``ids`` are the texts' token ids, one text after another; ``starts`` (texts + 1,) where each begins.

    ``rows`` (pairs, 5): question, context and passage by number, and the first and last token of the answer in the
    passage, -1 where none is; ``bounds`` (batches + 1,): which rows a batch holds; ``marks``: begin, end and padding.
    """

    ids: Ints
    starts: Ints
    rows: Ints
    bounds: Ints
    marks: Ints

    def __len__(self) -> int:
        """Count the batches."""
        return len(self.bounds) - 1

    def __getitem__(self, number: int) -> list[Row]:
        """Return a batch; its tokens' places in the texts are not known here, only how many there are."""
        marks = Marks(*self.marks.tolist())
        return [self._row(marks, row) for row in self.rows[self.bounds[number] : self.bounds[number + 1]].tolist()]

    def _row(self, marks: Marks, row: list[int]) -> Row:
        question, context, text, begin, end = row
        ids, first = marks.join(self._text(question), self._text(context), self._text(text))
        pair = Pair(ids, first, [(0, 0)] * (len(ids) - first - 1))
        return (pair, NONE, NONE) if begin == NONE else (pair, first + begin, first + end)

    def _text(self, number: int) -> list[int]:
        ids: list[int] = self.ids[self.starts[number] : self.starts[number + 1]].tolist()
        return ids

    def part(self, chosen: slice) -> "Batches":
        """Return these batches alone."""
        numbers = range(len(self))[chosen]
        rows = [self.rows[self.bounds[n] : self.bounds[n + 1]] for n in numbers]
        return replace(self, rows=np.concatenate(rows), bounds=_ends([len(part) for part in rows]))

    def save(self, path: Path, command: str = "") -> None:
        """Write the file, with the command that made it."""
        save_file({name: getattr(self, name) for name in self.__dataclass_fields__}, path, {"command": command})


def load(path: Path) -> Batches:
    """Read what ``save`` wrote."""
    return Batches(**load_file(path))


def made_by(path: Path) -> str:
    """Return the command that made a file; "" where it does not tell."""
    with safe_open(path, "numpy") as stored:
        return str((stored.metadata() or {}).get("command", ""))


def pack(epochs: Sequence[Sequence[Item]], pairs: Pairs, tokens: int, seed: int) -> Batches:
    """Put the items of each epoch into batches of at most ``tokens`` tokens with their padding, in a seeded order.

    An item whose answer is cut off with the end of a long passage is left out.
    """
    texts = _Texts(pairs)
    chooser = random.Random(seed)
    batches: list[list[tuple[int, ...]]] = []
    for items in epochs:
        rows = [row for item in items if (row := texts.row(item)) is not None]
        parts = [rows[at : at + _SAME_LENGTH] for at in range(0, len(rows), _SAME_LENGTH)]
        ordered = [row for part in parts for row in sorted(part, key=texts.length)]
        made = list(_filled(ordered, texts.length, tokens))
        for at in range(0, len(made), _MIXED):
            part = made[at : at + _MIXED]
            chooser.shuffle(part)
            batches += part
    return texts.batches(batches)


def _filled(
    rows: Sequence[tuple[int, ...]], length: Callable[[tuple[int, ...]], int], tokens: int
) -> Iterator[list[tuple[int, ...]]]:
    batch: list[tuple[int, ...]] = []
    longest = 0
    for row in rows:
        if batch and max(longest, length(row)) * (len(batch) + 1) > tokens:
            yield batch
            batch, longest = [], 0
        batch.append(row)
        longest = max(longest, length(row))
    if batch:
        yield batch


class _Texts:
    """Tokenises each text once."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs
        self._numbers: dict[str, int] = {}
        self._ids: list[list[int]] = []
        self._offsets: dict[int, list[tuple[int, int]]] = {}

    def row(self, item: Item) -> tuple[int, ...] | None:
        """Return an item's row, None when its answer is cut off."""
        question, context, text = (self._number(part) for part in (item.question, item.context, item.text))
        if not item.answerable:
            return question, context, text, NONE, NONE
        ids, first = self._pairs.marks.join(self._ids[question], self._ids[context], self._ids[text])
        places = self._offsets[text][: len(ids) - first - 1]
        inside = [n for n, (start, end) in enumerate(places) if start < item.end and end > item.start]
        return (question, context, text, inside[0], inside[-1]) if inside else None

    def length(self, row: tuple[int, ...]) -> int:
        """Count the tokens of a row's pair, about: what is cut is counted too."""
        return _MARKS + sum(len(self._ids[number]) for number in row[:3])

    def batches(self, batches: Sequence[Sequence[tuple[int, ...]]]) -> Batches:
        """Return the batches with their texts."""
        return Batches(
            np.array([n for ids in self._ids for n in ids], np.int32),
            _ends([len(ids) for ids in self._ids]),
            np.array([row for batch in batches for row in batch], np.int32).reshape(-1, 5),
            _ends([len(batch) for batch in batches]),
            np.array(self._pairs.marks, np.int32),
        )

    def _number(self, text: str) -> int:
        if text not in self._numbers:
            number = self._numbers[text] = len(self._ids)
            ids, self._offsets[number] = self._pairs.tokens(text)
            self._ids.append(ids)
        return self._numbers[text]


def _ends(lengths: Sequence[int]) -> Ints:
    return np.cumsum([0, *lengths], dtype=np.int32)
