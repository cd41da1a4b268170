"""Readers adapted to one notebook: where they lie, what they came from, and which reader reads for a notebook.

``python -m training adapt`` writes them. One that is missing, damaged or made from another reader than the one in use
is passed over: the notebook is then read as all others are.
"""

import json
import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError
from rag.parts import Parts
from rag.types import Reader

MANIFEST = "manifest.json"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Adapted:
    """An adapted reader: the ``sha256`` of its weights and of the ``base`` they came from, ``date`` as YYYY-MM-DD.

    ``before`` and ``after`` are the F1 on the notebook's own questions that it was not trained on.
    """

    folder: Path
    sha256: str
    base: str
    date: str
    before: float
    after: float


def folder(home: Path, notebook_id: int) -> Path:
    """Return where the reader of a notebook lies, or would."""
    return home / "adapted" / str(notebook_id)


def find(home: Path, notebook_id: int) -> Adapted | None:
    """Return the adapted reader of a notebook; None when there is none or its manifest is damaged."""
    place = folder(home, notebook_id)
    try:
        told = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        own = told["figures"]["own"]
        return Adapted(
            place, told["sha256"], told["base"], told["date"], float(own["before"]["f1"]), float(own["after"]["f1"])
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        logger.warning("the adapted reader in %s is damaged", place, exc_info=True)
        return None


def forget(home: Path, notebook_id: int) -> None:
    """Remove the adapted reader of a notebook, if there is one."""
    shutil.rmtree(folder(home, notebook_id), ignore_errors=True)


def weights_hash(reader: Path) -> str:
    """Return the SHA-256 that the manifest of a reader states; "" when it has none."""
    try:
        return str(json.loads((reader / MANIFEST).read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


class NotebookReaders:
    """Gives each notebook the reader that it chose; the adapted one used last stays loaded."""

    def __init__(self, home: Path, usual: Reader | None, base: str, open_reader: Callable[[Path], Reader]) -> None:
        """``usual`` is the reader of the settings, ``base`` the SHA-256 of its weights."""
        self._home, self._usual, self._base, self._open = home, usual, base, open_reader
        self._lock = threading.Lock()
        self._loaded: tuple[Adapted, Reader] | None = None

    def of(self, notebook_id: int, parts: Parts) -> Reader | None:
        """Return the reader for a notebook with these parts; None when none shall read."""
        if parts.reader == "off":
            return None
        if parts.reader == "default" or self._usual is None:
            return self._usual
        return self._adapted(notebook_id) or self._usual

    def _adapted(self, notebook_id: int) -> Reader | None:
        found = find(self._home, notebook_id)
        if found is None or found.base != self._base:
            return None
        with self._lock:
            if self._loaded is None or self._loaded[0] != found:
                try:
                    self._loaded = (found, self._open(found.folder))
                except ModelError as error:
                    logger.warning("the adapted reader of notebook %d is not used: %s", notebook_id, error)
                    return None
            return self._loaded[1]
