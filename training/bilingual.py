"""How much weaker are scores between languages? Measured on the two language versions of the sample cheatsheets."""

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

import ingest
from ingest.types import ChunkSettings, Document, Upload
from rag.types import Embedder, Passage, Reader, Vectors

SAMPLES = Path(__file__).parents[1] / "sample_docs"
READ = 8
"""Passages read for each question."""

SHEETS = ("cheatsheet_fr_apprentissage_profond.pdf", "cheatsheet_en_deep_learning.pdf")

QUESTIONS = (
    ("Qu'est-ce que le taux d'apprentissage ?", "What is the learning rate?"),
    ("À quoi sert le dropout ?", "What is dropout for?"),
    ("Comment les coefficients sont-ils mis à jour ?", "How are the weights updated?"),
    ("Qu'est-ce que la rétropropagation du gradient ?", "What is backpropagation?"),
    ("À quoi sert une fonction d'activation ?", "What are activation functions used for?"),
    ("Quelles sont les portes d'un réseau récurrent ?", "What are the gates of a recurrent neural network?"),
    ("Pourquoi normalise-t-on les lots ?", "Why is batch normalization done?"),
    ("Qu'est-ce qu'un processus de décision markovien ?", "What is a Markov decision process?"),
    ("Que mesure l'entropie croisée ?", "What does the cross-entropy loss measure?"),
    ("Qu'est-ce qu'une politique en apprentissage par renforcement ?", "What is a policy in reinforcement learning?"),
)


def shifts(embedder: Embedder, reader: Reader | None) -> tuple[float, float]:
    """Return by how much a question's best is better in its own language than in the other, as medians.

    First of the cosines of sentences, then of a reader's log-odds of passages (0 without one).
    """
    sheets = [_read(name) for name in SHEETS]
    sentences = [embedder.embed_documents(_sentences(sheet)) for sheet in sheets]
    passages = [_passages(sheet, embedder) for sheet in sheets]
    vectors = [embedder.embed_documents([p.text for p in own]) for own in passages]
    cosines: list[float] = []
    odds: list[float] = []
    for pair in QUESTIONS:
        for own, question in enumerate(pair):
            asked = embedder.embed_query(question)
            nearest = [float((sheet @ asked).max()) for sheet in sentences]
            cosines.append(nearest[own] - nearest[1 - own])
            if reader is not None:
                best = [
                    max(reading.answerable for reading in reader.read(question, _nearest(own_passages, rows @ asked)))
                    for own_passages, rows in zip(passages, vectors, strict=True)
                ]
                odds.append(best[own] - best[1 - own])
    return statistics.median(cosines), statistics.median(odds) if odds else 0.0


def _nearest(passages: Sequence[Passage], cosines: Vectors) -> list[Passage]:
    return [passages[place] for place in (-cosines).argsort()[:READ]]


def _passages(sheet: Document, embedder: Embedder) -> list[Passage]:
    chunks = ingest.chunk(sheet, ChunkSettings(), embedder.count_tokens)
    return [
        Passage(n, 0, sheet.id, sheet.name, c.page_index, "", c.section, c.text, c.start, c.end, 0.0, sheet.language)
        for n, c in enumerate(chunks, start=1)
    ]


def _read(name: str) -> Document:
    with tempfile.TemporaryDirectory() as scratch:
        upload = Upload(name, (SAMPLES / name).read_bytes())
        return ingest.extract(upload, scratch=Path(scratch), progress=lambda done, total: None, cancelled=lambda: False)


def _sentences(document: Document) -> list[str]:
    return [
        page.text[start:end] for page in document.pages for start, end in ingest.sentences(page.text, document.language)
    ]
