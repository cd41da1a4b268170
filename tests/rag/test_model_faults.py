"""A model that cannot be used says why and what to do, before it takes memory; sizes are predicted from the files."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from rag.build import build_generator
from rag.choice import ModelChoice
from rag.errors import ModelError
from rag.room import bytes_of, room_for
from rag.settings import Settings
from rag.types import Prompt
from rag.weights import bytes_needed
from tests.rag.test_adapters import save_adapter
from tests.tiny_models import CPU, save_generator, save_gpt2, save_qwen3


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", models=tmp_path / "models", device="cpu", threads=1)


def pickled(place: Path) -> None:
    (place / "model.safetensors").unlink()
    (place / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")


def emptied(place: Path) -> None:
    (place / "model.safetensors").unlink()


def cut_short(place: Path) -> None:
    weights = place / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])


def not_safetensors(place: Path) -> None:
    (place / "model.safetensors").write_bytes(b"<html>Not Found</html>")


def without_tokenizer(place: Path) -> None:
    (place / "tokenizer.json").unlink()


def half_downloaded(place: Path) -> None:
    index = {"weight_map": {"a": "model.safetensors", "b": "model-2.safetensors"}}
    (place / "model.safetensors.index.json").write_text(json.dumps(index))


def without_config(place: Path) -> None:
    (place / "config.json").unlink()


def of_an_unknown_kind(place: Path) -> None:
    (place / "config.json").write_text('{"model_type": "martian"}')


def missing_layer(place: Path) -> None:
    (place / "model.safetensors").write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (pickled, "MODEL_UNSAFE"),
        (emptied, "MODEL_EMPTY"),
        (cut_short, "MODEL_WEIGHTS"),
        (not_safetensors, "MODEL_WEIGHTS"),
        (missing_layer, "MODEL_WEIGHTS"),
        (without_tokenizer, "MODEL_TOKENIZER"),
        (half_downloaded, "MODEL_INCOMPLETE"),
        (without_config, "MODEL_LOAD"),
        (of_an_unknown_kind, "MODEL_LOAD"),
    ],
)
def test_a_spoilt_folder_is_refused(
    settings: Settings, tmp_path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    place = save_qwen3(tmp_path / "model")
    spoil(place)
    with pytest.raises(ModelError) as raised:
        build_generator(settings, ModelChoice("folder", str(place)))
    assert raised.value.code == code


@pytest.mark.parametrize(
    "choice",
    [
        ModelChoice("folder", "/nowhere/at/all"),
        ModelChoice("hub", "nobody/no-such-model"),
        ModelChoice("hub", "not an id"),
    ],
)
def test_what_is_not_there_is_told(settings: Settings, choice: ModelChoice) -> None:
    with pytest.raises(ModelError) as raised:
        build_generator(settings, choice)
    assert raised.value.code == "MODEL_NOT_FOUND"


def test_a_pickle_given_as_a_file_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "model.pt").write_bytes(b"cos\nsystem\n")
    with pytest.raises(ModelError, match="MODEL_UNSAFE"):
        build_generator(settings, ModelChoice("folder", str(tmp_path / "model.pt")))


def test_an_adapter_made_for_another_model_is_refused(settings: Settings, tmp_path: Path) -> None:
    other = save_adapter(tmp_path / "adapter", save_generator(tmp_path / "gemma"))
    place = save_qwen3(tmp_path / "model", hidden=64)
    with pytest.raises(ModelError, match="ADAPTER_MISMATCH"):
        build_generator(settings, ModelChoice("folder", str(place), adapter=str(other)))


@pytest.mark.parametrize(("make", "is_chat"), [(save_qwen3, True), (save_gpt2, False)])
@pytest.mark.parametrize("weights", ["auto", "bfloat16", "float32", "int8"])
def test_chat_and_base_models_write_in_all_weights(
    settings: Settings, tmp_path: Path, make: Callable[[Path], Path], is_chat: bool, weights: str
) -> None:
    choice = ModelChoice("folder", str(make(tmp_path / "model")), weights=weights)
    generator = build_generator(settings, choice)
    written = list(generator.stream(Prompt("", "Who?", "Who?"), max_tokens=4))
    assert (generator.is_chat, generator.context_tokens, bool(written)) == (is_chat, 128, True)


def test_the_memory_of_a_model_is_counted_from_its_files(tmp_path: Path) -> None:
    place = tmp_path / "model"
    place.mkdir()
    tensors = {"model.embed_tokens.weight": torch.zeros(100, 8), "layers.0.up.weight": torch.zeros(16, 8)}
    save_file({**tensors, "layers.0.norm.weight": torch.zeros(8)}, place / "model.safetensors")
    assert bytes_needed(place, CPU) == int(4 * (800 + 128 + 8) * 1.1)  # nothing tells the size of its cache
    shape = {"num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 2, "num_key_value_heads": 1}
    config = {**shape, "intermediate_size": 16, "max_position_embeddings": 100_000}
    (place / "config.json").write_text(json.dumps({"text_config": config}))
    context = 8192 * (2 * 1 * 4 + 4 * 8 + 3 * 16)  # numbers kept for each token: keys and values, then one layer's
    assert bytes_needed(place, CPU) == 4 * (800 + 128 + 8 + context)
    assert bytes_needed(place, CPU, "bfloat16") == 2 * (800 + 128 + 8 + context)
    assert bytes_needed(place, CPU, "int8") == 4 * (800 + 8 + context) + 128 + 16 * 4


def test_what_does_not_fit_is_refused_before_it_is_loaded(settings: Settings, tmp_path: Path) -> None:
    small, huge = (ModelChoice("folder", str(save_qwen3(tmp_path / name))) for name in ("small", "huge"))
    assert room_for(settings, small, None, CPU) == "beside"
    config = tmp_path / "huge" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "intermediate_size": 2**40}))
    with pytest.raises(ModelError) as raised:
        room_for(settings, huge, small, CPU)
    need = f"{bytes_of(settings, huge, CPU) / 1e9:.1f} GB"
    assert (raised.value.code, raised.value.details["model"], raised.value.details["need"]) == (
        "MODEL_TOO_LARGE",
        "huge",
        need,
    )
    with pytest.raises(ModelError, match="MODEL_TOO_LARGE"):
        build_generator(settings, huge)
    assert room_for(settings, small, huge, CPU) == "beside"
    assert bytes_of(settings, ModelChoice("endpoint", "m", "http://localhost:1"), CPU) == 0
