"""Train the reader on what ``python -m training batches`` made: ``python -m training reader --batches FILE``."""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from rag.device import choose
from rag.prepare import ready_folder
from rag.reader import MANIFEST, WEIGHTS
from rag.reader_network import from_encoder, quantised, read_weights
from rag.settings import BUNDLED_EMBEDDER, Settings
from training.batches import FILE
from training.reader_batches import load, made_by
from training.reader_loop import Plan, Trainer

NAME = "lectern-reader"
TRAINED = Path(__file__).parents[1] / "trained" / "reader"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--batches", type=Path, default=FILE, help="what `python -m training batches` wrote")
    parser.add_argument("--out", type=Path, default=TRAINED, help="where the weights are written")
    parser.add_argument(
        "--start", type=Path, metavar="FILE", help="weights to begin with, instead of the encoder alone"
    )
    parser.add_argument("--checkpoint", type=Path, default=Path("reader-checkpoint"))
    parser.add_argument("--minutes", type=float, default=60, help="stop then, keeping a checkpoint to go on from")
    parser.add_argument("--rate", type=float, default=8e-5, help="of the encoder; more for large batches")
    parser.add_argument("--hidden", type=float, default=0.0, help="the share of tokens that are blanked out")
    parser.add_argument("--frozen", type=int, default=0, help="so many of the lowest layers stay as they are")
    parser.add_argument("--part", type=part, default=slice(None), metavar="FROM:TO[:STEP]", help="only these batches")
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> int:
    """Train until the batches or the minutes are over; returns 0 when the weights are written, 3 when time ran out."""
    digest = hashlib.sha256(options.batches.read_bytes()).hexdigest()
    chosen = load(options.batches).part(options.part)
    name = f"{digest}[{options.part.start}:{options.part.stop}:{options.part.step}]"
    begun = hashlib.sha256(options.start.read_bytes()).hexdigest() if options.start else ""
    # Only heads that are new have far to go.
    rates = {"encoder_rate": options.rate} | ({"head_rate": options.rate} if begun else {})
    plan = Plan(batches=name, start=begun, hidden=options.hidden, frozen=options.frozen, seed=options.seed, **rates)
    settings = Settings.from_environment()
    device = choose(settings)
    torch.manual_seed(plan.seed)
    torch.set_num_threads(device.threads)
    network = from_encoder(ready_folder(settings, BUNDLED_EMBEDDER), plan.dropout)
    if options.start:
        network.load_state_dict(read_weights(options.start), strict=False)
    trainer = Trainer(network, plan, len(chosen), device.name, options.checkpoint)
    if not trainer.train(chosen, options.minutes * 60):
        print(f"time is over; the same command goes on from {options.checkpoint}", file=sys.stderr)
        return 3
    ship(
        trainer.network.state_dict(),
        options.out,
        {
            "base": BUNDLED_EMBEDDER,
            "command": options.command,
            "data": made_by(options.batches),
            "pairs": len(chosen.rows),
            "plan": asdict(plan),
        },
    )
    return 0


def part(text: str) -> slice:
    """Read which batches are meant, as in "0:1000" or "0:2000:2"."""
    return slice(*(int(number) if number else None for number in text.split(":")))


def ship(state: Mapping[str, Tensor], out: Path, told: dict[str, Any]) -> None:
    """Write the weights, and the manifest with their hash and what is told of them."""
    out.mkdir(parents=True, exist_ok=True)
    save_file(quantised(state), out / WEIGHTS)
    digest = hashlib.sha256((out / WEIGHTS).read_bytes()).hexdigest()
    head = {"name": NAME, "date": datetime.now(UTC).date().isoformat(), "sha256": digest}
    (out / MANIFEST).write_text(json.dumps(head | told, indent=2) + "\n", encoding="utf-8")
