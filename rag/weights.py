"""Where a model's weights lie, whether they are safe to open, and whether they fit in memory."""

import json
import struct
from math import prod
from pathlib import Path
from typing import Any

from rag.device import Device
from rag.errors import ModelError

BYTES = {"bfloat16": 2, "float16": 2, "float32": 4}
WORKSPACE = 1.1  # activations and cache beside the weights
GGUF_GROWTH = 4.0  # a GGUF of 4 bits a weight is opened at 16


def load_quietly() -> None:
    """Keep transformers from drawing progress bars and warnings into the terminal, in this process."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def locate(model: str) -> Path:
    """Return the folder or GGUF file of ``model``: a path, or a model id in this computer's Hugging Face cache.

    Raises ModelError: MODEL_NOT_FOUND, or MODEL_UNSAFE when it holds neither safetensors nor GGUF weights.
    """
    path = Path(model).expanduser()
    if not path.exists():
        found = cached_folder(model)
        if found is None:
            raise ModelError("MODEL_NOT_FOUND", model=model)
        path = found
    if path.is_file():
        if path.suffix != ".gguf":
            raise ModelError("MODEL_UNSAFE", model=model)
        return path
    if any(path.glob("*.safetensors")):
        return path
    ggufs = sorted(path.glob("*.gguf"))
    if not ggufs:
        raise ModelError("MODEL_UNSAFE" if any(path.iterdir()) else "MODEL_NOT_FOUND", model=model)
    return ggufs[0]


def cached_folder(model: str) -> Path | None:
    """Return the folder of a model id in this computer's Hugging Face cache; None when it is not there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        return None


def require_memory(model: str, path: Path, device: Device) -> None:
    """Raise ModelError (MODEL_MEMORY) when the weights at ``path`` would not fit in the device's free memory."""
    if bytes_needed(path, device) > free_bytes(device):
        raise ModelError("MODEL_MEMORY", model=model)


def bytes_needed(path: Path, device: Device) -> int:
    """Estimate the memory, in bytes, that the weights at ``path`` take in the device's precision."""
    if path.is_file():
        return int(path.stat().st_size * GGUF_GROWTH * BYTES[device.precision] / 2 * WORKSPACE)
    parameters = sum(_parameters(file) for file in path.glob("*.safetensors"))
    return int(parameters * BYTES[device.precision] * WORKSPACE)


def _parameters(file: Path) -> int:
    with file.open("rb") as source:
        (length,) = struct.unpack("<Q", source.read(8))
        header: dict[str, Any] = json.loads(source.read(length))
    return sum(prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")


def free_bytes(device: Device) -> int:
    """Return the memory, in bytes, that is free on the device now."""
    if device.name.startswith("cuda"):
        import torch

        return int(torch.cuda.mem_get_info(device.name)[0])
    import psutil

    return int(psutil.virtual_memory().available)


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether ``error`` is torch's way of saying that memory ran out, on a GPU or a CPU."""
    return type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error)
