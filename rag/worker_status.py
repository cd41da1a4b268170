"""What the screen knows of the workers: whether they work here, and which models are there."""

from dataclasses import dataclass, field
from typing import Literal

from rag.choice import ModelChoice

ModelState = Literal["loading", "ready", "error"]


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """Whether this process works (``holding``), else who does; ``code`` and ``details`` tell why no model is there.

    ``choice`` is the model that writes, None while none is loaded.
    """

    holding: bool
    holder: str
    models: ModelState
    code: str = ""
    details: dict[str, str] = field(default_factory=dict)
    generator_id: str = ""
    device: str = ""
    choice: ModelChoice | None = None
