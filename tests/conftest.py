"""One browser and one served app for the whole run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests import browser as browsers
from tests.resident import READY_SECONDS, App, launch, serve

# Machines are shared and noisy: no test fails by the clock of one example.
settings.register_profile("lectern", deadline=None)
settings.load_profile("lectern")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = browsers.executable()
    if executable is None:
        pytest.fail("No Chromium or Chrome was found. Run: python tests/browser.py")
    with sync_playwright() as playwright:
        started = launch(playwright, executable)
        yield started
        started.close()


@pytest.fixture(scope="session")
def resident(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app on a new home, its sample notebook read: the first visit opens it, as a user's does."""
    folder = tmp_path_factory.mktemp("resident")
    with serve(folder, folder / "home") as app:
        first_visit(browser, app, folder)
        yield app
        assert app.strangers() == []


def first_visit(browser: Browser, app: App, folder: Path) -> None:
    """Open the page in English until every sample is ready, with a picture of the start and of the end."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 860})
    try:
        page = context.new_page()
        page.goto(app.url)
        page.get_by_role("progressbar").first.wait_for(timeout=READY_SECONDS * 1000)
        page.screenshot(path=folder / "first_start.png")
        page.get_by_text("6 sources, 83 pages").wait_for(timeout=READY_SECONDS * 1000)
    finally:
        context.close()
