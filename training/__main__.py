"""Train and calibrate the parts of Lectern: ``python -m training COMMAND --data DIR``."""

import argparse
import importlib
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

COMMANDS = {
    "batches": "make what the reader is trained on",
    "reader": "train the reader that finds answers in passages",
    "blend": "average trained readers",
    "compare": "compare readers on the held-out questions, as they are used",
    "calibrate": "fit rag/calibration.json on the held-out questions",
    "rank": "fit the ranking of passages on the held-out questions",
    "support": "fit the thresholds of support",
    "adapter": "train the low-rank adapter of the bundled generator",
    "regression": "draw the questions that an adapted reader must not forget",
    "adapt": "adapt the reader to the documents of one notebook",
}
"""Each command is the module of its name, with ``add_arguments`` and ``run``."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    chosen = words[0] if words and words[0] in COMMANDS else ""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text)
        if name == chosen:
            # Imported only when chosen: each brings heavy libraries of its own.
            module = importlib.import_module(f"training.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    options = parser.parse_args(words, argparse.Namespace(command=as_typed(words)))
    return int(options.run(options))


def as_typed(words: Sequence[str]) -> str:
    """Return the command, to be told beside what it made: of an absolute path only the name, which tells of nobody."""
    told = ["=".join(_plain(part) for part in word.split("=")) for word in words]
    return shlex.join(["python", "-m", "training", *told])


def _plain(part: str) -> str:
    return Path(part).name if Path(part).is_absolute() else part


if __name__ == "__main__":
    sys.exit(main())
