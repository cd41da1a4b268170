"""One decision, fitted on cases: which sentence and which span answers, whether any does, and what that reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from evaluation.metrics import risk_coverage
from rag.calibration import Logistic
from rag.evidence import Evidence
from rag.ground import NOTHING_READ, arrange, refusal_features
from rag.likelihood import likelihood_features
from rag.spans import Candidate
from training.cases import Case

FALSE_REFUSAL, CONFIDENCE = 0.08, 0.95
"""The share of answerable questions like the training ones that the threshold refuses at most, with that confidence; a
margin below the tenth aimed at."""

FEW_DOCUMENTS = 10
"""Below so many a fold of documents leaves too little to fit on, and folds are of questions."""

SURE_QUANTILE = 0.25
"""Answers below this quantile of the answerable questions are shown as partial."""

RIGHT = 0.5
"""The F1 from which a span counts as the answer."""

Matrix = npt.NDArray[Any]


def few(cases: Sequence[Case]) -> bool:
    """Tell whether the cases are of too few documents to say how questions on others fare."""
    return len({case.document for case in cases}) < FEW_DOCUMENTS


def fit(
    cases: Sequence[Case],
    evidence_names: Sequence[str],
    answer_names: Sequence[str],
    refusal_names: Sequence[str],
    most: float = 1.0,
) -> dict[str, Any]:
    """Fit the models; the thresholds come from predictions across folds.

    Where search has not found the passage that answers, refusing is right: such questions count on neither side. Where
    the answer's passage was not weighed, there is nothing to learn from that. Questions written to look answerable are
    refused as the rest teaches: what tells a passage that answers from its neighbours cannot see them, and would count
    for less. The threshold is at ``most`` so high.
    """
    cases = [case for case in cases if not case.answerable or any(case.holds)]
    evidence = fit_evidence(cases, evidence_names)
    answer = fit_answer(cases, answer_names)
    described = [(case, describe(case, evidence, answer)) for case in cases]
    cases = [case for case, features in described if set(refusal_names) <= features.keys()]
    features = [features for _, features in described if set(refusal_names) <= features.keys()]
    matrix = np.asarray([[row[name] for name in refusal_names] for row in features])
    labels = np.asarray([case.answerable for case in cases])
    groups = np.asarray([case.question if few(cases) else case.document for case in cases])
    taught = np.asarray([not case.adversarial for case in cases])
    held = _across_folds(matrix, labels, taught, groups)
    answerable = np.sort(held[labels])
    refuse = min(most, float(answerable[refusable(len(answerable))]))
    fitted = {
        "evidence": _plain(evidence),
        "refusal": _plain(_fit(matrix[taught], labels[taught], refusal_names)),
        "refuse": round(refuse, 4),
        "sure": round(float(np.quantile(answerable, SURE_QUANTILE)), 4),
        "figures": _figures(cases, evidence, answer, held, refuse),
    }
    return {**fitted, "answer": _plain(answer)} if answer else fitted


def _across_folds(matrix: Matrix, labels: Matrix, taught: Matrix, groups: Matrix) -> Matrix:
    """Return the probability of each row by a model fitted on those rows of other groups that are ``taught``."""
    held = np.zeros(len(labels))
    names = [str(n) for n in range(matrix.shape[1])]
    for others, own in GroupKFold(n_splits=min(5, len(set(groups)))).split(matrix, labels, groups):
        rows = others[taught[others]]
        model = _fit(matrix[rows], labels[rows], names)
        held[own] = expit(model.bias + matrix[own] @ np.asarray(list(model.weights.values())))
    return held


def refusable(questions: int) -> int:
    """Return how many of so many answerable questions may be refused: the most whose share is at most ``FALSE_REFUSAL``
    at ``CONFIDENCE``, by the upper limit of C. Clopper and E. Pearson (1934)."""
    return max(
        (k for k in range(questions // 2) if beta.ppf(CONFIDENCE, k + 1, questions - k) <= FALSE_REFUSAL), default=0
    )


def fit_evidence(cases: Sequence[Case], names: Sequence[str]) -> Logistic:
    """Fit the log-odds that a sentence holds the answer, on questions whose gold passage was retrieved."""
    chosen = [case for case in cases if case.answerable and any(case.holds)]
    rows = [[item.features[name] for name in names] for case in chosen for item in case.found]
    return _fit(np.asarray(rows), np.asarray([mark for case in chosen for mark in case.holds]), names)


def fit_answer(cases: Sequence[Case], names: Sequence[str]) -> Logistic | None:
    """Fit the log-odds that a span is the answer, on questions that have a right one; None without a reader."""
    chosen = [case for case in cases if case.answerable and any(score >= RIGHT for score in case.right)]
    if not chosen:
        return None
    rows = [[item.features[name] for name in names] for case in chosen for item in case.answers]
    labels = np.asarray([score >= RIGHT for case in chosen for score in case.right])
    return _fit(np.asarray(rows), labels, names)


def describe(case: Case, evidence: Logistic, answer: Logistic | None) -> Mapping[str, float]:
    """Return the features of the decision on a case, as in use; those of likelihood where the answer was weighed."""
    kept, best = arranged(case, evidence, answer)
    features = dict(refusal_features(kept))
    if answer is not None:
        features["answerable"] = best.features["answerable"] if best else NOTHING_READ
    weighed = dict(case.gains)
    if best is not None and best.passage.n in weighed:
        passages = {item.passage.n: item.passage for item in case.found}
        of = {passages[n]: gain for n, gain in weighed.items() if n in passages}
        features |= likelihood_features(best.passage, best.text, of)
    return features


def arranged(case: Case, evidence: Logistic, answer: Logistic | None) -> tuple[tuple[Evidence, ...], Candidate | None]:
    """Score and order a case's sentences and spans as the answerer does."""
    scored = [replace(item, score=evidence.log_odds(item.features)) for item in case.found]
    answers = [replace(item, score=answer.log_odds(item.features)) for item in case.answers] if answer else []
    return arrange(scored, answers)


