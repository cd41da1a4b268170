"""Retrieval over 100,000 chunks: keyword and dense search, fused and ranked; reader and question apart."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from bench import documents, naive
from bench.embed import sample_chunks
from bench.figures import Figure
from bench.large import DOCUMENTS, Made, fill
from bench.measure import Spread, percentile
from bench.stand import Stand
from rag.build import build_embedder, build_reader
from rag.library import Library
from rag.retrieve import CANDIDATES, Retriever
from rag.types import Embedder, Passage, Vectors

QUERIES, QUERY_WORDS = 100, 8


class Drawn:
    """An Embedder whose question vectors are drawn: what embedding costs is reported apart."""

    model_id = "drawn"

    def __init__(self, made: Made, dimension: int) -> None:
        self._made, self._chance, self.dimension = made, np.random.default_rng(9), dimension

    def count_tokens(self, text: str) -> int:
        """Count words."""
        return len(text.split())

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Draw a vector a text."""
        return self._made.vectors(self._chance, len(texts))

    def embed_query(self, text: str) -> Vectors:
        """Draw a vector."""
        vector: Vectors = self._made.vectors(self._chance, 1)[0]
        return vector


def measure(stand: Stand) -> list[Figure]:
    """Ask 100 questions in each repeat; the 95th percentile of each repeat, then the median of these."""
    library, made = Library.open(stand.settings), Made()
    try:
        notebook = library.store.create_notebook("large").id
        ids = fill(library, notebook, made)
        vectors = np.concatenate([made.document(number)[2] for number in range(DOCUMENTS)])
        found = _searches(stand, library, notebook, ids, vectors, made)
    finally:
        library.close()
    return [*found, *_models(stand)]


def _searches(
    stand: Stand, library: Library, notebook: int, ids: list[int], vectors: Vectors, made: Made
) -> list[Figure]:
    chance = np.random.default_rng(5)
    drawn = Drawn(made, vectors.shape[1])
    retriever = Retriever(library.store, drawn)
    index = naive.build_index(vectors)
    questions = [made.text(chance, QUERY_WORDS) for _ in range(QUERIES)]

    def hybrid(question: str) -> None:
        retriever.retrieve(notebook, question, ids)

    def dense(question: str) -> None:
        index.search(drawn.embed_query(question)[None], CANDIDATES)

    for question in questions[:10]:
        hybrid(question)
        dense(question)
    ours, theirs = [], []
    for _ in range(stand.repeats):
        ours.append(milliseconds(hybrid, questions))
        theirs.append(milliseconds(dense, questions))
    naive_p95 = Spread.of([percentile(times, 0.95) for times in theirs])
    return [
        Figure(
            "retrieval, p95",
            "ms",
            Spread.of([percentile(times, 0.95) for times in ours]),
            naive_p95,
            most=15.0,
            note=f"{len(vectors):,} chunks, {QUERIES} questions; naive: FAISS alone, no words, no ranking",
        ),
        Figure("retrieval, median", "ms", Spread.of([percentile(times, 0.5) for times in ours])),
    ]


def _models(stand: Stand) -> list[Figure]:
    embedder = build_embedder(stand.settings)
    reader = build_reader(stand.settings)
    questions = ["What is packet switching?", "En quelle année la norme ASCII a-t-elle été publiée ?"] * 5
    asked = milliseconds(embedder.embed_query, questions * stand.repeats)
    figures = [Figure("embedding the question", "ms", Spread.of(asked))]
    if reader is not None:
        passages = sample_passages(stand, embedder)
        read = milliseconds(lambda question: reader.read(question, passages), questions[: 2 * stand.repeats])
        figures.append(Figure("reading the candidates", "ms", Spread.of(read), note=f"{len(passages)} passages"))
    return figures


def sample_passages(stand: Stand, embedder: Embedder) -> list[Passage]:
    """Return as many passages as are read for a question, of all lengths, from the sample PDFs."""
    texts = sample_chunks(stand, embedder)
    chosen = texts[:: max(1, len(texts) // CANDIDATES)][:CANDIDATES]
    name = documents.SAMPLES.name
    return [Passage(n, 0, "", name, 0, "1", "", text, 0, len(text), 0.0) for n, text in enumerate(chosen, start=1)]


def milliseconds(call: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Return how long ``call`` takes for each question."""
    times = []
    for question in questions:
        begun = time.perf_counter()
        call(question)
        times.append(1_000 * (time.perf_counter() - begun))
    return times
