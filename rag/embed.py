"""Texts to unit vectors, by sentence-transformers."""

import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.device import Device
from rag.errors import ModelError
from rag.types import Vectors
from rag.weights import is_out_of_memory, load_quietly, locate, require_memory

if TYPE_CHECKING:
    from rag.packed import PackedEncoder

log = logging.getLogger(__name__)

TOKENS_PER_BATCH = {"cpu": 4_096, "cuda": 65_536, "mps": 16_384}
E5_PROMPTS = {"query": "query: ", "document": "passage: "}  # https://arxiv.org/abs/2402.05672, section 3


class SentenceTransformerEmbedder:
    """An Embedder over a sentence-transformers folder or cached model id; threads may share it.

    ``truncated`` counts the texts that were longer than the model reads and were cut.
    """

    def __init__(self, model: str, device: Device, model_id: str = "") -> None:
        """Load and warm up. Raises ModelError (MODEL_NOT_FOUND, MODEL_UNSAFE, MODEL_MEMORY, MODEL_LOAD)."""
        folder = locate(model)
        require_memory(model, folder, device)
        self.model_id = model_id or model
        self.truncated = 0
        self._lock = threading.Lock()
        self._device = device.name
        self._budget = TOKENS_PER_BATCH[device.name.partition(":")[0]]
        self._model = _load(model, folder, device)
        self.dimension = int(self._model.get_embedding_dimension())
        self._prompts = _prompts(self._model.prompts, folder)
        self._padding = int(self._model.tokenizer.pad_token_id or 0)
        self._longest = int(self._model.max_seq_length or 512)
        self._packed = _packed(self._model, device.name)
        self._tokenizer = self._model.tokenizer.backend_tokenizer
        self._tokenizer.no_truncation()  # set once and never changed, so that threads can count while one embeds
        self._tokenizer.no_padding()
        self.embed_query("warm-up")

    def count_tokens(self, text: str) -> int:
        """Count the tokens of ``text`` without prefix or special tokens."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return an array (len(texts), dimension), float32, rows of length 1."""
        return self._embed(texts, self._prompts["document"])

    def embed_query(self, text: str) -> Vectors:
        """Return an array (dimension,), float32, of length 1."""
        vector: Vectors = self._embed([text], self._prompts["query"])[0]
        return vector

    def _embed(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        rows = [self._cut(encoding.ids) for encoding in self._tokenizer.encode_batch([prompt + t for t in texts])]
        for batch in batches([len(row) for row in rows], self._budget):
            vectors[batch] = self._forward([rows[index] for index in batch])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        units: Vectors = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
        return units

    def _cut(self, ids: list[int]) -> list[int]:
        """Shorten ``ids`` to what the model reads, keeping the end mark; counted and logged, never silent."""
        if len(ids) <= self._longest:
            return ids
        self.truncated += 1
        log.warning("A text of %d tokens was cut to %d before it was embedded", len(ids), self._longest)
        return ids[: self._longest - 1] + ids[-1:]

    def _forward(self, rows: list[list[int]]) -> Vectors:
        import torch

        if self._packed is not None:
            with self._lock, torch.inference_mode():
                means = [hidden.float().mean(0) for hidden in self._packed.encode(rows)]
                packed: Vectors = torch.stack(means).numpy()
                return packed
        width = max(len(row) for row in rows)
        padded = torch.tensor([row + [self._padding] * (width - len(row)) for row in rows], device=self._device)
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows], device=self._device)
        try:
            with self._lock, torch.inference_mode():
                result = self._model({"input_ids": padded, "attention_mask": mask})["sentence_embedding"]
        except RuntimeError as error:
            code = "MODEL_MEMORY" if is_out_of_memory(error) else "MODEL_LOAD"
            raise ModelError(code, model=self.model_id, reason=str(error)) from error
        values: Vectors = result.float().cpu().numpy()
        return values


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield indices, long texts first, so that a batch padded to its longest text holds at most ``budget`` tokens."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _packed(model: Any, device: str) -> "PackedEncoder | None":
    """Return the model's layers for texts without padding, where it is a BERT whose tokens are averaged, on a CPU."""
    from rag.packed import PackedEncoder, can_pack

    kinds = [type(module).__name__ for module in model]
    encoder = getattr(model[0], "model", None)
    averages = kinds in (["Transformer", "Pooling", "Normalize"], ["Transformer", "Pooling"])
    if not averages or model[1].pooling_mode not in ("mean", ("mean",), ["mean"]) or not can_pack(encoder, device):
        return None
    return PackedEncoder(encoder)


def _prompts(defined: dict[str, str], folder: Path) -> dict[str, str]:
    """Return the model's own prompts; those of e5 when it defines none and is named so; else none."""
    named = {name: text for name, text in defined.items() if text}
    if "query" in named:
        return {"query": named["query"], "document": named.get("document") or named.get("passage") or ""}
    is_e5 = any("e5" in part.lower().split("-") for part in folder.parts[-4:])
    return E5_PROMPTS if is_e5 else {"query": "", "document": ""}


def _load(model: str, folder: Path, device: Device) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer

    load_quietly()
    torch.set_num_threads(device.threads)
    options = {"dtype": getattr(torch, device.precision), "use_safetensors": True}
    try:
        return SentenceTransformer(
            str(folder), device=device.name, model_kwargs=options, local_files_only=True, trust_remote_code=False
        ).eval()
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        code = "MODEL_MEMORY" if is_out_of_memory(error) else "MODEL_LOAD"
        raise ModelError(code, model=model, reason=str(error).partition("\n")[0]) from error
