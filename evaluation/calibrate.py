"""Fit the evidence and refusal models on training questions and write ``rag/calibration.json``.

Each answerable question is asked twice over all training passages: as it is, and with its gold passage removed.
Questions written to be unanswerable from their passage are asked as they are.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from evaluation.data import Question
from ingest.language import fold
from rag.calibration import Logistic
from rag.evidence import CROSSED_FEATURES, FEATURES, Evidence, candidates
from rag.fuse import without_near_duplicates
from rag.ground import CROSSED_REFUSAL_FEATURES, REFUSAL_FEATURES, refusal_features
from rag.retrieve import PASSAGES, Retriever
from rag.terms import words
from rag.types import Embedder, Passage

FALSE_REFUSAL = 0.08
"""The share of answerable training questions that the threshold may refuse."""

SURE_QUANTILE = 0.25
"""Answers below this quantile of the answerable questions are shown as partial."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the candidate sentences it was given; ``answerable`` tells whether one of them answers."""

    question: Question
    found: tuple[Evidence, ...]
    answerable: bool


def cases(
    questions: Iterable[Question],
    retriever: Retriever,
    embedder: Embedder,
    notebook_id: int,
    document_ids: Sequence[int],
    context_of: Callable[[Passage], str],
) -> Iterator[Case]:
    """Ask each question with and, when it is answerable, without its gold passage."""
    for question in questions:
        found = retriever.retrieve(notebook_id, question.text, document_ids, PASSAGES + 4)
        variants = [(found.passages[:PASSAGES], question.answerable)]
        if question.answerable:
            without = [p for p in found.passages if context_of(p) != question.context_id]
            variants.append((tuple(without[:PASSAGES]), False))
        for passages, answerable in variants:
            numbered = [replace(p, n=n) for n, p in enumerate(passages, start=1)]
            items = tuple(candidates(question.text, numbered, found.vector, embedder))
            if items:
                yield Case(question, items, answerable)


def holds_answer(item: Evidence, question: Question, context_of: Callable[[Passage], str]) -> bool:
    """Tell whether a sentence of the gold passage holds a gold answer."""
    if context_of(item.passage) != question.context_id:
        return False
    text = fold(item.text)
    return any(fold(answer).strip(" .,") in text for answer in question.answers)


def fit_evidence(found: Sequence[Case], names: Sequence[str], context_of: Callable[[Passage], str]) -> Logistic:
    """Fit the log-odds that a sentence holds the answer, on questions whose gold passage was retrieved."""
    rows, labels = [], []
    for case in found:
        if not case.answerable:
            continue
        marks = [holds_answer(item, case.question, context_of) for item in case.found]
        if any(marks):
            rows += [[item.features[name] for name in names] for item in case.found]
            labels += marks
    return _fit(np.asarray(rows), np.asarray(labels), names)


def ranked(case: Case, model: Logistic) -> list[Evidence]:
    """Score and order the sentences of a case as the answerer does."""
    scored = [replace(item, score=model.log_odds(item.features)) for item in case.found]
    ordered = sorted(scored, key=lambda item: (-item.score, item.passage.n, item.start))
    return without_near_duplicates(ordered, lambda item: words(item.text))


def fit(
    found: Sequence[Case],
    evidence_names: Sequence[str],
    refusal_names: Sequence[str],
    context_of: Callable[[Passage], str],
) -> dict[str, Any]:
    """Fit both models; the thresholds come from predictions across folds of documents."""
    evidence = fit_evidence(found, evidence_names, context_of)
    orders = [ranked(case, evidence) for case in found]
    features = [refusal_features(order) for order in orders]
    matrix = np.asarray([[row[name] for name in refusal_names] for row in features])
    labels = np.asarray([case.answerable for case in found])
    groups = np.asarray([case.question.document_id for case in found])
    folds = GroupKFold(n_splits=min(5, len(set(groups))))
    model = LogisticRegression(class_weight="balanced", max_iter=2000)
    held_out = cross_val_predict(model, matrix, labels, groups=groups, cv=folds, method="predict_proba")[:, 1]
    answerable = np.sort(held_out[labels])
    refuse = float(np.quantile(answerable, FALSE_REFUSAL))
    return {
        "evidence": _plain(evidence),
        "refusal": _plain(_fit(matrix, labels, refusal_names)),
        "refuse": round(refuse, 4),
        "sure": round(float(np.quantile(answerable, SURE_QUANTILE)), 4),
        "figures": _figures(found, orders, held_out, labels, refuse, context_of),
    }


def _fit(matrix: npt.NDArray[Any], labels: npt.NDArray[Any], names: Sequence[str]) -> Logistic:
    # Standardised for the fit, so that the penalty treats all features alike; folded back into plain weights.
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    model = LogisticRegression(class_weight="balanced", max_iter=2000).fit((matrix - mean) / scale, labels)
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0] - (weights * mean).sum())
    return Logistic(bias, dict(zip(names, weights.tolist(), strict=True)))


def _plain(model: Logistic) -> dict[str, Any]:
    return {"bias": round(model.bias, 4), "weights": {name: round(w, 4) for name, w in model.weights.items()}}


def _figures(
    found: Sequence[Case],
    orders: Sequence[Sequence[Evidence]],
    held_out: npt.NDArray[Any],
    labels: npt.NDArray[Any],
    refuse: float,
    context_of: Callable[[Passage], str],
) -> Mapping[str, float]:
    adversarial = np.asarray([not case.question.answerable for case in found])
    first = [
        holds_answer(order[0], case.question, context_of)
        for case, order in zip(found, orders, strict=True)
        if case.answerable
    ]
    return {
        "questions": len({case.question.id for case in found}),
        "auc": round(float(roc_auc_score(labels, held_out)), 4),
        "best_sentence_holds_answer": round(float(np.mean(first)), 4),
        "false_refusal": round(float((held_out[labels] < refuse).mean()), 4),
        "refused_removed_passage": round(float((held_out[~labels & ~adversarial] < refuse).mean()), 4),
        "refused_adversarial": round(float((held_out[~labels & adversarial] < refuse).mean()), 4)
        if adversarial.any()
        else 0.0,
    }


def write(
    path: Path, found: Sequence[Case], context_of: Callable[[Passage], str], shift: float, command: str
) -> dict[str, Any]:
    """Fit for both relations of languages and write the file; ``shift`` is what cosines between languages lack."""
    result = {
        "version": 1,
        "date": datetime.now(UTC).date().isoformat(),
        "command": command,
        "same": {"cosine_shift": 0.0, **fit(found, FEATURES, REFUSAL_FEATURES, context_of)},
        "crossed": {
            "cosine_shift": round(shift, 4),
            **fit(found, CROSSED_FEATURES, CROSSED_REFUSAL_FEATURES, context_of),
        },
    }
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return result


def sample(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """Choose answerable questions, and a fifth as many unanswerable ones, by seed."""
    chooser = random.Random(seed)
    answerable = [q for q in questions if q.answerable]
    rest = [q for q in questions if not q.answerable]
    return chooser.sample(answerable, min(count, len(answerable))) + chooser.sample(rest, min(count // 5, len(rest)))
