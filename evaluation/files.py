"""What becomes of every PDF of a folder: pages, coverage, seconds, warnings or refusal code."""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import ingest
from evaluation.data import require
from evaluation.progress import Progress
from evaluation.report import writable, write_json
from ingest.errors import Refused
from ingest.types import Upload
from rag.receipt import first_refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of PDF files")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows")


def run(options: argparse.Namespace) -> int:
    """Read every PDF and report. Raises RagError DATA_FOLDER, DATA_MISSING or FILE_UNWRITABLE."""
    require(options.data, "*.pdf", "*.PDF")
    writable(options.json)
    content = {"files": measure(options.data)}
    if options.json:
        write_json(options.json, content)
    print(json.dumps(content, ensure_ascii=False, indent=2))
    return 0


def measure(folder: Path) -> list[dict[str, Any]]:
    """Extract each file as an upload would be; one row a file, by name."""
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".pdf")
    return [_row(path) for path in Progress("files").over(found)]


def _row(path: Path) -> dict[str, Any]:
    upload = Upload(path.name, path.read_bytes())
    start = time.perf_counter()
    row: dict[str, Any] = {"file": path.name}
    try:
        with tempfile.TemporaryDirectory() as scratch:
            refusal = first_refusal(upload.name, upload.data, 200)
            if refusal is not None:
                raise refusal
            document = ingest.extract(
                upload, scratch=Path(scratch), progress=lambda done, total: None, cancelled=lambda: False
            )
        row.update(
            code="",
            pages=len(document.pages),
            readable=document.readable,
            characters=sum(len(page.text) for page in document.pages),
            language=document.language,
            warnings=[f"{warning.code} p. {warning.index + 1}" for warning in document.warnings][:5],
        )
    except Refused as refused:
        row.update(code=refused.code)
    return {**row, "seconds": round(time.perf_counter() - start, 2)}
