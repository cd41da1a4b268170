"""The real app with the real models, started once for all tests that ask it something."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from rag.settings import Settings
from tests.guarded_app import is_loopback

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
READY_SECONDS = 300  # idle, a first start takes a tenth; the machine may be busy
BROWSER_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@dataclass(frozen=True)
class App:
    """A served app: its address, its home, and the file that names every other computer it reached for."""

    url: str
    home: Path
    reached: Path
    process: subprocess.Popen[bytes]

    def command_line(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m rag`` beside the app: it hands its work to the app, which holds the home."""
        return subprocess.run(
            guarded(self.reached, "rag", *arguments),
            cwd=ROOT,
            env=environment(self.home),
            capture_output=True,
            text=True,
            timeout=READY_SECONDS,
        )

    def strangers(self) -> list[str]:
        """Return what the app and the command line reached for on other computers, and the app's open sockets there."""
        tried = self.reached.read_text().splitlines() if self.reached.exists() else []
        processes = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        sockets = [place for one in processes for place in one.net_connections() if place.laddr]
        return tried + [str(place) for place in sockets if not is_loopback((place.raddr or place.laddr).ip)]


def guarded(reached: Path, module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module and lets it reach this computer only."""
    return [sys.executable, "-m", "tests.guarded_app", str(reached), module, *arguments]


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a user with a home of his own and the prepared models of this computer."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LECTERN_", "STREAMLIT_", "HF_"))}
    return {**kept, "LECTERN_HOME": str(home), "LECTERN_MODELS": str(Settings.from_environment().models)}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(folder: Path, home: Path) -> Iterator[App]:
    """Serve the app over ``home``, keeping its output in ``folder``; it ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    port, reached = free_port(), folder / "reached.txt"
    command = guarded(reached, "ui.serve", "app.py", "--server.port", str(port))
    with (folder / "app.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(home), stdout=log, stderr=log)
    try:
        _wait_until_served(process, port, folder / "app.log")
        yield App(f"http://localhost:{port}", home, reached, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_served(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise AssertionError(f"the app ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the app does not answer: {log.read_text()[-2000:]}")


def launch(playwright: object, executable: str) -> Browser:
    """Start a browser that does nothing on its own."""
    return playwright.chromium.launch(executable_path=executable, args=list(BROWSER_OPTIONS))  # type: ignore[attr-defined]
