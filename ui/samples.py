"""The notebook that a first start opens."""

from pathlib import Path

from ingest.types import Upload
from rag.library import Library
from ui.texts import Texts

FOLDER = Path(__file__).parents[1] / "sample_docs"
FIRST = "nsi_codage_caracteres.pdf"  # the first question in the README is on it, and they are read in this order
_GIVEN = "ui.samples_given"


def add_samples(library: Library, texts: Texts, folder: Path = FOLDER) -> None:
    """Put the sample PDFs into a notebook of a new library, once: a deleted sample notebook does not come back."""
    if library.store.get_setting(_GIVEN):
        return
    if not library.store.notebooks():
        notebook = library.store.create_notebook(texts.plain("notebook.sample_name"), sample=True)
        for path in sorted(folder.glob("*.pdf"), key=lambda path: (path.name != FIRST, path.name)):
            library.receive(notebook.id, Upload(path.name, path.read_bytes()))
    library.store.set_setting(_GIVEN, "yes")
