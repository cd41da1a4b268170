"""Train the reader on what ``python -m training batches`` made: ``python -m training reader --batches FILE``."""

import argparse
import hashlib
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from rag.device import choose
from rag.prepare import ready_folder
from rag.reader import MANIFEST, WEIGHTS
from rag.reader_network import ReaderNetwork, from_encoder, quantised
from rag.settings import BUNDLED_EMBEDDER, Settings
from training.batches import FILE
from training.reader_batches import load
from training.reader_loop import Plan, Trainer

NAME = "lectern-reader"
TRAINED = Path(__file__).parents[1] / "trained" / "reader"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--batches", type=Path, default=FILE, help="what `python -m training batches` wrote")
    parser.add_argument("--out", type=Path, default=TRAINED, help="where the weights are written")
    parser.add_argument("--checkpoint", type=Path, default=Path("reader-checkpoint"))
    parser.add_argument("--minutes", type=float, default=60, help="stop then, keeping a checkpoint to go on from")
    parser.add_argument("--rate", type=float, default=8e-5, help="of the encoder; more for large batches")
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> int:
    """Train until the batches or the minutes are over; returns 0 when the weights are written, 3 when time ran out."""
    digest = hashlib.sha256(options.batches.read_bytes()).hexdigest()
    plan = Plan(batches=digest, encoder_rate=options.rate, seed=options.seed)
    settings = Settings.from_environment()
    device = choose(settings)
    torch.manual_seed(plan.seed)
    torch.set_num_threads(device.threads)
    batches = load(options.batches)
    network = from_encoder(ready_folder(settings, BUNDLED_EMBEDDER), plan.dropout)
    trainer = Trainer(network, plan, len(batches), device.name, options.checkpoint)
    if not trainer.train(batches, options.minutes * 60):
        print(f"time is over; the same command goes on from {options.checkpoint}", file=sys.stderr)
        return 3
    ship(trainer.network, options.out, {"base": BUNDLED_EMBEDDER, "pairs": len(batches.rows), "plan": asdict(plan)})
    return 0


def ship(network: ReaderNetwork, out: Path, told: dict[str, Any]) -> None:
    """Write the weights, and the manifest with their hash and what is told of them."""
    out.mkdir(parents=True, exist_ok=True)
    save_file(quantised(network.state_dict()), out / WEIGHTS)
    digest = hashlib.sha256((out / WEIGHTS).read_bytes()).hexdigest()
    head = {"name": NAME, "version": 2, "date": datetime.now(UTC).date().isoformat(), "sha256": digest}
    (out / MANIFEST).write_text(json.dumps(head | told, indent=2) + "\n", encoding="utf-8")
