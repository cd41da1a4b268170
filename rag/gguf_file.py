"""A GGUF file: its metadata and its tensors, without reading their data.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 3, little endian).
"""

import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
ALIGNMENT = 32


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """Where a tensor lies; ``shape`` is rows first, ``kind`` is ggml's number of the quantisation."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


@dataclass(frozen=True, slots=True)
class GgufFile:
    """A mapped file; offsets of tensors count from the start of the file."""

    metadata: dict[str, Any]
    tensors: list[TensorEntry]
    data: npt.NDArray[np.uint8]

    def values(self, entry: TensorEntry) -> npt.NDArray[np.float32]:
        """Return a tensor's values in float32, dequantised."""
        from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
        from gguf.quants import dequantize

        kind = GGMLQuantizationType(entry.kind)
        elements, size = GGML_QUANT_SIZES[kind]
        rows = self.data[entry.offset : entry.offset + prod(entry.shape) // elements * size]
        return np.asarray(dequantize(rows.reshape(*entry.shape[:-1], -1), kind), np.float32).reshape(entry.shape)


class _Reader:
    def __init__(self, data: npt.NDArray[np.uint8]) -> None:
        self.data, self.position = data.data, 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.position)
        self.position += struct.calcsize("<" + form)
        return values

    def text(self) -> str:
        (length,) = self.take("Q")
        self.position += length
        return bytes(self.data[self.position - length : self.position]).decode()

    def value(self, kind: int) -> Any:
        if kind == STRING:
            return self.text()
        if kind != ARRAY:
            return self.take(SCALARS[kind])[0]
        inner, count = self.take("IQ")
        if inner in SCALARS:
            return list(self.take(f"{count}{SCALARS[inner]}"))
        return [self.value(inner) for _ in range(count)]


def read(path: Path) -> GgufFile:
    """Map ``path`` and parse its header. Raises ValueError when it is not a GGUF file of version 3."""
    data = np.memmap(path, mode="r", dtype=np.uint8)
    reader = _Reader(data)
    magic, version, tensor_count, field_count = reader.take("4sIQQ")
    if (magic, version) != (b"GGUF", 3):
        raise ValueError(f"{path.name} is not a GGUF file of version 3")
    metadata = {reader.text(): reader.value(*reader.take("I")) for _ in range(field_count)}
    entries = [_entry(reader) for _ in range(tensor_count)]
    start = -(-reader.position // ALIGNMENT) * ALIGNMENT
    tensors = [TensorEntry(e.name, e.shape, e.kind, e.offset + start) for e in entries]
    return GgufFile(metadata, tensors, data)


def _entry(reader: _Reader) -> TensorEntry:
    name = reader.text()
    (dimensions,) = reader.take("I")
    shape = reader.take(f"{dimensions}Q")
    kind, offset = reader.take("IQ")
    return TensorEntry(name, tuple(reversed(shape)), kind, offset)
