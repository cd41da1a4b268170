"""A notebook of 100,000 made chunks: texts whose words are as rare as in a language, vectors in clusters."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ingest.types import Chunk, Document, Page
from rag.library import Library
from rag.types import Vectors

DOCUMENTS, CHUNKS_EACH, WORDS_EACH = 1_000, 100, 150
DIMENSION, CLUSTERS = 384, 500
VOCABULARY = 60_000


@dataclass(frozen=True)
class Made:
    """What texts and vectors are drawn from, the same for each ``seed``."""

    seed: int = 1

    @cached_property
    def words(self) -> "np.typing.NDArray[np.str_]":
        """Return the vocabulary, commonest first."""
        chance = np.random.default_rng(self.seed)
        letters = np.array(list("abcdefghilmnoprstuvz"))
        lengths = chance.integers(4, 11, VOCABULARY)
        return np.array(["".join(chance.choice(letters, length)) for length in lengths])

    @cached_property
    def centres(self) -> Vectors:
        """Return the middle of each cluster of vectors."""
        return _unit(np.random.default_rng(self.seed).standard_normal((CLUSTERS, DIMENSION)))

    def text(self, chance: np.random.Generator, count: int = WORDS_EACH) -> str:
        """Draw words by Zipf's law."""
        ranks = np.minimum(chance.zipf(1.2, count), VOCABULARY) - 1
        return " ".join(self.words[ranks])

    def vectors(self, chance: np.random.Generator, count: int) -> Vectors:
        """Draw unit vectors (count, 384) around the centres."""
        noise = 0.8 / DIMENSION**0.5 * chance.standard_normal((count, DIMENSION))
        return _unit(self.centres[chance.integers(0, CLUSTERS, count)] + noise)

    def document(self, number: int) -> tuple[Document, list[Chunk], Vectors]:
        """Make a document of 100 chunks, a page each, English or French in turn, with its vectors."""
        chance = np.random.default_rng((self.seed, number))
        texts = [self.text(chance) for _ in range(CHUNKS_EACH)]
        pages = tuple(Page(index, str(index + 1), text) for index, text in enumerate(texts))
        document = Document(f"{number:064x}", f"made_{number}.pdf", pages, language="fr" if number % 2 else "en")
        chunks = [Chunk(index, 0, len(text), text) for index, text in enumerate(texts)]
        return document, chunks, self.vectors(chance, CHUNKS_EACH)


def fill(library: Library, notebook: int, made: Made, count: int = DOCUMENTS) -> list[int]:
    """Store ``count`` documents in a notebook; return their rows."""
    return [store(library, notebook, *made.document(number)) for number in range(count)]


def store(library: Library, notebook: int, document: Document, chunks: Sequence[Chunk], vectors: Vectors) -> int:
    """Store a document that is extracted and embedded, as an ingest job does; return its row."""
    row = library.store.receive(notebook, document.name, document.id, len(chunks)).document
    library.queue.save_extraction(row.id, document, chunks)
    ids = [chunk_id for chunk_id, _ in library.queue.unembedded(row.id, len(chunks))]
    library.queue.save_vectors(row.id, ids, vectors)
    library.queue.finish(row.id)
    return row.id


def _unit(vectors: "np.typing.NDArray[np.float64]") -> Vectors:
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit
