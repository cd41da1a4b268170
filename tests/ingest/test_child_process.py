"""Whatever a child does, it ends, and in good time."""

import time
from pathlib import Path

import psutil
import pytest

from ingest.child_process import ChildFailed, ChildProcess
from tests.ingest.pdfs import draw, lines


def nothing() -> None:
    """Watch nothing."""


def start(pdf: Path, *, memory_mib: int = 512) -> ChildProcess:
    return ChildProcess("extract", str(pdf), "0", scratch=pdf.parent, memory_mib=memory_mib, cpu_seconds=60)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "cours.pdf"
    path.write_bytes(draw(*(lines(*["Une ligne de texte."] * 50) for _ in range(300))))
    return path


def test_messages_come_in_order(pdf: Path) -> None:
    with start(pdf) as child:
        pages = [message["page"] for message in child.messages(30, nothing) if "page" in message]
    assert pages == list(range(300))


def test_leaving_ends_the_process(pdf: Path) -> None:
    with start(pdf) as child:
        assert next(child.messages(30, nothing)) == {"pages": 300}
        process = psutil.Process(child.pid)
    assert not process.is_running()


def test_a_slow_child_is_given_up(pdf: Path) -> None:
    begun = time.monotonic()
    with start(pdf) as child:
        psutil.Process(child.pid).suspend()
        with pytest.raises(ChildFailed) as caught:
            list(child.messages(0.3, nothing))
    assert caught.value.reason == "time"
    assert time.monotonic() - begun < 5


def test_memory_is_polled_where_the_system_sets_no_limit(pdf: Path) -> None:
    with start(pdf) as child:
        child.memory_bytes = 1
        with pytest.raises(ChildFailed) as caught:
            list(child.messages(30, nothing))
    assert caught.value.reason == "memory"


def test_a_child_that_dies_is_noticed(pdf: Path) -> None:
    with start(pdf) as child:
        psutil.Process(child.pid).kill()
        with pytest.raises(ChildFailed) as caught:
            list(child.messages(30, nothing))
    assert caught.value.reason == "crash"
