"""What every measurement shares: how often, on which device, with which models, in which scratch folder."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rag.device import Device, choose
from rag.prepare import ready_folder
from rag.settings import BUNDLED_EMBEDDER, BUNDLED_GENERATOR, Settings


@dataclass(frozen=True, slots=True)
class Stand:
    """``settings`` names the bundled models and a home that is thrown away; ``scratch`` lies in it."""

    repeats: int
    settings: Settings
    device: Device

    @property
    def scratch(self) -> Path:
        """Return a folder for what is being read."""
        return self.settings.home / "scratch"

    @property
    def embedder_folder(self) -> Path:
        """Return where the bundled embedder lies. Raises ModelError."""
        return ready_folder(self.settings, BUNDLED_EMBEDDER)

    @property
    def generator_folder(self) -> Path:
        """Return where the bundled generator lies. Raises ModelError."""
        return ready_folder(self.settings, BUNDLED_GENERATOR)


@contextmanager
def set_up(repeats: int, device: str) -> Iterator[Stand]:
    """Open a stand over the bundled models and a home of its own. Raises RagError."""
    from rag.weights import load_quietly

    load_quietly()
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder:
        environment = Settings.from_environment()
        settings = replace(
            environment,
            home=Path(folder),
            embedder=BUNDLED_EMBEDDER,
            generator=BUNDLED_GENERATOR,
            adapter="",
            device=device,
        )
        yield Stand(repeats, settings, choose(settings))
