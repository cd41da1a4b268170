"""Measure Lectern: ``python -m evaluation COMMAND --data DIR``."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from evaluation import bilingual, calibrate, files, pages
from evaluation.cached import CachedEmbedder
from evaluation.data import documents, questions
from evaluation.progress import Progress
from rag.build import build_embedder
from rag.calibration import FILE
from rag.library import Library
from rag.notebook import add_document
from rag.retrieve import Retriever
from rag.settings import Settings
from rag.types import Passage


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    return int(options.run(options) or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, run, text in (
        ("calibrate", _calibrate, "fit rag/calibration.json on a training set"),
        ("pages", _pages, "right page and highlight over qa_pdfs/"),
        ("files", _files, "coverage, seconds and refusal code of every PDF of a folder"),
    ):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        command.add_argument("--data", type=Path, required=True)
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--limit", type=int, default=0)
        command.add_argument("--json", type=Path)
        command.add_argument("--memory", action="store_true", help="time the memory answer too")
    return parser


@contextmanager
def _library() -> Iterator[Library]:
    with tempfile.TemporaryDirectory() as home:
        library = Library.open(replace(Settings.from_environment(), home=Path(home)))
        try:
            yield library
        finally:
            library.close()


def _calibrate(options: argparse.Namespace) -> None:
    with _library() as library:
        embedder = CachedEmbedder(build_embedder(library.settings))
        notebook = library.store.create_notebook("training")
        contexts: dict[tuple[str, int], str] = {}
        asked = []
        for language in ("en", "fr"):
            found, own = documents(options.data, language)
            contexts.update(own)
            for document in Progress(f"documents {language}").over(found):
                add_document(library, embedder, notebook.id, document)
            asked += calibrate.sample(questions(options.data, language), options.limit or 400, options.seed)
        ids = [row.id for row in library.store.documents(notebook.id)]

        def context_of(passage: Passage) -> str:
            return contexts[passage.sha256, passage.page_index]

        cases = calibrate.cases(
            Progress("questions").over(asked),
            Retriever(library.store, embedder),
            embedder,
            notebook.id,
            ids,
            context_of,
        )
        command = f"python -m evaluation calibrate --data {options.data.name} --seed {options.seed}"
        if options.limit:
            command += f" --limit {options.limit}"
        result = calibrate.write(FILE, list(cases), context_of, bilingual.cosine_shift(embedder), command)
    print(json.dumps(result, indent=2))


def _pages(options: argparse.Namespace) -> None:
    with _library() as library:
        result = pages.run(library, options.data, options.limit or 100, options.seed, options.memory)
    _write(options.json, result)


def _files(options: argparse.Namespace) -> None:
    _write(options.json, {"files": files.run(options.data)})


def _write(path: Path | None, result: dict[str, object]) -> None:
    text = json.dumps(result, ensure_ascii=False, indent=2)
    if path is not None:
        path.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    sys.exit(main())
