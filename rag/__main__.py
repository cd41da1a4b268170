"""The command line: ``python -m rag COMMAND``.

Exit status: 0 done (also when nothing was found), 2 an input was refused, 1 an internal fault.
"""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import REFUSALS, Refused
from ingest.types import Upload
from rag.doctor import examine
from rag.errors import MESSAGES, RagError
from rag.jobs import Workers
from rag.library import Library
from rag.prepare import prepare
from rag.report import report
from rag.rows import AnswerRow, DocumentRow, NotebookRow
from rag.settings import Settings

DEFAULT_NOTEBOOK = "Lectern"


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(message)s")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(Settings.from_environment(), options) or 0)
    except (RagError, Refused) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or 'file'}: {error.strerror}. Check the path and try again. [FILE]", file=sys.stderr)
        return 2
    except Exception as error:
        logging.getLogger(__name__).debug("fault", exc_info=True)
        print(RagError("INTERNAL", reason=f"{type(error).__name__}: {error}"), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rag", description="Ask your course PDFs on this computer.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[Settings, argparse.Namespace], int | None], text: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text)
        made.set_defaults(run=run)
        return made

    add = command("add", _add, "add PDF files to a notebook")
    add.add_argument("files", nargs="+", type=Path, metavar="FILE")
    ask = command("ask", _ask, "ask a question")
    ask.add_argument("question")
    columns = ask.add_mutually_exclusive_group()
    columns.add_argument("--sources", action="store_true", help="only from the sources")
    columns.add_argument("--memory", action="store_true", help="only from the model's memory")
    columns.add_argument("--both", action="store_true", help="both answers (the default)")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    sources = command("sources", _sources, "list the sources of a notebook")
    remove = command("remove", _remove, "remove a source from a notebook")
    remove.add_argument("source", help="its file name")
    for made in (add, ask, sources, remove):
        made.add_argument("--notebook", metavar="NAME", help="default: the newest notebook")
    doctor = command("doctor", _doctor, "check versions, models, device, database and disk")
    doctor.add_argument("--json", action="store_true")
    command("prepare", _prepare, "prepare the bundled models")
    return parser


@contextmanager
def _working(settings: Settings) -> Iterator[Library]:
    """Open the home and run its jobs here, unless another process already does."""
    library = Library.open(settings)

    def build() -> object:
        from rag.services import build_services

        return build_services(settings, library.store)

    workers = Workers(library, build, kind="command line")  # type: ignore[arg-type]
    try:
        if not workers.start():
            print(f"Working through the {library.holder()}.", file=sys.stderr)
        yield library
    finally:
        workers.close()
        library.close()


def _notebook(library: Library, name: str | None) -> NotebookRow:
    known = library.store.notebooks()
    if name is None:
        if not known:
            raise RagError("NOTEBOOK_UNKNOWN", name=DEFAULT_NOTEBOOK, known="–")
        return max(known, key=lambda row: row.id)
    found = library.store.find_notebook(name)
    if found is None:
        raise RagError("NOTEBOOK_UNKNOWN", name=name, known=", ".join(row.name for row in known) or "–")
    return found


def _add(settings: Settings, options: argparse.Namespace) -> int:
    uploads = [Upload(path.name, path.read_bytes()) for path in options.files]
    with _working(settings) as library:
        name = options.notebook or DEFAULT_NOTEBOOK
        newest = max(library.store.notebooks(), key=lambda row: row.id, default=None)
        found = library.store.find_notebook(options.notebook) if options.notebook else newest
        notebook = found or library.store.create_notebook(name)
        refused = 0
        for receipt in [library.receive(notebook.id, upload) for upload in uploads]:
            row = _follow(library, receipt.document)
            refused += row.state in ("refused", "failed")
            print(_describe(row, receipt.duplicate), file=sys.stderr if row.code else sys.stdout)
    return 2 if refused else 0


def _follow(library: Library, row: DocumentRow) -> DocumentRow:
    """Show how far a document is until it is final."""
    shown = ""

    def tell(now: DocumentRow) -> None:
        nonlocal shown
        line = f"{now.name}: {now.state} {now.done} of {now.total}"
        if line != shown and sys.stderr.isatty():
            print(f"\r{line:<78}", end="", file=sys.stderr)
            shown = line

    final = library.wait_document(row.id, tell)
    if shown:
        print("\r" + " " * 78, end="\r", file=sys.stderr)
    return final or row


def _describe(row: DocumentRow, duplicate: bool = False) -> str:
    if row.code:
        sentence = {**REFUSALS, **MESSAGES}[row.code]
        return f"{sentence.format(**row.details)} [{row.code}]"
    there = " (was there already)" if duplicate else ""
    missing = "" if row.readable == row.pages else f", {row.pages - row.readable} without text"
    return f"{row.name}: {row.state}, {row.readable} of {row.pages} pages readable{missing}{there}"


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    with _working(settings) as library:
        notebook = _notebook(library, options.notebook)
        answer_id = library.ask(notebook.id, options.question, sources=not options.memory, memory=not options.sources)
        row = library.wait(answer_id)
        if row is None:
            raise RagError("INTERRUPTED")
        if row.code:
            raise RagError(row.code, **row.details)
    if options.json:
        print(json.dumps(report(row), ensure_ascii=False))
    else:
        _print_answer(row)
    return 0


def _print_answer(row: AnswerRow) -> None:
    if row.sourced is not None:
        print("From your sources:")
        print(row.sourced.text or "Not in your sources. The nearest passages:")
        for citation in row.sourced.citations:
            print(f'  [{citation.n}] {citation.document}, p. {citation.page_index + 1}: "{citation.quote}"')
        if row.sourced.status == "not_found":
            for passage in row.sourced.passages[:3]:
                print(f"  {passage.document}, p. {passage.page_index + 1}: {passage.text[:160]}…")
    if row.wants_memory:
        print(f"\nFrom the model's memory (no source):\n{row.memory_text}")
    if row.comparison is not None:
        print(f"\nCompared: {row.comparison.verdict} {', '.join(row.comparison.differences)}".rstrip())


def _sources(settings: Settings, options: argparse.Namespace) -> None:
    library = Library.open(settings)
    for row in library.store.documents(_notebook(library, options.notebook).id):
        print(_describe(row))
    library.close()


def _remove(settings: Settings, options: argparse.Namespace) -> None:
    library = Library.open(settings)
    known = library.store.documents(_notebook(library, options.notebook).id)
    chosen = [row for row in known if row.name == options.source]
    if not chosen:
        names = ", ".join(row.name for row in known) or "–"
        raise RagError("SOURCE_UNKNOWN", name=options.source, known=names)
    library.remove(chosen[0].id)
    library.close()
    print(f"{options.source}: removed")


def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    findings = examine(settings)
    if options.json:
        print(json.dumps([{"name": f.name, "ok": f.ok, "value": f.value} for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{'ok ' if finding.ok else 'BAD'} {finding.name}: {finding.value}")
    return 0 if all(finding.ok for finding in findings) else 2


def _prepare(settings: Settings, options: argparse.Namespace) -> None:
    def tell(label: str, done: int, total: int) -> None:
        share = done / total if total else 1.0
        filled = round(30 * share)
        print(f"\r{label:<40} [{'#' * filled}{'.' * (30 - filled)}] {share:4.0%}", end="", file=sys.stderr, flush=True)

    prepare(settings, tell)
    print(file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
