"""Whether a chosen model fits in memory, before anything of it is loaded."""

from typing import Literal

from rag.choice import ModelChoice
from rag.device import Device
from rag.errors import ModelError
from rag.prepare import ready_folder
from rag.settings import Settings
from rag.weights import bytes_needed, free_bytes, gigabytes, locate

Room = Literal["beside", "instead"]


def room_for(settings: Settings, choice: ModelChoice, beside: ModelChoice | None, device: Device) -> Room:
    """Tell whether ``choice`` fits beside the model that is loaded, or only once that one is released.

    Raises ModelError: MODEL_TOO_LARGE when it fits in neither way, and those of ``locate``.
    """
    need, free = bytes_of(settings, choice, device), free_bytes(device)
    if need <= free:
        return "beside"
    held = bytes_of(settings, beside, device) if beside else 0
    if need <= free + held:
        return "instead"
    raise ModelError("MODEL_TOO_LARGE", model=choice.label, need=gigabytes(need), free=gigabytes(free + held))


def bytes_of(settings: Settings, choice: ModelChoice, device: Device) -> int:
    """Estimate the memory, in bytes, that a model takes here; one behind an endpoint takes none. Raises ModelError."""
    if choice.kind == "endpoint":
        return 0
    return bytes_needed(locate(model_path(settings, choice), choice.revision), device, choice.weights)


def model_path(settings: Settings, choice: ModelChoice) -> str:
    """Return what to load of a model that is no endpoint: a path, or an id. Raises ModelError."""
    return str(ready_folder(settings, choice.name)) if choice.kind == "bundled" else choice.name
