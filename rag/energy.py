"""The energy of this computer: measured where the processor counts it, else estimated from a stated power.

Linux shows the counters of Intel and AMD processors (RAPL) as microjoules that begin again at a maximum; reading them
may need rights: https://www.kernel.org/doc/html/latest/power/powercap/powercap.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.device import Device

POWERCAP = Path("/sys/class/powercap")
CORE_WATTS = 7.0
"""Assumed of one busy core: a laptop processor of 28 W has four."""
GPU_WATTS = 300.0
"""Assumed of a busy graphics card; its driver would tell more."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter of a processor: its file, and the microjoules at which it begins again."""

    file: Path
    wraps_at: int


@dataclass(frozen=True, slots=True)
class Gauge:
    """What the energy of a stretch of work is taken from: counters, else ``watts`` assumed; neither for an endpoint."""

    counters: tuple[Counter, ...] = ()
    watts: float = 0.0

    def joules(self) -> tuple[float, ...]:
        """Read the counters, in joules."""
        return tuple(int(counter.file.read_text()) / 1e6 for counter in self.counters)

    def since(self, before: Sequence[float], seconds: float) -> float | None:
        """Return the joules since a reading of the counters; None where nothing is known."""
        if not self.counters:
            return self.watts * seconds if self.watts else None
        spent = zip(self.counters, before, self.joules(), strict=True)
        return sum((now - then) % (counter.wraps_at / 1e6) for counter, then, now in spent)


UNKNOWN_POWER = Gauge()


def gauge(device: Device, folder: Path = POWERCAP) -> Gauge:
    """Return how energy is known on a device. What other programs do meanwhile counts too where it is measured."""
    if device.name != "cpu":
        return Gauge(watts=GPU_WATTS if device.name.startswith("cuda") else CORE_WATTS * device.threads)
    return Gauge(counters(folder)) if counters(folder) else Gauge(watts=CORE_WATTS * device.threads)


def counters(folder: Path) -> tuple[Counter, ...]:
    """Return the readable counters of whole processors, not of their parts."""
    found = []
    for zone in sorted(folder.glob("intel-rapl:*")):
        try:
            if zone.name.count(":") == 1:
                int((zone / "energy_uj").read_text())
                found.append(Counter(zone / "energy_uj", int((zone / "max_energy_range_uj").read_text())))
        except (OSError, ValueError):
            continue  # not readable by this user
    return tuple(found)
