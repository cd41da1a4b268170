"""An adapter in PEFT's format changes what a generator writes, when it is wanted; all else is refused, by name."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from rag.adapters import Adapter, WithoutAdapter
from rag.build import build_generator
from rag.errors import ModelError
from rag.generate import TransformersGenerator
from rag.settings import Settings
from rag.types import Generator, Prompt, Token
from tests.tiny_models import CPU, save_generator

PROMPT = Prompt("Be brief.", "Who, and when?", "Who, and when?")
MEMORY = replace(PROMPT, memory=True)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_generator(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_generator(tmp_path_factory.mktemp("models") / "chat", chat=True)


def save_adapter(folder: Path, base: Path, **options: object) -> Path:
    """A LoRA over every linear layer, with random weights on both sides, saved by PEFT itself."""
    torch.manual_seed(3)
    config = LoraConfig(**{"r": 4, "lora_alpha": 8, "target_modules": "all-linear", **options})
    network = get_peft_model(AutoModelForCausalLM.from_pretrained(base), config)
    for name, parameter in network.named_parameters():
        if ".lora_" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    network.save_pretrained(str(folder))
    return folder


@pytest.fixture
def adapter(base: Path, tmp_path: Path) -> Path:
    return save_adapter(tmp_path / "adapter", base)


def open_with(base: Path, adapter: Path | str) -> TransformersGenerator:
    return TransformersGenerator(str(base), CPU, "", str(adapter))


def write(generator: TransformersGenerator, prompt: Prompt = PROMPT) -> list[Token]:
    return list(generator.stream(prompt, max_tokens=8, top=2))


def edit(adapter: Path, **fields: object) -> None:
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def seal(adapter: Path, **fields: object) -> None:
    digest = hashlib.sha256((adapter / "adapter_model.safetensors").read_bytes()).hexdigest()
    (adapter / "manifest.json").write_text(json.dumps({"sha256": digest, **fields}))


def test_the_network_computes_what_peft_computes(base: Path, adapter: Path) -> None:
    ids = torch.tensor([[1, 40, 50, 60]])
    peft = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), str(adapter)).eval()
    ours = open_with(base, adapter)
    with torch.no_grad():
        torch.testing.assert_close(ours._model(ids).logits, peft(ids).logits)


def test_a_prompt_says_whether_the_adapter_is_used(base: Path, adapter: Path) -> None:
    plain, adapted = TransformersGenerator(str(base), CPU), open_with(base, adapter)
    assert write(adapted) != write(plain)
    assert write(adapted, replace(PROMPT, adapted=False)) == write(plain)
    assert write(adapted) != write(plain)
    assert write(adapted, MEMORY) == write(adapted)


def test_a_notebook_may_do_without_the_adapter(base: Path, adapter: Path) -> None:
    plain, adapted = TransformersGenerator(str(base), CPU), open_with(base, adapter)
    without: Generator = WithoutAdapter(adapted)
    assert list(without.stream(PROMPT, max_tokens=8, top=2)) == write(plain) != write(adapted)
    assert (without.model_id, without.is_chat, without.context_tokens) == (str(base), False, plain.context_tokens)
    assert without.count_tokens("abc") == 3


def test_an_adapter_that_learnt_to_read_sources_leaves_memory_alone(base: Path, adapter: Path) -> None:
    seal(adapter, **{"for": "sources"})
    plain, adapted = TransformersGenerator(str(base), CPU), open_with(base, adapter)
    assert write(adapted, MEMORY) == write(plain)
    assert write(adapted) != write(plain)


def test_a_chat_model_takes_an_adapter(chat: Path, tmp_path: Path) -> None:
    adapted = open_with(chat, save_adapter(tmp_path / "adapter", chat))
    assert adapted.is_chat
    assert (
        write(adapted) != write(adapted, replace(PROMPT, adapted=False)) == write(TransformersGenerator(str(chat), CPU))
    )


def test_the_name_of_the_generator_names_the_adapter(base: Path, adapter: Path) -> None:
    digest = hashlib.sha256((adapter / "adapter_model.safetensors").read_bytes()).hexdigest()
    assert open_with(base, adapter).model_id == f"{base}+{adapter.name}:{digest[:12]}"


@pytest.mark.parametrize("options", [{"use_rslora": True}, {"use_dora": True}, {"rank_pattern": {"q_proj": 2}}])
def test_lora_in_its_usual_variants(base: Path, tmp_path: Path, options: dict[str, object]) -> None:
    adapter = save_adapter(tmp_path / "adapter", base, **options)
    peft = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), str(adapter)).eval()
    ids = torch.tensor([[1, 40, 50, 60]])
    with torch.no_grad():
        torch.testing.assert_close(open_with(base, adapter)._model(ids).logits, peft(ids).logits)


def refused(base: Path, adapter: Path | str) -> str:
    with pytest.raises(ModelError) as caught:
        open_with(base, adapter)
    return caught.value.code


def test_nothing_there(base: Path, tmp_path: Path) -> None:
    assert refused(base, "nobody/no-such-adapter") == "ADAPTER_NOT_FOUND"
    assert refused(base, tmp_path) == "ADAPTER_NOT_FOUND"


def test_a_folder_without_configuration(base: Path, adapter: Path) -> None:
    (adapter / "adapter_config.json").unlink()
    assert refused(base, adapter) == "ADAPTER_NOT_FOUND"


def test_pickled_weights_are_not_opened(base: Path, adapter: Path) -> None:
    (adapter / "adapter_model.safetensors").unlink()
    (adapter / "adapter_model.bin").write_bytes(b"cos\nsystem\n")
    assert refused(base, adapter) == "ADAPTER_UNSAFE"


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_configuration_that_is_none(base: Path, adapter: Path, text: str) -> None:
    (adapter / "adapter_config.json").write_text(text)
    assert refused(base, adapter) == "ADAPTER_DAMAGED"


@pytest.mark.parametrize(
    "fields",
    [
        {"peft_type": "IA3"},
        {"init_lora_weights": "pissa"},
        {"megatron_config": {"a": 1}, "megatron_core": "antigravity"},
        {"layer_replication": [[0, 1]]},
        {"something_new": True},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_cannot_be_attached_is_named(base: Path, adapter: Path, fields: dict[str, object]) -> None:
    edit(adapter, **fields)
    assert refused(base, adapter) == "ADAPTER_KIND"


def test_weights_that_are_not_safetensors(base: Path, adapter: Path) -> None:
    (adapter / "adapter_model.safetensors").write_bytes(b"cos\nsystem\n")
    assert refused(base, adapter) == "ADAPTER_DAMAGED"


def test_weights_cut_short(base: Path, adapter: Path) -> None:
    weights = adapter / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert refused(base, adapter) == "ADAPTER_DAMAGED"


def test_weights_that_differ_from_the_manifest(base: Path, adapter: Path) -> None:
    seal(adapter, sha256="0" * 64)
    assert refused(base, adapter) == "ADAPTER_DAMAGED"


def test_an_adapter_of_another_size(base: Path, adapter: Path) -> None:
    weights = load_file(adapter / "adapter_model.safetensors")
    wide = {name: torch.zeros(4, 48) if name.endswith("A.weight") else value for name, value in weights.items()}
    save_file(wide, adapter / "adapter_model.safetensors")
    assert refused(base, adapter) == "ADAPTER_MISMATCH"


def test_an_adapter_of_other_layers(base: Path, adapter: Path) -> None:
    weights = load_file(adapter / "adapter_model.safetensors")
    moved = {name.replace("layers.1.", "layers.9."): value for name, value in weights.items()}
    save_file(moved, adapter / "adapter_model.safetensors")
    assert refused(base, adapter) == "ADAPTER_MISMATCH"


def test_half_an_adapter(base: Path, adapter: Path) -> None:
    weights = load_file(adapter / "adapter_model.safetensors")
    save_file({n: v for n, v in weights.items() if "layers.1." not in n}, adapter / "adapter_model.safetensors")
    assert refused(base, adapter) == "ADAPTER_MISMATCH"


@pytest.mark.parametrize(
    ("made_for", "fits"),
    [("google/gemma-3-270m", True), ("google/gemma-3-270m-it", False), ("/models/gemma", True), ("", True)],
)
def test_names_of_models_are_compared(base: Path, adapter: Path, made_for: str, fits: bool) -> None:
    edit(adapter, base_model_name_or_path=made_for)
    network = AutoModelForCausalLM.from_pretrained(base)
    if fits:
        Adapter(str(adapter), network, "gemma-3-270m")
    else:
        with pytest.raises(ModelError, match="ADAPTER_MISMATCH"):
            Adapter(str(adapter), network, "gemma-3-270m")


def test_a_folder_is_named_without_its_place_and_its_name_is_not_compared(
    base: Path, adapter: Path, tmp_path: Path
) -> None:
    edit(adapter, base_model_name_or_path="google/gemma-3-270m")
    settings = Settings(home=tmp_path, models=tmp_path, generator=str(base), adapter=str(adapter), device="cpu")
    name, _, attached = build_generator(settings).model_id.partition("+")
    assert (name, attached.partition(":")[0]) == (base.name, adapter.name)


def test_the_settings_choose_the_adapter(base: Path, adapter: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, models=tmp_path, generator=str(base), device="cpu", threads=1)
    assert "+" not in build_generator(replace(settings, adapter="bundled")).model_id
    assert build_generator(replace(settings, adapter=str(adapter))).model_id.startswith(f"{base.name}+{adapter.name}:")
