"""What is told of a model that is on this computer: read from its files, nothing of it is loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.choice import ModelChoice
from rag.device import Device
from rag.room import bytes_of, model_path
from rag.settings import Settings
from rag.weights import locate

README = "README.md"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model's files on disk and its memory here, in bytes; its licence and languages as its own card names them."""

    choice: ModelChoice
    model_id: str = ""
    size: int = 0
    memory: int = 0
    licence: str = ""
    languages: tuple[str, ...] = ()
    context: int = 0


def read_card(settings: Settings, choice: ModelChoice, model_id: str, context: int, device: Device) -> ModelCard:
    """Describe a model; of one behind an endpoint only its context is known. Raises ModelError."""
    if choice.kind == "endpoint":
        return ModelCard(choice, model_id, context=context)
    path = locate(model_path(settings, choice), choice.revision)
    licence, languages = ("Gemma", ("en", "fr")) if choice.kind == "bundled" else _told(path)
    memory = bytes_of(settings, choice, device)
    return ModelCard(choice, model_id, _size(path), memory, licence, languages, context)


def _size(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _told(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return licence and languages from the head of a folder's README, as models on the hub have one."""
    from huggingface_hub import metadata_load

    try:
        told: dict[str, Any] = metadata_load(path / README) or {}
        languages = told.get("language") or ()
        named = (languages,) if isinstance(languages, str) else tuple(str(one) for one in languages)
    except Exception:  # noqa: BLE001 - whatever its author wrote there, the model is as good without
        return "", ()
    return str(told.get("license_name") or told.get("license") or ""), named
