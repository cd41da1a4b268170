"""What a user's run tells: a verdict for each question, figures with intervals, and what the plots show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.metrics import (
    Bin,
    Figure,
    calibration,
    exact_match,
    f1,
    figure,
    first_rank,
    holds,
    median,
    recall_by_rank,
    risk_coverage,
    risk_coverage_area,
)
from rag.evaluation_rows import EvaluationItem
from rag.types import Citation, Passage

Verdict = Literal[
    "right", "shown", "partly", "quoted", "wrong", "refused_right", "refused_wrong", "unexpected", "error", "waiting"
]
Name = Literal[
    "answer_f1", "answer_exact", "gold_shown", "page_cited", "refused_right", "refused_wrong", "memory_right", "seconds"
]
NAMES: tuple[Name, ...] = (
    "answer_f1",
    "answer_exact",
    "gold_shown",
    "page_cited",
    "refused_right",
    "refused_wrong",
    "memory_right",
    "seconds",
)
DEPTH = 20
BINS = 5  # a user's run has tens of questions: ten intervals would hold two or three each
_GOOD = frozenset({"right", "shown", "partly"})
PARTLY = 0.5
"""The overlap of words from which an answer that lacks the expected one still counts as partly right."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Of the questions asked of both: whom the expected answer came from."""

    both: int
    sources: int
    memory: int
    neither: int


@dataclass(frozen=True, slots=True)
class RunFigures:
    """The figures of a run; each is None where no question tells it.

    ``recall`` holds, for each rank from 1, the share of ``recall_n`` questions whose passage stands there or before.
    ``reliability`` sets the probability told beside the share of questions whose passages held the answer; ``risk``
    (coverage, share wrong) is over what was answered, the surest first; an expected answer that stands in a quote only
    makes another answer no less wrong.
    """

    figures: dict[Name, Figure | None]
    recall: tuple[float, ...]
    recall_n: int
    reliability: tuple[Bin, ...]
    risk: tuple[tuple[float, float], ...]
    risk_area: Figure | None
    beside: Beside | None


def verdict(item: EvaluationItem) -> Verdict:
    """Judge one question."""
    if item.state != "done":
        return "error" if item.state == "error" else "waiting"
    if not item.expected:
        return "refused_right" if item.status == "not_found" else "unexpected"
    if item.status == "not_found":
        return "refused_wrong"
    if exact_match(item.answer, item.expected, item.language):
        return "right"
    if holds(item.text, item.expected, item.language):
        return "shown"
    if f1(item.answer, item.expected, item.language) >= PARTLY:
        return "partly"
    return "quoted" if shows_expected(item) else "wrong"


def shows_expected(item: EvaluationItem) -> bool:
    """Tell whether an expected answer stands in what is shown: the text or a quote under it."""
    if item.status == "not_found":
        return False
    shown = (item.answer, item.text, *(citation.quote for citation in item.citations))
    return any(holds(text, item.expected, item.language) for text in shown)


def on_page(item: EvaluationItem, place: Citation | Passage) -> bool:
    """Tell whether a citation or passage lies on the page that the question names."""
    return place.page_index + 1 == item.page and item.document in ("", place.document)


def rank(item: EvaluationItem) -> int | None:
    """Return the rank of the first passage on the page named, or, where none is, that holds an expected answer."""
    if item.page:
        found = [on_page(item, passage) for passage in item.passages]
    else:
        found = [holds(passage.text, item.expected, item.language) for passage in item.passages]
    return first_rank(found, {True})


def passages_hold(item: EvaluationItem) -> bool:
    """Tell whether there is an answer and it stood in what was found, which is what the probability is of."""
    return bool(item.expected) and rank(item) is not None


def figures(items: Sequence[EvaluationItem]) -> RunFigures:
    """Return the figures of the questions that were answered so far."""
    done = [item for item in items if item.state == "done"]
    answerable = [item for item in done if item.expected]
    absent = [item for item in done if not item.expected]
    paged = [item for item in answerable if item.page and item.status != "not_found"]
    recalled = [item for item in answerable if item.passages or item.page]
    ranks = [rank(item) for item in recalled]
    depth = min(DEPTH, max((len(item.passages) for item in recalled), default=0))
    told = [item for item in done if item.probability is not None]
    sure = [item for item in told if item.status != "not_found"]
    wrong = [float(verdict(item) not in _GOOD) for item in sure]
    probabilities = [item.probability or 0.0 for item in sure]
    return RunFigures(
        figures={
            "answer_f1": _mean(answerable, lambda item: f1(item.answer, item.expected, item.language)),
            "answer_exact": _mean(answerable, lambda item: exact_match(item.answer, item.expected, item.language)),
            "gold_shown": _mean(answerable, shows_expected),
            "page_cited": _mean(paged, lambda item: any(on_page(item, citation) for citation in item.citations)),
            "refused_right": _mean(absent, lambda item: item.status == "not_found"),
            "refused_wrong": _mean(answerable, lambda item: item.status == "not_found"),
            "memory_right": _mean([item for item in answerable if item.memory_text], _memory_right),
            "seconds": figure([item.seconds for item in done], statistic=median),
        },
        recall=tuple(recall_by_rank(ranks, depth)) if depth else (),
        recall_n=len(ranks),
        reliability=tuple(
            calibration([item.probability or 0.0 for item in told], [*map(passages_hold, told)], bins=BINS)
        ),
        risk=tuple(risk_coverage(probabilities, wrong)),
        risk_area=risk_coverage_area(probabilities, wrong),
        beside=_beside([item for item in answerable if item.memory_text]),
    )


def _mean(items: Sequence[EvaluationItem], value: Callable[[EvaluationItem], float]) -> Figure | None:
    return figure([float(value(item)) for item in items])


def _memory_right(item: EvaluationItem) -> bool:
    return holds(item.memory_text, item.expected, item.language)


def _beside(items: Sequence[EvaluationItem]) -> Beside | None:
    if not items:
        return None
    pairs = [(shows_expected(item), _memory_right(item)) for item in items]
    return Beside(
        both=pairs.count((True, True)),
        sources=pairs.count((True, False)),
        memory=pairs.count((False, True)),
        neither=pairs.count((False, False)),
    )
