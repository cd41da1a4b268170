"""The two formats of the bundled models are read as they are documented, on files written here by hand."""

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest

from rag import e5s1, gguf_file
from rag.gemma import join


def e5s1_bytes(pieces: list[tuple[str, float]], tensors: list[tuple[str, bytes, int, int]]) -> bytes:
    """Lay out an E5S1 file: a tensor is (name, data, kind, count); kind 1 is Q4_0, 0 float32."""
    texts = [text.encode() for text, _ in pieces]
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    head = struct.pack("<4sI7ifi", b"E5S1", 1, 32, 1, 2, 64, 4, 8, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, texts))) + offsets
    head += b"".join(struct.pack("<f", score) for _, score in pieces) + b"".join(texts)
    head += struct.pack("<iIIBI", 1, 9, 0xA0, 1, 0x20)  # a character map of one entry, which is skipped
    place = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in tensors)
    directory, data = struct.pack("<i", len(tensors)), b""
    for name, values, kind, count in tensors:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, place + len(data), len(values))
        data += values
    return head + directory + data


def test_e5s1_pieces_and_weights(tmp_path: Path) -> None:
    nibbles = np.arange(32) % 16
    block = struct.pack("<e", 0.5) + bytes(int(nibbles[j] | nibbles[j + 16] << 4) for j in range(16))
    bias = np.array([1.5, -2.0], "<f4")
    path = tmp_path / "model.bin"
    path.write_bytes(
        e5s1_bytes([("<s>", 0.0), ("▁é", -1.5)], [("emb.word", block, 1, 32), ("l0.fo.b", bias.tobytes(), 0, 2)])
    )
    model = e5s1.read(path)
    weights = e5s1.weights(model)
    assert model.pieces == [("<s>", 0.0), ("▁é", -1.5)]
    assert (weights["embeddings.word_embeddings.weight"] == ((nibbles - 8) * 0.5).reshape(1, 32)).all()
    assert weights["encoder.layer.0.output.dense.bias"].tolist() == [1.5, -2.0]


def test_another_file_is_not_e5s1(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="not an E5S1 file"):
        e5s1.read(path)


def test_gguf_metadata_and_tensors(tmp_path: Path) -> None:
    path, values = tmp_path / "model.gguf", np.linspace(-1, 1, 64, dtype=np.float32).reshape(2, 32)
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_uint32("gemma3.block_count", 18)
    writer.add_array("tokenizer.ggml.tokens", ["<pad>", "▁é"])
    writer.add_array("tokenizer.ggml.scores", [0.0, -1.5])
    writer.add_bool("tokenizer.ggml.add_bos_token", True)
    writer.add_tensor("plain", values)
    packed = gguf.quants.quantize(values, gguf.GGMLQuantizationType.Q8_0)
    writer.add_tensor("packed", packed, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    file = gguf_file.read(path)
    assert file.metadata == {
        "general.architecture": "gemma3",
        "gemma3.block_count": 18,
        "tokenizer.ggml.tokens": ["<pad>", "▁é"],
        "tokenizer.ggml.scores": [0.0, -1.5],
        "tokenizer.ggml.add_bos_token": True,
    }
    plain, quantised = file.tensors
    assert [(t.name, t.shape) for t in file.tensors] == [("plain", (2, 32)), ("packed", (2, 32))]
    assert (file.values(plain) == values).all()
    assert np.abs(file.values(quantised) - values).max() <= 1 / 127 / 2 + 1e-3


def test_joined_parts_are_checked_by_hash(tmp_path: Path) -> None:
    parts = [tmp_path / "0", tmp_path / "1"]
    parts[0].write_bytes(b"lec")
    parts[1].write_bytes(b"tern")
    seen: list[tuple[int, int]] = []
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert not join(parts, tmp_path / "whole", digest, lambda *report: seen.append(report))
    assert ((tmp_path / "whole").read_bytes(), seen) == (b"lectern", [(3, 7), (7, 7)])
