"""Compare readers as they are used: ``python -m training compare --data DIR --readers FOLDER …``.

Questions on documents that were set aside are asked over all training passages; each reader reads what is found. One
may tell well whether a passage answers, and badly which of several does: the second is what it is for.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from evaluation.data import LANGUAGES, Question, choose
from evaluation.metrics import f1
from evaluation.progress import Progress
from ingest.types import Language
from rag.build import build_embedder, build_reader
from rag.retrieve import PASSAGES, Retriever
from rag.settings import Settings
from rag.types import Embedder, Passage, Reader
from training.notebook import TrainingNotebook, training_notebook
from training.reader_score import auc

FALSE_REFUSAL = 0.06
"""The share of answerable questions that ``refused`` gives up."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A question with the passages found for it; ``gold`` marks those that answer it, none if it has no answer."""

    question: Question
    passages: tuple[Passage, ...]
    gold: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How a reader read answerable questions whose passage was found.

    ``f1`` is of its first answer in the gold passage, ``first`` the share whose gold passage has the highest log-odds.
    ``area``, under the ROC curve, is of the highest log-odds with the gold passage against those without it,
    ``refused`` the share without it that lies below all but ``FALSE_REFUSAL`` of those with it. ``written`` is the area
    against questions that only look answerable, ``nan`` where there are none.
    """

    questions: int
    f1: float
    first: float
    area: float
    refused: float
    written: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")
    parser.add_argument("--readers", type=Path, nargs="+", required=True, help="folders that training wrote")
    parser.add_argument("--limit", type=int, default=150, help="questions of each kind and language; 0 for all")
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> int:
    """Print a line a reader and language; returns 0."""
    settings = Settings.from_environment()
    embedder = build_embedder(settings)
    with training_notebook(settings, embedder, options.data) as notebook:
        found = {language: _found(notebook, embedder, language, options) for language in LANGUAGES}
    names = [field.name for field in fields(Score)]
    print("\n".join(["| ".join(["reader", "language", *names]), "|".join(["---"] * (len(names) + 2))]))
    for folder in options.readers:
        reader = build_reader(replace(settings, reader=str(folder.resolve())))
        for language in LANGUAGES:
            if reader is not None and found[language]:
                scored = score(reader, found[language])
                print(
                    "| ".join([str(folder), language, *(f"{getattr(scored, name):.4g}" for name in names)]), flush=True
                )
    return 0


def _found(
    notebook: TrainingNotebook, embedder: Embedder, language: Language, options: argparse.Namespace
) -> list[Searched]:
    aside = notebook.aside(language)
    kinds = [[q for q in aside if q.answerable == answerable] for answerable in (True, False)]
    asked = [q for kind in kinds for q in choose(kind, options.limit, options.seed)]
    retriever = Retriever(notebook.store, embedder)
    found = []
    for question in Progress(f"questions {language}").over(asked):
        passages = retriever.retrieve(notebook.id, question.text, notebook.over(question), PASSAGES).passages
        gold = [
            question.answerable and notebook.contexts[p.sha256, p.page_index] == question.context_id for p in passages
        ]
        found.append(Searched(question, tuple(passages), tuple(gold)))
    return found


def score(reader: Reader, every: Sequence[Searched]) -> Score:
    """Read all passages; questions whose gold passage was not found, or alone, count on no side."""
    gold, others, overlaps, written = [], [], [], []
    for found in Progress("readings").over(every):
        if found.passages and not found.question.answerable:
            readings = reader.read(found.question.text, found.passages)
            written.append(max(reading.answerable for reading in readings))
        elif any(found.gold) and not all(found.gold):
            readings = reader.read(found.question.text, found.passages)
            pairs = list(zip(readings, found.passages, found.gold, strict=True))
            best, passage = max(((r, p) for r, p, holds in pairs if holds), key=lambda pair: pair[0].answerable)
            gold.append(best.answerable)
            others.append(max(r.answerable for r, _, holds in pairs if not holds))
            answer = passage.text[best.spans[0].start : best.spans[0].end] if best.spans else ""
            overlaps.append(f1(answer, found.question.answers, found.question.language))
    highest = [max(pair) for pair in zip(gold, others, strict=True)]
    least = float(np.quantile(highest, FALSE_REFUSAL)) if highest else 0.0
    return Score(
        questions=len(gold),
        f1=_mean(overlaps),
        first=_mean([own > other for own, other in zip(gold, others, strict=True)]),
        area=_area(highest, others),
        refused=_mean([other < least for other in others]),
        written=_area(highest, written),
    )


def _area(with_answer: Sequence[float], without: Sequence[float]) -> float:
    if not with_answer or not without:
        return float("nan")
    return auc([*with_answer, *without], [True] * len(with_answer) + [False] * len(without))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
