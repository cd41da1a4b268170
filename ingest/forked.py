"""Children forked from a warm process where the system can, started anew elsewhere: the same to whoever uses them."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

FOLDER = Path(__file__).parent
PYTHON = (sys.executable, "-I", "-X", "utf8")
MAX_ANSWER = 1 << 10
PATIENCE_SECONDS = 20.0
"""To start the warm process takes less than one on an idle machine; a child is forked or ended at once."""


class Child(Protocol):
    """A running child with its pipes."""

    pid: int
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def end(self) -> int | None:
        """Kill it unless it has ended, and return its exit status: below 0 for a signal, None if it is lost."""
        ...


class Forked:
    """A child of the warm process."""

    def __init__(self, server: "ForkServer", pid: int, stdin: int, stdout: int) -> None:
        self.pid = pid
        self.stdin: IO[bytes] | None = os.fdopen(stdin, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(stdout, "rb")
        self._server = server
        self._status: int | None = None
        self._ended = False
        self._ending = threading.Lock()

    def end(self) -> int | None:
        """Kill it unless it has ended, and return its exit status; None where the warm process ended, and it too."""
        with self._ending:
            if not self._ended:
                with suppress(OSError):
                    self._status = self._server.ask({"end": self.pid})["status"]
                self._ended = True
            return self._status


class Spawned:
    """A child started by itself."""

    def __init__(self, arguments: Sequence[str], folder: Path) -> None:
        self._process = subprocess.Popen(
            [*PYTHON, str(FOLDER / "pdf_child.py"), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self.stdin: IO[bytes] | None = self._process.stdin
        self.stdout: IO[bytes] | None = self._process.stdout

    def end(self) -> int:
        """Kill it unless it has ended, and return its exit status."""
        self._process.kill()
        return self._process.wait()


class ForkServer:
    """The warm process, started at the first need and again when it is gone; it ends with this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channel: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def fork(self, arguments: Sequence[str], folder: Path) -> Forked:
        """Start a child. Raises OSError."""
        pipes = [os.pipe(), os.pipe()]
        (child_in, stdin), (stdout, child_out) = pipes
        try:
            answer = self.ask({"run": list(arguments), "folder": str(folder)}, (child_in, child_out))
        except BaseException:
            os.close(stdin)
            os.close(stdout)
            raise
        finally:
            os.close(child_in)
            os.close(child_out)
        return Forked(self, int(answer["pid"]), stdin, stdout)

    def ask(self, request: dict[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
        """Send one request and return its answer. Raises OSError."""
        with self._lock:
            channel = self._channel or (self._open() if "run" in request else None)
            if channel is None:
                raise ConnectionError("the process that forks has ended")
            try:
                socket.send_fds(channel, [json.dumps(request).encode()], descriptors)
                message = channel.recv(MAX_ANSWER)
                if not message:
                    raise ConnectionError("the process that forks has ended")
            except OSError:
                self._drop()
                raise
        answer: dict[str, Any] = json.loads(message)
        return answer

    def close(self) -> None:
        """End the warm process and its children."""
        with self._lock:
            self._drop()

    def _open(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(PATIENCE_SECONDS)
        with theirs:
            self._process = subprocess.Popen(
                [*PYTHON, str(FOLDER / "fork_server.py")],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._channel = ours
        return ours

    def _drop(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()  # its children end with it
                self._process.wait()
        self._channel = self._process = None


_server = ForkServer()


def start(arguments: Sequence[str], folder: Path, *, alone: bool = False) -> Child:
    """Run ``pdf_child.py`` with these arguments in ``folder``; ``alone`` it cannot be lost with the warm process."""
    # Elsewhere a fork is missing, or not safe with the system's libraries loaded.
    if sys.platform == "linux" and not alone:
        with suppress(OSError):
            return _server.fork(arguments, folder)
    return Spawned(arguments, folder)
