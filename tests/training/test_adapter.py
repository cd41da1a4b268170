"""The adapter is trained on the prompts that are used, and on nothing but the answers."""

import dataclasses
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from ingest.language import fold
from ingest.types import Language
from rag.generate import TransformersGenerator
from rag.prompt import ABSENT, sources_prompt
from rag.types import Prompt
from tests.tiny_models import CPU, save_generator
from training.adapter import add_arguments, write
from training.adapter_batch import Packed, loss, masks, pack
from training.adapter_data import sheets
from training.adapter_loop import STATE, AdapterTrainer, Plan
from training.adapter_score import read
from training.squad import Example


def example(number: int, article: str, language: Language = "en", question: str = "") -> Example:
    """A passage of its own, with a question; every third question has no answer."""
    year = str(1900 + number)
    text = f"The engine of {article} number {number} was built in {year} by hand."
    answers = () if number % 3 == 2 else ((year, text.index(year)),)
    asked = question or f"When was number {number} of {article} built?"
    return Example(asked, language, article, text, f"{article}-{number}", article, answers)


EXAMPLES = [example(n, article) for article in ("Alpha", "Beta") for n in range(6)]
EXAMPLES += [example(n, "Gamma", "fr", f"Quand le numéro {n} fut-il construit ?") for n in range(6)]
EXAMPLES += [dataclasses.replace(example(0, "Alpha"), question="Who built it?", answers=())]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_generator(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def network(base: Path) -> Any:
    return AutoModelForCausalLM.from_pretrained(base)


@pytest.fixture(scope="module")
def tokenizer(base: Path) -> Any:
    return AutoTokenizer.from_pretrained(base)


def test_sheets_are_the_same_for_the_same_seed() -> None:
    assert sheets(EXAMPLES, 1) == sheets(EXAMPLES, 1) != sheets(EXAMPLES, 2)


def test_every_answer_stands_in_the_passage_whose_number_is_written() -> None:
    drawn = [(sheet, ask) for seed in range(5) for sheet in sheets(EXAMPLES, seed) for ask in sheet.asks]
    answered = [(sheet, ask) for sheet, ask in drawn if ask.number]
    assert {len(sheet.passages) for sheet, _ in drawn} == {1, 2, 3}
    for sheet, ask in answered:
        answer, number = read(ask.target)
        assert number == ask.number
        assert answer in sheet.passages[ask.number - 1].text


def test_what_the_passages_do_not_hold_is_refused() -> None:
    drawn = [(sheet, ask) for seed in range(5) for sheet in sheets(EXAMPLES, seed) for ask in sheet.asks]
    refused = [(sheet, ask) for sheet, ask in drawn if not ask.number]
    assert {ask.target for _, ask in refused} == {ABSENT}
    assert {bool(ask.example.answers) for _, ask in refused} == {True, False}
    for sheet, ask in refused:
        for text, _ in ask.example.answers:
            assert not any(fold(text) in fold(passage.text) for passage in sheet.passages)


def test_passages_of_a_sheet_are_in_its_language_and_numbered() -> None:
    for sheet in sheets(EXAMPLES, 3):
        assert {passage.language for passage in sheet.passages} == {sheet.language}
        assert [passage.n for passage in sheet.passages] == list(range(1, len(sheet.passages) + 1))
        assert len({passage.sha256 for passage in sheet.passages}) == len(sheet.passages)


def alone(packed: Packed, branch: int) -> Packed:
    kept = (packed.branch == 0) | (packed.branch == branch)
    return Packed(*(part[kept] for part in (packed.ids, packed.positions, packed.branch, packed.targets)))


def test_each_question_is_laid_out_as_the_prompt_in_use(tokenizer: Any) -> None:
    sheet = max(sheets(EXAMPLES, 1), key=lambda sheet: len(sheet.asks))
    packed = pack(sheet, tokenizer)
    for number, ask in enumerate(sheet.asks, 1):
        prompt = sources_prompt(ask.question, sheet.language, sheet.passages, budget=9999, count_tokens=len)
        own = alone(packed, number)
        assert tokenizer.decode(own.ids) == f"<s>{prompt.completion}{ask.target}</s>"
        assert own.positions.tolist() == list(range(len(own.ids)))
        learnt = own.targets >= 0
        assert tokenizer.decode(own.targets[learnt]) == f"{ask.target}</s>"
        assert own.ids[1:][learnt[:-1]].tolist() == own.targets[learnt].tolist()


def test_questions_of_a_sheet_do_not_see_one_another(network: Any, tokenizer: Any) -> None:
    sheet = max(sheets(EXAMPLES, 1), key=lambda sheet: len(sheet.asks))
    packed = pack(sheet, tokenizer)
    with torch.no_grad():
        apart = [loss(network, alone(packed, number)) for number in range(1, len(sheet.asks) + 1)]
        assert len(apart) > 2
        torch.testing.assert_close(loss(network, packed), torch.stack(apart).mean(), rtol=1e-4, atol=1e-5)


def test_one_question_is_seen_as_the_model_sees_a_prompt(network: Any, tokenizer: Any) -> None:
    own = alone(pack(sheets(EXAMPLES, 1)[0], tokenizer), 1)
    with torch.no_grad():
        hidden = network.model(
            input_ids=own.ids[None], position_ids=own.positions[None], attention_mask=masks(own, 8), use_cache=False
        )
        torch.testing.assert_close(
            network.lm_head(hidden.last_hidden_state), network(own.ids[None]).logits, rtol=1e-3, atol=1e-4
        )


PLAN = Plan(minutes=10, rate=5e-3, rank=4, alpha=8)


def trained(base: Path, tokenizer: Any, checkpoint: Path, parts: list[int]) -> AdapterTrainer:
    """Train on the same twelve sheets, in one go or resumed after each of ``parts``."""
    seen = sheets(EXAMPLES, 1)[:12]
    for part in parts:
        network = AutoModelForCausalLM.from_pretrained(base)
        trainer = AdapterTrainer(network, PLAN, checkpoint, resume=True)
        trainer._rate = lambda total: 5e-3  # type: ignore[method-assign]
        trainer.train(seen[:part], tokenizer, lambda done, loss, left: None)
    return trainer


def test_training_lowers_the_loss_of_the_answers(base: Path, tokenizer: Any, tmp_path: Path) -> None:
    sheet = sheets(EXAMPLES, 1)[0]
    network = AutoModelForCausalLM.from_pretrained(base)
    before = float(loss(network, pack(sheet, tokenizer)))
    trainer = AdapterTrainer(network, PLAN, tmp_path)
    trainer.train([sheet] * 30, tokenizer, lambda done, loss, left: None)
    assert float(loss(network, pack(sheet, tokenizer))) < 0.8 * before
    assert trainer.done == 30


def test_a_run_that_was_broken_off_goes_on_as_if_it_had_not_been(base: Path, tokenizer: Any, tmp_path: Path) -> None:
    whole = trained(base, tokenizer, tmp_path / "whole", [12])
    resumed = trained(base, tokenizer, tmp_path / "parts", [4, 12])
    assert (resumed.done, whole.done) == (12, 12)
    for name, parameter in whole._trained.items():
        torch.testing.assert_close(resumed._trained[name], parameter)


def test_another_plan_begins_anew(base: Path, tokenizer: Any, tmp_path: Path) -> None:
    trained(base, tokenizer, tmp_path, [2])
    assert (tmp_path / STATE).is_file()
    network = AutoModelForCausalLM.from_pretrained(base)
    assert AdapterTrainer(network, dataclasses.replace(PLAN, seed=2), tmp_path, resume=True).done == 0


def test_the_minutes_end_a_run(network: Any, tokenizer: Any, tmp_path: Path) -> None:
    plan = dataclasses.replace(PLAN, minutes=1e-9)
    trainer = AdapterTrainer(network, plan, tmp_path)
    trainer.train(sheets(EXAMPLES, 1), tokenizer, lambda done, loss, left: None)
    assert trainer.done == plan.sheets_per_step


def test_what_is_written_is_attached_to_the_generator(base: Path, tokenizer: Any, tmp_path: Path) -> None:
    trainer = trained(base, tokenizer, tmp_path / "checkpoint", [6])
    write(trainer, base, tmp_path / "adapter", {"sheets": trainer.done})
    generator = TransformersGenerator(str(base), CPU, "", str(tmp_path / "adapter"))
    asked = Prompt("", "", "Question")
    memory = dataclasses.replace(asked, memory=True)
    plain = list(TransformersGenerator(str(base), CPU).stream(asked, max_tokens=4, top=1))
    assert list(generator.stream(memory, max_tokens=4, top=1)) == plain
    assert list(generator.stream(asked, max_tokens=4, top=1)) != plain
    manifest = json.loads((tmp_path / "adapter" / "manifest.json").read_text())
    assert (manifest["for"], manifest["sheets"], len(manifest["base_sha256"])) == ("sources", 6, 64)
    assert not (tmp_path / "adapter" / "README.md").exists()


def test_as_it_stands_the_command_takes_less_than_an_hour() -> None:
    parser = ArgumentParser()
    add_arguments(parser)
    options = parser.parse_args(["--data", "train"])
    # Median seconds of the reader, the adapter and both to a question, English and French: trained/adapter/CARD.md.
    seconds = (0.3 + 14.7 + 13.1) + (0.4 + 6.1 + 4.7)
    assert options.minutes * 60 + options.score * seconds < 0.95 * 3600
    assert options.minutes == Plan().minutes
