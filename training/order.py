"""The order of passages, fitted on which of several answers a question, and how often that one comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evaluation.data import Question
from rag.calibration import Logistic
from rag.rank import Weights
from rag.terms import content_words, names, numbers, stem
from training.listwise import Choice, Matrix, fit, folds


@dataclass(frozen=True, slots=True)
class Asked:
    """A training question as put: in its own language or in the other one."""

    question: Question
    text: str
    title: str
    crossed: bool

    @property
    def part(self) -> str:
        """Name the figures that it counts in: its documents' language, and whether it names its subject."""
        named = {stem(word) for word in content_words(self.title)} & {stem(word) for word in content_words(self.text)}
        subject = bool(named or names(self.text.partition(" ")[2]) or numbers(self.text))
        kind = "crossed, " if self.crossed else ""
        return f"{kind}{self.question.language}" + ("" if subject else ", subject not named")


@dataclass(frozen=True, slots=True)
class Item:
    """One that may be chosen: where it is from, its features, and whether it is in the other language."""

    context: str
    features: Mapping[str, float]
    crossed: bool


def fit_order(
    asked: Sequence[Asked], found: Sequence[Sequence[Item]], same: Sequence[str], crossed: Sequence[str]
) -> tuple[Weights, list[Matrix]]:
    """Return the weights, and the scores of each question's items by weights fitted on other titles."""
    fold_of = folds([a.title for a in asked])
    pairs = list(zip(asked, found, strict=True))
    fitted = {
        fold: _weights([(a, items) for a, items in pairs if fold_of[a.title] != fold], same, crossed)
        for fold in set(fold_of.values())
    }
    scores = [scores_of(items, fitted[fold_of[a.title]]) for a, items in pairs]
    return _weights(pairs, same, crossed), scores


def _weights(pairs: Sequence[tuple[Asked, Sequence[Item]]], same: Sequence[str], crossed: Sequence[str]) -> Weights:
    """Fit each relation of languages on its own questions and passages, then how far apart the two stand, where both
    count alike, however few questions one of them has."""
    crossings = sum(a.crossed for a, _ in pairs)
    often = (len(pairs) - crossings) / max(crossings, 1)
    apart = Weights(Logistic(0.0, _relation(pairs, same, False)), Logistic(0.0, _relation(pairs, crossed, True)))
    together = [
        Choice(
            np.column_stack([scores_of(items, apart), [float(item.crossed) for item in items]]),
            _right(a, items),
            often if a.crossed else 1.0,
        )
        for a, items in pairs
    ]
    stretch, gap = fit(together)
    return replace(apart, crossed=replace(apart.crossed, bias=float(gap / stretch) if stretch else 0.0))


def _relation(
    pairs: Sequence[tuple[Asked, Sequence[Item]]], names: Sequence[str], crossed: bool
) -> Mapping[str, float]:
    lists = [(a, [item for item in items if item.crossed == crossed]) for a, items in pairs if a.crossed == crossed]
    choices = [
        Choice(np.array([[item.features[name] for name in names] for item in items]), _right(a, items))
        for a, items in lists
        if items
    ]
    return dict(zip(names, fit(choices).tolist() if choices else [0.0] * len(names), strict=True))


def _right(asked: Asked, items: Sequence[Item]) -> npt.NDArray[np.bool_]:
    return np.array([item.context == asked.question.context_id for item in items], bool)


def scores_of(items: Sequence[Item], weights: Weights) -> Matrix:
    """Return the score of each item."""
    return np.array([weights.score(item.features, item.crossed) for item in items])


def figures(
    asked: Sequence[Asked], found: Sequence[Sequence[Item]], scores: Sequence[Matrix]
) -> dict[str, dict[str, float]]:
    """Return by part of the questions how many there are, and recall and mean reciprocal rank by these scores."""
    ranks: dict[str, list[float]] = {}
    for a, items, values in zip(asked, found, scores, strict=True):
        ranks.setdefault(a.part, []).append(_rank(a, items, values))
        # Over the documents of one language alone, as most notebooks are.
        alone = np.array([item.crossed == a.crossed for item in items], bool)
        own = [item for item, kept in zip(items, alone, strict=True) if kept]
        ranks.setdefault(f"{a.part}, alone", []).append(_rank(a, own, values[alone]))
    return {
        part: {
            "questions": len(own),
            **{f"recall@{k}": round(float(np.mean([rank <= k for rank in own])), 4) for k in (1, 5, 20)},
            "mrr": round(float(np.mean([1 / rank for rank in own])), 4),
        }
        for part, own in sorted(ranks.items())
    }


def _rank(asked: Asked, items: Sequence[Item], scores: Matrix) -> float:
    distinct = list(dict.fromkeys(items[n].context for n in np.argsort(-scores, kind="stable")))
    gold = asked.question.context_id
    return distinct.index(gold) + 1 if gold in distinct else float("inf")
