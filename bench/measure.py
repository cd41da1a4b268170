"""Time the sides of a comparison in turn, so that what else the machine does falls on both."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil

Side = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some repeats, with the lowest and the highest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Describe at least one value."""
        return cls(statistics.median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each repeat: on the clock, and of all cores together, child processes included."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    def rates(self, amount: float) -> Spread:
        """Return ``amount`` a second on the clock."""
        return Spread.of([amount / seconds for seconds in self.wall])

    def rates_per_core(self, amount: float) -> Spread:
        """Return ``amount`` a second of one core."""
        return Spread.of([amount / seconds for seconds in self.cpu])


def in_turn(sides: Mapping[str, Side], repeats: int, *, warm_up: bool = True) -> dict[str, Times]:
    """Run every side ``repeats`` times, A B A B; first once each without counting, to warm up."""
    if warm_up:
        for side in sides.values():
            side()
    walls: dict[str, list[float]] = {name: [] for name in sides}
    cpus: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(repeats):
        for name, side in sides.items():
            wall, cpu = time.perf_counter(), cpu_seconds()
            side()
            walls[name].append(time.perf_counter() - wall)
            cpus[name].append(cpu_seconds() - cpu)
    return {name: Times(tuple(walls[name]), tuple(cpus[name])) for name in sides}


def ratio(naive: Sequence[float], ours: Sequence[float]) -> Spread:
    """Return how many times faster we are, repeat by repeat."""
    return Spread.of([theirs / own for theirs, own in zip(naive, ours, strict=True)])


def cpu_seconds() -> float:
    """Return the processor time of this process, of its children, and of theirs that they have waited for."""
    try:
        import resource
    except ImportError:  # Windows counts no children
        return time.process_time()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    # The process that forks for the PDFs goes on, with what its own children have used.
    living: list[tuple[float, ...]] = [child.cpu_times()[:4] for child in psutil.Process().children()]
    return sum(usage.ru_utime + usage.ru_stime for usage in used) + sum(map(sum, living))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` (0..1) of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
