"""Whoever types ``python -m rag``, with models that a reader can predict."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rag.__main__ import main
from rag.library import Library
from rag.settings import Settings
from rag.store import Store
from tests.rag.fakes import FakeServices


@dataclass
class Terminal:
    """Runs commands on one home; counts how often the models were loaded."""

    home: Path
    capture: pytest.CaptureFixture[str]
    services: FakeServices = field(default_factory=FakeServices)
    loads: int = 0

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        status = main(arguments, self.build)
        return (status, *self.capture.readouterr())

    def build(self, settings: Settings, store: Store) -> FakeServices:
        assert settings.home == self.home
        self.loads += 1
        return self.services

    def library(self) -> Library:
        return Library.open(Settings(home=self.home, models=self.home.parent / "models"))
