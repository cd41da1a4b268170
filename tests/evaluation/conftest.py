from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluation.__main__ import main
from tests.evaluation import small_set
from tests.evaluation.fakes import Builder

Evaluate = Callable[..., int]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_set.write(tmp_path_factory.mktemp("data"))


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture
def evaluate(data: Path, tmp_path: Path, builder: Builder) -> Evaluate:
    """Run a command over the small set, with the fakes and a cache that lasts as long as the test."""

    def run(command: str, *options: Any, build: Builder = builder, folder: Path = data) -> int:
        words = [command, "--data", folder, "--cache", tmp_path / "cache", *options]
        return main([str(word) for word in words], build)

    return run
