from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.jobs import Workers
from rag.library import Library
from rag.settings import Settings
from tests.rag.fakes import FakeServices, LineReader


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
