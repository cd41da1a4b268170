"""Fit which sentence and which span answer, and whether any does: ``python -m training calibrate --data DIR``.

Writes ``rag/calibration.json``, one set of weights without a reader, one with it, and one with the bundled generator
besides, which weighs what the reader finds; and draws ``docs/refusal.svg``.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evaluation.cached import CachedReader
from evaluation.data import LANGUAGES, Question, choose, questions, rows
from evaluation.fingerprint import files_hash, key
from ingest.types import Language
from rag.build import build_embedder, build_reader
from rag.calibration import FILE, Used
from rag.evidence import CROSSED_FEATURES, FEATURES, READER_FEATURES
from rag.ground import (
    CROSSED_REFUSAL_FEATURES,
    READ_CROSSED_FEATURES,
    READ_FEATURES,
    REFUSAL_FEATURES,
    WEIGHED_CROSSED_FEATURES,
    WEIGHED_FEATURES,
)
from rag.rank import FILE as RANKING
from rag.settings import Settings
from rag.spans import SPAN_FEATURES, WEIGHED_SPAN_FEATURES
from rag.types import Reader
from training import written
from training.cached import CachedEmbedder, build_weigher
from training.cases import Asker, Case, Withholding, gather
from training.curve import draw
from training.decision import few, fit
from training.notebook import TrainingNotebook, training_notebook
from training.rank import CROSSED_QUESTIONS

COMMAND = "python -m training calibrate"
CURVE = Path(__file__).parents[1] / "docs" / "refusal.svg"

SOME = 30
"""So many answerable questions, and a third as many others, that were translated with their passages, each way."""

FEATURES_OF: Mapping[Used, tuple[Sequence[str], Sequence[str]]] = {
    "without_reader": (REFUSAL_FEATURES, CROSSED_REFUSAL_FEATURES),
    "with_reader": (READ_FEATURES, READ_CROSSED_FEATURES),
    "with_generator": (WEIGHED_FEATURES, WEIGHED_CROSSED_FEATURES),
}
"""What the decision is fitted on: in one language, and between two."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")
    parser.add_argument(
        "--limit",
        type=int,
        default=0,
        help="answerable questions a language, and a third as many others, besides all of training/written/courses",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--cases",
        type=Path,
        default=Path("calibration-cases"),
        help="keeps what was asked, by data, ranking and models; name another folder after a change of the code",
    )
    parser.add_argument("--readings", type=Path, default=Path("readings"), help="keeps what was read")


def run(options: argparse.Namespace) -> int:
    """Ask the held-out questions, fit and write the file."""
    settings = Settings.from_environment()
    embedder = CachedEmbedder(build_embedder(settings))
    found = build_reader(settings)
    if found is None:
        raise SystemExit("Calibration needs a reader: unset LECTERN_READER.")
    reader, weigher = CachedReader(found, options.readings), build_weigher(settings, options.readings)
    digest = _digest(options.data, embedder.model_id, reader.model_id, weigher.model_id)
    result: dict[str, Any] = {
        "version": 4,
        "date": datetime.now(UTC).date().isoformat(),
        "command": f"{COMMAND} --data {options.data.name} --limit {options.limit} --seed {options.seed}",
        "generator": weigher.model_id,
    }
    with training_notebook(settings, embedder, options.data) as notebook:
        for used in FEATURES_OF:
            retriever = Withholding(notebook.store, embedder, _reader_of(reader if used != "without_reader" else None))
            asker = Asker(
                retriever.weighed_by(weigher if used == "with_generator" else None),
                embedder,
                notebook.id,
                notebook.contexts,
            )
            result[used] = fit_all(_cases(options, notebook, asker, f"{digest}-{used}"), used)
    FILE.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    drawn = {
        f"{name.replace('_', ' ')}, {language}": result[name][language]["figures"]["risk_coverage"]
        for name in FEATURES_OF
        for language in LANGUAGES
    }
    CURVE.write_text(draw(drawn, f"Refusal on held-out training questions, {result['date']}"), encoding="utf-8")
    for name in ("with_reader", "with_generator"):
        print(json.dumps({f"{name}, {part}": one["figures"] for part, one in result[name].items()}, indent=2))
    return 0


def _digest(data: Path, *models: str) -> str:
    """Return a short hash of what a case depends on besides its question: passages, ranking and models."""
    asked = [
        files_hash([*folder.glob("contexts_*.jsonl"), *folder.glob("qa_*.jsonl")])
        for folder in (data, written.FOLDER, written.COURSES)
    ]
    return key(data=asked, crossed=files_hash([CROSSED_QUESTIONS]), ranking=files_hash([RANKING]), models=models)


def _reader_of(reader: Reader | None) -> Callable[[int], Reader | None]:
    return lambda notebook_id: reader


def _cases(options: argparse.Namespace, notebook: TrainingNotebook, asker: Asker, name: str) -> dict[str, list[Case]]:
    """Ask the questions of each language, and translated ones of the documents in the other ("crossed")."""
    aside = [*(q for language in LANGUAGES for q in notebook.aside(language)), *notebook.courses]
    cases: dict[str, list[Case]] = {"crossed": []}
    for language in LANGUAGES:
        asked = [
            *_sample(notebook.aside(language), options.limit, options.seed),
            *(q for q in notebook.courses if q.language == language),
        ]
        cases[language] = gather(asker, asked, notebook.over, options.cases / f"{name}-{language}.jsonl")
        asked = crossed(aside, language, options.seed)
        kept = options.cases / f"{name}-crossed-{language}.jsonl"
        cases["crossed"] += gather(asker, asked, lambda q: notebook.alone(q.language), kept)
    return cases


def fit_all(cases: Mapping[str, Sequence[Case]], used: Used) -> dict[str, Any]:
    """Fit for the questions of each language over its own documents, and for those over the other's ("crossed").

    A language has thresholds of its own: one for both refused three times as many English questions as French ones. But
    where its documents are few, they say little of others, and its threshold is no higher than that of a language that
    has more: sheets, which are easy, had raised the English one above what articles bear.
    """
    more = () if used == "without_reader" else READER_FEATURES
    answer = WEIGHED_SPAN_FEATURES if used == "with_generator" else SPAN_FEATURES
    own, between = FEATURES_OF[used]
    fitted: dict[str, Any] = {}
    most = 1.0
    for name in sorted(LANGUAGES, key=lambda language: few(cases[language])):
        fitted[name] = fit(cases[name], (*FEATURES, *more), answer, own, most if few(cases[name]) else 1.0)
        most = min(most, fitted[name]["refuse"])
    return {**fitted, "crossed": fit(cases["crossed"], (*CROSSED_FEATURES, *more), answer, between)}


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
