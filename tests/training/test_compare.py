"""Comparing readers: figures worked out by hand, and the command over a small course."""

import math
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.data import Question
from rag.types import Passage, Reading, Span
from tests.rag import examples
from tests.rag.fakes import BagEmbedder
from tests.training.animals import NestReader, course, more, sheets
from training import compare, notebook, written
from training.compare import Searched, score

QUESTION = Question("q", "Who?", "en", ("James Watt",), "gold", "doc", answerable=True, specific=True)
WRITTEN = replace(QUESTION, answers=(), answerable=False)


class ScriptedReader:
    """Gives each passage the log-odds that its text begins with; its answer is what follows."""

    model_id = "scripted"

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        return [Reading(float(p.text.split()[0]), (Span(p.text.index(" ") + 1, len(p.text), 0.0),)) for p in passages]


def searched(question: Question, *texts: str, gold: int | None = 0) -> Searched:
    return Searched(
        question,
        tuple(examples.passage(n, text) for n, text in enumerate(texts)),
        tuple(n == gold for n in range(len(texts))),
    )


def test_the_figures_of_a_reader() -> None:
    found = [
        searched(QUESTION, "3 James Watt", "1 Boulton"),
        searched(QUESTION, "0 Watt", "2 Boulton", "-1 Murdoch"),
        searched(QUESTION, "1 James Watt", "5 Boulton"),
        searched(WRITTEN, "2.5 Boulton", "-4 Watt", gold=None),
        searched(QUESTION, "9 Boulton", gold=None),  # its passage was not found
        searched(QUESTION, "9 James Watt"),  # nothing to be told from
    ]
    scored = score(ScriptedReader(), found)
    assert scored.questions == 3
    assert scored.f1 == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert scored.first == pytest.approx(1 / 3)
    # With the gold passage 3, 2 and 5, without it 1, 2 and 5; a tie counts a half.
    assert scored.area == pytest.approx((2 + 1.5 + 2.5) / 9)
    # Six of a hundred of 2, 3 and 5 lie below 2.12.
    assert scored.refused == pytest.approx(2 / 3)
    assert scored.written == pytest.approx(2 / 3)


def test_without_questions_that_only_look_answerable_there_is_no_such_figure() -> None:
    scored = score(ScriptedReader(), [searched(QUESTION, "3 James Watt", "1 Boulton")])
    assert math.isnan(scored.written)
    assert math.isnan(score(ScriptedReader(), []).f1)


def test_the_command_prints_a_line_for_each_reader_and_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare, "build_embedder", lambda settings: BagEmbedder())
    monkeypatch.setattr(compare, "build_reader", lambda settings: NestReader())
    monkeypatch.setattr(notebook, "held_out", lambda document: True)
    monkeypatch.setattr(written, "FOLDER", more(tmp_path))
    monkeypatch.setattr(written, "COURSES", sheets(tmp_path))
    parser = ArgumentParser()
    compare.add_arguments(parser)
    assert compare.run(parser.parse_args(["--data", str(course(tmp_path)), "--readers", "one", "two"])) == 0
    lines = [line.split("| ")[:3] for line in capsys.readouterr().out.splitlines()]
    assert lines[2:] == [[name, *part] for name in ("one", "two") for part in (["en", "6"], ["fr", "7"])]
