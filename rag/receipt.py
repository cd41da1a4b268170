"""What is looked at before a file is stored: its name, its size, its first bytes."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

from ingest.errors import Refused
from ingest.extract import EXTRACTORS
from ingest.pdf import extract_pdf

NAME_CHARACTERS = 200
# Readers accept a header that begins within the first kilobyte.
_HEADER_BYTES = 1024


def clean_text(text: str) -> str:
    """Return text that every database and screen takes: no lone surrogates, controls or changes of direction."""
    kept = (
        c if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} or c in "\u200c\u200d" else " "
        for c in text
    )
    return "".join(kept)


def clean_name(name: str) -> str:
    """Return a file's name for display: without folders, at most 200 characters, never empty."""
    name = PureWindowsPath(PurePosixPath(clean_text(name)).name).name
    name = " ".join(name.split())
    if len(name) > NAME_CHARACTERS:
        stem, dot, suffix = name.rpartition(".")
        tail = f"{dot}{suffix}" if stem and len(suffix) <= 8 else ""
        name = f"{name[: NAME_CHARACTERS - len(tail) - 1]}…{tail}"
    return name or "document"


def is_pdf(name: str) -> bool:
    """Tell whether a file is read as PDF; only PDF has page images."""
    return EXTRACTORS.get(PurePosixPath(name).suffix.lower(), extract_pdf) is extract_pdf


def too_large(name: str, size: int, limit_mb: int) -> Refused | None:
    """Return the refusal of a file of more than ``limit_mb`` million bytes, or None."""
    return Refused("TOO_LARGE", name, limit=f"{limit_mb} MB") if size > limit_mb * 1_000_000 else None


def first_refusal(name: str, data: bytes, limit_mb: int) -> Refused | None:
    """Return why a file cannot be used as far as its size and first bytes tell, or None."""
    if refusal := too_large(name, len(data), limit_mb):
        return refusal
    if is_pdf(name) and b"%PDF-" not in data[:_HEADER_BYTES]:
        return Refused("NOT_PDF", name)
    return None
