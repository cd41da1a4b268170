"""The energy of this computer: measured where the hardware counts it, else estimated from a stated power.

Linux shows the counters of Intel and AMD processors (RAPL) as microjoules that begin again at a maximum; reading them
may need rights: https://www.kernel.org/doc/html/latest/power/powercap/powercap.html. NVIDIA's cards count millijoules
from Volta on: nvmlDeviceGetTotalEnergyConsumption.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.device import Device

POWERCAP = Path("/sys/class/powercap")
CORE_WATTS = 7.0
"""Assumed of one busy core: a laptop processor of 28 W has four."""
GPU_WATTS = 300.0
"""Assumed of a busy graphics card that does not count."""


class CounterError(Exception):
    """A counter that cannot be read any more: a card that fell out, rights that were taken."""


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
        """Read the counters, in joules; one that fails is no number, since no answer shall be lost for it."""
        return tuple(_told(counter) for counter in self.counters)

    def since(self, before: Sequence[float], seconds: float) -> float | None:
        """Return the joules since a reading of the counters; None where nothing is known."""
        if not self.counters:
            return self.watts * seconds if self.watts else None
        spent = list(zip(self.counters, before, self.joules(), strict=True))
        if any(math.isnan(then) or math.isnan(now) for _, then, now in spent):
            return None
        return sum((now - then) % counter.wraps_at for counter, then, now in spent)


def _told(counter: Counter) -> float:
    try:
        return counter.joules()
    except CounterError:
        return math.nan


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

    def read() -> float:
        try:
            handle = pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{uuid}")
            return float(pynvml.nvmlDeviceGetTotalEnergyConsumption(handle)) / 1e3
        except pynvml.NVMLError as error:
            raise CounterError(str(error)) from error

    try:
        pynvml.nvmlInit()
        read()
    except (pynvml.NVMLError, CounterError):
        return ()
    return (Counter(read),)


def _microjoules(file: Path) -> float:
    try:
        return int(file.read_text()) / 1e6
    except (OSError, ValueError) as error:
        raise CounterError(str(file)) from error


def _processors(folder: Path) -> tuple[Counter, ...]:
    """Return the readable counters of whole processors: not of their parts, nor of the computer around them (psys)."""
    found = []
    for zone in sorted(folder.glob("intel-rapl:*")):
        with suppress(CounterError, OSError):  # not readable by this user
            if (zone / "name").read_text().startswith("package"):
                read = partial(_microjoules, zone / "energy_uj")
                read()
                found.append(Counter(read, _microjoules(zone / "max_energy_range_uj")))
    return tuple(found)
