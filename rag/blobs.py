"""Received files, stored once under the SHA-256 of their bytes."""

import errno
import os
import shutil
from collections.abc import Set
from pathlib import Path
from uuid import uuid4

from rag.errors import StorageError

# Kept free for the database: its log must still take a deletion when a file does not fit any more.
RESERVE_BYTES = 50_000_000
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Blobs:
    """Files under ``home/blobs``; a name is there only when all its bytes are on disk."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "blobs"
        self.unfinished = home / "blobs" / "unfinished"

    def path(self, sha256: str) -> Path:
        """Return where the file with this hash lies, whether or not it is there."""
        return self.folder / sha256[:2] / sha256

    def put(self, data: bytes, sha256: str) -> None:
        """Store ``data`` durably; bytes that are there already are left alone. Raises StorageError."""
        target = self.path(sha256)
        if target.exists():
            return
        try:
            self._write(data, target)
        except OSError as error:
            raise disk_error(error, self.folder) from error

    def check_room(self, size: int) -> None:
        """Raise StorageError(DISK_FULL) unless a file of ``size`` bytes and what is made of it will fit."""
        room = self.folder if self.folder.exists() else self.folder.parent
        if shutil.disk_usage(room).free < 3 * size + RESERVE_BYTES:
            raise StorageError("DISK_FULL", path=str(self.folder))

    def remove(self, sha256: str) -> None:
        """Remove one file; one that is gone already is no error."""
        self.path(sha256).unlink(missing_ok=True)

    def remove_unused(self, used: Set[str]) -> int:
        """Remove what is unfinished or not in ``used``; return how many. Nobody may be adding files meanwhile."""
        removed = 0
        for path in [p for p in self.folder.rglob("*") if p.is_file()]:
            if path.parent == self.unfinished or path.name not in used:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _write(self, data: bytes, target: Path) -> None:
        self.unfinished.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(exist_ok=True)
        unfinished = self.unfinished / uuid4().hex
        try:
            with unfinished.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        for folder in (target.parent, self.folder):
            _sync_folder(folder)


def disk_error(error: OSError, path: Path) -> StorageError:
    """Translate an error of the file system."""
    if error.errno in _FULL:
        return StorageError("DISK_FULL", path=str(path))
    return StorageError("DATABASE", path=str(path), reason=error.strerror or type(error).__name__)


def _sync_folder(folder: Path) -> None:
    # Windows can neither open nor sync a folder; its rename is durable by the file system's journal.
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
