"""The sample questions, asked once on the command line beside the resident app."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rag.library import Library
from rag.settings import Settings
from tests.resident import App

Ask = Callable[[str], dict[str, Any]]
NOTEBOOK = ("--notebook", "Sample course")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folder = Path(__file__).parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.browser)  # the resident app begins its work at its first visit
            item.add_marker(pytest.mark.models)
            item.add_marker(pytest.mark.timeout(900))  # with the first start, on a busy machine


@pytest.fixture(scope="session")
def ask(resident: App) -> Ask:
    """Return a function that asks the sources of the sample notebook; the same question is asked once."""

    @cache
    def answer(question: str) -> dict[str, Any]:
        result = resident.command_line("ask", question, "--sources", "--json", *NOTEBOOK)
        assert result.returncode == 0, result.stderr
        return dict(json.loads(result.stdout))

    return answer


@pytest.fixture(scope="session")
def library(resident: App) -> Iterator[Library]:
    """The stored pages of the sample notebook."""
    opened = Library.open(Settings(home=resident.home, models=resident.home))
    yield opened
    opened.close()
