"""Low-rank adapters in PEFT's format (LoRA, safetensors only) attached to a generator's network.

The base weights stay as they are: an adapter is switched on or off from one prompt to the next.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.settings import BUNDLED
from rag.types import Generator, Prompt, Sampling, Token
from rag.weights import cached_folder

FOLDER = Path(__file__).parents[1] / "trained" / "adapter"
CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
MANIFEST = "manifest.json"

_USED = frozenset(
    {
        "r", "lora_alpha", "target_modules", "exclude_modules", "fan_in_fan_out", "bias", "use_rslora",
        "modules_to_save", "layers_to_transform", "layers_pattern", "rank_pattern", "alpha_pattern",
        "trainable_token_indices", "use_dora", "lora_bias", "target_parameters",
    }
)  # fmt: skip
_WITHOUT_EFFECT = frozenset(
    {
        "peft_type", "task_type", "base_model_name_or_path", "revision", "inference_mode", "init_lora_weights",
        "lora_dropout", "auto_mapping", "peft_version", "runtime_config", "eva_config", "ensure_weight_tying",
        "megatron_core", "qalora_group_size",
    }
)  # fmt: skip
"""Of training, or read only together with a field that is refused. Every field that is in neither list is refused when
it is set: some name Python modules to import, some change what the base weights must be."""
_PLAIN_STARTS = frozenset({"gaussian", "orthogonal", "eva"})
"""Ways to begin training that leave the base weights as they were."""


class Adapter:
    """An adapter in a network. ``sources_only``: it was trained to read passages and is not asked from memory."""

    def __init__(self, adapter: str, network: Any, base: str) -> None:
        """Check the files and attach them to ``network``, the model named ``base``.

        Raises ModelError: ADAPTER_NOT_FOUND, ADAPTER_UNSAFE, ADAPTER_KIND, ADAPTER_DAMAGED, ADAPTER_MISMATCH.
        """
        folder = locate_adapter(adapter)
        config = _config(adapter, folder)
        manifest = _checked_manifest(adapter, folder)
        _require_base(adapter, str(config.get("base_model_name_or_path") or ""), base)
        _require_shapes(adapter, folder / WEIGHTS, network, base)
        self.sources_only = manifest.get("for") == "sources"
        # The name goes into stored answers and exports: of a folder its own name, not its place on this computer.
        name = Path(adapter).name if Path(adapter).expanduser().is_dir() else adapter
        self.adapter_id = f"{name}:{_digest(folder / WEIGHTS)[:12]}"
        self._layers = _attach(adapter, folder / WEIGHTS, config, network, base)
        self._on = True

    def use(self, on: bool) -> None:
        """Switch the adapter on or off for what is generated next."""
        if on != self._on:
            (self._layers.enable_adapter_layers if on else self._layers.disable_adapter_layers)()
            self._on = on


def locate_adapter(adapter: str) -> Path:
    """Return the folder of ``adapter``: "bundled", a folder, or an id in this computer's Hugging Face cache.

    Raises ModelError: ADAPTER_NOT_FOUND, or ADAPTER_UNSAFE when its weights are not safetensors.
    """
    folder = FOLDER if adapter == BUNDLED else Path(adapter).expanduser()
    if not folder.is_dir():
        found = cached_folder(adapter)
        if found is None:
            raise ModelError("ADAPTER_NOT_FOUND", adapter=adapter)
        folder = found
    if not (folder / WEIGHTS).is_file():
        unsafe = any(path.suffix in (".bin", ".pt", ".pth") for path in folder.iterdir())
        raise ModelError("ADAPTER_UNSAFE" if unsafe else "ADAPTER_NOT_FOUND", adapter=adapter)
    return folder


def _config(adapter: str, folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        kind = str(config.get("peft_type"))
    except FileNotFoundError as error:
        raise ModelError("ADAPTER_NOT_FOUND", adapter=adapter) from error
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError("ADAPTER_DAMAGED", adapter=adapter, reason=f"{CONFIG}: {error}") from error
    if kind != "LORA":
        raise ModelError("ADAPTER_KIND", adapter=adapter, kind=kind)
    start = config.get("init_lora_weights")
    if isinstance(start, str) and start not in _PLAIN_STARTS:
        raise ModelError("ADAPTER_KIND", adapter=adapter, kind=start)
    for field, value in config.items():
        if value and field not in _USED | _WITHOUT_EFFECT and not _is_empty(value):
            raise ModelError("ADAPTER_KIND", adapter=adapter, kind=field)
    return dict(config)


def _is_empty(value: Any) -> bool:
    return isinstance(value, dict) and not any(value.values())


def _checked_manifest(adapter: str, folder: Path) -> Mapping[str, Any]:
    """Read the manifest of an adapter trained here, and hold its weights to their hash; others have none."""
    if not (folder / MANIFEST).is_file():
        if adapter == BUNDLED:
            raise ModelError("ADAPTER_DAMAGED", adapter=adapter, reason=f"{MANIFEST} is missing")
        return {}
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        expected = manifest["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError("ADAPTER_DAMAGED", adapter=adapter, reason=f"{MANIFEST}: {error}") from error
    if _digest(folder / WEIGHTS) != expected:
        raise ModelError("ADAPTER_DAMAGED", adapter=adapter, reason=f"{WEIGHTS} does not match its hash")
    return dict(manifest)


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _require_base(adapter: str, made_for: str, base: str) -> None:
    """Compare names where both are such as hubs use; a folder's name says nothing."""
    telling = made_for.count("/") == 1 and not made_for.startswith((".", "/", "~"))
    if not telling or Path(base).expanduser().exists():
        return
    if made_for.rpartition("/")[2].lower() != base.rpartition("/")[2].lower():
        raise ModelError("ADAPTER_MISMATCH", adapter=adapter, model=base, reason=f"it was made for {made_for}")


