"""What a visitor sees and does, in the words on the screen."""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from rag.library import Library
from rag.rows import AnswerRow
from tests.resident import App

SHOTS = Path(__file__).parent / "shots"
SECONDS = 90  # the longest wait for one thing to appear; idle, it takes a tenth
SOURCES = {"en": "Ask your sources…", "fr": "Interrogez vos sources…"}


class Screen:
    """A browser tab on the app."""

    def __init__(self, page: Page, app: App, language: str) -> None:
        self.page, self.app, self.language = page, app, language
        page.set_default_timeout(SECONDS * 1000)

    def open(self, notebook_id: int | None = None) -> "Screen":
        """Open a notebook, by default the first, and wait until it is drawn."""
        self.page.goto(self.app.url if notebook_id is None else f"{self.app.url}/?notebook={notebook_id}")
        return self.drawn()

    def drawn(self) -> "Screen":
        """Wait until a notebook's name stands there, nothing is being drawn any more, and keys reach what is drawn."""
        self.page.get_by_role("heading", level=1).first.wait_for()  # an open dialog may have one too
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        self.page.evaluate(_TWO_FRAMES)
        return self

    def question_box(self) -> Locator:
        return self.page.get_by_role("textbox", name=SOURCES[self.language])

    def ask(self, question: str) -> Locator:
        """Type a question and send it; return its row in the conversation."""
        self.question_box().fill(question)
        self.question_box().press("Enter")
        row = self.row(question)
        row.wait_for()
        return row

    def row(self, question: str) -> Locator:
        """Return the newest row of a question with its answers."""
        heading = self.page.get_by_role("heading", level=2, name=question, exact=True)
        return self.page.locator("[class*='st-key-answer-']").filter(has=heading).first

    def upload(self, *files: Path | FilePayload) -> None:
        """Choose files in the uploader."""
        chooser = self.page.get_by_test_id("stFileUploaderDropzoneInput").first
        chooser.set_input_files(list(files))  # type: ignore[arg-type]

    def source(self, name: str) -> Locator:
        """Return a source in the sidebar."""
        return self.page.locator("[class*='st-key-source-']:not(.st-key-source-list)").filter(has_text=name)

    def wait_ready(self, name: str) -> None:
        """Wait until a source can be ticked."""
        self.source(name).get_by_role("checkbox").wait_for()

    def shot(self, name: str) -> None:
        """Keep a picture of the tab."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def overflow(self) -> list[str]:
        """Return what reaches beyond the right edge of the window."""
        return [str(name) for name in self.page.evaluate(_OVERFLOW)]


# The page binds the keys of new buttons after it has painted them: until then Enter reaches the button that was there.
_TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

_OVERFLOW = """() => [...document.querySelectorAll('[data-testid=stMain] *, [data-testid=stBottom] *')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
    .filter(e => !e.closest('pre, code'))
    .map(e => e.tagName + ' ' + (e.dataset.testid || e.className))"""


def until(condition: Callable[[], object], seconds: float = SECONDS) -> float:
    """Wait for something in the stored rows; return how long it took in seconds."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - started


def newest(library: Library, notebook_id: int) -> AnswerRow:
    """Return the last answer of a notebook."""
    return library.conversation.answers(notebook_id)[-1]


def words(text: str) -> Sequence[str]:
    """Return the words of a text, without marks or case."""
    return re.findall(r"\w+", text.casefold())
