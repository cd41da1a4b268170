"""The mean of readers, and how a command is told beside what it made."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from rag.errors import RagError
from rag.reader import MANIFEST, WEIGHTS
from rag.reader_network import read_weights
from training.__main__ import as_typed, main


def test_a_mean_of_readers_weighs_each_by_its_share(tmp_path: Path) -> None:
    for name, value in (("a", 1.0), ("b", 3.0)):
        save_file({"span.weight": torch.full((2, 2), value), "span.bias": torch.tensor([value])}, tmp_path / name)
    words = ["--weights", f"{tmp_path / 'a'}=0.25", f"{tmp_path / 'b'}=0.75", "--out", str(tmp_path / "mean")]
    assert main(["blend", *words]) == 0
    made = read_weights(tmp_path / "mean" / WEIGHTS)
    assert {name: value.flatten().tolist() for name, value in made.items()} == {
        "span.weight": pytest.approx([2.5] * 4, abs=0.01),
        "span.bias": [2.5],
    }
    told = json.loads((tmp_path / "mean" / MANIFEST).read_text())
    assert told["command"] == "python -m training blend --weights a=0.25 b=0.75 --out mean"
    assert told["mean"] == [0.25, 0.75]


@pytest.mark.parametrize("weights", [["a=0.5", "b=0.4"], ["a"], ["a=much"]])
def test_shares_that_are_none_are_refused(weights: list[str]) -> None:
    with pytest.raises(RagError) as caught:
        main(["blend", "--weights", *weights])
    assert caught.value.code == "SETTING_INVALID"


def test_a_command_is_told_as_it_was_typed_without_the_places_on_this_computer() -> None:
    words = ["batches", "--data", "/home/ada/train", "--qamr=/srv/QAMR", "--extra", "here/my file.json"]
    told = "python -m training batches --data train --qamr=QAMR --extra 'here/my file.json'"
    assert as_typed(words) == told
