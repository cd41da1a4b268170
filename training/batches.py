"""Make what the reader is trained on: ``python -m training batches --data DIR [--extra FILE …] [--qamr FOLDER]``."""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from evaluation.data import choose
from rag.build import build_embedder
from rag.prepare import ready_folder
from rag.reader_network import Pairs
from rag.settings import BUNDLED_EMBEDDER, Settings
from training import qamr, written
from training.examples import Course, epochs
from training.reader_batches import pack
from training.split import held_out
from training.squad import Example, load, load_squad, load_translated

FILE = Path("reader-batches.safetensors")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")
    parser.add_argument(
        "--extra", type=Path, nargs="*", default=[], help="training files in SQuAD's format, or their beginnings"
    )
    parser.add_argument("--qamr", type=Path, help="folder with QAMR's filtered *.tsv and wiki-sentences.tsv")
    parser.add_argument("--qamr-questions", type=int, default=6000, help="so many of them, drawn by the seed")
    parser.add_argument("--english", type=float, default=1.0, help="the share shown of the data's on English passages")
    parser.add_argument("--crossed", type=float, default=0.3, help="the share shown of those between the languages")
    parser.add_argument("--epochs", type=float, default=4.0)
    parser.add_argument("--negatives", type=float, default=7.0, help="passages without an answer for each question")
    parser.add_argument("--tokens", type=int, default=4800, help="of a batch; 40000 and more for a GPU")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FILE)


def run(options: argparse.Namespace) -> int:
    """Build the batches and write them; returns 0."""
    settings = Settings.from_environment()
    pairs = Pairs(ready_folder(settings, BUNDLED_EMBEDDER) / "tokenizer.json")
    every = taught(options)
    course = Course(every, pairs.count)
    examples = drawn(every, options.epochs, options.seed)
    course.use_meaning(examples, build_embedder(settings))
    shown = epochs(course, examples, max(1.0, options.epochs), options.seed, options.negatives)
    made = pack(shown, pairs, options.tokens, options.seed)
    made.save(options.out, options.command)
    print(f"{len(examples)} questions, {len(made.rows)} pairs in {len(made)} batches: {options.out}")
    return 0


def drawn(every: Sequence[Example], epochs: float, seed: int) -> list[Example]:
    """Return what less than one epoch shows: to search for all of it takes longer than all else here."""
    return choose(every, max(1, int(len(every) * epochs)) if epochs < 1 else 0, seed)


def taught(options: argparse.Namespace) -> list[Example]:
    """Return every example that is not set aside; a question that two files hold on one passage counts once."""
    chooser = random.Random(options.seed)
    found = load(options.data)
    for path in options.extra:
        found += load_squad(path)
    made = written.load(found)
    between = [e for e in written.crossed(found, made) if chooser.random() < options.crossed]
    if options.qamr:
        found += qamr.load(options.qamr, options.qamr_questions, options.seed)
    older = [e for e in found if e.language == "fr" or chooser.random() < options.english]
    every = [*older, *load_translated(options.data), *made, *between]
    once = {(example.question, example.passage): example for example in every}
    return [example for example in once.values() if not held_out(example.document_id)]