def _fit(matrix: Matrix, labels: Matrix, names: Sequence[str]) -> Logistic:
    # Standardised for the fit, so that the penalty treats all features alike; folded back into plain weights.
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    model = LogisticRegression(class_weight="balanced", max_iter=5000).fit((matrix - mean) / scale, labels)
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0] - (weights * mean).sum())
    return Logistic(bias, dict(zip(names, weights.tolist(), strict=True)))


def _plain(model: Logistic) -> dict[str, Any]:
    return {"bias": round(model.bias, 4), "weights": {name: round(w, 4) for name, w in model.weights.items()}}


def _figures(
    cases: Sequence[Case], evidence: Logistic, answer: Logistic | None, held: Matrix, refuse: float
) -> dict[str, Any]:
    labels = np.asarray([case.answerable for case in cases])
    adversarial = np.asarray([case.adversarial for case in cases])
    order = [arranged(case, evidence, answer) for case in cases]
    first = [case.holds[case.found.index(_same(kept[0], case))] for case, (kept, _) in zip(cases, order, strict=True)]
    scores = [
        max((s for a, s in zip(case.answers, case.right, strict=True) if best and _at(a) == _at(best)), default=0.0)
        for case, (_, best) in zip(cases, order, strict=True)
    ]
    curve = risk_coverage(held[labels | ~labels].tolist(), [float(not label) for label in labels])
    return {
        "questions": len({case.question for case in cases}),
        "auc": round(float(roc_auc_score(labels, held)), 4),
        "best_sentence_holds_answer": _share(np.asarray(first)[labels]),
        "f1": _share(np.asarray(scores)[labels]) if answer else None,
        "false_refusal": _share(held[labels] < refuse),
        "refused_removed_passage": _share(held[~labels & ~adversarial] < refuse),
        "refused_adversarial": _share(held[adversarial] < refuse),
        "risk_coverage": [[round(x, 3), round(y, 3)] for x, y in curve[:: max(1, len(curve) // 20)]],
    }


def _same(item: Evidence, case: Case) -> Evidence:
    return next(e for e in case.found if (e.passage.n, e.start) == (item.passage.n, item.start))


def _at(item: Candidate) -> tuple[int, int, int]:
    return item.passage.n, item.start, item.end


def _share(values: Matrix) -> float:
    return round(float(np.mean(values)), 4) if len(values) else 0.0
