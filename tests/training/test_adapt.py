"""A reader is adapted to a notebook from the notebook's own sentences, and kept only where it pays."""

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import ingest
from ingest.types import ChunkSettings, Document, Page, Upload
from rag.adapted import find, folder, weights_hash
from rag.library import Library
from rag.parts import Parts
from rag.reader import MANIFEST, WEIGHTS, EncoderReader
from rag.reader_network import Pairs, from_encoder, quantised
from rag.rows import NotebookRow
from rag.settings import BUNDLED_EMBEDDER, Settings
from rag.types import Passage, Reading, Span
from tests.tiny_models import CPU, save_encoder
from training import adapt, regression
from training.adapt import keep, pays, scale
from training.examples import epochs
from training.notebook_questions import examples, set_aside, sources
from training.reader_batches import Item, pack
from training.reader_loop import Plan, Trainer
from training.reader_score import Score, auc, read_items

NAMES = ("Ada Lovelace", "Alan Turing", "Grace Hopper", "Joseph Weizenbaum")


def line(number: int) -> str:
    hall = "abcdefgh"[number // 8 % 8] + "mnopqrst"[number % 8]
    return (
        f"The machine of hall {hall} was shown for the first time by {NAMES[number % 4]} to the guests. "
        f"Another machine of the kind {hall} was seen by visitors in {1900 + number} for the first time."
    )


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home, a tiny encoder in the place of the bundled one, and a reader of random weights."""
    encoder = save_encoder(tmp_path / "models" / BUNDLED_EMBEDDER.removeprefix("bundled:"))
    sizes = {path.name: {"size": path.stat().st_size} for path in encoder.iterdir()}
    (encoder / "manifest.json").write_text(json.dumps(sizes))
    reader = tmp_path / "reader"
    reader.mkdir()
    save_file(quantised(from_encoder(encoder, 0.0).state_dict()), reader / WEIGHTS)
    digest = hashlib.sha256((reader / WEIGHTS).read_bytes()).hexdigest()
    (reader / MANIFEST).write_text(json.dumps({"name": "tiny", "sha256": digest}))
    monkeypatch.setenv("LECTERN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LECTERN_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("LECTERN_READER", str(reader))
    monkeypatch.setenv("LECTERN_DEVICE", "cpu")
    monkeypatch.setenv("LECTERN_THREADS", "1")
    return Settings.from_environment()


@pytest.fixture
def library(settings: Settings) -> Iterator[Library]:
    opened = Library.open(settings)
    yield opened
    opened.close()


def filled(library: Library, pages: int = 32) -> NotebookRow:
    """A notebook with one source of a few sentences a page."""
    notebook = library.store.create_notebook("Cours")
    texts = [line(number) for number in range(pages)]
    row = library.receive(notebook.id, Upload("cours.txt", "\n".join(texts).encode())).document
    library.queue.claim_document("test")
    document = Document(
        id=row.sha256,
        name=row.name,
        pages=tuple(Page(n, str(n + 1), text) for n, text in enumerate(texts)),
        title="Cours",
        language="en",
    )
    library.queue.save_extraction(row.id, document, ingest.chunk(document, ChunkSettings(), len))
    while waiting := [number for number, _ in library.queue.unembedded(row.id, 50)]:
        library.queue.save_vectors(row.id, waiting, np.ones((len(waiting), 4), dtype=np.float32) / 2)
    library.queue.finish(row.id)
    return notebook


def options(name: str = "Cours", minutes: float = 0.02) -> argparse.Namespace:
    return argparse.Namespace(notebook=name, home=None, minutes=minutes, seed=1)


def test_questions_know_where_their_answer_stands(library: Library) -> None:
    made = examples(sources(library, filled(library)), 1)
    assert len(made) >= 40
    for example in made:
        answer, start = example.answers[0]
        assert example.passage[start : start + len(answer)] == answer
    assert {set_aside(example) for example in made} == {True, False}
    assert set_aside(made[0]) == set_aside(replace(made[0], question="Another?"))


def test_an_answer_that_stands_twice_is_marked_where_the_sentence_is(library: Library) -> None:
    filled(library)
    source = sources(library, library.store.notebooks()[0])[0]
    text = "Alan Turing spoke first. The machine of the great hall was shown to everyone by Alan Turing on that day."
    made = examples([replace(source, pages=[Page(0, "1", text)])], 1)
    assert [example.answers for example in made] == [(("Alan Turing", text.rindex("Alan Turing")),)]


def test_a_run_leaves_a_reader_that_pays_or_nothing(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = filled(library)
    status = adapt.run(options())
    told = capsys.readouterr().out
    assert "own pages set aside: F1" in told
    assert "fixed questions: F1" in told
    kept = find(library.home, notebook.id)
    assert (status, kept is not None) in ((0, True), (1, False))
    assert not (library.home / "adapted" / f"{notebook.id}.part").exists()
    row = library.store.notebook(notebook.id)
    assert row is not None
    assert row.parts.reader == ("adapted" if kept else "default")


def test_a_notebook_with_few_sentences_is_refused(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    filled(library, 3)
    assert adapt.run(options()) == 2
    assert "TOO_LITTLE_TO_LEARN" in capsys.readouterr().err


def test_a_notebook_that_is_not_there_is_named(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert adapt.run(options("Nothing")) == 2
    assert "NOTEBOOK_UNKNOWN" in capsys.readouterr().err


def test_a_reader_that_is_not_there_is_named(
    library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    filled(library)
    monkeypatch.setenv("LECTERN_READER", str(tmp_path / "nowhere"))
    assert adapt.run(options()) == 2
    assert "MODEL_NOT_FOUND" in capsys.readouterr().err


def test_what_is_kept_opens_and_says_what_it_is(library: Library, settings: Settings) -> None:
    notebook = filled(library)
    base, encoder = Path(settings.reader), settings.models / BUNDLED_EMBEDDER.removeprefix("bundled:")
    work = library.home / "adapted" / "draft"
    work.mkdir(parents=True)
    for name in (WEIGHTS, MANIFEST):
        (work / name).write_bytes((base / name).read_bytes())
    (work / "state.safetensors").write_bytes(b"of the run")
    figures = {"own": {"before": {"f1": 0.4, "auc": 0.9}, "after": {"f1": 0.6, "auc": 0.9}}}
    place = keep(
        library, notebook, work, {"base": weights_hash(base), "date": "2026-11-22", "figures": figures}
    )  # fmt: skip
    assert sorted(path.name for path in place.iterdir()) == [MANIFEST, WEIGHTS]
    found = find(library.home, notebook.id)
    assert found is not None
    assert (found.folder, found.base, found.after) == (folder(library.home, notebook.id), weights_hash(base), 0.6)
    assert EncoderReader(encoder, place, CPU).model_id.startswith("tiny:")
    assert [row.parts for row in library.store.notebooks()] == [Parts(reader="adapted")]


def test_training_goes_on_where_it_was_stopped(library: Library, settings: Settings, tmp_path: Path) -> None:
    encoder = settings.models / BUNDLED_EMBEDDER.removeprefix("bundled:")
    pairs = Pairs(encoder / "tokenizer.json")
    lesson = adapt._lesson(library, filled(library), pairs, 1)
    plan = Plan(dropout=0.0)
    steps = pack(epochs(lesson.course, lesson.taught, 0.3, 1), pairs, 1500, 1)
    assert len(steps) > 2

    def trainer(name: str) -> Trainer:
        torch.manual_seed(1)  # the heads begin at random
        return Trainer(from_encoder(encoder, 0.0), plan, len(steps), "cpu", tmp_path / name)

    whole = trainer("whole")
    assert whole.train(steps, 60)
    assert not trainer("part").train(steps, 0)
    resumed = trainer("part")
    assert resumed.done == 1
    assert resumed.train(steps, 60)
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(resumed.network.state_dict()[name], value)


def test_a_run_that_goes_on_keeps_its_epochs(library: Library, settings: Settings, tmp_path: Path) -> None:
    pairs = Pairs(settings.models / BUNDLED_EMBEDDER.removeprefix("bundled:") / "tokenizer.json")
    lesson = adapt._lesson(library, filled(library), pairs, 1)
    work = tmp_path / "work"
    first = adapt._epochs(work, lesson, "base", 0.1, 0.5)
    assert adapt._epochs(work, lesson, "base", 9.9, 0.5) == first
    assert adapt._epochs(work, lesson, "another base", 9.9, 0.5) != first
    assert adapt._epochs(tmp_path / "long", lesson, "base", 1e-6, 10) == 3.0


@pytest.mark.parametrize(
    ("own", "fixed", "kept"),
    [
        ((Score(0.50, 0.90), Score(0.60, 0.90)), (Score(0.5, 0.9), Score(0.50, 0.90)), True),
        ((Score(0.50, 0.90), Score(0.50, 0.90)), (Score(0.5, 0.9), Score(0.60, 0.95)), False),
        ((Score(0.50, 0.90), Score(0.60, 0.85)), (Score(0.5, 0.9), Score(0.50, 0.90)), False),
        ((Score(0.50, 0.90), Score(0.60, 0.90)), (Score(0.5, 0.9), Score(0.45, 0.90)), False),
        ((Score(0.50, 0.90), Score(0.60, 0.90)), (Score(0.5, 0.9), Score(0.49, 0.89)), True),
    ],
)
def test_only_what_gains_and_loses_nothing_pays(
    own: tuple[Score, Score], fixed: tuple[Score, Score], kept: bool
) -> None:
    assert pays(own, fixed) is kept


def test_odds_are_brought_onto_the_old_scale() -> None:
    assert scale([0.0, 1.0, 2.0], [1.0, 2.5, 4.0]) == pytest.approx((1.5, 1.0))
    assert scale([0.0, 10.0], [0.0, 1.0])[0] == 0.5  # kept from flattening everything
    assert scale([1.0, 1.0], [3.0, 5.0]) == pytest.approx((1.0, 3.0))


def test_the_share_of_pairs_in_order() -> None:
    assert auc([3.0, 1.0, 2.0, 2.0], [True, True, False, False]) == 0.5
    assert auc([3.0, 2.0, 2.0], [True, True, False]) == 0.75
    assert auc([], []) == 0.0


class FirstWords:
    """Answers with the first five characters; the shorter the text, the surer."""

    model_id = "first"

    def read(self, question: str, passages: list[Passage], cancelled: object = None) -> list[Reading]:
        return [Reading(-float(len(p.text)), (Span(0, 5, 0.0),)) for p in passages]


def test_a_reader_is_scored_on_words_and_on_telling_passages_apart() -> None:
    items = [
        Item("Who?", "", "Alice came in the end.", 0, 5),
        Item("Who?", "", "It was Bob who came at the very end.", 7, 10),
        Item("Who?", "", "Nobody came in on that day, they say.", 0, 0),
    ]
    read = read_items(FirstWords(), items, "test")  # type: ignore[arg-type]
    assert read.score == Score(0.5, 1.0)
    assert read.odds == (-22.0, -36.0, -37.0)


def test_the_committed_set_is_of_both_languages_with_and_without_answers() -> None:
    items = regression.read()
    assert len(items) == 100
    assert sum(item.answerable for item in items) == 50
    french = [item for item in items if ingest.detect(item.text) == "fr"]
    assert 45 <= len(french) <= 55
    assert all(item.text[item.start : item.end].strip() for item in items if item.answerable)
