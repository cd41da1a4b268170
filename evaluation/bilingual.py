"""How much lower are cosines between languages? Measured on the two language versions of the sample cheatsheets."""

import statistics
import tempfile
from pathlib import Path

import ingest
from ingest.types import Document, Upload
from rag.types import Embedder

SAMPLES = Path(__file__).parents[1] / "sample_docs"
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


def cosine_shift(embedder: Embedder) -> float:
    """Return the median by which a question's nearest sentence is nearer in its own language than in the other."""
    vectors = [embedder.embed_documents(_sentences(_read(name))) for name in SHEETS]
    shifts: list[float] = []
    for pair in QUESTIONS:
        for own, question in enumerate(pair):
            nearest = [float((sheet @ embedder.embed_query(question)).max()) for sheet in vectors]
            shifts.append(nearest[own] - nearest[1 - own])
    return statistics.median(shifts)


def _read(name: str) -> Document:
    with tempfile.TemporaryDirectory() as scratch:
        upload = Upload(name, (SAMPLES / name).read_bytes())
        return ingest.extract(upload, scratch=Path(scratch), progress=lambda done, total: None, cancelled=lambda: False)


def _sentences(document: Document) -> list[str]:
    return [
        page.text[start:end] for page in document.pages for start, end in ingest.sentences(page.text, document.language)
    ]
