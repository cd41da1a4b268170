"""Fit which sentence and which span answer, and whether any does: ``python -m training calibrate --data DIR``.

Writes ``rag/calibration.json``, one set of weights with a reader and one without, and draws ``docs/refusal.svg``.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from evaluation.cached_reader import CachedReader
from evaluation.data import LANGUAGES, Question, choose, questions, rows
from evaluation.metrics import risk_coverage
from ingest.types import Language
from rag.build import build_embedder, build_reader
from rag.calibration import FILE, Logistic
from rag.evidence import CROSSED_FEATURES, FEATURES, READER_FEATURES, Evidence
from rag.ground import (
    CROSSED_REFUSAL_FEATURES,
    NOTHING_READ,
    READ_CROSSED_FEATURES,
    READ_FEATURES,
    REFUSAL_FEATURES,
    arrange,
    refusal_features,
)
from rag.retrieve import Retriever
from rag.settings import Settings
from rag.spans import SPAN_FEATURES, Candidate
from rag.types import Embedder, Reader
from training import written
from training.cached import CachedEmbedder
from training.cases import Asker, Case, gather
from training.curve import draw
from training.notebook import TrainingNotebook, training_notebook
from training.rank import CROSSED_QUESTIONS

CURVE = Path(__file__).parents[1] / "docs" / "refusal.svg"

FALSE_REFUSAL, CONFIDENCE = 0.08, 0.95
"""The share of answerable questions like the training ones that the threshold refuses at most, with that confidence; a
margin below the tenth aimed at."""

FEW_DOCUMENTS = 10
"""Below so many a fold of documents leaves too little to fit on: folds are of questions then."""

SOME = 30
"""So many answerable questions, and a third as many others, that were translated with their passages, each way."""

SURE_QUANTILE = 0.25
"""Answers below this quantile of the answerable questions are shown as partial."""

RIGHT = 0.5
"""The F1 from which a span counts as the answer."""

Matrix = npt.NDArray[Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")
    parser.add_argument(
        "--limit", type=int, default=0, help="answerable questions a language, and a third as many others"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=Path, default=Path("calibration-cases"), help="keeps what was asked")
    parser.add_argument("--readings", type=Path, default=Path("readings"), help="keeps what was read")


def run(options: argparse.Namespace) -> int:
    """Ask the held-out questions, fit and write the file."""
    settings = Settings.from_environment()
    embedder = CachedEmbedder(build_embedder(settings))
    found = build_reader(settings)
    reader = CachedReader(found, options.readings) if found else None
    result: dict[str, Any] = {
        "version": 3,
        "date": datetime.now(UTC).date().isoformat(),
        "command": f"python -m training calibrate --data {options.data.name} --limit {options.limit}",
    }
    with training_notebook(settings, embedder, options.data) as notebook:
        for name, used in (("without_reader", None), ("with_reader", reader)):
            result[name] = fit_all(_cases(options, notebook, embedder, used), with_reader=used is not None)
    FILE.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    drawn = {
        f"{name.replace('_', ' ')}, {language}": result[name][language]["figures"]["risk_coverage"]
        for name in ("without_reader", "with_reader")
        for language in LANGUAGES
    }
    CURVE.write_text(draw(drawn, f"Refusal on held-out training questions, {result['date']}"), encoding="utf-8")
    print(json.dumps({name: part["figures"] for name, part in result["with_reader"].items()}, indent=2))
    return 0


def _cases(
    options: argparse.Namespace, notebook: TrainingNotebook, embedder: Embedder, reader: Reader | None
) -> dict[str, list[Case]]:
    """Ask the questions of each language, and translated ones of the documents in the other ("crossed")."""
    name = reader.model_id.replace(":", "-") if reader else "without-reader"
    retriever = Retriever(notebook.store, embedder, lambda notebook_id: reader)
    asker = Asker(retriever, embedder, notebook.id, notebook.contexts)
    aside = [q for language in LANGUAGES for q in notebook.aside(language)]
    cases: dict[str, list[Case]] = {"crossed": []}
    for language in LANGUAGES:
        asked = _sample(notebook.aside(language), options.limit, options.seed)
        cases[language] = gather(asker, asked, notebook.over, options.cases / f"{name}-{language}.jsonl")
        asked = crossed(aside, language, options.seed)
        kept = options.cases / f"{name}-crossed-{language}.jsonl"
        cases["crossed"] += gather(asker, asked, lambda q: notebook.alone(q.language), kept)
    return cases


def fit_all(cases: Mapping[str, Sequence[Case]], *, with_reader: bool) -> dict[str, Any]:
    """Fit for the questions of each language over its own documents, and for those over the other's ("crossed").

    A language has thresholds of its own: one for both refused three times as many English questions as French ones.
    """
    more = READER_FEATURES if with_reader else ()
    own, between = (
        (READ_FEATURES, READ_CROSSED_FEATURES) if with_reader else (REFUSAL_FEATURES, CROSSED_REFUSAL_FEATURES)
    )
    fitted: dict[str, Any] = {name: fit(cases[name], (*FEATURES, *more), own) for name in LANGUAGES}
    return {**fitted, "crossed": fit(cases["crossed"], (*CROSSED_FEATURES, *more), between)}


def _sample(own: Sequence[Question], limit: int, seed: int) -> list[Question]:
    chosen = choose([q for q in own if q.answerable], limit, seed)
    return chosen + choose([q for q in own if not q.answerable], limit // 3, seed)


def crossed(aside: Sequence[Question], language: Language, seed: int) -> list[Question]:
    """Return questions on documents of ``language`` as asked in the other one: all that were written or translated so
    by themselves, and some of those translated with their passages."""
    texts = {row["id"]: row["question"] for row in rows(CROSSED_QUESTIONS)}
    alone = [replace(q, text=texts[q.id]) for q in aside if q.language == language and q.id in texts]
    english = [replace(q, language=language) for q in questions(written.FOLDER, "en")] if language == "fr" else []
    by_id, known = {q.id: q for q in aside}, {q.document_id for q in aside}
    both = [(by_id[of], q) for q in aside if (of := q.id.removeprefix(written.OF)) in by_id and of != q.id]
    pairs = both if language == "en" else [(b, a) for a, b in both]
    more = [replace(own, text=other.text) for own, other in pairs if own.id not in texts]
    return [*alone, *(q for q in english if q.document_id in known), *_sample(more, SOME, seed)]


def fit(cases: Sequence[Case], evidence_names: Sequence[str], refusal_names: Sequence[str]) -> dict[str, Any]:
    """Fit the models; the thresholds come from predictions across folds.

    Where search has not found the passage that answers, refusing is right: such questions count on neither side.
    """
    cases = [case for case in cases if not case.answerable or any(case.holds)]
    evidence = fit_evidence(cases, evidence_names)
    answer = fit_answer(cases)
    features = [describe(case, evidence, answer) for case in cases]
    matrix = np.asarray([[row[name] for name in refusal_names] for row in features])
    labels = np.asarray([case.answerable for case in cases])
    several = len({case.document for case in cases}) >= FEW_DOCUMENTS
    groups = np.asarray([case.document if several else case.question for case in cases])
    folds = GroupKFold(n_splits=min(5, len(set(groups))))
    model = LogisticRegression(class_weight="balanced", max_iter=5000)
    scaled = (matrix - matrix.mean(axis=0)) / (matrix.std(axis=0) + 1e-9)
    held = cross_val_predict(model, scaled, labels, groups=groups, cv=folds, method="predict_proba")[:, 1]
    answerable = np.sort(held[labels])
    refuse = float(answerable[refusable(len(answerable))])
    fitted = {
        "evidence": _plain(evidence),
        "refusal": _plain(_fit(matrix, labels, refusal_names)),
        "refuse": round(refuse, 4),
        "sure": round(float(np.quantile(answerable, SURE_QUANTILE)), 4),
        "figures": _figures(cases, evidence, answer, held, refuse),
    }
    return {**fitted, "answer": _plain(answer)} if answer else fitted


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


def fit_answer(cases: Sequence[Case]) -> Logistic | None:
    """Fit the log-odds that a span is the answer, on questions that have a right one; None without a reader."""
    chosen = [case for case in cases if case.answerable and any(score >= RIGHT for score in case.right)]
    if not chosen:
        return None
    rows = [[item.features[name] for name in SPAN_FEATURES] for case in chosen for item in case.answers]
    labels = np.asarray([score >= RIGHT for case in chosen for score in case.right])
    return _fit(np.asarray(rows), labels, SPAN_FEATURES)


def describe(case: Case, evidence: Logistic, answer: Logistic | None) -> Mapping[str, float]:
    """Return the features of the decision on a case, as in use."""
    kept, best = arranged(case, evidence, answer)
    features = dict(refusal_features(kept))
    return {**features, "answerable": best.features["answerable"] if best else NOTHING_READ} if answer else features


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
