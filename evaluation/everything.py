"""All of the tables of ``README.md`` in one go, with one set of models; what a folder does not hold is left out."""

import argparse
from collections.abc import Mapping

from evaluation import answers, command, memory, pdf, retrieval, robustness
from evaluation.command import Measure
from evaluation.data import require
from evaluation.predictions import Predictions
from evaluation.report import Measured
from evaluation.session import Session
from rag.errors import RagError

MEASURES: Mapping[str, Measure] = {
    "retrieval": retrieval.measure,
    "answers": answers.measure,
    "pdf": pdf.measure,
    "memory": memory.measure,
    "robustness": robustness.measure,
}
LIMITS = {"pdf": pdf.LIMIT, "memory": memory.LIMIT}
"""The defaults of the commands that take long for a question."""

NEEDS: Mapping[str, tuple[str, ...]] = {"robustness": (f"{robustness.FOLDER}/made_injection_*.pdf",)}
"""What a folder must hold for a command that by itself would do without."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    command.add_common(parser)
    parser.epilog = f"Unless --limit is given, pdf and memory take {pdf.LIMIT} questions of each set and language."
    parser.add_argument("--memory", action="store_true", help="ask the model's memory in answers too")


def run(options: argparse.Namespace) -> int:
    """Measure and report."""
    return command.run({name: _where_possible(name, measure) for name, measure in MEASURES.items()}, options)


def _where_possible(name: str, measure: Measure) -> Measure:
    def measured(session: Session, options: argparse.Namespace, predictions: Predictions) -> Measured:
        limit = LIMITS.get(name) if options.limit is None else options.limit
        own = argparse.Namespace(**{**vars(options), "limit": limit})
        try:
            require(options.data, *NEEDS.get(name, ()))
            return measure(session, own, predictions)
        except RagError as error:
            if error.code != "DATA_MISSING":
                raise
            command.tell(f"{name} is left out. {error}")
            return Measured([])

    return measured
