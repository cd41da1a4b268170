"""Children come from a warm process where the system allows it, and all the same when that process is gone."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from ingest import forked
from ingest.forked import Child, Forked, ForkServer, Spawned
from tests.ingest.pdfs import draw, lines

LIMITS = ("--memory", "512", "--cpu", "20")
linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every child is started by itself")


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "cours.pdf"
    path.write_bytes(draw(lines("Une ligne.", "Une autre.")))
    return path


@pytest.fixture
def server() -> Iterator[ForkServer]:
    with closing(ForkServer()) as server:
        yield server


def read(child: Child) -> bytes:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.close()
    with child.stdout as pipe:
        return pipe.read()


@linux
def test_a_forked_child_says_what_a_started_one_says(server: ForkServer, pdf: Path) -> None:
    arguments = (*LIMITS, "extract", str(pdf), "0")
    begun, started = server.fork(arguments, pdf.parent), Spawned(arguments, pdf.parent)
    assert read(begun) == read(started)
    assert (begun.end(), started.end()) == (0, 0)
    assert begun.end() == 0


@linux
def test_a_child_is_a_process_of_its_own_with_its_own_limits(server: ForkServer, pdf: Path) -> None:
    first, second = (server.fork((*LIMITS, "render", str(pdf), "0", "300"), pdf.parent) for _ in range(2))
    assert first.pid != second.pid
    # The first one ends while the second waits for its request: neither holds the pipes of the other.
    assert b'"png"' in read(first)
    deadline = time.monotonic() + 10
    while psutil.Process(second.pid).cwd() != str(pdf.parent):  # it goes there once it runs
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert (first.end(), second.end()) == (0, -9)


@linux
def test_a_child_that_fails_tells_it(server: ForkServer, tmp_path: Path) -> None:
    child = server.fork((*LIMITS, "nonsense", "x"), tmp_path)
    assert read(child) == b""
    assert child.end() == 2


@linux
def test_without_the_warm_process_children_are_started_and_then_another_warms_up(
    server: ForkServer, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked, "_server", server)
    arguments = (*LIMITS, "extract", str(pdf), "0")
    lost = forked.start((*LIMITS, "render", str(pdf), "0", "300"), pdf.parent)  # it waits for its request
    assert isinstance(lost, Forked)
    child = psutil.Process(lost.pid)
    warm = psutil.Process(child.ppid())
    warm.kill()
    warm.wait(5)
    assert psutil.wait_procs([child], 5)[1] == []
    kinds = []
    for _ in range(2):
        next_one = forked.start(arguments, pdf.parent)
        kinds.append(type(next_one))
        assert b'"pages": 1' in read(next_one)
        assert next_one.end() == 0
    assert kinds == [Spawned, Forked]
    assert lost.end() is None  # not as one that was killed by itself
    # The new one knows nothing of that child, and lives on.
    assert forked.start(arguments, pdf.parent).end() in (0, -9)
    assert server.ask({"end": 1})["status"] is None


@linux
def test_the_warm_process_ends_with_the_one_that_needs_it(pdf: Path) -> None:
    code = (
        "import psutil, sys\nfrom pathlib import Path\nfrom ingest.forked import start\n"
        f"child = start({[*LIMITS, 'render', str(pdf), '0', '300']!r}, Path({str(pdf.parent)!r}))\n"
        "print(child.pid, psutil.Process(child.pid).ppid())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    _, alive = psutil.wait_procs([psutil.Process(int(pid)) for pid in told.split() if psutil.pid_exists(int(pid))], 5)
    assert alive == []
