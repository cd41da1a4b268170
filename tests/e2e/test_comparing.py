"""Two models on one question: chosen in a dialog by keyboard, read side by side, one under the other on a phone."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from rag.choice import ModelChoice
from rag.library import Library
from rag.rows import NotebookRow
from tests.e2e.conftest import Visit
from tests.e2e.screen import newest
from tests.tiny_models import save_qwen3

QUESTION = "Who designed the CYCLADES network?"


def left_edge(column: Locator) -> float:
    box = column.bounding_box()
    assert box is not None
    return box["x"]


def test_a_second_model_answers_beside_the_first(
    visit: Visit, library: Library, notebook: NotebookRow, tmp_path: Path
) -> None:
    place = save_qwen3(tmp_path / "tiny-qwen3", longest=4096)
    library.models.remember(ModelChoice("folder", str(place)))
    screen = visit().open(notebook.id)
    row = screen.ask(QUESTION)
    row.get_by_role("button", name="More").click()
    item = "Compare with another model"
    screen.page.get_by_role("menuitem", name=item).or_(screen.page.get_by_role("option", name=item)).click()
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_role("radio", name="tiny-qwen3").press("Space")
    screen.drawn()
    dialog.get_by_role("button", name="Ask this model").press("Enter")
    expect(dialog).to_have_count(0)

    first = library.conversation.answers(notebook.id)[0]
    both = [screen.page.locator(f".st-key-version-{first.id + n}") for n in (0, 1)]
    expect(both[0].get_by_role("heading", level=3, name="Gemma 3 270M")).to_be_visible()
    expect(both[1].get_by_role("heading", level=3, name="tiny-qwen3")).to_be_visible()
    for column in both:
        expect(column).to_contain_text("Louis Pouzin")
        expect(column.get_by_text("tokens read").or_(column.get_by_text("no tokens")).first).to_be_visible()
    second = newest(library, notebook.id)
    assert (second.state, second.model_id, second.turn) == ("done", place.name, first.id)
    assert library.models.chosen() == ModelChoice()
    screen.drawn().shot("side-by-side")
    assert left_edge(both[1]) > left_edge(both[0])
    screen.page.set_viewport_size({"width": 390, "height": 860})
    expect(both[1]).to_be_visible()
    assert left_edge(both[1]) == left_edge(both[0])
    assert screen.overflow() == []
