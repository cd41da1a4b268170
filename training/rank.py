"""Fit the order of passages on the training questions: ``python -m training rank --data DIR``.

Writes ``rag/ranking.json``. What needs no reader is fitted on all answerable questions; the score with a reader only
on the held-out documents, which the reader has not seen: some of their questions, and all in the other language, since
50 passages a question are read to fit two numbers. ``crossed.jsonl`` holds questions in the other language.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.cached import CachedReader
from evaluation.data import LANGUAGES, choose, rows
from evaluation.progress import Progress
from ingest.language import detect
from rag.build import build_embedder, build_reader
from rag.calibration import Logistic
from rag.fuse import reciprocal_rank_fusion
from rag.likelihood import WEIGHED, gains
from rag.rank import (
    CROSSED,
    FILE,
    FIRST,
    FIRST_CROSSED,
    GAIN,
    READER,
    SAME,
    Candidate,
    Ranking,
    Weights,
    first_features,
    within_languages,
)
from rag.retrieve import POOL, Retriever
from rag.search import Search
from rag.settings import Settings
from rag.types import Embedder, Reader
from rag.weigher import Weigher
from training.cached import build_weigher
from training.listwise import Matrix
from training.notebook import TrainingNotebook, training_notebook
from training.order import Asked, Item, figures, fit_order
from training.split import held_out

CROSSED_QUESTIONS = Path(__file__).with_name("crossed.jsonl")


@dataclass(frozen=True, slots=True)
class Models:
    """What reads the passages of a question, and what weighs the best of them."""

    reader: Reader
    weigher: Weigher


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")
    parser.add_argument("--limit", type=int, default=200, help="questions a language that are read for; 0 for all")
    parser.add_argument("--out", type=Path, default=FILE, help="where the weights are written")
    parser.add_argument("--readings", type=Path, default=Path("readings"), help="keeps what was read")
    parser.add_argument("--without-reader", action="store_true", help="leave the score with a reader as it is")


def run(options: argparse.Namespace) -> int:
    """Fit, print the figures across folds of titles, and write the file."""
    settings = Settings.from_environment()
    embedder = build_embedder(settings)
    found = None if options.without_reader else build_reader(settings)
    models = Models(CachedReader(found, options.readings), build_weigher(settings, options.readings)) if found else None
    with training_notebook(settings, embedder, options.data) as notebook:
        result = _fit_all(notebook, embedder, models, options.limit)
    command = f"python -m training rank --data {options.data.name}" + (
        " --without-reader" if options.without_reader else f" --limit {options.limit}"
    )
    head = {"version": 1, "date": datetime.now(UTC).date().isoformat(), "command": command}
    before = json.loads(FILE.read_text(encoding="utf-8"))
    kept = {} if models else {name: before[name] for name in ("read", "weighed")}
    options.out.write_text(json.dumps(head | result | kept, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result["figures"], indent=2))
    return 0


def _asked(notebook: TrainingNotebook) -> list[Asked]:
    # Of what was written here, only what the score with a reader is fitted on: the rest has enough questions.
    more = [q for q in (*notebook.written, *notebook.courses) if held_out(q.document_id)]
    own = [q for q in (*notebook.questions, *more) if q.answerable]
    asked = [Asked(q, q.text, notebook.titles[q.document_id], crossed=False) for q in own]
    by_id = {q.id: q for q in own}
    for row in rows(CROSSED_QUESTIONS):
        if question := by_id.get(row["id"]):
            asked.append(Asked(question, row["question"], notebook.titles[question.document_id], crossed=True))
    return asked


def _fit_all(notebook: TrainingNotebook, embedder: Embedder, models: Models | None, limit: int) -> dict[str, Any]:
    told: dict[str, Any] = {}
    asked = _asked(notebook)
    hits = _hits(notebook, embedder, asked)
    first, first_scores = fit_order(asked, hits, FIRST, FIRST_CROSSED)
    for name, score in (("dense", "cosine"), ("keywords", "bm25")):
        alone = [np.array([item.features.get(score, 0.0) for item in items]) for items in hits]
        told[name] = figures(asked, hits, alone)
    told["reciprocal ranks"] = figures(asked, hits, [_reciprocal(items) for items in hits])
    told["first"] = figures(asked, hits, first_scores)
    retriever = Retriever(notebook.store, embedder, ranking=Ranking(first, first, first, first))
    found = [
        retriever.candidates(notebook.id, a.text, embedder.embed_query(a.text), notebook.over(a.question))
        for a in Progress("questions").over(asked)
    ]
    items = [[_item(notebook, candidate, {}) for candidate in candidates] for candidates in found]
    plain, plain_scores = fit_order(asked, items, SAME, CROSSED)
    told["plain"] = figures(asked, items, plain_scores)
    result = {"first": _plain(first), "plain": _plain(plain), "figures": told}
    if models is not None:
        chosen = _aside(asked, limit)
        own, known = [asked[n] for n in chosen], [plain_scores[n] for n in chosen]
        read = _read(notebook, [(asked[n], found[n]) for n in chosen], models.reader)
        weights, scores = _with(READER, own, read, plain, known)
        told["held out: plain"] = figures(own, read, known)
        told["held out: read"] = figures(own, read, scores)
        best, of = _weighed(own, read, scores, [found[n] for n in chosen], models.weigher)
        more, weighed_scores = _with(GAIN, own, best, weights, of)
        told["held out: weighed"] = figures(own, read, _in_front(scores, best, weighed_scores))
        result |= {"read": _plain(weights), "weighed": _plain(more)}
    return result


def _aside(asked: Sequence[Asked], limit: int) -> list[int]:
    """Return which questions the reader has not seen: at most ``limit`` of a language, and all put in the other one."""
    held = [n for n, a in enumerate(asked) if held_out(a.question.document_id)]
    chosen = [n for n in held if asked[n].crossed]
    for language in LANGUAGES:
        chosen += choose([n for n in held if not asked[n].crossed and asked[n].question.language == language], limit, 1)
    return sorted(chosen)


def _hits(notebook: TrainingNotebook, embedder: Embedder, every: Sequence[Asked]) -> list[list[Item]]:
    search = Search(notebook.store, embedder.dimension)
    _, ids = notebook.store.chunk_ids(notebook.id)
    contexts = {row.id: notebook.contexts[row.sha256, row.page_index] for row in notebook.store.chunks(ids)}
    found = []
    for asked in Progress("searches").over(every):
        language, vector = detect(asked.text), embedder.embed_query(asked.text)
        hits = search.find(notebook.id, asked.text, language, vector, POOL, notebook.over(asked.question))
        rarity = sum(hits.weights.values())
        found.append([Item(contexts[h.id], first_features(h, rarity), h.language != language) for h in hits.hits])
    return found


def _read(
    notebook: TrainingNotebook, found: Sequence[tuple[Asked, list[Candidate]]], reader: Reader
) -> list[list[Item]]:
    items = []
    for asked, candidates in Progress("readings").over(found):
        readings = reader.read(asked.text, [candidate.passage for candidate in candidates])
        odds = [{READER: reading.answerable} for reading in readings]
        items.append([_item(notebook, c, more) for c, more in zip(candidates, odds, strict=True)])
    return items


def _item(notebook: TrainingNotebook, candidate: Candidate, more: Mapping[str, float]) -> Item:
    context = notebook.contexts[candidate.passage.sha256, candidate.passage.page_index]
    return Item(context, {**candidate.features, **more}, candidate.crossed)


def _with(
    name: str, asked: Sequence[Asked], read: Sequence[Sequence[Item]], known: Weights, scores: Sequence[Matrix]
) -> tuple[Weights, list[Matrix]]:
    """Add a feature to a score that is known: two numbers a relation, which the few held-out questions can bear."""
    both = ("known", name)
    items = [
        [
            replace(item, features={"known": float(s), name: item.features[name]})
            for item, s in zip(own, of, strict=True)
        ]
        for own, of in zip(read, scores, strict=True)
    ]
    added, found = fit_order(asked, items, both, both)
    return Weights(_spread(known.same, added.same, name), _spread(known.crossed, added.crossed, name)), found


def _spread(known: Logistic, added: Logistic, name: str) -> Logistic:
    share = added.weights["known"]
    weights = {feature: share * weight for feature, weight in known.weights.items()}
    return Logistic(share * known.bias + added.bias, {**weights, name: added.weights[name]})


def _weighed(
    asked: Sequence[Asked],
    read: Sequence[Sequence[Item]],
    scores: Sequence[Matrix],
    found: Sequence[Sequence[Candidate]],
    weigher: Weigher,
) -> tuple[list[list[Item]], list[Matrix]]:
    """Weigh the best passages of each question by their scores; return them with their gain, and the scores."""
    items: list[list[Item]] = []
    known: list[Matrix] = []
    for a, own, of, candidates in Progress("weighings").over(list(zip(asked, read, scores, found, strict=True))):
        best = np.argsort(-of, kind="stable")[:WEIGHED]
        found_gains = gains(weigher, a.text, detect(a.text), [candidates[n].passage for n in best])
        items.append(
            [
                replace(own[n], features={**own[n].features, GAIN: gain})
                for n, gain in zip(best, found_gains, strict=True)
            ]
        )
        known.append(of[best])
    return items, known


def _in_front(scores: Sequence[Matrix], best: Sequence[Sequence[Item]], weighed: Sequence[Matrix]) -> list[Matrix]:
    """Return the scores of all items, those that were weighed in front of the others, in their new order."""
    found = []
    for of, front, new in zip(scores, best, weighed, strict=True):
        places = np.argsort(-of, kind="stable")[: len(front)]
        order = within_languages(new.tolist(), [item.crossed for item in front])
        placed = of.copy()
        placed[places[order]] = of.max(initial=0.0) + np.arange(len(front), 0, -1)
        found.append(placed)
    return found


def _reciprocal(items: Sequence[Item]) -> Matrix:
    def ranking(name: str, least: float) -> list[int]:
        known = [(-item.features[name], n) for n, item in enumerate(items) if item.features.get(name, 0.0) > least]
        return [n for _, n in sorted(known)][:POOL]

    fused = dict(reciprocal_rank_fusion({"dense": ranking("cosine", -1.0), "keyword": ranking("bm25", 0.0)}))
    return np.array([fused.get(n, 0.0) for n in range(len(items))])


def _plain(weights: Weights) -> dict[str, Any]:
    return {
        name: {"bias": round(model.bias, 4), "weights": {key: round(value, 4) for key, value in model.weights.items()}}
        for name, model in (("same", weights.same), ("crossed", weights.crossed))
    }
