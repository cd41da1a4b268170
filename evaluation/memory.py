"""The model's memory beside the sources: the same questions, with and without documents.

Nothing in the documents is meant to answer the questions of ``closed_book.jsonl``: there the sources have to refuse.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from evaluation import command
from evaluation.answers import answer
from evaluation.asking import ask_memory, ask_sources
from evaluation.corpus import passages
from evaluation.data import LANGUAGES, ClosedBook, Question, choose, closed_book, languages, questions, require
from evaluation.metrics import Figure, figure, holds, median
from evaluation.predictions import Contexts, Predictions
from evaluation.records import Record
from evaluation.report import Measured, Table
from evaluation.scores import shows, tells
from evaluation.session import Ready, Session
from ingest.types import Language
from rag.errors import RagError

LIMIT = 100
"""Questions of each set and language, unless told otherwise: a small model takes seconds a question."""

MEMORY, SOURCES, SHOWN = (
    "memory: gold in the text",
    "sources: gold in the text",
    "sources: gold in the text or its quotes",
)
"""The accuracy of each, on the same questions."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    command.add_common(parser, LIMIT)


def run(options: argparse.Namespace) -> int:
    """Measure and report."""
    return command.run({"memory": measure}, options)


def measure(session: Session, options: argparse.Namespace, predictions: Predictions) -> Measured:
    """Ask memory and sources. Raises RagError."""
    require(options.data, "closed_book.jsonl", "qa_*.jsonl")
    corpora: dict[Language, Ready] = {}
    for language in _with_documents(options):
        corpora[language] = session.ready(passages(options.data, language))
    answerable = {name: _beside(session, ready, options, predictions, name) for name, ready in corpora.items()}
    groups: dict[str, dict[str, Figure]] = {}
    for language in [options.language] if options.language else LANGUAGES:
        groups |= _closed(session, corpora.get(language), options, predictions, language)
    return Measured(
        [
            Table(
                "Memory beside sources, answerable questions",
                {name: found for name, found in answerable.items() if found},
            ),
            Table("Memory, closed book", groups),
        ]
    )


def _with_documents(options: argparse.Namespace) -> list[Language]:
    try:
        return languages(options.data, options.language)
    except RagError as error:
        if error.code != "DATA_MISSING":
            raise
        return []


def _beside(
    session: Session, ready: Ready, options: argparse.Namespace, predictions: Predictions, language: Language
) -> dict[str, Figure]:
    asked = [q for q in questions(options.data, language) if q.answerable and q.specific]
    chosen = choose(asked, options.limit, options.seed)
    scored = list(answer(session, ready, chosen, predictions, memory=True))
    wanted = {"gold in memory": MEMORY, "gold in the text": SOURCES, "gold shown": SHOWN}
    wanted |= {"answered": "sources: answered", "exact match": "sources: exact match"}
    return _kept({text: figure([one.values[name][0] for one in scored]) for name, text in wanted.items()})


def _closed(
    session: Session, ready: Ready | None, options: argparse.Namespace, predictions: Predictions, language: Language
) -> dict[str, dict[str, Figure]]:
    items = _chosen(closed_book(options.data, language), options)
    asked = [item.question for item in items]
    label = f"closed book {language}"
    memory = session.records("memory").complete(f"{label}, memory", asked, partial(ask_memory, session))
    sources = _sources(session, ready, asked, f"{label}, sources")
    names = Contexts(ready.corpus.contexts if ready else {})
    groups: dict[str, list[tuple[Question, Record, Record | None]]] = {}
    for item, (question, said), found in zip(items, memory, sources, strict=True):
        predictions.add(question, names, found or {"seconds": said["seconds"]}, said["memory_text"])
        groups.setdefault(f"{language}, {item.group}", []).append((question, said, found))
    return {name: _figures(rows) for name, rows in groups.items()}


def _chosen(items: Sequence[ClosedBook], options: argparse.Namespace) -> list[ClosedBook]:
    sources = dict.fromkeys(item.question.source for item in items)
    return [
        item
        for source in sources
        for item in choose([i for i in items if i.question.source == source], options.limit, options.seed)
    ]


def _sources(session: Session, ready: Ready | None, asked: Sequence[Question], label: str) -> Iterable[Record | None]:
    if ready is None:
        return [None] * len(asked)
    kept = session.records("answers", ready)
    return (record for _, record in kept.complete(label, asked, partial(ask_sources, session, ready)))


def _figures(rows: Sequence[tuple[Question, Record, Record | None]]) -> dict[str, Figure]:
    right = [float(holds(said["memory_text"], q.answers, q.document_language)) for q, said, _ in rows]
    beside = [(q, found) for q, _, found in rows if found]
    return _kept(
        {
            MEMORY: figure(right),
            SOURCES: figure([float(tells(q, found)) for q, found in beside]),
            SHOWN: figure([float(shows(q, found)) for q, found in beside]),
            "sources: refused": figure([float(found["status"] == "not_found") for _, found in beside]),
            "seconds from memory, median": figure([said["seconds"] for _, said, _ in rows], median),
        }
    )


def _kept(figures: Mapping[str, Figure | None]) -> dict[str, Figure]:
    return {name: value for name, value in figures.items() if value is not None}
