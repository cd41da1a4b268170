"""The pipeline of every tutorial: pypdf, a splitter, sentence-transformers, FAISS built anew, plain ``generate``."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.types import Vectors

CHUNK_CHARS, OVERLAP_CHARS = 1_000, 200
"""What the documentation of the splitter uses throughout."""


def page_texts(data: bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def split(texts: Sequence[str]) -> list[str]:
    """Cut the pages into chunks by characters."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS)
    return [part for text in texts for part in splitter.split_text(text)]


class NaiveEmbedder:
    """sentence-transformers as it comes: float32, its own batches."""

    def __init__(self, folder: Path, device: str) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        options = {"dtype": torch.float32}
        self._model = SentenceTransformer(str(folder), device=device, model_kwargs=options, local_files_only=True)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (len(texts), dimension), float32."""
        passages = [f"passage: {text}" for text in texts]
        found: Vectors = self._model.encode(passages, normalize_embeddings=True, show_progress_bar=False)
        return found


def build_index(vectors: Vectors) -> Any:
    """Build a FAISS index over all vectors."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


class NaiveGenerator:
    """transformers as it comes: float32, one token at a time."""

    def __init__(self, folder: Path, device: str) -> None:
        import torch
        from transformers import AutoModelForCausalLM

        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        self._model, self._device = model.to(device).eval(), device

    def write(self, ids: Sequence[int], count: int) -> list[int]:
        """Return exactly ``count`` greedy tokens."""
        import torch

        prompt = torch.tensor([list(ids)], device=self._device)
        options = {"do_sample": False, "min_new_tokens": count, "max_new_tokens": count, "pad_token_id": 0}
        with torch.inference_mode():
            written = self._model.generate(prompt, attention_mask=torch.ones_like(prompt), **options)
        return list(written[0, len(ids) :].tolist())