def _require_shapes(adapter: str, weights: Path, network: Any, base: str) -> None:
    """Compare every low-rank pair with the layer it is for, before the network is touched."""
    modules = dict(network.named_modules())
    for name, shape in _shapes(adapter, weights).items():
        place, _, side = name.removeprefix("base_model.model.").removesuffix(".weight").rpartition(".lora_")
        if side not in ("A", "B"):
            continue
        layer = modules.get(place)
        outer = getattr(getattr(layer, "weight", None), "shape", ())
        if (shape[-1] if side == "A" else shape[0]) not in outer:
            reason = f"{place} is {list(outer) or 'not in the model'}, the adapter has {list(shape)}"
            raise ModelError("ADAPTER_MISMATCH", adapter=adapter, model=base, reason=reason)


def _shapes(adapter: str, weights: Path) -> dict[str, tuple[int, ...]]:
    try:
        with weights.open("rb") as source:
            (length,) = struct.unpack("<Q", source.read(8))
            header = json.loads(source.read(min(length, weights.stat().st_size)))
        return {name: tuple(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise ModelError("ADAPTER_DAMAGED", adapter=adapter, reason=f"{WEIGHTS} is no safetensors file") from error


def _attach(adapter: str, weights: Path, config: Mapping[str, Any], network: Any, base: str) -> Any:
    from peft import LoraConfig, PeftModel, set_peft_model_state_dict
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        chosen = LoraConfig(**{field: config[field] for field in _USED & config.keys()}, inference_mode=True)
        attached = PeftModel(network, chosen, autocast_adapter_dtype=False)
        result: Any = set_peft_model_state_dict(attached, load_file(weights))
        strays = [*result.unexpected_keys, *(name for name in result.missing_keys if ".lora_" in name)]
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelError("ADAPTER_MISMATCH", adapter=adapter, model=base, reason=reason) from error
    except SafetensorError as error:
        raise ModelError("ADAPTER_DAMAGED", adapter=adapter, reason=f"{WEIGHTS}: {error}") from error
    if strays:
        raise ModelError("ADAPTER_MISMATCH", adapter=adapter, model=base, reason=f"nothing fits {strays[0]}")
    attached.eval()
    return attached.base_model


class WithoutAdapter:
    """The generator as it is without its adapter, for a notebook that does not want it."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.model_id = generator.model_id.partition("+")[0]
        self.context_tokens = generator.context_tokens
        self.is_chat = generator.is_chat

    def count_tokens(self, text: str) -> int:
        """Count the tokens of ``text`` without special tokens."""
        return self._generator.count_tokens(text)

    def stream(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        top: int = 0,
        sampling: Sampling | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Token]:
        """Yield what the generator writes with its adapter switched off. Raises GenerationError."""
        plain = replace(prompt, adapted=False)
        return self._generator.stream(
            plain, max_tokens=max_tokens, stop=stop, top=top, sampling=sampling, cancelled=cancelled
        )
