"""Fit the limits of support, ``rag/support.json``: ``python -m training support --data DIR``."""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from evaluation.cached import CachedReader
from evaluation.progress import Progress
from rag import calibration
from rag.build import build_embedder, build_reader
from rag.calibration import Logistic
from rag.grading import FILE, SIMILARITY_FEATURES, WORD_FEATURES, Grading, Score
from rag.settings import Settings
from rag.types import Embedder
from rag.verify import Claim
from training.agreement import fit_agreement
from training.cached import CachedEmbedder
from training.split import held_out
from training.squad import load
from training.support_pairs import FALSE_KINDS, TRUE_KINDS, Pair, answer_pairs, pairs

PASSAGES = 120
"""Passages of each language, unless told otherwise."""

WEAK_SHARE, SUPPORTED_SHARE = 0.02, 0.05
"""The shares of true rewordings that may fall below the two limits."""

_ELSEWHERE = "another passage"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")
    parser.add_argument("--limit", type=int, default=PASSAGES, help="passages of each language, 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words-only", action="store_true", help="fit nothing that needs a model")
    parser.add_argument("--readings", type=Path, default=Path("readings"), help="keeps what was read")
    parser.add_argument("--out", type=Path, default=FILE)


def run(options: argparse.Namespace) -> int:
    """Make the pairs, fit, write the file and print it; returns 0."""
    settings = Settings.from_environment()
    embedder = None if options.words_only else CachedEmbedder(build_embedder(settings))
    examples = load(options.data)
    command = f"python -m training support --data {options.data.name} --seed {options.seed} --limit {options.limit}"
    command += " --words-only" if options.words_only else ""
    result = calibrate(pairs(examples, options.limit, options.seed), embedder, command)
    if not options.words_only:
        found = build_reader(settings)
        if found is None:
            raise SystemExit("What a text may say beside the reader needs a reader: unset LECTERN_READER.")
        aside = answer_pairs([e for e in examples if held_out(e.document_id)], options.seed)
        reader = CachedReader(found, options.readings)
        limit, result["figures"]["agreement"] = fit_agreement(aside, reader, calibration.load("with_reader"))
        result["behind"] = round(limit, 4)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    options.out.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


def calibrate(made: Sequence[Pair], embedder: Embedder | None, command: str) -> dict[str, Any]:
    """Fit the scores on the pairs that pass the letter tests, and count the outcomes of all."""
    claims = [Claim(pair.sentence, pair.passage, pair.language, pair.language, pair.title) for pair in made]
    rows: list[tuple[Pair, dict[str, float]]] = []
    for pair, claim in Progress("pairs").over(list(zip(made, claims, strict=True))):
        # What stands there word for word needs no score; true sentences that fail by the letter get none. Of the false
        # ones only those from elsewhere are for the score to tell, letters or not.
        if pair.kind == _ELSEWHERE or (pair.true and not claim.is_verbatim and not claim.fails_letters()):
            cosine = {"cosine": claim.cosine(embedder)} if embedder else {}
            rows.append((pair, {**claim.word_features(), **cosine}))
    words = _score(rows, WORD_FEATURES)
    similarity = _score(rows, SIMILARITY_FEATURES) if embedder else None
    grading = Grading(words, similarity)
    figures = {"words": _outcomes(made, claims, grading, None)}
    if embedder:
        figures["similarity"] = _outcomes(made, claims, grading, embedder)
    return {
        "version": 1,
        "date": datetime.now(UTC).date().isoformat(),
        "command": command,
        "words": _plain(words),
        **({"similarity": _plain(similarity)} if similarity else {}),
        "figures": {"pairs": len(made), **figures},
    }


def _score(rows: Sequence[tuple[Pair, Mapping[str, float]]], features: Sequence[str]) -> Score:
    matrix = np.asarray([[values[name] for name in features] for _, values in rows])
    labels = np.asarray([pair.true for pair, _ in rows])
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    fit = LogisticRegression(class_weight="balanced", max_iter=2000).fit((matrix - mean) / scale, labels)
    weights = fit.coef_[0] / scale
    model = Logistic(
        float(fit.intercept_[0] - (weights * mean).sum()), dict(zip(features, weights.tolist(), strict=True))
    )
    odds = np.asarray([model.log_odds(values) for pair, values in rows if pair.true])
    return Score(model, float(np.quantile(odds, WEAK_SHARE)), float(np.quantile(odds, SUPPORTED_SHARE)))


def _plain(score: Score) -> dict[str, Any]:
    return {
        "bias": round(score.model.bias, 4),
        "weights": {name: round(weight, 4) for name, weight in score.model.weights.items()},
        "weak": round(score.weak, 4),
        "supported": round(score.supported, 4),
    }


def _outcomes(
    made: Sequence[Pair], claims: Sequence[Claim], grading: Grading, embedder: Embedder | None
) -> dict[str, dict[str, float]]:
    """Return the shares of the three outcomes, and the count, for every kind and language."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for pair, claim in zip(made, claims, strict=True):
        counts[f"{pair.kind}, {pair.language}"][claim.grade(grading, embedder)] += 1
    kinds = [f"{kind}, {language}" for kind in (*TRUE_KINDS, *FALSE_KINDS) for language in ("en", "fr")]
    return {
        kind: {
            **{
                grade: round(counts[kind][grade] / counts[kind].total(), 4)
                for grade in ("supported", "weak", "not_found")
            },
            "pairs": counts[kind].total(),
        }
        for kind in kinds
        if counts[kind]
    }
