"""Is what is highlighted on a page what is quoted? Read back from the page, letters and digits only."""

import json
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from ingest.errors import Refused
from ingest.types import Box
from rag.library import Library
from rag.rows import DocumentRow

Highlight = Literal["right", "wrong", "absent"]

CHILD = Path(__file__).with_name("highlight_child.py")
WIDTH = 900
SECONDS = 30


def check(library: Library, row: DocumentRow, citation: dict[str, Any]) -> Highlight:
    """Draw a citation's page as the app does and compare the text under its boxes with the quote."""
    try:
        image = library.page_image(row, citation["page_index"], WIDTH, [(citation["start"], citation["end"])])
    except Refused:
        return "absent"
    if image is None or not image.boxes:
        return "absent"
    found = read_back(library.file(row), citation["page_index"], image.boxes)
    return "right" if letters(found) == letters(citation["quote"]) else "wrong"


def read_back(pdf: Path, page: int, boxes: Sequence[Box]) -> str:
    """Return the characters under the boxes, by a process that shares no code with the drawing."""
    sides = [[box.left, box.top, box.right, box.bottom] for box in boxes]
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(CHILD)],
        input=json.dumps({"path": str(pdf.absolute()), "page": page, "boxes": sides}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=SECONDS,
    )
    return str(json.loads(done.stdout))


def letters(text: str) -> str:
    """Return the letters and digits of a text in their plain forms; a ligature is its letters."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
