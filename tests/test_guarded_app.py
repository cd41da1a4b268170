"""The guard that the tests run the app under sees and refuses every way to another computer."""

import subprocess
from pathlib import Path

import pytest

from tests.resident import guarded

ROOT = Path(__file__).parents[1]
WAYS = {
    "socket.getaddrinfo": "urllib.request.urlopen('http://example.org')",
    "socket.connect": "socket.socket().connect(('192.0.2.1', 80))",
    "socket.sendto": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "socket.gethostbyname": "socket.gethostbyname('example.org')",
    "socket.bind": "socket.socket().bind(('0.0.0.0', 0))",
}
WITHIN = "a = socket.create_server(('127.0.0.1', 0)); socket.create_connection(a.getsockname())"


def run(log: Path, statement: str) -> subprocess.CompletedProcess[str]:
    command = guarded(log, "timeit", "-n", "1", "-r", "1", "-s", "import socket, urllib.request", statement)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("event", WAYS)
def test_a_way_out_is_refused_and_written_down(tmp_path: Path, event: str) -> None:
    log = tmp_path / "reached.txt"
    result = run(log, WAYS[event])
    assert result.returncode != 0
    assert "is not this computer" in result.stdout + result.stderr
    assert event in log.read_text()


def test_what_stays_on_this_computer_goes_through(tmp_path: Path) -> None:
    log = tmp_path / "reached.txt"
    assert run(log, WITHIN).returncode == 0
    assert log.read_text() == ""
