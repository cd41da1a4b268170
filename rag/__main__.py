"""The command line: ``python -m rag COMMAND``.

Exit status: 0 done (also when nothing was found, or fewer items than asked), 2 an input was refused, 1 an internal
fault, 130 interrupted: what was made until then is kept.
"""

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

try:
    from ingest.errors import Refused
    from ingest.types import Upload
    from rag.arguments import DEFAULT_NOTEBOOK, parser
    from rag.command_session import Build, Work, find_model, find_notebook, opened, working
    from rag.console import answer_lines, describe, exit_status
    from rag.conversation_commands import COMMANDS as CONVERSATION_COMMANDS
    from rag.conversation_commands import conversation_to_ask
    from rag.doctor import examine
    from rag.errors import RagError
    from rag.foundation import Foundation
    from rag.library import Library
    from rag.prepare import prepare
    from rag.receipt import clean_name, too_large
    from rag.report import report
    from rag.rows import DocumentRow, NotebookRow, Receipt
    from rag.settings import Settings
    from rag.store import Store
    from rag.study_commands import COMMANDS as STUDY_COMMANDS
    from rag.terminal import progress_bar, status_line
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] in ("ingest", "rag"):
        raise
    own = r".venv\Scripts\python" if os.name == "nt" else ".venv/bin/python"
    sys.exit(f"{missing.name} is not installed here. Run python3 start.py once, then {own} -m rag")

INTERRUPTED_BY_USER = 130


def main(arguments: Sequence[str] | None = None, build: Build | None = None) -> int:
    """Run one command and return the exit status; ``build`` loads the models, by default those of the settings."""
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(message)s")
    options = parser().parse_args(arguments, argparse.Namespace(build=build or _build))
    try:
        return _COMMANDS[options.command](Settings.from_environment(), options)
    except (RagError, Refused) as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return INTERRUPTED_BY_USER
    except Exception as error:
        logging.getLogger(__name__).debug("fault", exc_info=True)
        return _refuse(RagError("INTERNAL", reason=f"{type(error).__name__}: {error}"))


def _build(settings: Settings, store: Store) -> Foundation:
    from rag.services import build_foundation

    return build_foundation(settings, store)


def _refuse(error: RagError | Refused) -> int:
    print(error, file=sys.stderr)
    return exit_status(error.code)


def _notebook_to_fill(library: Library, name: str | None) -> NotebookRow:
    known = library.store.notebooks()
    if name is None and known:
        return known[-1]
    name = DEFAULT_NOTEBOOK if name is None else name
    return library.store.find_notebook(name) or library.store.create_notebook(name)


def _add(settings: Settings, options: argparse.Namespace) -> int:
    statuses: list[int] = []
    receipts: list[Receipt] = []
    with opened(settings) as library, working(library, options.build) as work:
        for path in options.files:
            try:
                upload = _read(path, settings.max_upload_mb)
            except (Refused, RagError) as error:
                statuses.append(_refuse(error))
                continue
            receipts.append(library.receive(_notebook_to_fill(library, options.notebook).id, upload))
        for receipt in receipts:
            row = _follow(library, receipt.document, work)
            print(describe(row, receipt.duplicate), file=sys.stderr if row.code else sys.stdout)
            statuses.append(exit_status(row.code))
    return 1 if 1 in statuses else max(statuses)


def _read(path: Path, limit_mb: int) -> Upload:
    try:
        if refusal := too_large(clean_name(path.name), path.stat().st_size, limit_mb):
            raise refusal
        return Upload(path.name, path.read_bytes())
    except OSError as error:
        raise RagError("FILE_UNREADABLE", path=str(path), reason=error.strerror or type(error).__name__) from error


def _follow(library: Library, row: DocumentRow, work: Work) -> DocumentRow:
    """Wait until a source is final; a terminal sees how far it is."""
    with status_line(sys.stderr) as show:

        def tell(now: DocumentRow) -> None:
            work(now)
            show(f"{now.name[:40]}: {now.state} {now.done} of {now.total}")

        final = library.wait_document(row.id, tell)
    if final is None:
        raise RagError("SOURCE_UNKNOWN", name=row.name, known="–")
    return final


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    with opened(settings) as library, working(library, options.build) as work:
        notebook = find_notebook(library, options.notebook)
        answer_id = library.ask(
            notebook.id,
            options.question,
            sources=not options.memory,
            memory=not options.sources,
            asker=f"command line {os.getpid()}",
            conversation_id=conversation_to_ask(library, notebook.id, options.conversation),
            choice=find_model(library, options.model),
        )
        try:
            row = library.wait(answer_id, work)
        except BaseException:
            # Nobody would read it any more.
            library.stop(answer_id)
            raise
    if row is None:
        raise RagError("INTERRUPTED")
    if row.code:
        raise RagError(row.code, **row.details)
    print(json.dumps(report(row), ensure_ascii=False) if options.json else "\n".join(answer_lines(row)))
    return 0


def _sources(settings: Settings, options: argparse.Namespace) -> int:
    with opened(settings) as library:
        notebook = find_notebook(library, options.notebook)
        rows = library.store.documents(notebook.id)
    print(f"{notebook.name} ({len(rows)} source{'' if len(rows) == 1 else 's'})")
    for row in rows:
        print(describe(row))
    return 0


def _remove(settings: Settings, options: argparse.Namespace) -> int:
    with opened(settings) as library:
        known = library.store.documents(find_notebook(library, options.notebook).id)
        chosen = [row for row in known if row.name == options.source]
        if not chosen:
            names = ", ".join(row.name for row in known) or "–"
            raise RagError("SOURCE_UNKNOWN", name=options.source, known=names)
        library.remove(chosen[0].id)
    more = f", {len(chosen) - 1} more of that name" if chosen[1:] else ""
    print(f"{options.source}: removed{more}")
    return 0


def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    findings = examine(settings)
    if options.json:
        print(json.dumps([{"name": f.name, "ok": f.ok, "value": f.value} for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{'ok ' if finding.ok else 'BAD'} {finding.name}: {finding.value}")
    return 0 if all(finding.ok for finding in findings) else 1


def _prepare(settings: Settings, options: argparse.Namespace) -> int:
    prepare(settings, progress_bar(sys.stderr))
    return 0


_COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], int]] = {
    "add": _add,
    "ask": _ask,
    "sources": _sources,
    "remove": _remove,
    "doctor": _doctor,
    "prepare": _prepare,
    **STUDY_COMMANDS,
    **CONVERSATION_COMMANDS,
}


def _write_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    _write_utf8()
    sys.exit(main())
