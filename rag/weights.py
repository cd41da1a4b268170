"""Where a model's weights lie, whether they are safe to open, and whether they fit in memory."""

import gc
import json
import struct
import sys
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any

from rag.choice import Weights
from rag.device import Device, Precision
from rag.errors import ModelError

BYTES = {"bfloat16": 2, "float16": 2, "float32": 4}
LONGEST_CONTEXT = 8_192  # tokens; the cache of a longer one is not worth its memory here
PICKLES = {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"}
WORKSPACE = 1.1  # activations and cache beside the weights, where a model's shape is not told
_SHAPE = ("num_hidden_layers", "hidden_size", "num_attention_heads")
# Matrices that stay as they are: words in and out, positions, and GPT-2's transposed layers.
_NOT_LINEAR = ("embed", "lm_head", "wte", "wpe", ".c_")
_OLD_NAMES = {"n_layer": "num_hidden_layers", "n_embd": "hidden_size", "n_head": "num_attention_heads",
              "n_positions": "max_position_embeddings", "n_inner": "intermediate_size"}  # fmt: skip
GGUF_GROWTH = 4.0  # a GGUF of 4 bits a weight is opened at 16


def load_quietly() -> None:
    """Keep transformers from drawing progress bars and warnings into the terminal, in this process."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def locate(model: str, revision: str = "") -> Path:
    """Return the folder or GGUF file of ``model``: a path, or a model id in this computer's Hugging Face cache.

    Raises ModelError: MODEL_NOT_FOUND, MODEL_UNSAFE when it holds weights of another format only, MODEL_EMPTY when it
    holds none, MODEL_INCOMPLETE when a part of them is missing.
    """
    path = Path(model).expanduser()
    if not path.exists():
        found = cached_folder(model, revision)
        if found is None:
            raise ModelError("MODEL_NOT_FOUND", model=model)
        path = found
    if path.is_file():
        if path.suffix != ".gguf":
            raise ModelError("MODEL_UNSAFE", model=model)
        return path
    if any(path.glob("*.safetensors")):
        _require_parts(model, path)
        return path
    ggufs = sorted(path.glob("*.gguf"))
    if not ggufs:
        unsafe = any(file.suffix in PICKLES for file in path.iterdir())
        raise ModelError("MODEL_UNSAFE" if unsafe else "MODEL_EMPTY", model=model)
    return ggufs[0]


def _require_parts(model: str, folder: Path) -> None:
    """Hold the files to the index of a model in parts: a download that was broken off has some of them."""
    try:
        index = json.loads((folder / "model.safetensors.index.json").read_text(encoding="utf-8"))
        wanted = {str(name) for name in index["weight_map"].values()}
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            "MODEL_WEIGHTS", path=str(folder / "model.safetensors.index.json"), reason=str(error)
        ) from error
    missing = sorted(name for name in wanted if not (folder / name).is_file())
    if missing:
        raise ModelError("MODEL_INCOMPLETE", model=model, missing=", ".join(missing[:3]))


def cached_folder(model: str, revision: str = "") -> Path | None:
    """Return the folder of a model id in this computer's Hugging Face cache; None when it is not there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, revision=revision or None, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        return None


def require_memory(model: str, path: Path, device: Device, weights: Weights = "auto") -> None:
    """Raise ModelError (MODEL_TOO_LARGE) when the model at ``path`` would not fit in the device's free memory."""
    need, free = bytes_needed(path, device, weights), free_bytes(device)
    if need > free:
        raise ModelError("MODEL_TOO_LARGE", model=model, need=gigabytes(need), free=gigabytes(free))


def bytes_needed(path: Path, device: Device, weights: Weights = "auto") -> int:
    """Estimate the memory, in bytes, of the weights at ``path``, of a full context's cache, and of one pass over it.

    Raises ModelError (MODEL_WEIGHTS) when a file's header cannot be read.
    """
    size = BYTES[precision_of(device, weights)]
    if path.is_file():
        return int(path.stat().st_size * GGUF_GROWTH * size / 2 * WORKSPACE)
    files = sorted(path.glob("*.safetensors"))
    held = sum(_bytes(name, shape, size, weights) for file in files for name, shape in shapes(file).items())
    beside = _context_bytes(path, size)
    return held + beside if beside else int(held * WORKSPACE)


def precision_of(device: Device, weights: Weights) -> Precision:
    """Return the precision in which a model computes: as is fast on the device, unless another was chosen."""
    return weights if weights in ("bfloat16", "float32") else device.precision


def _bytes(name: str, shape: Sequence[int], size: int, weights: Weights) -> int:
    is_linear = len(shape) == 2 and not any(part in name for part in _NOT_LINEAR)
    return prod(shape) + shape[0] * size if weights == "int8" and is_linear else prod(shape) * size


def _context_bytes(folder: Path, size: int) -> int:
    """Return what a full context takes: keys and values of each layer, and the widest layer's activations."""
    config = read_config(folder)
    layers, hidden, heads = (int(config.get(name) or 0) for name in _SHAPE)
    if not (layers and hidden and heads):
        return 0
    width = int(config.get("head_dim") or hidden // heads) * int(config.get("num_key_value_heads") or heads)
    inner = int(config.get("intermediate_size") or 4 * hidden)
    tokens = context_tokens(config.get("max_position_embeddings"))
    return tokens * size * (2 * layers * width + 4 * hidden + 3 * inner)


def read_config(folder: Path) -> dict[str, Any]:
    """Return the text model's part of a folder's config.json; empty when there is none that can be read."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    text = config.get("text_config", config) if isinstance(config, dict) else {}
    if not isinstance(text, dict):
        return {}
    return {_OLD_NAMES.get(str(name), str(name)): value for name, value in text.items()}


def context_tokens(positions: int | None) -> int:
    """Return how many tokens a model that knows so many positions reads here at most."""
    return min(positions or LONGEST_CONTEXT, LONGEST_CONTEXT)


def shapes(file: Path) -> dict[str, tuple[int, ...]]:
    """Return the shape of each tensor of a safetensors file. Raises ModelError (MODEL_WEIGHTS)."""
    try:
        with file.open("rb") as source:
            (length,) = struct.unpack("<Q", source.read(8))
            size = file.stat().st_size
            header: dict[str, Any] = json.loads(source.read(min(length, size)))
        found = {name: entry for name, entry in header.items() if name != "__metadata__"}
        end = max((entry["data_offsets"][1] for entry in found.values()), default=0)
        if 8 + length + end != size:
            raise ValueError(f"{size} bytes in place of {8 + length + end}")
        return {name: tuple(entry["shape"]) for name, entry in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        reason = str(error).partition("\n")[0]
        raise ModelError("MODEL_WEIGHTS", path=str(file), reason=reason) from error


def free_bytes(device: Device) -> int:
    """Return the memory, in bytes, that is free on the device now."""
    if device.name.startswith("cuda"):
        import torch

        torch.cuda.empty_cache()  # what torch keeps of a model that was released is free too
        return int(torch.cuda.mem_get_info(device.name)[0])
    import psutil

    return int(psutil.virtual_memory().available)


def collect() -> None:
    """Free the memory of what nobody holds any more, on the GPU too: torch keeps it there for itself until told."""
    gc.collect()
    torch = sys.modules.get("torch")  # where nothing loaded it, it keeps nothing
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether ``error`` is torch's way of saying that memory ran out, on a GPU or a CPU."""
    return type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error)


def gigabytes(size: int) -> str:
    """Write a size for a sentence, in gigabytes of 10^9 bytes."""
    return f"{size / 1e9:.1f} GB"
