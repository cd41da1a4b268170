"""A causal language model and its tokenizer from files, on a device, in the weights that were chosen."""

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer

from rag.choice import Weights
from rag.device import Device
from rag.errors import ModelError
from rag.int8 import quantise_layers
from rag.weights import is_out_of_memory, load_quietly, precision_of, require_memory

# Any of these holds the words of a model; without one, transformers makes up a tokenizer that knows none.
TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "tekken.json")


def load_network(model: str, path: Path, device: Device, weights: Weights) -> tuple[Any, Any]:
    """Return the network, ready to write, and its tokenizer; ``model`` names it in messages.

    Raises ModelError: MODEL_TOKENIZER, MODEL_TOO_LARGE before anything is loaded, MODEL_WEIGHTS, MODEL_LOAD.
    """
    if path.is_dir() and not any((path / name).is_file() for name in TOKENIZERS):
        raise ModelError("MODEL_TOKENIZER", model=model)
    require_memory(model, path, device, weights)
    load_quietly()
    torch.set_num_threads(device.threads)
    try:
        return _load(path, device, weights)
    except (
        OSError,
        ValueError,
        RuntimeError,
        KeyError,
        TypeError,
        AttributeError,
        ImportError,
        SafetensorError,
    ) as error:
        code = "MODEL_MEMORY" if is_out_of_memory(error) else "MODEL_LOAD"
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ModelError(code, model=model, reason=reason) from error


def _load(path: Path, device: Device, weights: Weights) -> tuple[Any, Any]:
    folder, options = path, dict[str, Any](local_files_only=True, trust_remote_code=False)
    if path.is_file():
        folder, options = path.parent, {**options, "gguf_file": path.name}
    tokenizer = AutoTokenizer.from_pretrained(folder, **options)
    dtype = getattr(torch, precision_of(device, weights))
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, use_safetensors=True, **options)
    if weights == "int8":
        # On the processor first, where the file is mapped rather than copied: the device never holds both.
        quantise_layers(network)
    return network.to(device.name).eval(), tokenizer
