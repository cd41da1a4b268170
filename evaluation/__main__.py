"""Measure Lectern: ``python -m evaluation COMMAND --data DIR``."""

import argparse
import importlib
import sys
from typing import TYPE_CHECKING, NoReturn

from ingest.errors import Refused
from rag.console import exit_status
from rag.errors import RagError

if TYPE_CHECKING:
    from evaluation.session import Build

COMMANDS = {
    "retrieval": "is the right passage found, and how high: recall, MRR and nDCG",
    "answers": "answers, citations and refusals over contexts_*.jsonl with qa_*.jsonl, and crossed.jsonl",
    "pdf": "right page and highlight over qa_pdfs/",
    "memory": "the model's memory beside the sources, over closed_book.jsonl and qa_*.jsonl",
    "mcq": "does the model pick the right options of mcq.jsonl? Quizzes ask this before they trust it",
    "quiz": "are quizzes of pdfs_course/ and qa_pdfs/ good: gate, keys, pages, answers, wrong options, seconds",
    "robustness": "do orders found in documents change anything?",
    "files": "coverage, seconds and refusal code of every PDF of a folder",
    "all": "retrieval, answers, pdf, memory and robustness in one go",
}
"""Each command is the module of its name, with ``add_arguments`` and ``run``."""

_MODULES = {"all": "everything"}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}. Try --help. [ARGUMENTS]\n")


def main(arguments: list[str] | None = None, build: "Build | None" = None) -> int:
    """Run one command; returns the exit status: 0 done, 2 an input was refused, 1 a fault.

    ``build`` loads the models (None: those of the settings).
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        options = _options(words)
        options.build = build
        return int(options.run(options))
    except (RagError, Refused) as error:
        print(error, file=sys.stderr)
        return exit_status(error.code)


def _options(words: list[str]) -> argparse.Namespace:
    chosen = words[0] if words and words[0] in COMMANDS else ""
    parser = _Parser(prog="python -m evaluation", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text)
        if name == chosen:
            # Imported only when chosen: each brings libraries of its own.
            module = importlib.import_module(f"evaluation.{_MODULES.get(name, name)}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
