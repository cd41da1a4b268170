"""The energy of this computer: measured where the hardware counts it, else estimated from a stated power.

Linux shows the counters of Intel and AMD processors (RAPL) as microjoules that begin again at a maximum; reading them
may need rights: https://www.kernel.org/doc/html/latest/power/powercap/powercap.html. NVIDIA's cards count millijoules
from Volta on: nvmlDeviceGetTotalEnergyConsumption.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.device import Device

POWERCAP = Path("/sys/class/powercap")
CORE_WATTS = 7.0
"""Assumed of one busy core: a laptop processor of 28 W has four."""
GPU_WATTS = 300.0
"""Assumed of a busy graphics card that does not count."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter of a processor or a card: how its joules are read, and at how many it begins again."""

    joules: Callable[[], float]
    wraps_at: float = math.inf


@dataclass(frozen=True, slots=True)
class Gauge:
    """What the energy of a stretch of work is taken from: counters, else ``watts`` assumed; neither for an endpoint."""

    counters: tuple[Counter, ...] = ()
    watts: float = 0.0

    def joules(self) -> tuple[float, ...]:
        """Read the counters, in joules."""
        return tuple(counter.joules() for counter in self.counters)

    def since(self, before: Sequence[float], seconds: float) -> float | None:
        """Return the joules since a reading of the counters; None where nothing is known."""
        if not self.counters:
            return self.watts * seconds if self.watts else None
        spent = zip(self.counters, before, self.joules(), strict=True)
        return sum((now - then) % counter.wraps_at for counter, then, now in spent)


UNKNOWN_POWER = Gauge()


def gauge(device: Device, folder: Path = POWERCAP) -> Gauge:
    """Return how energy is known on a device. What other programs do meanwhile counts too where it is measured.

    On a graphics card its own energy is told, without the processor's; on Apple's, that of as many busy cores.
    """
    if device.name.startswith("cuda"):
        card = _card(device.uuid)
        return Gauge(card) if card else Gauge(watts=GPU_WATTS)
    processors = _processors(folder) if device.name == "cpu" else ()
    return Gauge(processors) if processors else Gauge(watts=CORE_WATTS * device.threads)


def _card(uuid: str) -> tuple[Counter, ...]:
    """Return the counter of a card of NVIDIA, where it has one and its driver tells."""
    import pynvml

    try:
        pynvml.nvmlInit()
        handle = pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{uuid}")
        pynvml.nvmlDeviceGetTotalEnergyConsumption(handle)
    except pynvml.NVMLError:
        return ()
    return (Counter(lambda: pynvml.nvmlDeviceGetTotalEnergyConsumption(handle) / 1e3),)


def _microjoules(file: Path) -> float:
    return int(file.read_text()) / 1e6


def _processors(folder: Path) -> tuple[Counter, ...]:
    """Return the readable counters of whole processors, not of their parts."""
    found = []
    for zone in sorted(folder.glob("intel-rapl:*")):
        try:
            if zone.name.count(":") == 1:
                read = partial(_microjoules, zone / "energy_uj")
                read()
                found.append(Counter(read, _microjoules(zone / "max_energy_range_uj")))
        except (OSError, ValueError):
            continue  # not readable by this user
    return tuple(found)
