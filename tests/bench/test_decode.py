"""What a token must read is counted by hand, and the command runs on a machine with torch and transformers alone."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import Gemma3ForCausalLM, Qwen3ForCausalLM

from bench.decode import SHAPES, bytes_a_token

ROOT = Path(__file__).parents[2]


def test_a_token_reads_every_weight_once_and_its_keys_and_values() -> None:
    with torch.device("meta"):
        tiny = Qwen3ForCausalLM(SHAPES["tiny"]).bfloat16()
    attention = 64 * 64 + 2 * 64 * 32 + 64 * 64 + 2 * 16  # queries, keys and values, output, their two norms
    layer = attention + 3 * 64 * 128 + 2 * 64
    weights = 512 * 64 + 2 * layer + 64  # the embedding is the output layer as well
    assert bytes_a_token(tiny, 0) == 2 * weights
    assert bytes_a_token(tiny, 100) == 2 * weights + 2 * 2 * 100 * 32 * 2


@pytest.mark.parametrize("name, gigabytes", [("Qwen3-4B", 8.04), ("Gemma-3-270M", 0.536)])
def test_the_shapes_are_those_of_the_models(name: str, gigabytes: float) -> None:
    with torch.device("meta"):
        model = {"Qwen3-4B": Qwen3ForCausalLM, "Gemma-3-270M": Gemma3ForCausalLM}[name](SHAPES[name]).bfloat16()
    assert bytes_a_token(model, 0) / 1e9 == pytest.approx(gigabytes, rel=0.005)


def test_a_layer_with_a_window_reads_no_more_than_it() -> None:
    with torch.device("meta"):
        gemma = Gemma3ForCausalLM(SHAPES["Gemma-3-270M"]).bfloat16()
    token = 2 * 256 * 2  # bytes of a layer's key and value
    assert bytes_a_token(gemma, 2_000) - bytes_a_token(gemma, 0) == (15 * 512 + 3 * 2_000) * token


def test_a_bare_machine_can_run_it() -> None:
    code = "import sys, bench.__main__, bench.decode\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    loaded = set(done.stdout.split())
    assert {"torch", "transformers", "bench", "rag"} <= loaded
    assert not loaded & {"ingest", "faiss", "tantivy", "sqlalchemy", "sentence_transformers", "pypdfium2", "evaluation"}
