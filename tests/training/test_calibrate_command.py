"""The command that fits the decision, on a corpus of a few lines."""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

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


def test_the_command_writes_what_the_app_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
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
    assert calibrate.run(parser.parse_args(["--data", str(course(tmp_path)), "--limit", "3", *kept])) == 0
    own = calibration.load("with_generator", tmp_path / "calibration.json")
    assert own.own["fr"].refusal.weights.keys() == set(WEIGHED_FEATURES)
    assert own.crossed.refusal.weights.keys() == set(WEIGHED_CROSSED_FEATURES)
    assert own.crossed.refusal.weights["gain"] > 0
    read = calibration.load("with_reader", tmp_path / "calibration.json")
    assert read.own["en"].refusal.weights.keys() == set(READ_FEATURES)
    assert read.own["en"].refusal.weights["answerable"] > 0
    assert calibration.weigher_id(tmp_path / "calibration.json") == NestWeigher.model_id
    asked = {path.stem: len(path.read_text().splitlines()) for path in (tmp_path / "cases").glob("*with_generator*")}
    # With and without their passage: three of a language and its sheet's, six put in the other language and one more
    # that was written so.
    sizes = {"en": 8, "fr": 8, "crossed-en": 12, "crossed-fr": 14}
    assert asked == {f"{NestReader.model_id}-with_generator-{part}": size for part, size in sizes.items()}
    assert "Refusal on held-out training questions" in (tmp_path / "refusal.svg").read_text()
    assert "refused_removed_passage" in capsys.readouterr().out
