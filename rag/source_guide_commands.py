"""What ``python -m rag guide`` says of one source, or of a notebook as a whole."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace

from rag import export_path
from rag.command_session import find_notebook, opened, working
from rag.errors import RagError
from rag.export_path import suffix_of
from rag.library import READY_STATES, Library
from rag.rows import DocumentRow, NotebookRow
from rag.settings import Settings
from rag.source_guides.digest import of_those_there
from rag.source_guides.overview import overview
from rag.source_guides.points import as_aid
from rag.source_guides.report import overview_lines, overview_report, source_lines, source_report
from rag.source_guides.rows import SourceGuideRow
from rag.source_guides.types import SourceGuide
from rag.terminal import status_line


def source_guide(settings: Settings, options: argparse.Namespace) -> int:
    """Print or write the guide of one source, making it first if it is not made."""
    export_path.check(options.export, "guide")
    with opened(settings) as library, working(library, options.build) as work:
        notebook = find_notebook(library, options.notebook)
        row = _ready(library.store.documents(notebook.id), options.document)
        library.source_guides.resume(row.id)
        with status_line(sys.stderr) as show:

            def tell(now: SourceGuideRow) -> None:
                work(now)
                show(f"{row.name[:40]}: guide {now.done} %")

            made = library.wait_source_guide(row.id, tell)
        names = {one.sha256: one.name for one in library.store.documents(notebook.id)}
        guide = made.guide and _placed(library, notebook, made.guide)
    if guide is None:
        raise RagError(made.code or "INTERRUPTED", **made.details)
    if guide.digest:
        guide = replace(guide, digest=of_those_there(guide.digest, names))
    if options.export:
        from rag.export.guide import write_guide

        export_path.write(options.export, write_guide(suffix_of(options.export), as_aid(guide), guide.title))
        print(f"{options.export}: guide of {row.name}.")
    elif options.json:
        print(json.dumps(source_report(notebook.name, row, guide, names), ensure_ascii=False))
    else:
        print("\n".join(source_lines(row, guide, names)))
    return 0


def notebook_overview(settings: Settings, options: argparse.Namespace) -> int:
    """Print what a notebook is about, as far as the guides of its sources are made."""
    with opened(settings) as library:
        notebook = find_notebook(library, options.notebook)
        rows = [row for row in library.store.documents(notebook.id) if row.state in READY_STATES]
        guides = library.source_guides.rows(notebook.id)
    if not rows:
        raise RagError("NO_SOURCES")
    wanted = options.language if options.language != "document" else rows[0].language
    found = overview(rows, guides, wanted)
    if options.json:
        print(json.dumps(overview_report(notebook.name, found), ensure_ascii=False))
    else:
        print("\n".join(overview_lines(notebook.name, found)))
    return 0


def _ready(rows: Sequence[DocumentRow], name: str) -> DocumentRow:
    """Return the source of that name. Raises SOURCE_UNKNOWN, why it was refused, or NO_SOURCES when it is not read."""
    row = next((row for row in rows if row.name == name), None)
    if row is None:
        raise RagError("SOURCE_UNKNOWN", name=name, known=", ".join(row.name for row in rows) or "–")
    if row.state not in READY_STATES:
        raise RagError("NO_SOURCES")
    return row


def _placed(library: Library, notebook: NotebookRow, guide: SourceGuide) -> SourceGuide:
    """Find every citation again on its page."""
    return replace(
        guide,
        summary=tuple(library.place(citation, notebook.id)[0] for citation in guide.summary),
        headings=tuple(replace(one, at=library.place(one.at, notebook.id)[0]) for one in guide.headings),
        terms=tuple(replace(one, at=library.place(one.at, notebook.id)[0]) for one in guide.terms),
        questions=tuple(replace(one, at=library.place(one.at, notebook.id)[0]) for one in guide.questions),
    )
