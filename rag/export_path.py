"""A file to write on the command line: by its ending a format that its kind is written in, known before a long run."""

from pathlib import Path

from rag.errors import RagError

SUFFIXES = {
    "quiz": ("apkg", "xml", "gift", "csv", "json", "md", "pdf", "html"),
    "cards": ("apkg", "csv", "md"),
    "guide": ("md", "docx", "pdf"),
    "conversation": ("md", "docx", "pdf"),
    "notes": ("md", "docx", "pdf"),
    "feedback": ("csv", "jsonl"),
}


def check(path: Path | None, kind: str) -> None:
    """Check that ``path``, if there is one, can be written. Raises RagError EXPORT_FORMAT or FILE_UNWRITABLE."""
    if path is None:
        return
    if suffix_of(path) not in SUFFIXES[kind]:
        raise RagError("EXPORT_FORMAT", path=str(path), known=", ".join(SUFFIXES[kind]))
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise RagError("FILE_UNWRITABLE", path=str(path), reason="it is not in a folder that is there")


def suffix_of(path: Path) -> str:
    """Return what the file's name ends with, in small letters, without its point."""
    return path.suffix.lower().removeprefix(".")


def write(path: Path, data: bytes) -> None:
    """Write the file. Raises RagError FILE_UNWRITABLE."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise RagError("FILE_UNWRITABLE", path=str(path), reason=error.strerror or type(error).__name__) from error
