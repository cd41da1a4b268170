"""Visitors of the resident app: browsers with a language, a window and a scheme of colours."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from ingest.types import Upload
from rag.library import Library
from rag.rows import NotebookRow
from rag.settings import Settings
from tests.e2e.screen import SECONDS, Screen, until
from tests.resident import App

Visit = Callable[..., Screen]
expect.set_options(timeout=SECONDS * 1000)
SAMPLES = Path(__file__).parents[2] / "sample_docs"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folder = Path(__file__).parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.models)
            item.add_marker(pytest.mark.timeout(900))  # with the first start, on a busy machine


@pytest.fixture(scope="session")
def requested() -> list[str]:
    """Every address that any visitor's browser asked for."""
    return []


@pytest.fixture
def visit(browser: Browser, resident: App, requested: list[str]) -> Iterator[Visit]:
    """Return a function that opens a new browser window on an app, by default the resident one."""
    contexts: list[BrowserContext] = []

    def enter(
        app: App = resident,
        *,
        locale: str = "en-US",
        width: int = 1280,
        height: int = 860,
        colours: Literal["light", "dark"] = "light",
    ) -> Screen:
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": height}, color_scheme=colours, accept_downloads=True
        )
        contexts.append(context)
        context.on("request", lambda request: requested.append(request.url))
        return Screen(context.new_page(), app, locale[:2])

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def library(resident: App) -> Iterator[Library]:
    """The stored rows of the resident app."""
    opened = Library.open(Settings(home=resident.home, models=resident.home))
    yield opened
    opened.close()


@pytest.fixture
def notebook(library: Library) -> Iterator[NotebookRow]:
    """A notebook of its own for a test, with one English source that is ready; it goes with the test."""
    made = library.store.create_notebook("Networks")
    try:
        path = SAMPLES / "packet_switching.pdf"
        library.receive(made.id, Upload(path.name, path.read_bytes()))
        until(lambda: all(row.final for row in library.store.documents(made.id)), 2 * SECONDS)
        yield made
    finally:
        library.delete_notebook(made.id)
