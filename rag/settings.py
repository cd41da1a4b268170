"""The one place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import RagError

# Read by the thread pools of torch and faiss when they load: waiting threads sleep. Spinning, as by default, makes
# embedding two to three times slower as soon as anything else (the browser) wants the same cores.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

BUNDLED_EMBEDDER = "bundled:multilingual-e5-small"
BUNDLED_GENERATOR = "bundled:gemma-3-270m"
BUNDLED = "bundled"  # of a part: the one trained here, in trained/
OFF = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, read once from ``LECTERN_*`` and passed explicitly.

    ``adapter`` is attached to the generator: "bundled" (to the bundled generator, if one ships), "" for none, a folder
    or a model id on this computer. ``reader`` is "bundled", "off" or a folder. ``endpoint_key`` goes to the model
    server that ``generator`` names, if none was typed for it; ``endpoint_context`` is how many tokens the models of
    servers read where they do not tell, 0 for the usual.
    """

    home: Path
    models: Path
    embedder: str = BUNDLED_EMBEDDER
    generator: str = BUNDLED_GENERATOR
    adapter: str = ""
    reader: str = BUNDLED
    device: str = "auto"
    max_upload_mb: int = 200
    max_question_chars: int = 2000
    threads: int = 0
    allow_lan: bool = False
    compiled: bool = False
    endpoint_key: str = field(default="", repr=False)
    endpoint_context: int = 0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read LECTERN_HOME, _MODELS, _EMBEDDER, _GENERATOR, _ADAPTER, _READER, _DEVICE, _MAX_UPLOAD_MB, _THREADS,
        _COMPILE, _ALLOW_LAN, _ENDPOINT_KEY and _ENDPOINT_CONTEXT.

        Raises RagError SETTING_INVALID.
        """
        home = Path(environ.get("LECTERN_HOME") or Path.home() / ".lectern" / "data").expanduser().absolute()
        models = Path(environ.get("LECTERN_MODELS") or home.parent / "models").expanduser().absolute()
        return cls(
            home=home,
            models=models,
            embedder=environ.get("LECTERN_EMBEDDER") or BUNDLED_EMBEDDER,
            generator=environ.get("LECTERN_GENERATOR") or BUNDLED_GENERATOR,
            adapter=environ.get("LECTERN_ADAPTER", "").strip(),
            reader=environ.get("LECTERN_READER", "").strip() or BUNDLED,
            device=environ.get("LECTERN_DEVICE") or "auto",
            max_upload_mb=_number(environ, "LECTERN_MAX_UPLOAD_MB", 200),
            threads=_number(environ, "LECTERN_THREADS", 0),
            allow_lan=environ.get("LECTERN_ALLOW_LAN") == "1",
            compiled=environ.get("LECTERN_COMPILE") == "1",
            endpoint_key=environ.get("LECTERN_ENDPOINT_KEY", "").strip(),
            endpoint_context=_number(environ, "LECTERN_ENDPOINT_CONTEXT", 0),
        )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, "").strip()
    if value and not value.isdecimal():
        raise RagError("SETTING_INVALID", name=name, value=value, example=str(default))
    return int(value or default)


def online_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of the one child process that may reach the Hugging Face hub; it sends no telemetry.

    Plain HTTP goes on where a download was broken off, and is what proxies know.
    """
    kept = {name: value for name, value in environ.items() if name not in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")}
    return {**kept, "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}


def hub_cache(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where models of the hub lie on this computer, for all programs of its user."""
    home = Path(environ.get("HF_HOME") or Path(environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
    return Path(environ.get("HF_HUB_CACHE") or home / "hub").expanduser()
