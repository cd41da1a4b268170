"""Adapt the reader to the documents of one notebook: ``python -m training adapt --notebook NAME``.

Questions are made from the notebook's own sentences. One page in four is set aside; the adapted reader is kept only if
it reads those pages better and has forgotten nothing of a small fixed set (``training/regression.jsonl``).
"""

import argparse
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from rag.adapted import folder, weights_hash
from rag.build import reader_folder
from rag.device import Device, choose
from rag.errors import ModelError, RagError
from rag.library import Library
from rag.prepare import ready_folder
from rag.reader import MANIFEST, WEIGHTS, EncoderReader
from rag.reader_network import Pairs, ReaderNetwork, from_trained, quantised
from rag.rows import NotebookRow
from rag.settings import BUNDLED_EMBEDDER, Settings
from training import regression
from training.examples import Course, epoch, epochs
from training.notebook_questions import examples, set_aside, sources
from training.reader_batches import Batches, Item, pack
from training.reader_loop import Plan, Trainer
from training.reader_score import Read, Score, read_items
from training.squad import Example

NAME = "lectern-reader-adapted"
TOKENS = 1200  # of a batch
FEWEST = 40
"""Questions below which a notebook teaches nothing that could be measured."""

GAIN, OWN_LOSS, OTHER_LOSS = 0.01, 0.01, 0.02
"""Kept when F1 and AUC on the own pages gain this much together, neither of them loses more than the second, and
neither loses more than the third on the fixed set."""

Pair = tuple[Score, Score]
Scores = tuple[Pair, ...]

_SHARE_FOR_TRAINING = 0.8
_BACKWARD = 6.0
"""A step of training takes about as long as this many readings of the same passages."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a notebook teaches, and what it is examined on."""

    taught: tuple[Example, ...]
    course: Course
    own: tuple[Item, ...]
    fixed: tuple[Item, ...]

    @property
    def key(self) -> str:
        """Return what changes with the questions."""
        asked = json.dumps([(e.question, e.passage_id) for e in self.taught])
        return hashlib.sha256(asked.encode()).hexdigest()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--notebook", required=True, help="the name of the notebook")
    parser.add_argument("--home", type=Path, help="instead of LECTERN_HOME")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> int:
    """Adapt, measure, and keep what pays: 0 when kept, 1 when not, 2 when refused, 3 when the same command goes on."""
    settings = Settings.from_environment()
    settings = replace(settings, home=options.home.absolute()) if options.home else settings
    library = Library.open(settings)
    try:
        return _adapt(library, settings, options)
    except RagError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        library.close()


def _adapt(library: Library, settings: Settings, options: argparse.Namespace) -> int:
    notebook = _notebook(library, options.notebook)
    base = _base(settings)
    device = choose(settings)
    torch.manual_seed(options.seed)
    encoder = ready_folder(settings, BUNDLED_EMBEDDER)
    pairs = Pairs(encoder / "tokenizer.json")
    lesson = _lesson(library, notebook, pairs, options.seed)
    print(f"{len(lesson.taught)} questions to learn from, {len(lesson.own)} on pages set aside")
    usual = EncoderReader(encoder, base, device)
    began = time.monotonic()
    before = _examine(usual, lesson, "before")
    seconds = (time.monotonic() - began) / max(1, len(lesson.own) + len(lesson.fixed))
    del usual
    work = settings.home / "adapted" / f"{notebook.id}.part"
    key = f"{weights_hash(base)}:{lesson.key}:{options.seed}"
    times = _epochs(work, lesson, key, seconds, options.minutes)
    plan = Plan(f"{key}:{times}", encoder_rate=6e-5, head_rate=2e-4, dropout=0.0, seed=options.seed)
    network = from_trained(encoder, base / WEIGHTS, torch.float32)
    shown = epochs(lesson.course, lesson.taught, times, options.seed)
    batches = pack(shown, pairs, TOKENS, options.seed)
    trainer = Trainer(network, plan, len(batches), device.name, work)
    if not _trained(trainer, batches, options.minutes * 60):
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 3
    after = _finish(trainer.network, encoder, device, lesson, before, work)
    scores = tuple((b.score, a.score) for b, a in zip(before, after, strict=True))
    _tell(scores)
    if not pays(*scores):
        shutil.rmtree(work)
        print("not kept: it does not read this notebook better; the usual reader goes on")
        return 1
    place = keep(library, notebook, work, _told(notebook, base, plan, scores, lesson))
    print(f"kept in {place}; the notebook uses it from its next question on")
    return 0


def _notebook(library: Library, name: str) -> NotebookRow:
    found = library.store.find_notebook(name)
    if found is None:
        known = ", ".join(row.name for row in library.store.notebooks())
        raise RagError("NOTEBOOK_UNKNOWN", name=name, known=known or "–")
    return found


def _base(settings: Settings) -> Path:
    place = reader_folder(settings)
    if not (place / WEIGHTS).is_file():
        raise ModelError("MODEL_NOT_FOUND", model=str(place))
    return place


