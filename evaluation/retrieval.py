"""Search only: the rank of the passage that answers, over ``qa_*.jsonl``, ``crossed.jsonl`` and ``retrieval_*/``.

As in ``answers``, a question that does not name its subject is asked with its document ticked.
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from evaluation import command, ranking
from evaluation.asking import rank
from evaluation.corpus import passages
from evaluation.corpus import retrieval as retrieval_corpus
from evaluation.data import Question, choose, crossed, languages, questions, require, retrieval_set
from evaluation.metrics import Figure, figure, median
from evaluation.predictions import Contexts, Predictions
from evaluation.predictions import ranking as ranked
from evaluation.report import Measured, Table
from evaluation.session import Ready, Session
from ingest.types import Language

Rows = list[tuple[Question, Mapping[str, float]]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    command.add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Measure and report."""
    return command.run({"retrieval": measure}, options)


def measure(session: Session, options: argparse.Namespace, predictions: Predictions) -> Measured:
    """Search for each question's passage. Raises RagError."""
    require(options.data, "contexts_*.jsonl", "retrieval_*")
    columns: dict[str, dict[str, Figure]] = {}
    rows: Rows = []
    if any(options.data.glob("contexts_*.jsonl")):
        for language in languages(options.data, options.language):
            found = _passages(session, options, predictions, language)
            columns |= _by_scope(language, found)
            rows += found
    for folder in sorted(options.data.glob("retrieval_*")):
        if not options.language or folder.name.endswith(f"_{options.language}"):
            columns[folder.name] = _figures(_folder(session, options, predictions, folder))
    filled = {name: figures for name, figures in columns.items() if figures}
    return Measured([Table("Retrieval", filled), Table("Retrieval, by source", _by_source(rows))])


def _passages(session: Session, options: argparse.Namespace, predictions: Predictions, language: Language) -> Rows:
    own = [q for q in questions(options.data, language) if q.answerable]
    groups = [q for q in own if q.specific], [q for q in own if not q.specific], crossed(options.data, language)
    asked = [question for group in groups for question in choose(group, options.limit, options.seed)]
    gold = {q.id: {q.context_id: 1} for q in asked if q.context_id}
    return _search(session, session.ready(passages(options.data, language)), asked, gold, predictions)


def _by_scope(language: Language, rows: Rows) -> dict[str, dict[str, Figure]]:
    """Return the figures of whole-corpus, in-document and crossed questions."""
    return {
        language: _figures([row for row in rows if row[0].specific and not row[0].is_crossed]),
        f"{language}, document ticked": _figures([row for row in rows if not row[0].specific]),
        f"crossed, {language} documents": _figures([row for row in rows if row[0].is_crossed]),
    }


def _folder(session: Session, options: argparse.Namespace, predictions: Predictions, folder: Path) -> Rows:
    found = retrieval_set(folder)
    asked = choose(found.queries, options.limit, options.seed)
    gold = {question.id: found.gold[question.id] for question in asked}
    return _search(session, session.ready(retrieval_corpus(found)), asked, gold, predictions)


def _search(
    session: Session, ready: Ready, asked: Sequence[Question], gold: ranking.Gold, predictions: Predictions
) -> Rows:
    names, label = Contexts(ready.corpus.contexts), f"retrieval over {ready.corpus.name}"
    rankings: dict[str, list[str]] = {}
    seconds: dict[str, float] = {}
    kept = session.records("retrieval", ready)
    for question, record in kept.complete(label, asked, partial(rank, session, ready)):
        predictions.add(question, names, record)
        rankings[question.id] = ranked(names, record["retrieved"])
        seconds[question.id] = record["seconds"]
    values = ranking.measured(gold, rankings)
    return [(question, {**values[question.id], "seconds": seconds[question.id]}) for question in asked]


def _figures(rows: Rows) -> dict[str, Figure]:
    found = ranking.figures([values for _, values in rows])
    found["seconds, median"] = figure([values["seconds"] for _, values in rows], median)
    return {name: value for name, value in found.items() if value is not None}


def _by_source(rows: Rows) -> dict[str, dict[str, Figure]]:
    groups: dict[str, Rows] = {}
    for question, values in rows:
        groups.setdefault(question.origin, []).append((question, values))
    return {name: _figures(found) for name, found in sorted(groups.items())}
