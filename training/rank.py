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
import numpy.typing as npt

from evaluation.cached_reader import CachedReader
from evaluation.data import LANGUAGES, Question, choose, rows
from evaluation.progress import Progress
from ingest.language import detect
from rag.build import build_embedder, build_reader
from rag.calibration import Logistic
from rag.fuse import reciprocal_rank_fusion
from rag.rank import CROSSED, FILE, FIRST, FIRST_CROSSED, READER, SAME, Candidate, Ranking, Weights, first_features
from rag.retrieve import POOL, Retriever
from rag.search import Search
from rag.settings import Settings
from rag.terms import content_words, names, numbers, stem
from rag.types import Embedder, Reader
from training.listwise import Choice, Matrix, fit, folds
from training.notebook import TrainingNotebook, training_notebook
from training.split import held_out

CROSSED_QUESTIONS = Path(__file__).with_name("crossed.jsonl")

CROSSED_WEIGHT = 16.0
"""How often a question in the other language counts, so that both relations count alike: there are few of them."""


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
    reader = CachedReader(found, options.readings) if found else None
    with training_notebook(settings, embedder, options.data) as notebook:
        result = _fit_all(notebook, embedder, reader, options.limit)
    command = f"python -m training rank --data {options.data.name}" + (
        " --without-reader" if options.without_reader else f" --limit {options.limit}"
    )
    head = {"version": 1, "date": datetime.now(UTC).date().isoformat(), "command": command}
    kept = {} if reader else {"read": json.loads(FILE.read_text(encoding="utf-8"))["read"]}
    options.out.write_text(json.dumps(head | result | kept, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result["figures"], indent=2))
    return 0


def _asked(notebook: TrainingNotebook) -> list[Asked]:
    # Of what was written here, only what the score with a reader is fitted on: the rest has enough questions.
    own = [q for q in (*notebook.questions, *(q for q in notebook.written if held_out(q.document_id))) if q.answerable]
    asked = [Asked(q, q.text, notebook.titles[q.document_id], crossed=False) for q in own]
    by_id = {q.id: q for q in own}
    for row in rows(CROSSED_QUESTIONS):
        if question := by_id.get(row["id"]):
            asked.append(Asked(question, row["question"], notebook.titles[question.document_id], crossed=True))
    return asked


def _fit_all(notebook: TrainingNotebook, embedder: Embedder, reader: Reader | None, limit: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    asked = _asked(notebook)
    hits = _hits(notebook, embedder, asked)
    first, first_scores = _fit(asked, hits, FIRST, FIRST_CROSSED)
    for name, score in (("dense", "cosine"), ("keywords", "bm25")):
        alone = [np.array([item.features.get(score, 0.0) for item in items]) for items in hits]
        figures[name] = _figures(asked, hits, alone)
    figures["reciprocal ranks"] = _figures(asked, hits, [_reciprocal(items) for items in hits])
    figures["first"] = _figures(asked, hits, first_scores)
    retriever = Retriever(notebook.store, embedder, ranking=Ranking(first, first, first))
    found = [
        retriever.candidates(notebook.id, a.text, embedder.embed_query(a.text), notebook.over(a.question))
        for a in Progress("questions").over(asked)
    ]
    items = [[_item(notebook, candidate, {}) for candidate in candidates] for candidates in found]
    plain, plain_scores = _fit(asked, items, SAME, CROSSED)
    figures["plain"] = _figures(asked, items, plain_scores)
    result = {"first": _plain(first), "plain": _plain(plain), "figures": figures}
    if reader is not None:
        chosen = _aside(asked, limit)
        own, known = [asked[n] for n in chosen], [plain_scores[n] for n in chosen]
        read = _read(notebook, [(asked[n], found[n]) for n in chosen], reader)
        weights, scores = _with_reader(own, read, plain, known)
        figures["held out: plain"] = _figures(own, read, known)
        figures["held out: read"] = _figures(own, read, scores)
        result["read"] = _plain(weights)
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


def _fit(
    asked: Sequence[Asked], found: Sequence[Sequence[Item]], same: Sequence[str], crossed: Sequence[str]
) -> tuple[Weights, list[Matrix]]:
    """Return the weights, and the scores of each question's items by weights fitted on other titles."""
    fold_of = folds([a.title for a in asked])
    pairs = list(zip(asked, found, strict=True))
    fitted = {
        fold: _weights([(a, items) for a, items in pairs if fold_of[a.title] != fold], same, crossed)
        for fold in set(fold_of.values())
    }
    scores = [_scores(items, fitted[fold_of[a.title]]) for a, items in pairs]
    return _weights(pairs, same, crossed), scores


def _weights(pairs: Sequence[tuple[Asked, Sequence[Item]]], same: Sequence[str], crossed: Sequence[str]) -> Weights:
    """Fit each relation of languages on its own questions and passages, then how far apart the two stand."""
    apart = Weights(Logistic(0.0, _relation(pairs, same, False)), Logistic(0.0, _relation(pairs, crossed, True)))
    together = [
        Choice(
            np.column_stack([_scores(items, apart), [float(item.crossed) for item in items]]),
            _right(a, items),
            CROSSED_WEIGHT if a.crossed else 1.0,
        )
        for a, items in pairs
    ]
    stretch, gap = fit(together)
    return replace(apart, crossed=replace(apart.crossed, bias=float(gap / stretch)))


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


def _with_reader(
    asked: Sequence[Asked], read: Sequence[Sequence[Item]], plain: Weights, scores: Sequence[Matrix]
) -> tuple[Weights, list[Matrix]]:
    """Add the reader to the plain score: two numbers a relation, which the few held-out questions can bear."""
    both = ("plain", READER)
    items = [
        [
            replace(item, features={"plain": float(s), READER: item.features[READER]})
            for item, s in zip(own, of, strict=True)
        ]
        for own, of in zip(read, scores, strict=True)
    ]
    added, found = _fit(asked, items, both, both)
    return Weights(_spread(plain.same, added.same), _spread(plain.crossed, added.crossed)), found


def _spread(plain: Logistic, added: Logistic) -> Logistic:
    share = added.weights["plain"]
    weights = {name: share * weight for name, weight in plain.weights.items()}
    return Logistic(share * plain.bias + added.bias, {**weights, READER: added.weights[READER]})


def _scores(items: Sequence[Item], weights: Weights) -> Matrix:
    return np.array([weights.score(item.features, item.crossed) for item in items])


def _reciprocal(items: Sequence[Item]) -> Matrix:
    def ranking(name: str, least: float) -> list[int]:
        known = [(-item.features[name], n) for n, item in enumerate(items) if item.features.get(name, 0.0) > least]
        return [n for _, n in sorted(known)][:POOL]

    fused = dict(reciprocal_rank_fusion({"dense": ranking("cosine", -1.0), "keyword": ranking("bm25", 0.0)}))
    return np.array([fused.get(n, 0.0) for n in range(len(items))])


def _figures(
    asked: Sequence[Asked], found: Sequence[Sequence[Item]], scores: Sequence[Matrix]
) -> dict[str, dict[str, float]]:
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


def _plain(weights: Weights) -> dict[str, Any]:
    return {
        name: {"bias": round(model.bias, 4), "weights": {key: round(value, 4) for key, value in model.weights.items()}}
        for name, model in (("same", weights.same), ("crossed", weights.crossed))
    }
