"""Study guides, flashcards and files to take away in a browser, with the real models."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from rag.library import Library
from rag.rows import NotebookRow
from rag.study.rows import GuideRow
from tests.e2e.conftest import Visit
from tests.e2e.screen import SECONDS, Screen, newest, until

MARKED = {"en": "with the quoted words highlighted", "fr": "les mots cités sont surlignés"}


def opened(screen: Screen, page: str, notebook: NotebookRow) -> Screen:
    screen.page.goto(f"{screen.app.url}/{page}?notebook={notebook.id}")
    return screen.drawn()


def make(screen: Screen, library: Library, notebook: NotebookRow, kind: str, button: str) -> GuideRow:
    """Choose a kind of guide, have it made, and look at the page anew meanwhile; return it once it is done."""
    chosen = screen.page.get_by_role("radio", name=kind, exact=True)
    chosen.click()
    screen.drawn()
    expect(chosen).to_be_checked()
    screen.page.get_by_role("button", name=button, exact=True).click()
    until(lambda: library.guides.rows(notebook.id))
    screen.page.reload()
    until(lambda: library.guides.rows(notebook.id)[-1].final, 4 * SECONDS)
    row = library.guides.rows(notebook.id)[-1]
    assert (row.state, row.code) == ("done", "")
    expect(screen.page.get_by_role("heading", level=2, name=kind)).to_be_visible()
    return row


def saved(screen: Screen, button: Locator) -> bytes:
    with screen.page.expect_download() as download:
        button.click()
    return Path(str(download.value.path())).read_bytes()


def test_a_guide_is_made_opens_its_pages_and_leaves_as_a_file(
    visit: Visit, library: Library, notebook: NotebookRow
) -> None:
    screen = visit().open(notebook.id)
    screen.page.get_by_role("link", name="Study guide").click()
    screen.drawn()
    row = make(screen, library, notebook, "Summary", "Make")
    assert row.guide is not None
    first = screen.page.get_by_role("button", name="1 · p.")
    first.first.press("Enter")
    expect(screen.page.get_by_role("img", name=MARKED["en"])).to_be_visible()
    screen.drawn().shot("guide")
    screen.page.get_by_role("button", name="Enlarge").click()
    dialog = screen.page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name=MARKED["en"])).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    screen.page.get_by_role("button", name="Close").click()
    expect(screen.page.get_by_role("img", name=MARKED["en"])).to_have_count(0)

    text = saved(screen, screen.page.get_by_role("button", name="Markdown")).decode().replace("\\", "")
    assert row.guide.points[0].text in text
    assert "packet_switching.pdf, p.\u00a01" in text
    word = zipfile.ZipFile(BytesIO(saved(screen, screen.page.get_by_role("button", name="Word"))))
    assert "word/document.xml" in word.namelist()
    assert saved(screen, screen.page.get_by_role("button", name="PDF", exact=True)).startswith(b"%PDF")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_timeline_on_a_phone_is_pressed_and_opens_its_page(
    visit: Visit, library: Library, notebook: NotebookRow, colours: str
) -> None:
    screen = opened(visit(locale="fr-FR", width=390, height=844, colours=colours), "guide", notebook)
    make(screen, library, notebook, "Chronologie", "Créer")
    picture = screen.page.get_by_test_id("stVegaLiteChart")
    picture.scroll_into_view_if_needed()
    assert screen.drawn().overflow() == []
    screen.shot(f"timeline_{colours}")
    picture.locator(".mark-rect path").nth(2).click(force=True)  # its words lie over it
    image = screen.page.get_by_role("dialog").get_by_role("img", name=MARKED["fr"])
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    assert screen.drawn().overflow() == []
    screen.shot(f"timeline_{colours}_page")


def test_definitions_become_cards_that_are_reviewed_by_keys(
    visit: Visit, library: Library, notebook: NotebookRow
) -> None:
    screen = opened(visit(), "cards", notebook)
    screen.page.get_by_role("button", name="cards").filter(has_text="Add").click()
    expect(screen.page.get_by_role("button", name="Show answer")).to_be_visible()
    cards = library.cards.rows(notebook.id)
    assert len(cards) > 1
    screen.drawn().page.keyboard.press("Space")
    expect(screen.page.get_by_role("button", name="Easy")).to_be_visible()
    expect(screen.page.get_by_text(cards[0].back[:40])).to_be_visible()
    screen.page.get_by_role("button", name="packet_switching.pdf, p.").click()
    expect(screen.page.get_by_role("img", name=MARKED["en"])).to_be_visible()
    screen.drawn().shot("card")
    screen.page.keyboard.press("4")
    until(lambda: library.cards.row(cards[0].id).reviews == 1)
    expect(screen.page.get_by_text("1 review done today")).to_be_visible()
    screen.page.reload()
    expect(screen.page.get_by_role("heading", name=cards[1].front)).to_be_visible()

    screen.page.get_by_role("radio", name="All cards").click()
    assert zipfile.is_zipfile(BytesIO(saved(screen, screen.page.get_by_role("button", name="Anki"))))


def test_an_answer_and_the_conversation_leave_with_their_citations(
    visit: Visit, library: Library, notebook: NotebookRow
) -> None:
    screen = visit().open(notebook.id)
    row = screen.ask("Who designed the CYCLADES network?")
    until(lambda: newest(library, notebook.id).final)
    row.get_by_role("button", name="More").click()
    screen.page.get_by_role("menuitem", name="Save").or_(screen.page.get_by_role("option", name="Save")).click()
    text = (
        saved(screen, screen.page.get_by_role("dialog").get_by_role("button", name="Markdown"))
        .decode()
        .replace("\\", "")
    )
    assert "Louis Pouzin" in text
    assert "packet_switching.pdf, p.\u00a02" in text
    screen.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(screen.page.get_by_role("dialog")).to_be_hidden()
    screen.page.get_by_role("button", name="Manage this conversation").click()
    screen.page.get_by_role("menuitem", name="Save").or_(screen.page.get_by_role("option", name="Save")).click()
    dialog = screen.page.get_by_role("dialog")
    assert saved(screen, dialog.get_by_role("button", name="PDF", exact=True)).startswith(b"%PDF")
