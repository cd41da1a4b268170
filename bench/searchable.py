"""From PDFs to a notebook that can be searched, beside the naive pipeline."""

from itertools import count

import numpy as np

from bench import documents, naive
from bench.extract import read
from bench.figures import Figure
from bench.measure import in_turn, ratio
from bench.stand import Stand
from ingest.language import detect
from rag.build import build_embedder
from rag.library import Library
from rag.notebook import add_document
from rag.search import Search
from rag.types import Embedder

QUESTION = "What is packet switching?"


def measure(stand: Stand) -> list[Figure]:
    """Bring the sample PDFs from their bytes to the first search, each time in a new notebook."""
    embedder = build_embedder(stand.settings)
    theirs = naive.NaiveEmbedder(stand.embedder_folder, stand.device.name)
    uploads, numbers = documents.samples(), count()
    library = Library.open(stand.settings)

    def plain() -> None:
        chunks = [part for upload in uploads for part in naive.split(naive.page_texts(upload.data))]
        index = naive.build_index(theirs.embed(chunks))
        index.search(theirs.embed([QUESTION]), 8)

    def ours() -> None:
        notebook = library.store.create_notebook(f"bench {next(numbers)}").id
        ids = [add_document(library, embedder, notebook, read(stand, upload)) for upload in uploads]
        if not search(library, embedder, notebook, ids):
            raise RuntimeError("nothing is found")

    try:
        times = in_turn({"ours": ours, "naive": plain}, stand.repeats)
    finally:
        library.close()
    pages = sum(len(naive.page_texts(upload.data)) for upload in uploads)
    return [
        Figure(
            "PDF to searchable",
            "pages/s",
            times["ours"].rates(pages),
            times["naive"].rates(pages),
            ratio(times["naive"].wall, times["ours"].wall),
            least=3.0,
            note=f"{pages} pages, {len(uploads)} files, stored in the database",
        )
    ]


def search(library: Library, embedder: Embedder, notebook: int, ids: list[int]) -> int:
    """Search once, as the first question does; return how many chunks were found."""
    vector = np.asarray(embedder.embed_query(QUESTION))
    found = Search(library.store, embedder.dimension).find(notebook, QUESTION, detect(QUESTION), vector, 8, ids)
    return len(found.hits)
