"""One at a time, among all threads of all processes of a home."""

import threading
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from rag.errors import StorageError

BUSY_SECONDS = 60


class Turn:
    """A lock between threads and, through a file, between processes; not to be taken twice by one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._processes = FileLock(path, timeout=BUSY_SECONDS, poll_interval=0.01, thread_local=False)

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            self._processes.acquire()
        except Timeout as error:
            self._threads.release()
            raise StorageError("DATABASE", path=str(self._path), reason="another program keeps it busy") from error
        except BaseException:
            self._threads.release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._processes.release()
        self._threads.release()
