"""What a model wrote that no passage holds: told beside the answer, in both languages, wide and narrow."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from rag.library import Library
from rag.rows import NotebookRow
from tests.e2e.conftest import Visit
from tests.e2e.screen import newest, until

QUESTION = "Who designed the CYCLADES network?"
INVENTED = ("It was sold to the Royal Institute for **900 dollars**.", "It ran on 40 machines.")


@pytest.mark.parametrize(
    ("locale", "colours", "told", "left_out"),
    [
        ("en-US", "light", "Word for word, the same passages answer: “Louis Pouzin”.", "2 sentences left out"),
        (
            "fr-FR",
            "dark",
            "Mot pour mot, les mêmes passages répondent\u00a0: «\u00a0Louis Pouzin\u00a0».",
            "2 phrases laissées de côté",
        ),
    ],
)
def test_what_no_passage_holds_stands_apart(
    visit: Visit, library: Library, notebook: NotebookRow, locale: str, colours: str, told: str, left_out: str
) -> None:
    library.ask(notebook.id, QUESTION, language="en", memory=False)
    until(lambda: newest(library, notebook.id).final)
    row = newest(library, notebook.id)
    assert row.sourced is not None
    doubted = replace(row.sourced, status="partial", unsupported=INVENTED, instead="Louis Pouzin")
    library.conversation.save_sourced(row.id, doubted)

    screen = visit(locale=locale, colours=colours).open(notebook.id)
    drawn = screen.row(QUESTION)
    expect(drawn.get_by_text(told)).to_be_visible()
    expect(drawn.get_by_text(INVENTED[1])).to_be_hidden()
    drawn.get_by_text(left_out).click()
    expect(drawn.get_by_text(INVENTED[0])).to_be_visible()  # its marks are shown, not obeyed
    expect(drawn.get_by_role("button", name="packet_switching.pdf").first).to_be_visible()
    screen.drawn().shot("doubts")
    screen.page.set_viewport_size({"width": 390, "height": 860})
    expect(drawn.get_by_text(INVENTED[1])).to_be_visible()
    assert screen.overflow() == []
