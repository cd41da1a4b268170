"""What is kept of an answer or a passage stands on the notes page, its citations open their pages."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from rag.library import Library
from rag.notes import NewNote, NoteRow
from rag.rows import AnswerRow, DocumentRow
from tests.ui import home
from ui.note_saving import note_of, parts
from ui.texts import catalogue

Draw = Callable[..., AppTest]


@pytest.fixture
def notes_page(library: Library) -> Iterator[Draw]:
    """Return a function that draws the page; ``address`` is the query."""

    def draw(address: dict[str, str] | None = None) -> AppTest:
        app = AppTest.from_function(_script, kwargs={"app": home.services(library)}, default_timeout=120)
        for key, value in (address or {}).items():
            app.query_params[key] = value
        return app.run()

    return draw


def _script(app: object) -> None:
    # Streamlit runs this source alone, so it names nothing of this module.
    from ui import state
    from ui.notes import draw
    from ui.texts import Texts

    draw(app, Texts(state.language()))


def kept(library: Library) -> list[NoteRow]:
    return library.notes.rows(home.notebook(library).id)


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown).replace("\\", "")


def cited(library: Library) -> tuple[DocumentRow, int]:
    row = home.ready(library)
    new = NewNote("Who?", "Joseph Weizenbaum [1].", (home.citation(row),), "answer")
    return row, library.notes.add(home.notebook(library).id, new)


def test_an_answer_and_what_the_model_remembers_are_two_notes(library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)))
    assert row.sourced is not None
    assert parts(row) == ["answer", "memory"]
    assert note_of(row, "answer") == NewNote(row.question, row.sourced.text, row.sourced.citations, "answer")
    assert note_of(row, "memory") == NewNote(row.question, "ELIZA was developed by Alan Turing.", (), "memory")


def test_what_is_not_in_the_sources_is_no_note_from_them(library: Library) -> None:
    row: AnswerRow = home.answered(library, home.sourced(home.ready(library), status="not_found"), memory="")
    assert parts(row) == []


def test_an_answer_is_kept_from_its_menu(page: Draw, library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)))
    app = page()
    app.menu_button(key=f"keep-{row.id}").set_value("answer").run()
    assert not app.exception
    (note,) = kept(library)
    assert row.sourced is not None
    assert (note.title, note.citations, note.origin) == (row.question, row.sourced.citations, "answer")
    assert [info.value for info in app.info] == ["Kept as a note: Who described ELIZA?"]


def test_the_passage_on_an_opened_page_is_kept(page: Draw, library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)))
    app = page()
    app.button(key=f"cite-{row.id}-0").click().run()
    app.button(key=f"keep-page-{row.id}").click().run()
    assert not app.exception
    (note,) = kept(library)
    assert (note.title, note.text, note.origin) == ("cours.txt, p. 1", home.QUOTE, "passage")


def test_a_passage_that_was_searched_is_kept_from_the_list(page: Draw, library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)))
    app = page()
    app.menu_button(key=f"more-{row.id}").set_value("passages").run()
    app.button(key=f"keep-searched-{row.id}-0").click().run()
    assert not app.exception
    (note,) = kept(library)
    assert (note.text, note.origin, note.citations[0].page_index) == (home.TEXT, "passage", 0)


def test_without_notes_the_page_says_how_to_keep_one(notes_page: Draw) -> None:
    assert "Keep as note" in said(notes_page())
    assert "Garder en note" in said(notes_page({"lang": "fr"}))


def test_a_citation_opens_its_page_highlighted_beside_the_note(notes_page: Draw, library: Library) -> None:
    _, note_id = cited(library)
    app = notes_page()
    assert "Joseph Weizenbaum :blue-badge[1]" in said(app)
    app.button(key=f"cite-note-{note_id}-0").click().run()
    assert not app.exception
    assert ":orange-background[ELIZA was described by Joseph Weizenbaum in 1966.]" in said(app)


def test_a_note_outlives_its_source_and_says_so(notes_page: Draw, library: Library) -> None:
    row, note_id = cited(library)
    library.remove(row.id)
    app = notes_page()
    app.button(key=f"cite-note-{note_id}-0").click().run()
    assert [info.value for info in app.info] == [catalogue("en")["viewer.deleted"]]


def test_a_note_is_written_edited_and_deleted(notes_page: Draw, library: Library) -> None:
    app = notes_page()
    app.button(key=f"new-note-{home.notebook(library).id}").click().run()
    app.text_area[0].set_value("Revise <b>this</b>.").run()
    app.button(key="dialog-confirm").click().run()
    (note,) = kept(library)
    assert (note.title, note.text, note.origin) == ("Revise <b>this</b>.", "Revise <b>this</b>.", "own")
    app.button(key=f"edit_note-{note.id}").click().run()
    app.text_input(key=f"note-title-{note.id}").set_value("Monday").run()
    app.button(key="dialog-confirm").click().run()
    assert [row.title for row in kept(library)] == ["Monday"]
    app.button(key=f"drop_note-{note.id}").click().run()
    app.button(key="dialog-confirm").click().run()
    assert not app.exception
    assert kept(library) == []


def test_a_note_that_was_edited_says_so(notes_page: Draw, library: Library) -> None:
    _, note_id = cited(library)
    library.notes.edit(note_id, "Who?", "Weizenbaum, I think.")
    assert "edited by you" in said(notes_page())
    assert "modifiée par vous" in said(notes_page({"lang": "fr"}))


def test_notes_are_found_by_their_words(notes_page: Draw, library: Library) -> None:
    for text in ("Alpha", "Beta"):
        library.notes.add(home.notebook(library).id, NewNote("", text))
    app = notes_page()
    app.text_input(key=f"find-note-{home.notebook(library).id}").set_value("beta").run()
    assert ("## Beta" in said(app), "## Alpha" in said(app)) == (True, False)
