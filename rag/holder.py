"""Who works: the one process that holds the lock of a home runs the jobs, all others leave them to it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from rag.blobs import disk_error

# Longer than another process needs to look whether the lock is free.
PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that runs the jobs; ``kind`` is "app" or "command line"."""

    pid: int
    kind: str

    def __str__(self) -> str:
        return f"{self.kind}, process {self.pid}"


class HomeLock:
    """The lock of a home; the system frees it when its process ends, however it ends."""

    def __init__(self, home: Path, kind: str) -> None:
        self._home = home
        self._kind = kind
        self._lock = FileLock(home / "lock", thread_local=False)

    def acquire(self) -> bool:
        """Take the lock and leave a note who has it; return False when another process has it."""
        try:
            self._lock.acquire(timeout=PATIENCE_SECONDS, poll_interval=0.05)
            note = self._home / f"holder.{os.getpid()}"
            note.write_text(json.dumps({"pid": os.getpid(), "kind": self._kind}), encoding="utf-8")
            note.replace(self._home / "holder")
        except Timeout:
            return False
        except OSError as error:
            self._lock.release()
            raise disk_error(error, self._home) from error
        return True

    def release(self) -> None:
        """Let another process work."""
        self._lock.release()


def holder(home: Path) -> Holder | None:
    """Return the process that runs the jobs of a home, or None when there is none."""
    lock = FileLock(home / "lock", thread_local=False)
    try:
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return _note(home / "holder")


def _note(path: Path) -> Holder:
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        return Holder(int(note["pid"]), str(note["kind"]))
    except (OSError, ValueError, TypeError, KeyError):
        # The holder took the lock a moment ago and has not written its note yet.
        return Holder(0, "starting")
