"""The command that fits the decision, on a corpus of a few lines."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag import calibration
from rag.ground import READ_FEATURES, WEIGHED_CROSSED_FEATURES, WEIGHED_FEATURES
from rag.types import Passage, Reading
from tests.rag.fakes import BagEmbedder
from tests.training.animals import ANIMALS, NestReader, NestWeigher, course, crossed, more, sheets
from training import calibrate, notebook, written


class AnimalReader(NestReader):
    """Knows whether a passage is about the animal that is asked about, too."""

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        known = {animal for animal in ANIMALS if animal in question}
        found = zip(super().read(question, passages), passages, strict=True)
        return [r if any(animal in p.text for animal in known) else replace(r, answerable=-5.0) for r, p in found]


class AnimalWeigher(NestWeigher):
    """Finds a question the likelier the more of its words it has read."""

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        return -9.0 * len(set(text.split()) - set(before.split()))


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Return the command over the small course, which gives back what it wrote."""
    monkeypatch.setenv("LECTERN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(calibrate, "build_embedder", lambda settings: BagEmbedder())
    monkeypatch.setattr(calibrate, "build_reader", lambda settings: AnimalReader())
    monkeypatch.setattr(calibrate, "build_weigher", lambda settings, folder: AnimalWeigher())
    monkeypatch.setattr(calibrate, "CROSSED_QUESTIONS", crossed(tmp_path))
    monkeypatch.setattr(calibrate, "FILE", tmp_path / "calibration.json")
    monkeypatch.setattr(calibrate, "CURVE", tmp_path / "refusal.svg")
    monkeypatch.setattr(notebook, "held_out", lambda document: True)
    monkeypatch.setattr(written, "FOLDER", more(tmp_path))
    monkeypatch.setattr(written, "COURSES", sheets(tmp_path))
    parser = ArgumentParser()
    calibrate.add_arguments(parser)
    kept = ["--cases", str(tmp_path / "cases"), "--readings", str(tmp_path / "readings")]
    data = str(course(tmp_path))

    def run(limit: int) -> dict[str, Any]:
        assert calibrate.run(parser.parse_args(["--data", data, "--limit", str(limit), *kept])) == 0
        result: dict[str, Any] = json.loads((tmp_path / "calibration.json").read_text())
        return result

    return run


def asked(tmp_path: Path) -> dict[str, int]:
    """Count the questions kept of those asked with everything, by part."""
    kept = (tmp_path / "cases").glob("*-with_generator-*")
    return {path.stem.partition("with_generator-")[2]: len(path.read_text().splitlines()) for path in kept}


def test_the_command_writes_what_the_app_loads(
    tmp_path: Path, command: Callable[..., dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(limit=3)["command"] == "python -m training calibrate --data tiny --limit 3 --seed 1"
    own = calibration.load("with_generator", tmp_path / "calibration.json")
    assert own.own["fr"].refusal.weights.keys() == set(WEIGHED_FEATURES)
    assert own.crossed.refusal.weights.keys() == set(WEIGHED_CROSSED_FEATURES)
    assert own.crossed.refusal.weights["gain"] > 0
    read = calibration.load("with_reader", tmp_path / "calibration.json")
    assert read.own["en"].refusal.weights.keys() == set(READ_FEATURES)
    assert read.own["en"].refusal.weights["answerable"] > 0
    assert calibration.weigher_id(tmp_path / "calibration.json") == NestWeigher.model_id
    # Three of a language and its sheet's, six put in the other language and one more that was written so.
    assert asked(tmp_path) == {"en": 4, "fr": 4, "crossed-en": 6, "crossed-fr": 7}
    assert "Refusal on held-out training questions" in (tmp_path / "refusal.svg").read_text()
    assert "refused_removed_passage" in capsys.readouterr().out


def test_what_an_earlier_run_asked_besides_is_not_fitted_on(
    tmp_path: Path, command: Callable[..., dict[str, Any]]
) -> None:
    few = command(limit=3)
    many = command(limit=5)
    assert [result["with_generator"]["en"]["figures"]["questions"] for result in (few, many)] == [4, 6]
    assert asked(tmp_path) == {"en": 6, "fr": 6, "crossed-en": 6, "crossed-fr": 7}, "the first three are kept"
    assert command(limit=3) == few


def test_cases_of_another_ranking_are_asked_anew(
    tmp_path: Path, command: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    command(limit=3)
    before = set((tmp_path / "cases").iterdir())
    ranking = tmp_path / "ranking.json"
    ranking.write_text(calibrate.RANKING.read_text() + "\n")
    monkeypatch.setattr(calibrate, "RANKING", ranking)
    command(limit=3)
    assert len(set((tmp_path / "cases").iterdir()) - before) == len(before) == 12
