"""Draw a page of a PDF with its quoted words marked, in a limited child process."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.child_process import ChildFailed, ChildLost, ChildProcess
from ingest.errors import Refused
from ingest.types import Box, PageImage

MEMORY_MIB = 1024
SECONDS = 20.0
MIN_WIDTH, MAX_WIDTH = 100, 4_000


def render_page(
    pdf: Path, index: int, *, width: int, highlights: Sequence[int] = (), expected: str = "", scratch: Path
) -> PageImage:
    """Return page ``index`` as a PNG ``width`` pixels wide (less for a very long page), the highlights painted in.

    ``highlights`` are PDFium character indices (``Page.source_index`` without -1), ``expected`` the character wanted at
    each. Unless every one is found, nothing is painted and ``boxes`` is empty: a highlight is right or absent. The
    child runs in the folder ``scratch`` and writes nothing there.

    Raises Refused (DAMAGED, PASSWORD, TOO_COMPLEX, NO_PAGES).
    """
    if len(highlights) != len(expected):
        raise ValueError(f"{len(highlights)} highlights for {len(expected)} characters")
    scratch.mkdir(parents=True, exist_ok=True)
    request = json.dumps({"highlights": list(highlights), "expected": expected})
    arguments = ("render", str(pdf.absolute()), str(index), str(min(max(width, MIN_WIDTH), MAX_WIDTH)))
    try:
        message = _answer(arguments, request, scratch)
    except ChildFailed:
        raise Refused("TOO_COMPLEX", pdf.name) from None
    if "refused" in message:
        raise Refused(message["refused"], pdf.name)
    boxes = tuple(Box(*sides) for sides in message["boxes"])
    return PageImage(base64.b64decode(message["png"]), message["width"], message["height"], boxes)


def _answer(arguments: Sequence[str], request: str, scratch: Path, *, alone: bool = False) -> dict[str, Any]:
    """Return what a child answers; where it is lost, one that cannot be is asked again."""
    try:
        with ChildProcess(
            *arguments,
            scratch=scratch,
            memory_mib=MEMORY_MIB,
            cpu_seconds=int(SECONDS) + 1,
            request=request,
            alone=alone,
        ) as child:
            return next(child.messages(SECONDS, lambda: None), {"refused": "DAMAGED"})
    except ChildLost:
        return _answer(arguments, request, scratch, alone=True)
