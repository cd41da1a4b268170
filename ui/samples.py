"""The notebook that a first start opens."""

from pathlib import Path

from ingest.types import Upload
from rag.library import Library
from ui.texts import Texts

FOLDER = Path(__file__).parents[1] / "sample_docs"
_GIVEN = "ui.samples_given"


def add_samples(library: Library, texts: Texts, folder: Path = FOLDER) -> None:
    """Put the sample PDFs into a notebook of a new library, once: a deleted sample notebook does not come back."""
    if library.store.get_setting(_GIVEN):
        return
    if not library.store.notebooks():
        notebook = library.store.create_notebook(texts.plain("notebook.sample_name"), sample=True)
        for path in sorted(folder.glob("*.pdf")):
            library.receive(notebook.id, Upload(path.name, path.read_bytes()))
    library.store.set_setting(_GIVEN, "yes")
