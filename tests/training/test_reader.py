"""Training: what examples become, and a run that can be broken off and goes on as if it had not been."""

import argparse
import json
import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from rag.reader import WEIGHTS, EncoderReader
from rag.reader_network import Pairs
from tests.rag.examples import passage
from tests.tiny_models import CPU, save_encoder
from training import reader as command
from training.examples import Course, epoch
from training.split import held_out
from training.squad import Example, load, load_squad

STEAM = "The steam engine was improved by James Watt in 1769. His partner was Matthew Boulton."
WATT = STEAM.index("James Watt")
LOIRE = "La Loire est le plus long fleuve de France. Elle mesure 1 006 kilomètres."


def example(question: str, text: str, answer: str = "", title: str = "Engine", language: str = "en") -> Example:
    answers = ((answer, text.index(answer)),) if answer else ()
    return Example(question, "fr" if language == "fr" else "en", title, text, f"p-{title}", f"en-{title}", answers)


EXAMPLES = [
    example("Who improved the steam engine?", STEAM, "James Watt"),
    example("When was it improved by James Watt?", STEAM, "1769"),
    example("Who invented the steam engine?", STEAM),
    example("Combien mesure la Loire ?", LOIRE, "1 006 kilomètres", "Loire", "fr"),
    example("Who was Boulton's friend in Paris?", "Boulton had a friend in Paris, a baker.", "a baker", "Boulton"),
]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def pairs(encoder: Path) -> Pairs:
    return Pairs(encoder / "tokenizer.json")


def test_an_example_becomes_the_part_of_its_page_that_answers() -> None:
    item = Course(EXAMPLES, lambda text: len(text.split())).positive(EXAMPLES[0])
    assert item is not None
    assert item.text[item.start : item.end] == "James Watt"
    assert item.answerable


def test_no_passage_shown_as_wrong_holds_an_answer() -> None:
    course = Course(EXAMPLES, lambda text: len(text.split()))
    chooser = random.Random(1)
    for _ in range(60):
        item = course.negative(EXAMPLES[0], chooser)
        if item is not None:
            assert not item.answerable
            # Either another passage, or the right one under a question that was changed.
            assert "James Watt" not in item.text or item.question != EXAMPLES[0].question


def test_an_epoch_is_the_same_for_the_same_seed_and_has_both_kinds() -> None:
    course = Course(EXAMPLES, lambda text: len(text.split()))
    items = epoch(course, EXAMPLES, 3)
    assert items == epoch(course, EXAMPLES, 3)
    assert {item.answerable for item in items} == {True, False}
    assert any(item.question == "Who invented the steam engine?" and not item.answerable for item in items)


def test_a_file_cut_in_the_middle_is_read_up_to_there(tmp_path: Path) -> None:
    paragraph = {
        "context": STEAM,
        "qas": [{"question": "Who improved it?", "id": "1", "answers": [{"text": "James Watt", "answer_start": WATT}]}],
    }
    data = {"data": [{"title": "Steam_engine", "paragraphs": [paragraph, {**paragraph, "context": STEAM * 2}]}]}
    whole = json.dumps(data)
    (tmp_path / "whole.json").write_text(whole)
    (tmp_path / "cut.json").write_text(whole[:-60])
    assert len(load_squad(tmp_path / "whole.json")) == 2
    (only,) = load_squad(tmp_path / "cut.json")
    assert (only.title, only.passage, only.answers) == ("Steam engine", STEAM, (("James Watt", WATT),))


def test_an_answer_that_is_not_where_it_is_said_to_be_is_left_out(tmp_path: Path) -> None:
    for language in ("en", "fr"):
        context = {"context_id": "c", "doc_id": "d", "title": "<i>T</i>", "text": STEAM, "lang": language}
        rows = [
            {"question": "?", "context_id": "c", "doc_id": "d", "answers": [{"text": "James Watt", "start": at}]}
            for at in (WATT, WATT + 1)
        ]
        (tmp_path / f"contexts_{language}.jsonl").write_text(json.dumps(context))
        (tmp_path / f"qa_{language}.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    found = load(tmp_path)
    assert [(e.language, e.title, len(e.answers)) for e in found] == [("en", "T", 1), ("fr", "T", 1)]


@pytest.mark.parametrize(("document", "aside"), [("en-Steam_engine", True), ("en-Islamism", False)])
def test_what_is_set_aside_is_fixed(document: str, aside: bool) -> None:
    assert held_out(document) == aside
    assert 0.1 < sum(held_out(f"fr-{n}") for n in range(1000)) / 1000 < 0.3


def options(tmp_path: Path, name: str) -> argparse.Namespace:
    return argparse.Namespace(out=tmp_path / name / "out", checkpoint=tmp_path / name / "checkpoint", seed=1)


def test_a_run_that_was_broken_off_ends_with_the_same_weights(
    tmp_path: Path, encoder: Path, pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "choose", lambda settings: CPU)
    monkeypatch.setattr(command, "ready_folder", lambda settings, name: encoder)
    plan = command.Plan(epochs=6, tokens=300, dropout=0.0)
    course = Course(EXAMPLES, pairs.count)
    batches = command.batches(course, EXAMPLES, pairs, plan)
    assert len(batches) > 8

    def trainer(name: str) -> command.Trainer:
        torch.manual_seed(1)
        network = command.from_encoder(encoder, 0.0)
        return command.Trainer(network, plan, len(batches), "cpu", tmp_path / name)

    whole = trainer("whole")
    assert whole.train(batches, pairs, 600)
    first = trainer("broken")
    assert not first.train(batches, pairs, 0.0)
    again = trainer("broken")
    assert again.done == first.done > 0
    assert again.train(batches, pairs, 600)
    for name, value in whole.network.state_dict().items():
        assert torch.allclose(value, again.network.state_dict()[name], atol=1e-5), name

    chosen = options(tmp_path, "whole")
    command._ship(again, chosen, plan, EXAMPLES)
    assert load_file(chosen.out / WEIGHTS)["span.weight"].dtype == torch.int8
    shipped = EncoderReader(encoder, chosen.out, CPU)
    assert shipped.model_id.startswith("lectern-reader:")
    assert shipped.read("Who improved the steam engine?", [passage(1, STEAM)])[0].spans


def test_a_plan_that_changed_starts_anew(tmp_path: Path, encoder: Path, pairs: Pairs) -> None:
    plan = command.Plan(epochs=1, tokens=300)
    batches = command.batches(Course(EXAMPLES, pairs.count), EXAMPLES, pairs, plan)
    network = command.from_encoder(encoder, 0.0)
    command.Trainer(network, plan, len(batches), "cpu", tmp_path).train(batches, pairs, 600)
    other = command.Plan(epochs=1, tokens=300, seed=2)
    assert command.Trainer(network, other, len(batches), "cpu", tmp_path).done == 0
