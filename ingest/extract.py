"""Choose an extractor by the name's suffix: the one place to add a kind of file."""

from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Protocol

from ingest.pdf import extract_pdf
from ingest.text import extract_text
from ingest.types import Document, Upload


class Extractor(Protocol):
    """Bytes to pages; raises Refused or Cancelled, leaves nothing in ``scratch``."""

    def __call__(
        self,
        upload: Upload,
        *,
        scratch: Path,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Document:
        """Return the document; ``progress`` takes pages done and pages in all."""
        ...


EXTRACTORS: Mapping[str, Extractor] = {".pdf": extract_pdf, ".txt": extract_text, ".md": extract_text}


def extract(
    upload: Upload, *, scratch: Path, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Document:
    """Turn an upload into a Document; a suffix without an extractor is tried as PDF.

    ``progress`` takes pages done and pages in all; ``cancelled`` is asked often. Raises Refused or Cancelled.
    """
    extractor = EXTRACTORS.get(PurePath(upload.name).suffix.lower(), extract_pdf)
    return extractor(upload, scratch=scratch, progress=progress, cancelled=cancelled)
