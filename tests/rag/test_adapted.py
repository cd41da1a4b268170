"""Each notebook is read by the reader it chose; one that cannot be used is passed over."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.adapted import Adapted, NotebookReaders, find, folder, forget, weights_hash
from rag.errors import ModelError
from rag.library import Library
from rag.parts import Parts
from rag.settings import Settings
from rag.types import Passage, Reader, Reading

ADAPTED, OFF = Parts(reader="adapted"), Parts(reader="off")
FIGURES = {"own": {"before": {"f1": 0.4, "auc": 0.9}, "after": {"f1": 0.6, "auc": 0.9}}}


class NamedReader:
    """Reads nothing; known by its name."""

    def __init__(self, name: str) -> None:
        self.model_id = name

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        return []


def adapted(home: Path, notebook_id: int, base: str = "base", **changes: object) -> Path:
    place = folder(home, notebook_id)
    place.mkdir(parents=True, exist_ok=True)
    told = {"base": base, "date": "2026-11-22", "sha256": "ab", "figures": FIGURES, **changes}
    (place / "manifest.json").write_text(json.dumps(told))
    return place


class Shelf:
    """Opens readers by their folder's name and counts how often."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def __call__(self, place: Path) -> Reader:
        self.opened.append(place.name)
        if place.name == "13":
            raise ModelError("MODEL_LOAD", model=str(place), reason="damaged")
        return NamedReader(place.name)


def readers(home: Path, usual: Reader | None = None, shelf: Shelf | None = None) -> NotebookReaders:
    return NotebookReaders(home, usual or NamedReader("usual"), "base", shelf or Shelf())


def name(reader: Reader | None) -> str:
    return reader.model_id if reader else ""


def test_a_notebook_is_read_by_the_reader_it_chose(tmp_path: Path) -> None:
    adapted(tmp_path, 7)
    of = readers(tmp_path).of
    assert [name(of(7, parts)) for parts in (Parts(), ADAPTED, OFF)] == ["usual", "7", ""]


def test_where_the_settings_have_no_reader_none_reads(tmp_path: Path) -> None:
    adapted(tmp_path, 7)
    of = NotebookReaders(tmp_path, None, "", Shelf()).of
    assert [of(7, parts) for parts in (Parts(), ADAPTED, OFF)] == [None, None, None]


def test_an_adapted_reader_is_opened_once_and_again_when_it_changed(tmp_path: Path) -> None:
    adapted(tmp_path, 7)
    shelf = Shelf()
    of = readers(tmp_path, shelf=shelf).of
    assert of(7, ADAPTED) is of(7, ADAPTED)
    assert shelf.opened == ["7"]
    adapted(tmp_path, 7, sha256="cd")
    of(7, ADAPTED)
    assert shelf.opened == ["7", "7"]


def test_one_that_is_missing_damaged_or_of_another_base_is_passed_over(tmp_path: Path) -> None:
    adapted(tmp_path, 8, base="an earlier reader")
    adapted(tmp_path, 13)
    adapted(tmp_path, 9, figures={})
    of = readers(tmp_path).of
    assert [name(of(number, ADAPTED)) for number in (7, 8, 9, 13)] == ["usual"] * 4


def test_what_is_told_of_an_adapted_reader(tmp_path: Path) -> None:
    place = adapted(tmp_path, 7)
    assert find(tmp_path, 7) == Adapted(place, "ab", "base", "2026-11-22", 0.4, 0.6)
    assert find(tmp_path, 8) is None
    assert (weights_hash(place), weights_hash(tmp_path)) == ("ab", "")
    forget(tmp_path, 7)
    assert find(tmp_path, 7) is None
    forget(tmp_path, 7)


def test_a_notebook_that_is_deleted_takes_its_reader_along(tmp_path: Path) -> None:
    library = Library.open(Settings(home=tmp_path, models=tmp_path))
    notebook = library.store.create_notebook("Cours")
    place = adapted(tmp_path, notebook.id)
    library.delete_notebook(notebook.id)
    assert not place.exists()
    library.close()
