"""Training: what examples become, and a run that can be broken off and goes on as if it had not been."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from rag.reader import MANIFEST, WEIGHTS, EncoderReader
from rag.reader_network import Pairs, from_encoder, read_weights
from rag.types import Vectors
from tests.rag.examples import passage
from tests.tiny_models import CPU, save_encoder
from training import reader as command
from training.__main__ import main
from training.altered import altered
from training.batches import drawn
from training.examples import Course, epoch, epochs
from training.qamr import load as load_qamr
from training.reader_batches import Batches, Item, made_by, pack
from training.reader_batches import load as load_batches
from training.reader_loop import Plan, Trainer
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
    items = course.negatives(EXAMPLES[1], 60, random.Random(1))
    assert items
    for item in items:
        assert not item.answerable
        # Either another passage, or the right one under a question that was changed.
        assert "1769" not in item.text or item.question != EXAMPLES[1].question


class Nearest:
    """Whatever is asked of Boulton lies near to what speaks of him."""

    model_id, dimension = "nearest", 2

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1.0, 0.0] if "baker" in text else [0.0, 1.0] for text in texts], np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.array([1.0, 0.0], np.float32)


def test_passages_near_in_meaning_are_shown_as_wrong_too() -> None:
    asked = example("Combien ?", LOIRE, "1 006 kilomètres", "Loire", "fr")
    course = Course([*EXAMPLES, asked], lambda text: len(text.split()))
    assert [item.text for item in course.negatives(asked, 9, random.Random(1))] == []
    course.use_meaning([asked], Nearest())
    assert "Boulton had a friend in Paris, a baker." in {
        item.text for item in course.negatives(asked, 9, random.Random(1))
    }


KING = "Clovis was the first king."
BORN = "Il est né en 1790, elle en 1810."
MET = "Watt met Boulton in Soho. Murdoch was there."


@pytest.mark.parametrize(
    ("question", "passage_text", "language", "changed"),
    [
        ("Who was the first king?", KING, "en", {"Who was the last king?", "Who was not the first king?"}),
        (
            "Qui est né en 1800 ?",
            BORN,
            "fr",
            {"Qui est né en 1790 ?", "Qui est né en 1810 ?", "Qui est mort en 1800 ?"},
        ),
        (
            "Where did Watt meet Boulton?",
            MET,
            "en",
            {
                *(f"Where did Watt meet {name}?" for name in ("Murdoch", "Soho")),
                *(f"Where did {name} meet Boulton?" for name in ("Murdoch", "Soho")),
                "Where did not Watt meet Boulton?",
            },
        ),
        ("quoi ?", "rien", "fr", {None}),
    ],
)
def test_a_changed_question_differs_in_one_thing(
    question: str, passage_text: str, language: str, changed: set[str | None]
) -> None:
    asked = example(question, passage_text, language=language)
    made = {altered(asked, [], random.Random(seed)) for seed in range(80)}
    assert made <= changed
    assert None in changed or len(made) > 1


def test_a_changed_question_never_names_the_answer() -> None:
    asked = example("Who met Boulton?", "Watt met Boulton. Murdoch came.", "Watt")
    assert all("Watt" not in (altered(asked, [], random.Random(seed)) or "") for seed in range(80))


def test_epochs_end_where_they_are_told_to() -> None:
    course = Course(EXAMPLES, lambda text: len(text.split()))
    one, half = epochs(course, EXAMPLES, 1.5, 3, negatives=2)
    assert one == epoch(course, EXAMPLES, 3000, 2)
    assert half == epoch(course, EXAMPLES, 3001, 2)[: len(half)]
    assert 0 < len(half) <= len(epoch(course, EXAMPLES, 3001, 2)) / 2


def test_of_less_than_one_epoch_some_questions_are_drawn() -> None:
    assert drawn(EXAMPLES, 2.0, 1) == drawn(EXAMPLES, 1.0, 1) == EXAMPLES
    half = drawn(EXAMPLES * 5, 0.5, 1)
    assert len(half) == len(EXAMPLES * 5) // 2
    assert half != drawn(EXAMPLES * 5, 0.5, 2)
    assert len(drawn(EXAMPLES, 0.01, 1)) == 1


def test_sentences_of_one_page_become_a_passage_with_answers_in_place(tmp_path: Path) -> None:
    (tmp_path / "wiki-sentences.tsv").write_text(
        "Wiki1k:w:1:0:0\tThe boat -LRB- a yacht -RRB- sank .\nWiki1k:w:1:0:1\tIt 's lost , \"alas '' .\n"
    )
    rows = [
        ["Wiki1k:w:1:0:0", "", "", "", "", "What is a yacht?", "0 1", "9:0 1", "8:0 1"],
        ["Wiki1k:w:1:0:0", "", "", "", "", "What sank?", "1", "9:0 1", "8:1"],
        ["Wiki1k:w:1:0:1", "", "", "", "", "What is it?", "2", "9:2", "8:2"],
        ["PTB:x", "", "", "", "", "What?", "2", "9:2", "8:2"],
    ]
    (tmp_path / "dev.tsv").write_text("\n".join("\t".join(row) for row in rows))
    found = {e.question: e for e in load_qamr(tmp_path, 10, 1)}
    assert {q: e.answers for q, e in found.items()} == {
        "What is a yacht?": (("The boat", 0),),
        "What is it?": (("lost", 30),),
    }
    text = found["What is it?"].passage
    assert text == "The boat (a yacht) sank. It's lost, \"alas”."
    assert all(text[at : at + len(words)] == words for e in found.values() for words, at in e.answers)


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


def packed(pairs: Pairs, count: float) -> Batches:
    shown = epochs(Course(EXAMPLES, pairs.count), EXAMPLES, count, 1)
    return pack(shown, pairs, 300, 1)


def test_a_batch_holds_the_pairs_as_in_use_and_where_they_answer(pairs: Pairs, tmp_path: Path) -> None:
    items = [
        Item("Who improved the steam engine?", "Engine", STEAM, WATT, WATT + len("James Watt")),
        Item("Who invented the steam engine?", "", STEAM, 0, 0),
        Item("Where?", "", STEAM * 40, len(STEAM) * 39 + WATT, len(STEAM) * 39 + WATT + 5),
    ]
    batches = pack([items], pairs, 100_000, 1)
    batches.save(tmp_path / "batches.safetensors")
    (rows,) = [kept for n in range(1) for kept in [load_batches(tmp_path / "batches.safetensors")[n]]]
    assert len(rows) == 2, "an answer that is cut off teaches nothing"
    for (pair, first, last), item in zip(sorted(rows, key=lambda row: row[1] < 0), items, strict=False):
        whole = pairs.encode(item.question, item.context, item.text)
        assert (pair.ids, pair.first, len(pair.offsets)) == (whole.ids, whole.first, len(whole.offsets))
        if item.answerable:
            start, end = whole.offsets[first - whole.first][0], whole.offsets[last - whole.first][1]
            assert item.text[start:end].strip() == "James Watt"
        else:
            assert (first, last) == (-1, -1)


def test_no_batch_is_larger_than_it_may_be(pairs: Pairs) -> None:
    batches = packed(pairs, 6)
    assert len(batches) > 8
    for n in range(len(batches)):
        rows = batches[n]
        assert len(rows) == 1 or len(rows) * max(len(pair.ids) for pair, _, _ in rows) <= 300


def test_a_run_that_was_broken_off_ends_with_the_same_weights(tmp_path: Path, encoder: Path, pairs: Pairs) -> None:
    batches = packed(pairs, 6)
    plan = Plan("these", dropout=0.0)

    def trainer(name: str) -> Trainer:
        torch.manual_seed(1)
        return Trainer(from_encoder(encoder, 0.0), plan, len(batches), "cpu", tmp_path / name)

    whole = trainer("whole")
    assert whole.train(batches, 600)
    first = trainer("broken")
    assert not first.train(batches, 0.0)
    again = trainer("broken")
    assert again.done == first.done > 0
    assert again.train(batches, 600)
    for name, value in whole.network.state_dict().items():
        assert torch.allclose(value, again.network.state_dict()[name], atol=1e-5), name

    command.ship(again.network.state_dict(), tmp_path / "out", {"pairs": len(batches.rows)})
    assert load_file(tmp_path / "out" / WEIGHTS)["span.weight"].dtype == torch.int8
    shipped = EncoderReader(encoder, tmp_path / "out", CPU)
    assert shipped.model_id.startswith("lectern-reader:")
    assert shipped.read("Who improved the steam engine?", [passage(1, STEAM)])[0].spans


def test_a_plan_that_changed_starts_anew(tmp_path: Path, encoder: Path, pairs: Pairs) -> None:
    batches = packed(pairs, 1)
    network = from_encoder(encoder, 0.0)
    Trainer(network, Plan("these"), len(batches), "cpu", tmp_path).train(batches, 600)
    assert Trainer(network, Plan("others"), len(batches), "cpu", tmp_path).done == 0


def test_the_lowest_layers_stay_as_they_are(tmp_path: Path, encoder: Path, pairs: Pairs) -> None:
    batches = packed(pairs, 1)
    network = from_encoder(encoder, 0.0)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    Trainer(network, Plan(frozen=1), len(batches), "cpu", tmp_path).train(batches, 600)
    moved = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    low = ("encoder.embeddings.", "encoder.encoder.layer.0.")
    assert moved
    assert not [name for name in moved if name.startswith(low)]


def test_a_run_begins_with_the_weights_it_is_given(
    tmp_path: Path, encoder: Path, pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "ready_folder", lambda settings, name: encoder)
    packed(pairs, 1).save(tmp_path / "batches", "python -m training batches --data train")
    torch.manual_seed(7)
    command.ship(from_encoder(encoder, 0.0).state_dict(), tmp_path / "given", {})
    words = ["--batches", str(tmp_path / "batches"), "--start", str(tmp_path / "given" / WEIGHTS), "--rate", "0"]
    assert main(["reader", *words, "--out", str(tmp_path / "out"), "--checkpoint", str(tmp_path / "kept")]) == 0
    given, made = (read_weights(tmp_path / name / WEIGHTS) for name in ("given", "out"))
    assert all(torch.allclose(value, made[name], atol=1e-3) for name, value in given.items())
    told = json.loads((tmp_path / "out" / MANIFEST).read_text())
    given_words = "--batches batches --start model.safetensors --rate 0 --out out --checkpoint kept"
    assert (told["command"], told["data"]) == (
        f"python -m training reader {given_words}",
        "python -m training batches --data train",
    )
    assert "version" not in told, "that of the reader that ships is not its own"


def test_a_part_of_the_batches_is_the_same_batches(pairs: Pairs) -> None:
    batches = packed(pairs, 6)
    chosen = batches.part(command.part("1:8:3"))
    assert [chosen[n] for n in range(len(chosen))] == [batches[n] for n in (1, 4, 7)]


def test_blanked_tokens_leave_the_marks_of_a_pair(tmp_path: Path, encoder: Path, pairs: Pairs) -> None:
    seen: list[torch.Tensor] = []
    network = from_encoder(encoder, 0.0)
    network.encoder.register_forward_pre_hook(
        lambda module, inputs, named: seen.append(named["input_ids"]), with_kwargs=True
    )
    batches = packed(pairs, 2)
    Trainer(network, Plan(hidden=0.5), len(batches), "cpu", tmp_path).train(batches, 600)
    for n, ids in enumerate(seen):
        whole = pairs.marks.pad([pair for pair, _, _ in batches[n]])[0]
        marks = (whole == pairs.marks.open) | (whole == pairs.marks.close)
        assert torch.equal(ids[marks], whole[marks])
        assert ((ids == whole) | (ids == pairs.marks.padding)).all()
    assert any((ids == pairs.marks.padding).float().mean() > 0.3 for ids in seen)


def test_batches_that_do_not_tell_how_they_were_made_are_read(pairs: Pairs, tmp_path: Path) -> None:
    packed(pairs, 1).save(tmp_path / "new")
    save_file(load_file(tmp_path / "new"), tmp_path / "old")
    assert [made_by(tmp_path / name) for name in ("new", "old")] == ["", ""]
    assert len(load_batches(tmp_path / "old")) == len(load_batches(tmp_path / "new"))
