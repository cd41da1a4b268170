from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.jobs import Workers
from rag.library import Library
from rag.settings import Settings
from tests.rag.fakes import FakeServices, LineReader
from tests.rag.small_pdf import small_pdf
from tests.rag.terminal_user import Terminal


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    home = tmp_path / "home"
    opened = Library.open(Settings(home=home, models=tmp_path / "models"))
    yield opened
    opened.close()


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def work(library: Library, services: FakeServices) -> Iterator[Callable[[], Workers]]:
    """Start the workers of the library; they end with the test."""
    started: list[Workers] = []

    def start() -> Workers:
        workers = Workers(library, lambda: services, reader=LineReader())
        assert workers.start()
        started.append(workers)
        return workers

    yield start
    for workers in started:
        workers.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    monkeypatch.setenv("LECTERN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LECTERN_MODELS", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "numbers.pdf").write_bytes(small_pdf(2))
    (tmp_path / "other.pdf").write_bytes(small_pdf(3))
    (tmp_path / "text.pdf").write_text("no PDF at all")
    return Terminal(tmp_path / "home", capsys)
