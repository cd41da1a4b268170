"""Texts laid end to end are encoded as each alone: nothing of one reaches another, and padding is nothing."""

import pytest
import torch
from transformers import BertConfig, BertModel

from rag import packed
from rag.packed import PackedEncoder, can_pack

SIZE = {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 64}
ROWS = [[5, 9, 2, 7], [3], [8, 8, 1, 4, 6, 2, 9], [5, 9], list(range(1, 40))]


def bert(**options: object) -> BertModel:
    torch.manual_seed(3)
    network = BertModel(BertConfig(vocab_size=50, max_position_embeddings=64, **{**SIZE, **options}))
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return network.eval()


@pytest.mark.parametrize("together", [1, 8, 1_024])
def test_each_text_is_encoded_as_if_it_were_alone(together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "TOKENS_AT_ONCE", together)
    network = bert()
    with torch.inference_mode():
        found = PackedEncoder(network).encode(ROWS)
        alone = [network(torch.tensor([row])).last_hidden_state[0] for row in ROWS]
    assert [len(hidden) for hidden in found] == [len(row) for row in ROWS]
    for hidden, expected in zip(found, alone, strict=True):
        torch.testing.assert_close(hidden, expected, atol=1e-5, rtol=1e-4)


def test_nothing_is_encoded_of_nothing() -> None:
    assert PackedEncoder(bert()).encode([]) == []


def test_only_a_bert_on_a_cpu_is_packed() -> None:
    assert can_pack(bert(), "cpu")
    assert not can_pack(bert(), "cuda")
    assert not can_pack(bert(is_decoder=True), "cpu")
    assert not can_pack(torch.nn.Linear(2, 2), "cpu")
    assert not can_pack(None, "cpu")
