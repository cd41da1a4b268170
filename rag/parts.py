"""Which of the trained parts a notebook uses; nothing chosen means those of the settings."""

from dataclasses import dataclass
from typing import Literal

from rag.codec import decode, encode

ReaderChoice = Literal["default", "adapted", "off"]


@dataclass(frozen=True, slots=True)
class Parts:
    """``reader``: that of the settings, the one adapted to the notebook, or none. ``adapter``: that of the settings."""

    reader: ReaderChoice = "default"
    adapter: bool = True


UNCHOSEN = Parts()


def write_parts(parts: Parts) -> str:
    """Write parts as JSON."""
    return encode(parts)


def read_parts(text: str) -> Parts:
    """Read what ``write_parts`` wrote; what a newer Lectern chose and this one does not know is as if not chosen."""
    try:
        return decode(Parts, text)
    except ValueError:
        return UNCHOSEN
