"""What was read before is not read again, and nothing else changes: logits and tokens are those of a first reading."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from transformers import Gemma3ForCausalLM, Gemma3TextConfig, GPT2Config, GPT2LMHeadModel

from rag.graphed import FixedRead, size_for
from rag.kv_cache import KEPT, GrowingRead, Kept, Read, can_cut

SIZE = 96
IDS = [(7 * place + place * place // 3) % 60 + 3 for place in range(40)]


def gpt2() -> Any:
    torch.manual_seed(5)
    config = GPT2Config(vocab_size=64, n_positions=128, n_embd=32, n_layer=2, n_head=2, attn_pdrop=0, resid_pdrop=0)
    return clear(GPT2LMHeadModel(config))


def gemma3() -> Any:
    """Windows of 8 tokens, so that every text here reaches far past them."""
    torch.manual_seed(5)
    config = Gemma3TextConfig(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        sliding_window=8,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        max_position_embeddings=128,
    )
    return clear(Gemma3ForCausalLM(config))


def clear(model: Any) -> Any:
    """Large weights make logits that lie apart."""
    for parameter in model.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.35)
    return model.eval()


MODELS = {"gpt2": gpt2(), "gemma3": gemma3()}
READS: dict[str, Callable[[Any], Read]] = {
    "growing": GrowingRead,
    "fixed": lambda model: FixedRead(model, SIZE, ()),
    "steps": lambda model: FixedRead(model, SIZE, (1, 4)),
}


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> Any:
    return MODELS[request.param]


@pytest.fixture(params=READS)
def read(request: pytest.FixtureRequest, model: Any) -> Read:
    with torch.inference_mode():
        return READS[request.param](model)


def whole(model: Any, ids: Sequence[int]) -> torch.Tensor:
    """The reference: the logits behind each token, in one pass without any cache."""
    with torch.no_grad():
        logits: torch.Tensor = model(torch.tensor([list(ids)]), use_cache=False).logits[0]
    return logits


def alike(found: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(found, expected, atol=2e-4, rtol=1e-4)


@torch.inference_mode()
def test_reading_in_parts_is_reading_at_once(model: Any, read: Read) -> None:
    expected = whole(model, IDS)
    parts = [IDS[:11], IDS[11:12], IDS[12:20], IDS[20:21], IDS[21:22], IDS[22:]]
    alike(torch.cat([read.extend(part) for part in parts]), expected)


@torch.inference_mode()
def test_the_last_logits_are_those_behind_the_last_token(model: Any, read: Read) -> None:
    alike(read.extend(IDS, last=True), whole(model, IDS)[-1:])


@torch.inference_mode()
@pytest.mark.parametrize("kept", [1, 7, 8, 9, 25, 39])
def test_what_is_cut_is_forgotten(model: Any, read: Read, kept: int) -> None:
    read.extend(IDS)
    read.cut(kept)
    other = [*IDS[:kept], *reversed(IDS[:20])]
    alike(read.extend(other[kept:]), whole(model, other)[kept:])
    read.cut(0)
    alike(read.extend(IDS), whole(model, IDS))


@torch.inference_mode()
def test_a_fixed_cache_refuses_what_does_not_fit(model: Any) -> None:
    read = FixedRead(model, 16, ())
    with pytest.raises(ValueError, match="do not fit into 16"):
        read.extend(IDS[:17])


def test_sizes_hold_what_is_asked_for() -> None:
    assert [size_for(tokens) for tokens in (1, 1_024, 1_025, 5_000, 9_000)] == [1_024, 1_024, 2_048, 8_192, 9_000]


@torch.inference_mode()
def test_a_prompt_that_begins_alike_is_read_from_there_on_and_gives_the_same_to_the_last_bit(model: Any) -> None:
    def last(kept: Kept, ids: Sequence[int]) -> tuple[list[int], torch.Tensor]:
        read, blocks = kept.take(ids, None, 60)
        logits = [read.extend(block, last=True) for block in blocks][-1]
        read.extend([9, 9, 9])  # what is written behind the prompt
        kept.keep(ids, None, read)
        return [len(block) for block in blocks], logits

    first, second = IDS, [*IDS[:30], 4, 5, 6, 7]
    kept, sizes = new_kept(model), []
    for ids in (first, second, first, first):
        size, logits = last(kept, ids)
        sizes.append(size)
        assert torch.equal(logits, last(new_kept(model), ids)[1])
        alike(logits, whole(model, ids)[-1:])
    assert sizes == [[8] * 5, [8, 2], [8, 8], [8]]


def test_a_prompt_is_read_in_blocks_that_grow() -> None:
    kept = Kept(lambda room: Counted(0, room=2_000))
    assert [len(block) for block in kept.take(range(900), None, 1_000)[1]] == [64, 64, 128, 256, 256, 132]
    assert [len(block) for block in kept.take([1] * 64, None, 1_000)[1]] == [64]


def new_kept(model: Any) -> Kept:
    return Kept(lambda room: GrowingRead(model), block=8)


@dataclass
class Counted:
    """A Read that only counts."""

    number: int
    room: int = 100
    bytes: int = 10
    cuts: list[int] = field(default_factory=list)

    def extend(self, ids: Sequence[int], last: bool = False) -> torch.Tensor:
        return torch.zeros(1)

    def cut(self, length: int) -> None:
        self.cuts.append(length)


def counted(**options: Any) -> Kept:
    numbers = itertools.count()
    return Kept(lambda room: Counted(next(numbers), room=max(room, 100)), block=4, **options)


def ask(kept: Kept, ids: list[int], state: object = None, room: int = 50) -> tuple[int, int]:
    """Take and keep; return which Read it was and how many tokens were known."""
    read, blocks = kept.take(ids, state, room)
    kept.keep(ids, state, read)
    assert isinstance(read, Counted)
    return read.number, len(ids) - sum(map(len, blocks))


SOURCES, MEMORY, OTHER, FOURTH = ([place] * 20 for place in (1, 2, 3, 4))


def test_the_longest_beginning_is_found_and_two_kinds_of_prompt_do_not_drive_each_other_out() -> None:
    kept = counted()
    asked = [[*SOURCES, 7], [*MEMORY, 7], [*SOURCES, 8], [*MEMORY, 8]]
    assert [ask(kept, ids) for ids in asked] == [(0, 0), (1, 0), (0, 20), (1, 20)]


def test_the_last_token_is_always_read_for_its_logits() -> None:
    kept = counted()
    assert [ask(kept, SOURCES), ask(kept, SOURCES), ask(kept, SOURCES[:12])] == [(0, 0), (0, 16), (0, 8)]


def test_less_than_a_block_is_not_worth_another_prompt() -> None:
    kept = counted()
    ask(kept, [5] * 3 + SOURCES)
    assert [ask(kept, [5] * 3 + MEMORY), ask(kept, [5] * 3 + SOURCES)] == [(1, 0), (0, 20)]


def test_another_adapter_reads_anew() -> None:
    kept = counted()
    assert [ask(kept, SOURCES, state) for state in (True, False, True)] == [(0, 0), (1, 0), (0, 16)]


def test_a_longer_text_gets_a_read_with_room_for_it() -> None:
    kept = counted()
    assert [ask(kept, SOURCES), ask(kept, SOURCES, room=500)] == [(0, 0), (1, 0)]


def test_of_many_prompts_the_one_used_longest_ago_gives_way() -> None:
    kept = counted()
    asked = [SOURCES, MEMORY, OTHER, SOURCES, FOURTH, MEMORY]
    assert KEPT == 3
    assert [ask(kept, ids) for ids in asked] == [(0, 0), (1, 0), (2, 0), (0, 16), (1, 0), (2, 0)]


def test_memory_is_bounded() -> None:
    kept = counted(most_bytes=10)
    assert [ask(kept, ids) for ids in (SOURCES, MEMORY, SOURCES)] == [(0, 0), (1, 0), (2, 0)]
    assert ask(counted(most_bytes=9), SOURCES) == (0, 0)


def test_what_cannot_be_cut_is_not_kept() -> None:
    kept = counted(cuts=False)
    assert [ask(kept, SOURCES), ask(kept, SOURCES)] == [(0, 0), (1, 0)]


def test_models_that_keep_a_state_instead_of_tokens_are_told_apart() -> None:
    assert all(can_cut(model) for model in MODELS.values())
    mixed = gemma3()
    mixed.config.layer_types[0] = "linear_attention"
    assert not can_cut(mixed)
