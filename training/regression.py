"""A small fixed set of questions that an adapted reader must not forget: ``regression.jsonl`` beside this file.

It is drawn once, by ``python -m training regression --data DIR``, from documents that were set aside, so that no reader
was trained on it: English and French, as many with an answer in their passage as without.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from rag.prepare import ready_folder
from rag.reader_network import Pairs
from rag.settings import BUNDLED_EMBEDDER, Settings
from training.examples import Course, epoch
from training.reader_batches import Item
from training.split import held_out
from training.squad import load

FILE = Path(__file__).with_name("regression.jsonl")
EACH = 25
"""Questions of each language, with an answer and without: a hundred in all."""

SEED = 1


def read(path: Path = FILE) -> list[Item]:
    """Read the committed set."""
    return [Item(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")


def run(options: argparse.Namespace) -> int:
    """Draw the set and write it; returns the exit status."""
    pairs = Pairs(ready_folder(Settings.from_environment(), BUNDLED_EMBEDDER) / "tokenizer.json")
    drawn = draw(options.data, pairs)
    FILE.write_text("".join(json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in drawn), encoding="utf-8")
    print(f"{len(drawn)} questions in {FILE.name}")
    return 0


def draw(data: Path, pairs: Pairs) -> list[Item]:
    """Choose the questions from the documents set aside."""
    held = [example for example in load(data) if held_out(example.document_id)]
    chosen: list[Item] = []
    for language in ("en", "fr"):
        own = [example for example in held if example.language == language]
        items = epoch(Course(own, pairs.count), own, SEED)
        chosen += [item for item in items if item.answerable][:EACH]
        chosen += [item for item in items if not item.answerable][:EACH]
    return chosen
