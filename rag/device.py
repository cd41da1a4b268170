"""Where models run: cuda, mps or cpu, and in which precision."""

import os
from dataclasses import dataclass
from typing import Literal

from rag.errors import ModelError
from rag.settings import Settings

Precision = Literal["bfloat16", "float16", "float32"]


@dataclass(frozen=True, slots=True)
class Device:
    """A torch device ``name``, the precision that is fast on it, CPU ``threads``, and what the screen says.

    ``compiled``: the steps of a generator on a GPU are compiled by torch as it is loaded.
    ``uuid`` names a card of NVIDIA.
    """

    name: str
    precision: Precision
    threads: int
    label: str
    compiled: bool = False
    uuid: str = ""


def choose(settings: Settings) -> Device:
    """Choose the device of the settings, the best one for "auto". Raises ModelError (DEVICE_UNKNOWN)."""
    import torch

    threads = settings.threads or _cores()
    name = settings.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError) as error:  # torch asserts when it was built without the device
        raise ModelError("DEVICE_UNKNOWN", device=name) from error
    uuid = str(torch.cuda.get_device_properties(name).uuid) if name.startswith("cuda") else ""
    return Device(name, _precision(name), threads, _label(name, threads), settings.compiled, uuid)


def _cores() -> int:
    """Count the physical cores this process may use; a second hardware thread only slows matrix products."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def _precision(name: str) -> Precision:
    """Choose bfloat16 where the hardware multiplies it; a CPU without such instructions is faster in float32."""
    import torch

    if name.startswith("cuda"):
        return "bfloat16" if torch.cuda.get_device_capability(name)[0] >= 8 else "float16"
    if name == "mps":
        return "bfloat16" if torch.backends.mps.is_macos_or_newer(14, 0) else "float32"
    return "bfloat16" if fast_bfloat16(torch.cpu.get_capabilities()) else "float32"


def fast_bfloat16(capabilities: dict[str, object]) -> bool:
    """Tell from torch's CPU capabilities whether bfloat16 products are done in hardware."""
    return any(bool(capabilities.get(flag)) for flag in ("avx512_bf16", "amx_bf16"))


def _label(name: str, threads: int) -> str:
    import torch

    if name.startswith("cuda"):
        return str(torch.cuda.get_device_name(name))
    if name == "mps":
        return "Apple GPU"
    return f"CPU · {threads} core{'s' if threads > 1 else ''}"
