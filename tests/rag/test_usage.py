"""Tokens, seconds and energy of an answer are counted, its two columns apart."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rag.device import Device
from rag.energy import CORE_WATTS, GPU_WATTS, UNKNOWN_POWER, Gauge, gauge
from rag.types import Prompt, Token
from rag.usage import Metered, UsageMeter
from rag.used import Usage

CPU = Device("cpu", "float32", 1, "CPU · 1 core")


def zone(folder: Path, name: str, joules: int, of: str, wraps_at: int = 1000) -> Path:
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "name").write_text(f"{of}\n")
    (place / "energy_uj").write_text(f"{joules * 1_000_000}\n")
    (place / "max_energy_range_uj").write_text(f"{wraps_at * 1_000_000}\n")
    return place / "energy_uj"


def test_counters_of_whole_processors_are_added_and_begin_again(tmp_path: Path) -> None:
    def tell(first: int, second: int, other: int) -> None:
        zone(tmp_path, "intel-rapl:0", first, "package-0"), zone(tmp_path, "intel-rapl:1", second, "package-1")
        zone(tmp_path, "intel-rapl:0:0", other, "dram"), zone(tmp_path, "intel-rapl:3", other, "psys")

    tell(100, 990, 7)
    (tmp_path / "intel-rapl:2").mkdir()  # one that this user may not read
    found = gauge(CPU, tmp_path)
    before = found.joules()
    tell(130, 5, 90)
    assert (before, found.since(before, 10.0), found.watts) == ((100.0, 990.0), 30.0 + 15.0, 0.0)


def test_a_counter_that_fails_during_an_answer_loses_its_energy_alone(tmp_path: Path) -> None:
    file = zone(tmp_path, "intel-rapl:0", 100, "package-0")
    found = gauge(CPU, tmp_path)
    before = found.joules()
    file.unlink()
    assert found.since(before, 1.0) is None
    file.write_text("no number")
    assert found.since(before, 1.0) is None


class Card:
    """What is called of pynvml, for one card that counts from 5,000 mJ on."""

    class NVMLError(Exception):
        pass

    def __init__(self, counts: bool = True) -> None:
        self._counts, self._told = counts, 4_000

    def nvmlInit(self) -> None:
        pass

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> str:
        if uuid != "GPU-12ab":
            raise self.NVMLError
        return uuid

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: str) -> int:
        if not self._counts:
            raise self.NVMLError
        self._told += 1_000
        return self._told


CUDA = Device("cuda", "bfloat16", 4, "a card", uuid="12ab")


def test_a_card_that_counts_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", Card())
    found = gauge(CUDA)
    before = found.joules()
    assert (before, found.since(before, 60.0), found.watts) == ((6.0,), 1.0, 0.0)


@pytest.mark.parametrize(("card", "uuid"), [(Card(counts=False), "12ab"), (Card(), "another")])
def test_a_card_that_does_not_count_is_assumed(monkeypatch: pytest.MonkeyPatch, card: Card, uuid: str) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", card)
    assert gauge(replace(CUDA, uuid=uuid)).watts == GPU_WATTS


@pytest.mark.parametrize(
    ("device", "watts"),
    [
        (CPU, CORE_WATTS),
        (Device("cpu", "float32", 4, "CPU · 4 cores"), 4 * CORE_WATTS),
        (Device("cuda", "bfloat16", 4, "a card"), GPU_WATTS),
        (Device("mps", "bfloat16", 2, "Apple GPU"), 2 * CORE_WATTS),
    ],
)
def test_without_counters_the_power_is_assumed(tmp_path: Path, device: Device, watts: float) -> None:
    found = gauge(device, tmp_path)
    assert (found.watts, found.since(found.joules(), 2.0)) == (watts, 2.0 * watts)


@dataclass
class Words:
    """Writes the words of its prompt again; a token a word."""

    model_id: str = "words"
    context_tokens: int = 100
    is_chat: bool = False

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self, prompt: Prompt, *, max_tokens: int, cancelled: Callable[[], bool] = lambda: False, **_: object
    ) -> Iterator[Token]:
        yield from map(Token, prompt.completion.split()[:max_tokens])


def test_each_lap_tells_its_own_tokens_and_energy() -> None:
    times = iter([0.0, 0.0, 2.0, 2.0, 2.5, 2.5])
    generator = Metered(Words())
    meter = UsageMeter(generator, Gauge(watts=10.0), lambda: next(times))
    next(times)
    assert [t.text for t in generator.stream(Prompt("", "", "a b c d"), max_tokens=2)] == ["a", "b"]
    assert meter.lap() == Usage(4, 2, 2.0, 20.0, 10.0)
    list(generator.stream(Prompt("", "", "a"), max_tokens=5))
    assert meter.lap() == Usage(1, 1, 0.5, 5.0, 10.0)


def test_energy_that_is_not_known_is_not_made_up() -> None:
    times = iter([0.0, 3.0, 3.0])
    meter = UsageMeter(Metered(Words()), UNKNOWN_POWER, lambda: next(times))
    assert meter.lap() == Usage(0, 0, 3.0)
