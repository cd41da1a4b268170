"""The device is the best one there is, said in words, and a wrong name is told."""

from pathlib import Path

import pytest
import torch

from rag.device import choose, fast_bfloat16
from rag.errors import ModelError
from rag.settings import Settings


def settings(device: str, threads: int = 0) -> Settings:
    return Settings(home=Path("home"), models=Path("models"), device=device, threads=threads)


def test_a_cpu_is_named_with_its_cores() -> None:
    chosen = choose(settings("cpu", threads=2))
    assert (chosen.name, chosen.threads, chosen.label) == ("cpu", 2, "CPU · 2 cores")
    assert choose(settings("cpu", threads=1)).label == "CPU · 1 core"
    assert choose(settings("cpu")).threads >= 1


def test_bfloat16_is_used_on_a_cpu_only_where_it_is_fast() -> None:
    assert fast_bfloat16({"avx512_bf16": True})
    assert fast_bfloat16({"avx512_bf16": False, "amx_bf16": True})
    assert not fast_bfloat16({"avx2": True, "avx512_f": True})
    expected = "bfloat16" if fast_bfloat16(torch.cpu.get_capabilities()) else "float32"
    assert choose(settings("cpu")).precision == expected


def test_auto_takes_a_gpu_where_there_is_one() -> None:
    best = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    assert choose(settings("auto")).name == best


@pytest.mark.skipif(torch.cuda.is_available(), reason="this computer has such a GPU")
def test_a_gpu_that_is_not_there_is_told() -> None:
    with pytest.raises(ModelError, match=r"LECTERN_DEVICE.*\[DEVICE_UNKNOWN\]"):
        choose(settings("cuda"))


def test_a_name_that_is_no_device_is_told() -> None:
    with pytest.raises(ModelError, match="DEVICE_UNKNOWN"):
        choose(settings("toaster"))
