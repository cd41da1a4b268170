"""Sources come in, are refused or removed, and the page tells it."""

import re

import pytest
from playwright.sync_api import expect

from rag.library import Library
from rag.rows import NotebookRow
from tests.e2e import files
from tests.e2e.conftest import SAMPLES, Visit
from tests.e2e.screen import newest, until
from tests.ingest.pdfs import lines


@pytest.fixture
def emptied(library: Library):  # type: ignore[no-untyped-def]
    """Delete the notebooks that a test makes."""
    before = {row.id for row in library.store.notebooks()}
    yield
    for row in library.store.notebooks():
        if row.id not in before:
            library.delete_notebook(row.id)


@pytest.mark.usefixtures("emptied")
def test_a_new_notebook_takes_two_files_shows_how_far_they_are_and_answers(visit: Visit) -> None:
    screen = visit().open()
    screen.page.get_by_role("button", name="New notebook").click()
    screen.page.get_by_role("textbox", name="Name").fill("Geography")
    screen.page.get_by_role("button", name="Create").click()
    expect(screen.page.get_by_role("heading", name="Geography")).to_be_visible()
    expect(screen.page.get_by_text("Your PDFs, questions and answers stay on this computer.")).to_be_visible()
    screen.drawn().shot("empty_notebook")
    screen.upload(files.long_pdf("valley.pdf", 40), files.pdf("volcano.pdf", lines(*files.VOLCANO)))
    stage = re.compile("Waiting to be read|Reading|Preparing for search")
    expect(screen.source("valley.pdf").get_by_text(stage)).to_be_visible()
    expect(screen.page.get_by_role("progressbar").first).to_be_visible()
    screen.shot("progress")
    screen.wait_ready("valley.pdf")
    screen.wait_ready("volcano.pdf")
    expect(screen.page.get_by_text("2 sources, 41 pages")).to_be_visible()
    row = screen.ask("When did Vesper erupt for the last time?")
    row.get_by_role("button", name="volcano.pdf, p. 1").first.wait_for()
    expect(row).to_contain_text("1873")


def test_a_file_that_cannot_be_used_is_named_with_its_reason_and_the_others_go_on(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    screen = visit().open(notebook.id)
    screen.upload(
        files.payload("notes.pdf", b"These are notes, not a PDF."),
        files.locked("locked.pdf"),
        files.pdf("scan.pdf", files.scanned, files.scanned),
        files.pdf("half.pdf", lines(*files.VOLCANO), files.scanned, files.scanned),
    )
    for name, reason, code in (
        ("notes.pdf", "not a PDF", "NOT_PDF"),
        ("locked.pdf", "password", "PASSWORD"),
        ("scan.pdf", "pictures", "NO_TEXT"),
    ):
        expect(screen.source(name)).to_contain_text(reason)
        expect(screen.source(name)).to_contain_text(f"Code: {code}")
    screen.wait_ready("half.pdf")
    expect(screen.source("half.pdf")).to_contain_text("1/3 p.")
    screen.source("half.pdf").scroll_into_view_if_needed()
    screen.shot("refused")
    screen.source("half.pdf").get_by_role("button", name="Guide").click()
    expect(screen.page.get_by_role("dialog")).to_contain_text("Pages 2–3 are pictures")
    screen.drawn().shot("details")
    screen.page.keyboard.press("Escape")
    screen.source("notes.pdf").get_by_role("button", name="Remove").click()
    expect(screen.source("notes.pdf")).to_have_count(0)
    assert "notes.pdf" not in [row.name for row in library.store.documents(notebook.id)]


def test_a_citation_of_a_removed_source_keeps_its_quote_and_says_so(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    screen = visit().open(notebook.id)
    row = screen.ask("Which company developed DATAPAC?")
    row.get_by_role("button", name="packet_switching.pdf, p. 3").first.wait_for()
    until(lambda: newest(library, notebook.id).final)
    screen.source("packet_switching.pdf").get_by_role("button", name="Guide").click()
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_text("File, facts, removal", exact=True).click()
    dialog.get_by_role("button", name="Remove").click()
    expect(row.get_by_text("source deleted").first).to_be_visible()
    row.get_by_role("button", name="packet_switching.pdf, p. 3").first.click()
    expect(row.get_by_text("This source was removed from the notebook.")).to_be_visible()
    stored = newest(library, notebook.id).sourced
    assert stored is not None
    expect(row).to_contain_text(" ".join(stored.citations[0].quote.split())[:200])
    screen.drawn().shot("source_deleted")


def test_the_same_file_again_is_told_and_not_stored_twice(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    screen = visit().open(notebook.id)
    screen.upload(SAMPLES / "packet_switching.pdf")
    expect(screen.page.get_by_text("Already in this notebook: packet_switching.pdf")).to_be_visible()
    assert len(library.store.documents(notebook.id)) == 1
