"""What the figures were measured on."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def describe(command: str, device: str) -> dict[str, Any]:
    """Return date, command, processor, cores, threads of torch, GPU, versions, and how busy the machine is now."""
    import torch
    import transformers

    gpu = torch.cuda.get_device_name() if device != "cpu" and torch.cuda.is_available() else ""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "command": command,
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "threads": torch.get_num_threads(),
        "gpu": gpu,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def processor() -> str:
    """Return the name of the processor and, of what speeds models up, what it has."""
    import torch

    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = (line.partition(":") for line in info.read_text(encoding="utf-8").splitlines())
        name = next((value.strip() for key, _, value in lines if key.strip() == "model name"), name)
    has = torch.cpu.get_capabilities()
    fast = [flag for flag in ("avx2", "avx512_f", "avx512_vnni", "avx512_bf16", "amx_bf16") if has.get(flag)]
    return f"{name} ({', '.join(fast)})" if fast else name


def sentence(about: dict[str, Any]) -> str:
    """Say in two lines where, when and by which command."""
    load = "" if about["load"] is None else f", load {about['load']:.1f} at the start"
    gpu = f", {about['gpu']}" if about["gpu"] else ""
    where = f"{about['date']}, {about['processor']}, {about['cores']} cores, {about['threads']} threads{gpu}{load}"
    return f"{where}; torch {about['torch']}, transformers {about['transformers']}, by\n`{about['command']}`:"
