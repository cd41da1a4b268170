"""The one place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BUNDLED_EMBEDDER = "bundled:multilingual-e5-small"
BUNDLED_GENERATOR = "bundled:gemma-3-270m"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, read once from ``LECTERN_*`` and passed explicitly."""

    home: Path
    models: Path
    embedder: str = BUNDLED_EMBEDDER
    generator: str = BUNDLED_GENERATOR
    device: str = "auto"
    max_upload_mb: int = 200
    max_question_chars: int = 2000
    threads: int = 0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read LECTERN_HOME, _MODELS, _EMBEDDER, _GENERATOR, _DEVICE, _MAX_UPLOAD_MB and _THREADS."""
        home = Path(environ.get("LECTERN_HOME") or Path.home() / ".lectern" / "data").expanduser().absolute()
        models = Path(environ.get("LECTERN_MODELS") or home.parent / "models").expanduser().absolute()
        return cls(
            home=home,
            models=models,
            embedder=environ.get("LECTERN_EMBEDDER") or BUNDLED_EMBEDDER,
            generator=environ.get("LECTERN_GENERATOR") or BUNDLED_GENERATOR,
            device=environ.get("LECTERN_DEVICE") or "auto",
            max_upload_mb=int(environ.get("LECTERN_MAX_UPLOAD_MB") or 200),
            threads=int(environ.get("LECTERN_THREADS") or 0),
        )
