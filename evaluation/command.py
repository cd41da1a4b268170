"""What the commands share: their options, and the run that measures, writes and prints."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from evaluation import report
from evaluation.data import LANGUAGES, require
from evaluation.predictions import Predictions, predicting
from evaluation.report import Measured
from evaluation.session import Session, opened
from rag.errors import RagError

Measure = Callable[[Session, argparse.Namespace, Predictions], Measured]


def add_common(parser: argparse.ArgumentParser, limit: int | None = None) -> None:
    """Add the options of every command; ``limit`` is the default of ``--limit``, None for all."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of documents and questions")
    parser.add_argument("--language", choices=LANGUAGES, help="only documents in this language")
    parser.add_argument(
        "--limit",
        type=whole_number("--limit"),
        default=limit,
        metavar="N",
        help=f"at most N questions of each set and language, 0 for all (default: {limit or 'all'})",
    )
    parser.add_argument("--seed", type=whole_number("--seed"), default=1, help="chooses the questions (default: 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    parser.add_argument("--predictions", type=Path, metavar="FILE", help="write one JSON line a question")
    parser.add_argument("--table", type=Path, metavar="FILE", help="put the tables between the marks of this Markdown")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="default: evaluation in LECTERN_HOME")
    parser.add_argument(
        "--readings",
        type=Path,
        metavar="DIR",
        help="keep what was read and weighed, and use it again; seconds are left out",
    )


def whole_number(name: str) -> Callable[[str], int]:
    """Return a reader of the option ``name``. It raises RagError SETTING_INVALID."""

    def read(value: str) -> int:
        if not value.isdecimal():
            raise RagError("SETTING_INVALID", name=name, value=value, example="100")
        return int(value)

    return read


def run(measures: Mapping[str, Measure], options: argparse.Namespace, marks: str = "") -> int:
    """Measure with one set of models, then write and print what was asked for; ``marks`` names those of the table.

    Raises RagError.
    """
    require(options.data)
    report.writable(options.json, options.predictions)
    if options.table:
        report.between_marks(options.table, "", marks)
    with (
        opened(options.cache, options.build, options.readings) as session,
        predicting(options.predictions, timed=options.readings is None) as predictions,
    ):
        measured = {name: measure(session, options, predictions.of(name)) for name, measure in measures.items()}
        if not any(table.columns for found in measured.values() for table in found.tables):
            raise RagError("DATA_MISSING", path=str(options.data), wanted="at least one question")
        about = report.about(_spoken(options), options.data, session.describe())
    if options.readings:
        measured = {name: report.without_seconds(found) for name, found in measured.items()}
    content = report.as_json(measured, about)
    if options.json:
        report.write_json(options.json, content)
    tables = report.text(measured, about)
    if options.table:
        report.put_in(options.table, tables, marks)
    print(tables)
    return 0


def _spoken(options: argparse.Namespace) -> str:
    # The command as it would be said again, without places on this machine.
    words: list[Any] = ["python -m evaluation", options.command, "--data DIR", "--seed", options.seed]
    words += ["--language", options.language] if options.language else []
    words += ["--limit", options.limit] if options.limit is not None else []
    words += ["--memory"] if "memory" in options and options.memory else []
    words += ["--readings", "DIR"] if options.readings else []
    for name in ("count", "baseline"):
        words += [f"--{name}", getattr(options, name)] if name in options else []
    return " ".join(str(word) for word in words)


def tell(line: str) -> None:
    """Say something about the run itself, beside its results."""
    print(line, file=sys.stderr)
