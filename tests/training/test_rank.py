"""The command that fits the order of passages, on a corpus of a few lines."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluation.data import Question
from rag.rank import CROSSED, FIRST, GAIN, READER, SAME, load
from tests.rag.fakes import BagEmbedder
from tests.training.animals import ANIMALS, NestReader, NestWeigher, course, more, sheets
from training import order, rank, written
from training.order import Asked, Item


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return course(tmp_path)


def fit(data: Path, out: Path, *more: str) -> dict[str, dict[str, dict[str, float]]]:
    parser = ArgumentParser()
    rank.add_arguments(parser)
    assert (
        rank.run(
            parser.parse_args(["--data", str(data), "--out", str(out), "--readings", str(out.parent / "read"), *more])
        )
        == 0
    )
    figures: dict[str, dict[str, dict[str, float]]] = json.loads(out.read_text())["figures"]
    return figures


def test_the_command_writes_what_the_app_loads(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LECTERN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(rank, "build_embedder", lambda settings: BagEmbedder())
    monkeypatch.setattr(rank, "build_reader", lambda settings: NestReader())
    monkeypatch.setattr(rank, "build_weigher", lambda settings, folder: NestWeigher())
    monkeypatch.setattr(rank, "held_out", lambda document: True)
    monkeypatch.setattr(written, "FOLDER", more(tmp_path))
    monkeypatch.setattr(written, "COURSES", sheets(tmp_path))
    out = tmp_path / "ranking.json"
    figures = fit(data, out)
    loaded = load(out)
    assert (set(loaded.first.same.weights), set(loaded.plain.same.weights)) == (set(FIRST), set(SAME))
    assert (set(loaded.read.same.weights), set(loaded.read.crossed.weights)) == ({*SAME, READER}, {*CROSSED, READER})
    assert loaded.read.same.weights[READER] > 0
    assert set(loaded.weighed.same.weights) == {*SAME, READER, GAIN}
    assert set(loaded.weighed.crossed.weights) == {*CROSSED, READER, GAIN}
    assert figures["held out: read"]["en, alone"]["recall@1"] == 1.0
    assert figures["held out: weighed"].keys() == figures["held out: read"].keys()
    asked = sum(own["questions"] for part, own in figures["plain"].items() if "alone" not in part)
    assert asked == 2 * len(ANIMALS) + len(("translated", "a sheet", "une fiche"))
    assert json.loads(out.read_text())["command"] == "python -m training rank --data tiny --limit 200"

    fit(data, out, "--without-reader")
    assert load(out).plain == loaded.plain
    assert (load(out).read, load(out).weighed) == (load().read, load().weighed)  # as committed
    assert "recall@1" in capsys.readouterr().out


QUESTION = Question("q", "Who?", "en", ("x",), "gold", "doc", answerable=True, specific=True)


def test_ranks_count_passages_not_chunks() -> None:
    asked = Asked(QUESTION, "Who?", "Title", crossed=False)
    items = [Item(context, {}, crossed=False) for context in ("a", "a", "gold", "b")]
    found = order.figures([asked], [items], [np.array([9.0, 8.0, 7.0, 6.0])])
    assert found["en, subject not named"] == {
        "questions": 1,
        "recall@1": 0.0,
        "recall@5": 1.0,
        "recall@20": 1.0,
        "mrr": 0.5,
    }
    missing = order.figures([asked], [items[:2]], [np.array([9.0, 8.0])])
    assert missing["en, subject not named"]["mrr"] == 0.0


def test_a_question_names_its_subject_by_title_name_or_number() -> None:
    parts = {
        text: Asked(QUESTION, text, "Steam engine", crossed=False).part
        for text in ("What drives it?", "What drives an engine?", "Did Watt drive it?", "What came in 1769?")
    }
    assert [" not " in part for part in parts.values()] == [True, False, False, False]
    assert Asked(QUESTION, "Un moteur de Watt", "", crossed=True).part == "crossed, en"


def test_so_many_questions_of_a_language_are_read_for_and_all_in_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank, "held_out", lambda document: document == "aside")
    own = replace(QUESTION, document_id="aside")
    asked = [Asked(q, q.text, "", crossed) for crossed in (False, True) for q in (own, own, own, QUESTION)]
    asked += [replace(a, question=replace(a.question, language="fr")) for a in asked]
    assert rank._aside(asked, 0) == [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14]
    few = rank._aside(asked, 2)
    assert [sum(n in few for n in part) for part in ((0, 1, 2), (4, 5, 6), (8, 9, 10), (12, 13, 14))] == [2, 3, 2, 3]


def test_what_was_weighed_stays_in_front_in_its_new_order() -> None:
    scores = [np.array([5.0, 9.0, 7.0, 1.0])]
    best = [[Item("b", {}, crossed=False), Item("c", {}, crossed=False)]]
    (found,) = rank._in_front(scores, best, [np.array([-3.0, 4.0])])
    assert np.argsort(-found).tolist() == [2, 1, 0, 3]


def test_what_was_weighed_moves_only_among_its_own_language() -> None:
    best = [[Item("a", {}, crossed=True), Item("b", {}, crossed=False), Item("c", {}, crossed=False)]]
    (found,) = rank._in_front([np.array([9.0, 8.0, 7.0])], best, [np.array([1.0, 2.0, 3.0])])
    assert np.argsort(-found).tolist() == [0, 2, 1]
