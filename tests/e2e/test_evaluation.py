"""The evaluation page in a browser, with the real models: from suggested questions to figures, plots and pages."""

import csv
import io
from pathlib import Path

from playwright.sync_api import expect

from rag.library import Library
from rag.rows import NotebookRow
from tests.e2e.conftest import Visit
from tests.e2e.screen import SECONDS, Screen, until

QUESTIONS = (
    b"question,answer,page,document\r\n"
    b"In which year did Apple create AppleTalk?,1985,2,packet_switching.pdf\r\n"
    b"Qui a con\xc3\xa7u le r\xc3\xa9seau CYCLADES ?,Louis Pouzin,2,\r\n"
    b"What is the capital of Mongolia?,,,\r\n"
)


def opened(screen: Screen, notebook: NotebookRow) -> Screen:
    screen.page.goto(f"{screen.app.url}/evaluation?notebook={notebook.id}")
    return screen.drawn()


def finished(library: Library, notebook: NotebookRow) -> int:
    """Wait for the newest run of a notebook; return its id."""
    until(lambda: library.evaluations.runs(notebook.id), 2 * SECONDS)
    until(lambda: library.evaluations.runs(notebook.id)[-1].state == "done", 4 * SECONDS)
    return library.evaluations.runs(notebook.id)[-1].id


def test_own_questions_become_figures_rows_and_files(visit: Visit, notebook: NotebookRow, library: Library) -> None:
    screen = visit().open(notebook.id)
    screen.page.get_by_role("link", name="Evaluation").click()
    expect(screen.page.get_by_role("heading", level=1, name="Evaluation")).to_be_visible()
    screen.page.locator("[class*='st-key-questions-'] input[type=file]").set_input_files(
        [{"name": "mine.csv", "mimeType": "text/csv", "buffer": QUESTIONS}]
    )
    expect(screen.page.get_by_text("3 questions")).to_be_visible()
    screen.page.get_by_role("button", name="Start").click()
    finished(library, notebook)
    expect(screen.page.get_by_text("All 3 answered")).to_be_visible()
    expect(screen.page.get_by_text("Where the right passage stands")).to_be_visible()
    expect(screen.page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    screen.shot("evaluation")

    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name="Questions (CSV)").click()
    text = Path(str(download.value.path())).read_text(encoding="utf-8-sig")
    assert [row["question"] for row in csv.DictReader(io.StringIO(text))][2] == "What is the capital of Mongolia?"

    screen.page.get_by_role("button", name="Open question 1").click()
    dialog = screen.page.get_by_role("dialog")
    expect(dialog.get_by_text("1985").first).to_be_visible()
    expect(dialog.get_by_role("img", name="packet_switching.pdf").first).to_be_visible()
    screen.shot("evaluation_question")


def test_suggested_questions_fit_a_phone_in_french(visit: Visit, notebook: NotebookRow, library: Library) -> None:
    phones = {colours: visit(locale="fr-FR", width=390, height=844, colours=colours) for colours in ("light", "dark")}
    for colours, screen in phones.items():
        opened(screen, notebook).page.get_by_role("radio", name="Questions suggérées").click()
        expect(screen.page.get_by_text("aucune ne vérifie que Lectern sait dire non")).to_be_visible()
        screen.page.get_by_role("radio", name="10", exact=True).click()
        expect(screen.page.get_by_text("10 questions")).to_be_visible()
        assert screen.drawn().overflow() == []
        screen.shot(f"evaluation_new_{colours}")
    phones["light"].page.get_by_role("button", name="Lancer").click()
    run_id = finished(library, notebook)
    for colours, screen in phones.items():
        expect(opened(screen, notebook).page.get_by_text("Les 10 questions ont leur réponse")).to_be_visible()
        assert screen.drawn().overflow() == []
        screen.shot(f"evaluation_phone_{colours}")
    assert all(item.page for item in library.evaluations.items(run_id))


def test_a_run_stops_goes_on_and_lets_a_question_go_first(
    visit: Visit, notebook: NotebookRow, library: Library
) -> None:
    screen = opened(visit(), notebook)
    screen.page.get_by_role("radio", name="Suggested questions").click()
    screen.page.get_by_role("button", name="Start").click()
    until(lambda: any(run.done for run in library.evaluations.runs(notebook.id)), 2 * SECONDS)
    screen.page.get_by_role("button", name="Stop", exact=True).click()
    screen.page.get_by_role("button", name="Go on").wait_for()
    [run] = library.evaluations.runs(notebook.id)
    assert run.state == "cancelled"
    screen.page.get_by_role("button", name="Go on").click()
    until(lambda: library.evaluations.runs(notebook.id)[0].state == "running")
    row = library.wait(library.ask(notebook.id, "Who designed CYCLADES?"))
    assert row is not None
    assert row.state == "done"
    assert library.evaluations.runs(notebook.id)[0].done < run.total
    library.evaluations.delete(run.id)
