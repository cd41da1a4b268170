"""The sample notebook is made once."""

from pathlib import Path

from rag.library import Library
from rag.settings import Settings
from ui.samples import FIRST, FOLDER, add_samples
from ui.texts import Texts


def test_a_first_start_reads_the_samples_and_a_second_does_not(tmp_path: Path) -> None:
    library = Library.open(Settings(home=tmp_path, models=tmp_path))
    add_samples(library, Texts("fr"))
    (notebook,) = library.store.notebooks()

    assert notebook.sample
    assert notebook.name == "Cours d’exemple"
    assert {row.name for row in library.store.documents(notebook.id)} == {path.name for path in FOLDER.glob("*.pdf")}

    claimed = library.queue.claim_document("test")
    assert claimed is not None
    assert claimed.name == FIRST
    names = [row.name for row in library.store.documents(notebook.id)]
    assert names[1:] == sorted(names[1:])

    library.delete_notebook(notebook.id)
    add_samples(library, Texts("fr"))
    assert library.store.notebooks() == []
    library.close()
