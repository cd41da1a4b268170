"""Figures of answers and rankings, with their intervals. Needs nothing but numpy, so that a page may import it."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluation.normalise import normalise
from ingest.types import Language

SAMPLES = 1000
SEED = 1

Numbers = npt.NDArray[np.float64]
Statistic = Callable[[Numbers], Numbers]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value measured on ``n`` cases, with its bootstrap 95 % interval ``low`` to ``high``."""

    value: float
    low: float
    high: float
    n: int


def exact_match(answer: str, golds: Collection[str], language: Language) -> float:
    """Return 1 when the answer is a gold answer once both are normalised, else 0."""
    return float(normalise(answer, language) in {normalise(gold, language) for gold in golds})


def f1(answer: str, golds: Collection[str], language: Language) -> float:
    """Return the best overlap of words with a gold answer, 0..1: the harmonic mean of precision and recall."""
    return max((_overlap(normalise(answer, language), normalise(gold, language)) for gold in golds), default=0.0)


def _overlap(answer: str, gold: str) -> float:
    given, wanted = answer.split(), gold.split()
    shared = sum((Counter(given) & Counter(wanted)).values())
    return 2 * shared / (len(given) + len(wanted)) if shared else 0.0


def holds(text: str, golds: Collection[str], language: Language) -> bool:
    """Tell whether a gold answer stands in the text, word for word once both are normalised."""
    words = f" {normalise(text, language)} "
    return any(f" {wanted} " in words for gold in golds if (wanted := normalise(gold, language)))


def first_rank(ranking: Sequence[Hashable], wanted: Collection[Hashable]) -> int | None:
    """Return the rank, from 1, of the first wanted item; None when there is none."""
    return next((rank for rank, item in enumerate(ranking, start=1) if item in wanted), None)


def recall_by_rank(ranks: Sequence[int | None], depth: int = 20) -> list[float]:
    """Return, for each rank 1..depth, the share of questions whose wanted item stands there or before."""
    return [sum(rank is not None and rank <= at for rank in ranks) / max(1, len(ranks)) for at in range(1, depth + 1)]


def _mean(rows: Numbers) -> Numbers:
    return np.asarray(rows.mean(axis=-1))


def figure(values: Sequence[float], statistic: Statistic = _mean, seed: int = SEED) -> Figure | None:
    """Return a statistic with its percentile bootstrap interval (Efron 1979); None without values.

    ``statistic`` takes rows of resampled values, shape (samples, n), and returns one number a row.
    """
    if not values:
        return None
    found = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(len(found), size=(SAMPLES, len(found)))
    low, high = np.percentile(statistic(found[draws]), [2.5, 97.5])
    return Figure(float(statistic(found[np.newaxis])[0]), float(low), float(high), len(found))


def median(rows: Numbers) -> Numbers:
    """Return the median of each row."""
    return np.asarray(np.median(rows, axis=-1))


def percentile_95(rows: Numbers) -> Numbers:
    """Return the 95th percentile of each row."""
    return np.asarray(np.percentile(rows, 95, axis=-1))


def risk_coverage(confidences: Sequence[float], wrong: Sequence[float]) -> list[tuple[float, float]]:
    """Return (coverage, risk) when the k surest questions are answered, for k = 1..n.

    ``wrong`` is 1 for an error and 0 for none; questions of equal confidence share their mean (El-Yaniv and Wiener
    2010).
    """
    risks = _risks(np.asarray(confidences, dtype=np.float64), np.asarray(wrong, dtype=np.float64))
    return [((k + 1) / len(risks), float(risk)) for k, risk in enumerate(risks)]


def _risks(confidences: Numbers, wrong: Numbers) -> Numbers:
    if not len(wrong):
        return wrong
    levels, group = np.unique(-confidences, return_inverse=True)
    means = np.bincount(group, weights=wrong, minlength=len(levels)) / np.bincount(group, minlength=len(levels))
    errors: Numbers = np.cumsum(means[np.sort(group)])
    return errors / np.arange(1, len(wrong) + 1)


def risk_coverage_area(confidences: Sequence[float], wrong: Sequence[float], seed: int = SEED) -> Figure | None:
    """Return the area under the risk-coverage curve, 0..1, lower is better: the mean risk over all coverages."""
    if not wrong:
        return None
    sure, errors = np.asarray(confidences, dtype=np.float64), np.asarray(wrong, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(len(errors), size=(SAMPLES, len(errors)))
    low, high = np.percentile([_risks(sure[draw], errors[draw]).mean() for draw in draws], [2.5, 97.5])
    return Figure(float(_risks(sure, errors).mean()), float(low), float(high), len(errors))


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases whose probability lies in one interval: their mean probability, the share that came true, how many."""

    probability: float
    share: float
    n: int


def calibration(probabilities: Sequence[float], outcomes: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Return the filled ones of ``bins`` equal intervals of 0..1, lowest first: a reliability diagram."""
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for pair in zip(probabilities, outcomes, strict=True):
        grouped.setdefault(min(bins - 1, int(pair[0] * bins)), []).append(pair)
    return [
        Bin(sum(p for p, _ in group) / len(group), sum(came for _, came in group) / len(group), len(group))
        for _, group in sorted(grouped.items())
    ]
