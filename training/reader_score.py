"""How well a reader reads: words of its answers, and whether it tells passages that answer from those that do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.metrics import f1
from evaluation.progress import Progress
from ingest.language import detect
from rag.types import Passage, Reader, Span
from training.reader_batches import Item


@dataclass(frozen=True, slots=True)
class Score:
    """``f1`` of the first answer on passages that answer; ``auc``: how often such a one has higher log-odds."""

    f1: float
    auc: float


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader made of the items: its score and the log-odds of each."""

    score: Score
    odds: tuple[float, ...]


def read_items(reader: Reader, items: Sequence[Item], label: str) -> Read:
    """Read each item as a passage found for its question."""
    found = [reader.read(item.question, [_passage(item)])[0] for item in Progress(label).over(items)]
    overlaps = [
        f1(item.text[slice(*_first(reading.spans))], [item.text[item.start : item.end]], detect(item.text))
        for item, reading in zip(items, found, strict=True)
        if item.answerable
    ]
    odds = tuple(reading.answerable for reading in found)
    return Read(Score(_mean(overlaps), auc(odds, [item.answerable for item in items])), odds)


def auc(odds: Sequence[float], answerable: Sequence[bool]) -> float:
    """Return the share of pairs, one that answers and one that does not, in the right order; ties count a half."""
    right = [value for value, answers in zip(odds, answerable, strict=True) if answers]
    wrong = [value for value, answers in zip(odds, answerable, strict=True) if not answers]
    return _mean([float(a > b) + 0.5 * float(a == b) for a in right for b in wrong])


def _first(spans: Sequence[Span]) -> tuple[int, int]:
    return (spans[0].start, spans[0].end) if spans else (0, 0)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _passage(item: Item) -> Passage:
    return Passage(1, 0, "", item.context, 0, "", "", item.text, 0, len(item.text), 0.0)
