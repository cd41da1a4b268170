"""Answers found word for word in passages, each passage with its log-odds of answering."""

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from rag.device import Device
from rag.embed import TOKENS_PER_BATCH, batches
from rag.errors import ModelError, Stopped
from rag.packed import PackedEncoder, can_pack
from rag.reader_network import Pair, Pairs, best_spans, from_trained
from rag.types import Passage, Reading, Span
from rag.weights import is_out_of_memory

WEIGHTS = "model.safetensors"
MANIFEST = "manifest.json"
LONGEST_ANSWER = 30
ANSWERS = 5
_EDGES = " \t\n.,;:!?…«»“”\"'’()[]"


class EncoderReader:
    """A Reader over the bundled encoder with weights from ``folder``; threads may share it."""

    def __init__(self, encoder: Path, folder: Path, device: Device) -> None:
        """Load the weights. Raises ModelError (MODEL_NOT_FOUND, MODEL_PACKAGE_DAMAGED, MODEL_LOAD)."""
        self.model_id = _checked(folder)
        self._lock = threading.Lock()
        self._device = device.name
        self._budget = TOKENS_PER_BATCH[device.name.partition(":")[0]]
        self._pairs = Pairs(encoder / "tokenizer.json")
        torch.set_num_threads(device.threads)
        try:
            network = from_trained(encoder, folder / WEIGHTS, getattr(torch, device.precision))
            self._network = network.to(device.name)
            encoder_layers = self._network.encoder
            self._packed = PackedEncoder(encoder_layers) if can_pack(encoder_layers, device.name) else None
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            code = "MODEL_MEMORY" if is_out_of_memory(error) else "MODEL_LOAD"
            raise ModelError(code, model=str(folder), reason=str(error).partition("\n")[0]) from error

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        """Read each passage for the question; one reading a passage, in order. Raises Stopped."""
        pairs = [self._pairs.encode(question, context_of(p.title, p.section), p.text) for p in passages]
        readings: dict[int, Reading] = {}
        for batch in batches([len(pair.ids) for pair in pairs], self._budget):
            if cancelled():
                raise Stopped
            chosen = [pairs[index] for index in batch]
            for index, pair, (starts, ends, odds) in zip(batch, chosen, self._forward(chosen), strict=True):
                readings[index] = Reading(odds, _spans(passages[index].text, pair, starts, ends))
        return [readings[index] for index in range(len(pairs))]

    def _forward(self, pairs: list[Pair]) -> list[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], float]]:
        if self._packed is not None:
            return self._one_by_one(pairs, self._packed)
        inputs = [part.to(self._device) for part in self._pairs.marks.pad(pairs)]
        with self._lock, torch.inference_mode():
            starts, ends, odds = (part.cpu().numpy() for part in self._network(*inputs))
        return [(starts[row], ends[row], float(odds[row])) for row in range(len(pairs))]

    def _one_by_one(
        self, pairs: list[Pair], encoder: PackedEncoder
    ) -> list[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], float]]:
        found = []
        with self._lock, torch.inference_mode():
            for pair, hidden in zip(pairs, encoder.encode([pair.ids for pair in pairs]), strict=True):
                _, _, texts = self._pairs.marks.pad([pair])
                starts, ends, odds = (part.cpu().numpy() for part in self._network.heads(hidden[None], texts))
                found.append((starts[0], ends[0], float(odds[0])))
        return found


def context_of(title: str, section: str) -> str:
    """Return what the reader sees before a passage's text."""
    return " – ".join(part for part in (title, section) if part)


def _spans(text: str, pair: Pair, starts: npt.NDArray[np.float32], ends: npt.NDArray[np.float32]) -> tuple[Span, ...]:
    inside = slice(pair.first, pair.first + len(pair.offsets))
    found: list[Span] = []
    for first, last, score in best_spans(starts[inside], ends[inside], LONGEST_ANSWER, ANSWERS):
        start, end = _trimmed(text, pair.offsets[first][0], pair.offsets[last][1])
        if start < end:
            found.append(Span(start, end, score))
    return tuple(found)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    # Brackets and quotation marks at the edges stay when their partner is inside.
    while start < end and text[start] in _EDGES and not _paired(text[start:end], text[start]):
        start += 1
    while start < end and text[end - 1] in _EDGES and not _paired(text[start:end], text[end - 1]):
        end -= 1
    return start, end


def _paired(part: str, mark: str) -> bool:
    return any(mark in pair and pair[0] in part and pair[1] in part for pair in ("()", "[]"))


def _checked(folder: Path) -> str:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        with (folder / WEIGHTS).open("rb") as source:
            found = hashlib.file_digest(source, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        raise ModelError("MODEL_NOT_FOUND", model=str(folder)) from error
    if found != manifest.get("sha256"):
        raise ModelError("MODEL_PACKAGE_DAMAGED", package=str(folder))
    return f"{manifest['name']}:{found[:12]}"
