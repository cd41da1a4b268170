"""Start the PDF child, listen to it, and end it when it takes too much."""

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from ingest.forked import start

POLL_SECONDS = 0.05
MAX_LINE_BYTES = 64 * 2**20


class ChildFailed(Exception):
    """The child died, or was ended: ``reason`` is crash, time or memory."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"PDF child: {reason}")


class ChildLost(ChildFailed):
    """The child ended with the process that it was forked from: nothing tells against what it read."""

    def __init__(self) -> None:
        super().__init__("lost")


class ChildProcess:
    """One run of ``pdf_child.py`` as a context manager; leaving it always ends the process.

    ``memory_mib`` bounds its memory, by the system where it can and by polling everywhere; ``cpu_seconds`` its
    processor time. ``alone`` it depends on no other process, and is never lost.
    """

    def __init__(
        self,
        *arguments: str,
        scratch: Path,
        memory_mib: int,
        cpu_seconds: int,
        request: str = "",
        alone: bool = False,
    ) -> None:
        self.memory_bytes = memory_mib * 2**20
        limits = ["--memory", str(memory_mib), "--cpu", str(cpu_seconds)]
        self._process = start([*limits, *arguments], scratch, alone=alone)
        self._lines: queue.Queue[bytes] = queue.Queue(maxsize=16)
        self._closing = threading.Event()
        threading.Thread(target=self._write, args=(request.encode(),), daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    def __enter__(self) -> "ChildProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._process.end()

    def _write(self, request: bytes) -> None:
        pipe = self._process.stdin
        with suppress(OSError):  # a child that died early is noticed by the reader
            if pipe is not None:
                pipe.write(request)
                pipe.close()

    def _listen(self) -> None:
        pipe = self._process.stdout
        while pipe is not None and (line := pipe.readline(MAX_LINE_BYTES)):
            self._put(line)
        self._put(b"")
        if pipe is not None:
            pipe.close()

    def _put(self, line: bytes) -> None:
        while not self._closing.is_set():
            try:
                self._lines.put(line, timeout=0.2)
            except queue.Full:
                continue
            return

    def messages(self, message_seconds: float, watch: Callable[[], None]) -> Iterator[dict[str, Any]]:
        """Yield the child's messages; call ``watch`` often (it may raise to end the child).

        Raises ChildFailed when a message takes more than ``message_seconds``, memory runs out or the child dies,
        ChildLost when it died with the process that it was forked from.
        """
        now = time.monotonic()
        deadline, look = now + message_seconds, now + POLL_SECONDS
        while True:
            watch()
            if time.monotonic() > look:
                self._check(deadline)
                look = time.monotonic() + POLL_SECONDS
            try:
                line = self._lines.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if not line.endswith(b"\n"):  # the end, or a line cut off
                status = self._process.end()
                if status is None:
                    raise ChildLost
                if line or status:
                    raise ChildFailed("crash")
                return
            yield _parse(line)
            deadline = time.monotonic() + message_seconds

    def _check(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise ChildFailed("time")
        with suppress(psutil.Error):  # the process may have ended meanwhile
            if psutil.Process(self._process.pid).memory_info().rss > self.memory_bytes:
                raise ChildFailed("memory")


def _parse(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        raise ChildFailed("crash") from None
    if not isinstance(message, dict):
        raise ChildFailed("crash")
    return message
