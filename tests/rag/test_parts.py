"""A notebook keeps which parts it uses; whatever is not understood is as if nothing had been chosen."""

from pathlib import Path

import pytest
from sqlalchemy import text

from rag.library import Library
from rag.parts import Parts, read_parts, write_parts
from rag.settings import Settings

CHOSEN = Parts(reader="adapted", adapter=False)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(Settings(home=tmp_path / "home", models=tmp_path))


def test_parts_are_written_and_read() -> None:
    assert read_parts(write_parts(CHOSEN)) == CHOSEN


@pytest.mark.parametrize("stored", ["{}", "", "[]", '{"reader": "quantum"}', '{"adapter": 3}'])
def test_what_is_not_understood_is_not_chosen(stored: str) -> None:
    assert read_parts(stored) == Parts()


def test_a_new_notebook_uses_the_parts_of_the_settings(library: Library) -> None:
    made = library.store.create_notebook("Cours")
    assert made.parts == Parts()
    assert library.store.notebook(made.id) == made


def test_each_notebook_keeps_its_own_choice(library: Library) -> None:
    first, second = library.store.create_notebook("a"), library.store.create_notebook("b")
    library.store.choose_parts(first.id, CHOSEN)
    assert [row.parts for row in library.store.notebooks()] == [CHOSEN, Parts()]
    library.store.choose_parts(first.id, Parts())
    library.store.choose_parts(second.id, CHOSEN)
    assert [row.parts for row in library.store.notebooks()] == [Parts(), CHOSEN]


def test_the_choice_survives_export_and_import(library: Library) -> None:
    notebook = library.store.create_notebook("Cours")
    library.store.choose_parts(notebook.id, CHOSEN)
    imported = library.import_notebook(library.export_notebook(notebook.id))
    assert imported.parts == CHOSEN
    stored = library.store.notebook(imported.id)
    assert stored is not None
    assert stored.parts == CHOSEN


def test_a_notebook_of_before_the_choice_reads_as_unchosen(library: Library) -> None:
    notebook = library.store.create_notebook("Cours")
    with library.database.writing() as connection:
        insert = "INSERT INTO notebooks (name, name_key, revision, sample, created_at) VALUES ('old', 'old', 0, 0, 0)"
        connection.execute(text(insert))
    old = library.store.find_notebook("old")
    assert old is not None
    assert (old.id == notebook.id, old.parts) == (False, Parts())
