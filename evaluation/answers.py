"""Ask every question of ``qa_*.jsonl`` and ``crossed.jsonl`` and measure the answers.

A question that names its subject is asked of all documents of its language, any other with its document ticked; a
crossed question is asked of all documents of the other language.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from evaluation import command
from evaluation.asking import ask_memory, ask_sources
from evaluation.corpus import Place, passages
from evaluation.data import Question, choose, crossed, languages, questions
from evaluation.metrics import Figure
from evaluation.predictions import Contexts, Predictions
from evaluation.report import Measured, Table
from evaluation.scores import Scored, by_source, curves, figures, score
from evaluation.session import Ready, Session
from ingest.types import Language

Where = Callable[[Question], bool]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    command.add_common(parser)
    parser.add_argument("--memory", action="store_true", help="ask the model's memory too")


def run(options: argparse.Namespace) -> int:
    """Measure and report."""
    return command.run({"answers": measure}, options)


def measure(session: Session, options: argparse.Namespace, predictions: Predictions) -> Measured:
    """Ask the questions of each language. Raises RagError."""
    scored: dict[Language, list[Scored]] = {}
    for language in languages(options.data, options.language):
        asked = choose(questions(options.data, language), options.limit, options.seed)
        asked += choose(crossed(options.data, language), options.limit, options.seed)
        ready = session.ready(passages(options.data, language))
        scored[language] = list(answer(session, ready, asked, predictions, options.memory))
    return Measured(tables(scored), details(scored))


def answer(
    session: Session, ready: Ready, asked: Sequence[Question], predictions: Predictions, memory: bool = False
) -> Iterator[Scored]:
    """Ask questions of a corpus and score what is said; what an earlier run has asked is not asked again."""
    label = f"answers over {ready.corpus.name}"
    found = session.records("answers", ready).complete(label, asked, partial(ask_sources, session, ready))
    names, gold = Contexts(ready.corpus.contexts), places(ready)
    for (question, record), said in zip(found, _remembered(session, asked, memory), strict=True):
        predictions.add(question, names, record, said)
        yield score(question, record, gold.get(question.context_id or "", set()), said)


def _remembered(session: Session, asked: Sequence[Question], memory: bool) -> Iterator[str | None]:
    if not memory:
        yield from [None] * len(asked)
        return
    for _, record in session.records("memory").complete("memory", asked, partial(ask_memory, session)):
        yield record["memory_text"]


def places(ready: Ready) -> dict[str, set[Place]]:
    """Return the pages of each passage id."""
    found: dict[str, set[Place]] = {}
    for place, context in ready.corpus.contexts.items():
        found.setdefault(context, set()).add(place)
    return found


def tables(scored: dict[Language, list[Scored]]) -> list[Table]:
    """Return the figures of whole-corpus, in-document and crossed questions, and of each source."""
    return [
        _table("Whole corpus, by language", scored, lambda q: q.specific and not q.is_crossed),
        _table("Crossed, by the documents' language", scored, lambda q: q.is_crossed),
        _table("With the document ticked", scored, lambda q: not q.specific),
        _table("All questions of a language, whole corpus and ticked", scored, lambda q: not q.is_crossed),
        Table("By source", by_source(one for ones in scored.values() for one in ones)),
    ]


def _table(title: str, scored: dict[Language, list[Scored]], where: Where) -> Table:
    chosen = {language: [one for one in ones if where(one.question)] for language, ones in scored.items()}
    columns: dict[str, dict[str, Figure]] = {language: figures(ones) for language, ones in chosen.items() if ones}
    return Table(title, columns)


def details(scored: dict[Language, list[Scored]]) -> dict[str, Any]:
    """Return the curves of all questions of a language, and every unsupported number and name with its question."""
    own = {language: [one for one in ones if not one.question.is_crossed] for language, ones in scored.items()}
    return {
        "curves": {language: curves(ones) for language, ones in own.items() if ones},
        "unsupported": {
            one.question.id: one.unsupported for ones in scored.values() for one in ones if one.unsupported
        },
    }
