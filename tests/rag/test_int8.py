"""Weights of eight bits compute what their own rounded values compute, in half the memory."""

from pathlib import Path

import pytest
import torch
from torch import nn

from rag.choice import ModelChoice
from rag.generate import TransformersGenerator
from rag.int8 import Int8Linear, quantise, quantise_layers
from rag.types import Prompt
from tests.tiny_models import CPU, save_generator, save_qwen3


def test_each_row_is_rounded_by_its_own_scale() -> None:
    levels, scale = quantise(torch.tensor([[12.7, -6.35, 0.04], [0.0, 0.0, 0.0], [-0.254, 0.127, 0.001]]))
    assert levels.tolist() == [[127, -64, 0], [0, 0, 0], [-127, 64, 0]]
    torch.testing.assert_close(scale[[0, 2]], torch.tensor([0.1, 0.002]))


@pytest.mark.parametrize("rows", [1, 16, 17, 200])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("bias", [False, True])
def test_a_layer_multiplies_by_its_rounded_weights(rows: int, dtype: torch.dtype, bias: bool) -> None:
    torch.manual_seed(5)
    linear = nn.Linear(64, 96, bias=bias).to(dtype)
    layer = Int8Linear(linear)
    inputs = torch.randn(2, rows, 64, dtype=dtype)
    exact = inputs.float() @ (layer.weight.float() * layer.scale.float()[:, None]).T
    expected = exact + linear.bias.float() if bias else exact
    close = {"rtol": 1e-4, "atol": 1e-4} if dtype == torch.float32 else {"rtol": 2e-2, "atol": 2e-2}
    torch.testing.assert_close(layer(inputs).float(), expected.detach(), **close)
    assert layer(inputs).dtype == dtype
    # Half a level of the row's largest weight is the most that a weight moves, and the scale's own rounding.
    moved = (layer.weight.float() * layer.scale.float()[:, None] - linear.weight.float()).abs()
    assert (moved <= layer.scale.float()[:, None] * (0.5 if dtype == torch.float32 else 1.0) + 1e-7).all()


def test_a_network_keeps_its_head_and_loses_half_of_its_layers(tmp_path: Path) -> None:
    place = save_qwen3(tmp_path / "qwen3", hidden=128)
    plain = TransformersGenerator(str(place), CPU)._model
    before = sum(p.numel() for name, p in plain.named_parameters() if p.dim() == 2 and "layers" in name)
    quantise_layers(plain)
    layers = [m for m in plain.modules() if isinstance(m, Int8Linear)]
    assert len(layers) == 7 * plain.config.num_hidden_layers
    assert type(plain.get_output_embeddings()) is nn.Linear
    assert sum(m.weight.numel() for m in layers) == before
    assert {m.weight.element_size() for m in layers} == {1}


@pytest.mark.parametrize("make", [save_qwen3, save_generator])
def test_a_model_of_int8_weights_writes_almost_what_it_wrote(tmp_path: Path, make: object) -> None:
    place = make(tmp_path / "model")  # type: ignore[operator]
    prompt = Prompt("", "Who?", "Who designed it?")
    plain = TransformersGenerator(str(place), CPU)
    small = TransformersGenerator(str(place), CPU, "small", "", "int8")
    ids = torch.tensor([plain._encode(prompt)])
    with torch.no_grad():
        exact, near = (model._model(ids).logits[0].log_softmax(-1) for model in (plain, small))
    # In nats of each token's distribution; what rounding to half the bits costs is far below what sampling varies.
    assert float((exact.exp() * (exact - near)).sum(-1).max()) < 0.05
    assert "".join(token.text for token in small.stream(prompt, max_tokens=8))


def test_the_choice_names_the_weights() -> None:
    assert ModelChoice().weights == "auto"
