"""Embedding: chunks a second, beside sentence-transformers in float32."""

from bench import documents, naive
from bench.extract import read
from bench.figures import Figure
from bench.measure import Spread, in_turn, ratio
from bench.stand import Stand
from ingest.chunk import chunk, context_line
from ingest.types import ChunkSettings
from rag.build import build_embedder
from rag.ingesting import BATCH_CHUNKS, embedded_text
from rag.types import Embedder, Vectors

CHUNKS = 96


def measure(stand: Stand) -> list[Figure]:
    """Embed the same chunks of the sample PDFs on both sides, and say how alike the vectors are."""
    ours = build_embedder(stand.settings)
    theirs = naive.NaiveEmbedder(stand.embedder_folder, stand.device.name)
    texts = sample_chunks(stand, ours)[:CHUNKS]
    times = in_turn({"ours": lambda: in_batches(ours, texts), "naive": lambda: theirs.embed(texts)}, stand.repeats)
    cosines = (in_batches(ours, texts) * theirs.embed(texts)).sum(axis=1)
    return [
        Figure(
            "embedding",
            "chunks/s",
            times["ours"].rates(len(texts)),
            times["naive"].rates(len(texts)),
            ratio(times["naive"].wall, times["ours"].wall),
            least=2.0,
            note=f"{len(texts)} chunks of the sample PDFs, in {stand.device.precision}",
        ),
        Figure("cosine of both vectors of a chunk", "", Spread.of([float(cosine) for cosine in cosines])),
    ]


def sample_chunks(stand: Stand, embedder: Embedder) -> list[str]:
    """Return the chunks of the sample PDFs as they are embedded."""
    texts = []
    for upload in documents.samples():
        document = read(stand, upload)
        parts = chunk(document, ChunkSettings(), embedder.count_tokens)
        texts += [embedded_text(context_line(document, part), part) for part in parts]
    return texts


def in_batches(embedder: Embedder, texts: list[str]) -> Vectors:
    """Embed as the app does, so many chunks at a time."""
    import numpy as np

    starts = range(0, len(texts), BATCH_CHUNKS)
    return np.concatenate([embedder.embed_documents(texts[start : start + BATCH_CHUNKS]) for start in starts])
