"""An answer is a stored row: Stop, refresh, another tab and a killed process lose nothing of it."""

from pathlib import Path

from playwright.sync_api import expect

from rag.library import Library
from rag.rows import NotebookRow
from rag.settings import Settings
from tests.e2e import files
from tests.e2e.conftest import Visit
from tests.e2e.screen import newest, until
from tests.resident import serve

QUESTION = "Explain step by step how packets find their way through a network."


def test_stop_ends_an_answer_at_once_and_keeps_what_was_written(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    screen = visit().open(notebook.id)
    row = screen.ask(QUESTION)
    until(lambda: newest(library, notebook.id).memory_text)
    screen.page.get_by_role("button", name="Stop", exact=True).click()
    until(lambda: newest(library, notebook.id).stopping)
    assert until(lambda: newest(library, notebook.id).final) < 2
    stored = newest(library, notebook.id)
    assert stored.state == "stopped"
    assert stored.memory_text
    expect(row.get_by_text("Stopped. What was written is kept.")).to_be_visible()
    expect(row).to_contain_text(stored.memory_text.split()[0])
    expect(screen.page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    screen.drawn().shot("stopped")


def test_a_refresh_and_a_second_tab_see_the_same_answer_to_its_end(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    screen = visit().open(notebook.id)
    screen.ask(QUESTION)
    until(lambda: newest(library, notebook.id).state == "streaming")
    screen.page.reload(wait_until="commit")
    assert not newest(library, notebook.id).final
    other = visit().open(notebook.id)
    for tab in (screen.drawn(), other):
        row = tab.row(QUESTION)
        row.get_by_role("button", name="Ask again").wait_for()
        stored = newest(library, notebook.id)
        assert (stored.state, len(library.conversation.answers(notebook.id))) == ("done", 1)
        expect(row).to_contain_text(stored.memory_text[:200])
    assert screen.row(QUESTION).inner_text() == other.row(QUESTION).inner_text()


def test_a_tab_that_was_open_before_sees_what_another_asks_and_stops(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    idle, screen = visit().open(notebook.id), visit().open(notebook.id)
    screen.ask(QUESTION)
    row = idle.row(QUESTION)
    row.wait_for()
    until(lambda: newest(library, notebook.id).memory_text)
    expect(row).to_contain_text(newest(library, notebook.id).memory_text.split()[0])
    idle.page.get_by_role("button", name="Stop", exact=True).click()
    until(lambda: newest(library, notebook.id).final)
    for tab in (screen, idle):
        expect(tab.row(QUESTION).get_by_text("Stopped. What was written is kept.")).to_be_visible()
        expect(tab.row(QUESTION)).to_contain_text(newest(library, notebook.id).memory_text.split()[0])
        expect(tab.page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)


def test_a_process_killed_while_it_reads_goes_on_at_the_next_start(visit: Visit, tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = Settings(home=home, models=home)
    library = Library.open(settings)
    library.store.set_setting("ui.samples_given", "yes")
    notebook = library.store.create_notebook("Rain")
    with serve(tmp_path, home) as app:
        screen = visit(app).open(notebook.id)
        screen.upload(files.pdf("volcano.pdf", files.lines(*files.VOLCANO)))
        screen.wait_ready("volcano.pdf")
        screen.ask("How long did the eruption of Vesper last?")
        until(lambda: newest(library, notebook.id).final)
        before = newest(library, notebook.id)
        screen.upload(files.long_pdf("valley.pdf", 60))
        until(
            lambda: [row.done for row in library.store.documents(notebook.id) if row.state == "embedding" and row.done]
        )
        app.process.kill()
        app.process.wait()
    states = {row.name: row.state for row in library.store.documents(notebook.id)}
    assert states == {"volcano.pdf": "ready", "valley.pdf": "embedding"}
    with serve(tmp_path, home) as app:
        screen = visit(app).open(notebook.id)
        screen.wait_ready("valley.pdf")
        expect(screen.page.get_by_text("2 sources, 61 pages")).to_be_visible()
        expect(screen.row(before.question)).to_contain_text("nineteen")
        assert newest(library, notebook.id) == before
        assert app.strangers() == []
    library.close()
