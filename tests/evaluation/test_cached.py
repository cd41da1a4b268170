"""What a model has read is not read again, in this run or the next."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from evaluation.cached import CachedReader, CachedWeigher
from rag.types import Passage, Reading, Span
from tests.rag.examples import passage


class Counting:
    """Answers with the first letter of every passage, and counts what it reads."""

    model_id = "counting:1"

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        self.read_texts += [p.text for p in passages]
        return [Reading(float(len(p.text)), (Span(0, 1, -0.5),)) for p in passages]


def test_each_passage_is_read_once_for_a_question(tmp_path: Path) -> None:
    inner = Counting()
    reader = CachedReader(inner, tmp_path)
    loire, rhine = passage(1, "La Loire"), passage(2, "The Rhine")
    expected = [Reading(8.0, (Span(0, 1, -0.5),)), Reading(9.0, (Span(0, 1, -0.5),))]
    assert reader.read("Où ?", [loire, rhine]) == expected
    assert reader.read("Où ?", [rhine, loire]) == expected[::-1]
    assert inner.read_texts == ["La Loire", "The Rhine"]
    reader.read("Quand ?", [loire])
    reader.read("Où ?", [replace(loire, section="Another section")])
    assert inner.read_texts == ["La Loire", "The Rhine", "La Loire", "La Loire"]


def test_the_next_run_reads_nothing_again(tmp_path: Path) -> None:
    first = CachedReader(Counting(), tmp_path).read("Où ?", [passage(1, "La Loire")])
    inner = Counting()
    assert CachedReader(inner, tmp_path).read("Où ?", [passage(1, "La Loire")]) == first
    assert inner.read_texts == []


class CountingWeigher:
    """Finds a text the likelier the shorter it is, and counts how often it is asked."""

    model_id = "counting:1"
    asked = 0

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        self.asked += 1
        return -len(before + text) / 2


def test_what_was_weighed_is_not_weighed_again_by_a_later_run(tmp_path: Path) -> None:
    weigher = CountingWeigher()
    for _ in range(2):
        kept = CachedWeigher(weigher, tmp_path)
        assert (kept.log_likelihood("a", "bc"), kept.log_likelihood("ab", "cd")) == (-1.5, -2.0)
    assert weigher.asked == 2
