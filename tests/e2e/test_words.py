"""What the model holds likely: the words of a memory answer by keyboard, and the page of the next word."""

import re

from playwright.sync_api import expect

from rag.library import Library
from rag.rows import NotebookRow
from rag.tokens import spell, words
from tests.e2e.conftest import Visit
from tests.e2e.screen import newest, until


def test_words_are_walked_by_keyboard_and_tell_what_was_likely(
    visit: Visit, library: Library, notebook: NotebookRow
) -> None:
    library.ask(notebook.id, "What is a router?", language="en", sources=False)
    screen = visit().open(notebook.id)
    until(lambda: newest(library, notebook.id).final)
    stored = newest(library, notebook.id)
    assert stored.memory_text == spell(stored.memory_tokens)
    assert all(token.probability and len(token.alternatives) == 5 for token in stored.memory_tokens)

    row = screen.row("What is a router?")
    row.get_by_role("button", name="Look at each word").click()
    found = words(stored.memory_tokens)
    # The framework draws a button with a tooltip twice and hides the one for another width.
    buttons = screen.page.locator(f"[class*='st-key-word-{stored.id}-'] button:visible")
    expect(buttons).to_have_count(len(found))
    buttons.first.focus()
    screen.page.keyboard.press("Tab")
    expect(buttons.nth(1)).to_be_focused()
    expect(screen.page.get_by_role("tooltip").get_by_text("%", exact=False).first).to_be_visible()
    screen.page.keyboard.press("Enter")
    pressed = screen.page.locator(f".st-key-pressed-{stored.id}")
    expect(pressed).to_contain_text(found[1].text)
    expect(pressed).to_contain_text(re.compile(r"\d+%, "))
    screen.drawn().shot("words")
    screen.page.set_viewport_size({"width": 390, "height": 860})
    expect(buttons).to_have_count(len(found))
    assert screen.overflow() == []


def test_the_next_word_is_shown_and_appended_and_temperature_asks_nobody(visit: Visit, notebook: NotebookRow) -> None:
    screen = visit(locale="fr-FR", colours="dark")
    screen.page.goto(f"{screen.app.url}/next-word?notebook={notebook.id}")
    screen.page.get_by_role("textbox", name="Début d’un texte").fill("En vacances, j’aime aller à la")
    screen.page.get_by_role("textbox", name="Début d’un texte").press("Control+Enter")
    beach = screen.page.get_by_role("button", name=re.compile(r"^plage \d+\s%$"))
    beach.wait_for()
    at_one = beach.inner_text()
    slider = screen.page.get_by_role("slider", name="Température")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowLeft")
    expect(beach).not_to_have_text(at_one)
    screen.drawn().shot("next-word")
    beach.click()
    expect(screen.page.get_by_role("textbox", name="Début d’un texte")).to_have_value(
        "En vacances, j’aime aller à la plage"
    )