def _lesson(library: Library, notebook: NotebookRow, pairs: Pairs, seed: int) -> Lesson:
    made = examples(sources(library, notebook), seed)
    taught = [example for example in made if not set_aside(example)]
    aside = [example for example in made if set_aside(example)]
    if len(made) < FEWEST or not aside:
        raise RagError("TOO_LITTLE_TO_LEARN", name=notebook.name, found=str(len(made)), needed=str(FEWEST))
    own = epoch(Course(aside, pairs.count), aside, seed)
    return Lesson(tuple(taught), Course(taught, pairs.count), tuple(own), tuple(regression.read()))


def _examine(reader: EncoderReader, lesson: Lesson, label: str) -> tuple[Read, Read]:
    return read_items(reader, lesson.own, f"own pages, {label}"), read_items(reader, lesson.fixed, f"fixed, {label}")


def _epochs(work: Path, lesson: Lesson, key: str, seconds: float, minutes: float) -> float:
    """Choose as many epochs, at most three, as the minutes allow; a run that goes on keeps what it began with."""
    kept = work / "epochs.json"
    if kept.is_file() and (told := json.loads(kept.read_text(encoding="utf-8")))["key"] == key:
        return float(told["epochs"])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    once = len(lesson.taught) * 1.5 * seconds * _BACKWARD
    times = round(max(0.1, min(3.0, minutes * 60 * _SHARE_FOR_TRAINING / once)), 2)
    kept.write_text(json.dumps({"key": key, "epochs": times}), encoding="utf-8")
    return times


def _trained(trainer: Trainer, batches: Batches, seconds: float) -> bool:
    try:
        return trainer.train(batches, seconds)
    except KeyboardInterrupt:
        trainer.save()
        return False


def _finish(
    network: ReaderNetwork, encoder: Path, device: Device, lesson: Lesson, before: tuple[Read, Read], work: Path
) -> tuple[Read, Read]:
    """Write the weights, bring their log-odds onto the scale of the usual reader's, and examine what was written."""
    network.eval()
    _write(network, work)
    fixed = read_items(EncoderReader(encoder, work, device), lesson.fixed, "scale")
    slope, shift = scale(fixed.odds, before[1].odds)
    with torch.no_grad():
        network.answers.weight.mul_(slope)
        network.answers.bias.mul_(slope).add_(shift)
    _write(network, work)
    return _examine(EncoderReader(encoder, work, device), lesson, "after")


def scale(new: Sequence[float], old: Sequence[float]) -> tuple[float, float]:
    """Return slope (0.5..2) and shift that bring ``new`` nearest to ``old`` by least squares.

    Thresholds were calibrated on the usual reader's log-odds; those of an adapted one must mean the same.
    """
    spread = float(np.var(new))
    slope = float(np.clip(np.cov(new, old, bias=True)[0, 1] / spread, 0.5, 2.0)) if spread else 1.0
    return slope, float(np.mean(old) - slope * np.mean(new))


def _write(network: ReaderNetwork, work: Path) -> None:
    save_file(quantised(network.state_dict()), work / WEIGHTS)
    digest = hashlib.sha256((work / WEIGHTS).read_bytes()).hexdigest()
    (work / MANIFEST).write_text(json.dumps({"name": NAME, "sha256": digest}), encoding="utf-8")


def pays(own: Pair, fixed: Pair) -> bool:
    """Tell whether to keep what was adapted; each pair is (before, after)."""
    gained = (own[1].f1 - own[0].f1, own[1].auc - own[0].auc)
    other = (fixed[1].f1 - fixed[0].f1, fixed[1].auc - fixed[0].auc)
    return sum(gained) >= GAIN and min(gained) >= -OWN_LOSS and min(other) >= -OTHER_LOSS


def _tell(scores: Scores) -> None:
    for label, (old, new) in zip(("own pages set aside", "fixed questions"), scores, strict=True):
        print(f"{label}: F1 {old.f1:.3f} -> {new.f1:.3f}, answers told from none {old.auc:.3f} -> {new.auc:.3f}")


def keep(library: Library, notebook: NotebookRow, work: Path, told: dict[str, Any]) -> Path:
    """Seal what was written in ``work`` with what is told of it, put it in its place and let the notebook use it."""
    manifest = json.loads((work / MANIFEST).read_text(encoding="utf-8")) | told
    for left in work.iterdir():
        if left.name not in (WEIGHTS, MANIFEST):
            left.unlink()
    (work / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    place = folder(library.home, notebook.id)
    shutil.rmtree(place, ignore_errors=True)
    work.rename(place)
    library.store.choose_parts(notebook.id, replace(notebook.parts, reader="adapted"))
    return place


def _told(notebook: NotebookRow, base: Path, plan: Plan, scores: Scores, lesson: Lesson) -> dict[str, Any]:
    own, fixed = ({"before": asdict(old), "after": asdict(new)} for old, new in scores)
    return {
        "version": 1,
        "date": datetime.now(UTC).date().isoformat(),
        "base": weights_hash(base),
        "notebook": notebook.name,
        "command": f'python -m training adapt --notebook "{notebook.name}"',
        "questions": len(lesson.taught),
        "plan": asdict(plan),
        "figures": {"own": own, "fixed": fixed},
    }
