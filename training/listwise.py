"""Fit a linear score so that the right one of each list comes first: conditional logit, as in ListNet's top-one case.

Z. Cao and others, "Learning to Rank: From Pairwise Approach to Listwise Approach" (ICML 2007).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

RIDGE = 1.0
STEPS = 50
SETTLED = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose from: a row of features each, which rows are right, and how often the list counts."""

    rows: Matrix
    right: npt.NDArray[np.bool_]
    weight: float = 1.0


def fit(choices: Sequence[Choice]) -> Matrix:
    """Return the weights of the features; lists without a right row, or with no other, say nothing.

    Without any list that says something all weights are 0.
    """
    telling = [choice for choice in choices if choice.right.any() and not choice.right.all()]
    if not telling:
        return np.zeros(choices[0].rows.shape[1])
    lists = _Lists(telling)
    weights = np.zeros(lists.rows.shape[2])
    loss, step = lists.loss(weights), lists.step(weights)
    for _ in range(STEPS):
        # Newton's step, halved until it does not lead too far.
        while (after := lists.loss(weights + step)) > loss:
            step = step / 2
        weights = weights + step
        if loss - after < SETTLED:
            break
        loss, step = after, lists.step(weights)
    fitted: Matrix = weights / lists.scale
    return fitted


class _Lists:
    """All lists in one array, (lists, longest, features), each feature by its standard deviation within a list.

    Where a list stands as a whole says nothing about its order, so the ridge must not feel it either.
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        longest = max(len(choice.rows) for choice in choices)
        self.scale = np.concatenate([c.rows - c.rows.mean(axis=0) for c in choices]).std(axis=0) + 1e-9
        self.rows = np.stack([np.pad(c.rows / self.scale, ((0, longest - len(c.rows)), (0, 0))) for c in choices])
        self._weight = np.array([choice.weight for choice in choices])
        self._real = np.stack([np.arange(longest) < len(choice.rows) for choice in choices])
        target = np.stack([np.pad(c.right.astype(float), (0, longest - len(c.rows))) for c in choices])
        self._target = target / target.sum(axis=1, keepdims=True)

    def _log_chances(self, weights: Matrix) -> Matrix:
        scores = np.where(self._real, self.rows @ weights, -np.inf)
        top = scores.max(axis=1, keepdims=True)
        chances: Matrix = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
        return chances

    def loss(self, weights: Matrix) -> float:
        logs = np.where(self._real, self._log_chances(weights), 0.0)
        return float(-self._weight @ (self._target * logs).sum(axis=1) + RIDGE / 2 * weights @ weights)

    def step(self, weights: Matrix) -> Matrix:
        chance = np.exp(self._log_chances(weights))
        mean = np.einsum("nr,nrf->nf", chance, self.rows)
        gap = np.einsum("nr,nrf->nf", self._target, self.rows) - mean
        weighted = self.rows * (chance * self._weight[:, None])[:, :, None]
        spread = np.tensordot(weighted, self.rows, axes=((0, 1), (0, 1))) - (mean * self._weight[:, None]).T @ mean
        found: Matrix = np.linalg.solve(spread + RIDGE * np.eye(len(weights)), self._weight @ gap - RIDGE * weights)
        return found


def folds(groups: Sequence[str], count: int = 5) -> dict[str, int]:
    """Deal out groups to folds of about equal size, the largest first."""
    loads, dealt = [0] * count, {}
    for group, size in sorted(Counter(groups).items(), key=lambda item: (-item[1], item[0])):
        dealt[group] = loads.index(min(loads))
        loads[dealt[group]] += size
    return dealt
