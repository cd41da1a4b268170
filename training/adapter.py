"""Train the low-rank adapter of the bundled generator: ``python -m training adapter --data DIR [--extra SQUAD_JSON]``.

It learns to answer from numbered passages in a few of their words, with the passage's number, or to say that they do
not answer. Nothing but the answers is learnt; questions are in the language of their passages.

As it stands the command takes less than an hour on two cores: 40 minutes of training, then about 13 of measuring.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from evaluation.records import Records
from rag.adapters import FOLDER, MANIFEST, WEIGHTS
from rag.device import Device, choose
from rag.generate import TransformersGenerator
from rag.prepare import ready_folder
from rag.reader import EncoderReader
from rag.settings import BUNDLED_EMBEDDER, BUNDLED_GENERATOR, Settings
from training.adapter_data import Sheet, sheets
from training.adapter_loop import AdapterTrainer, Plan
from training.adapter_score import cases, compare
from training.reader import TRAINED as READER
from training.split import held_out
from training.squad import Example, load, load_squad

NAME = "lectern-adapter"
MADE_FOR = "google/gemma-3-270m"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")
    parser.add_argument("--extra", type=Path, help="a training file in SQuAD's format, or its beginning")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the adapter is written")
    parser.add_argument("--checkpoint", type=Path, default=Path("adapter-checkpoint"))
    parser.add_argument("--minutes", type=float, default=40, help="of training; the learning rate reaches zero by then")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint, with training or, once that ended, measuring"
    )
    parser.add_argument(
        "--score",
        type=int,
        default=20,
        help="held-out questions a language to measure on, after the training, 0 for none; 20 take about 13 minutes on "
        "two cores, 100 more than an hour: measure more of them with --resume",
    )


def run(options: argparse.Namespace) -> int:
    """Train, write the adapter and measure it beside the reader; returns the exit status."""
    plan = Plan(epochs=options.epochs, minutes=options.minutes, seed=options.seed)
    settings = Settings.from_environment()
    device = choose(settings)
    torch.set_num_threads(device.threads)
    base = ready_folder(settings, BUNDLED_GENERATOR)
    examples = load(options.data)
    seen = [e for e in examples if not held_out(e.document_id)]
    seen += load_squad(options.extra) if options.extra else []
    trainer = _train(base, device, plan, _epochs(seen, plan), options)
    told = {"command": options.command, "examples": len(seen), "plan": asdict(plan), "sheets": trainer.done}
    write(trainer, base, options.out, told)
    if options.score:
        measured = _compare(settings, base, options, [e for e in examples if held_out(e.document_id)])
        print(json.dumps(measured, indent=2))
        add_to_manifest(options.out, {"figures": measured})
    return 0


def _epochs(examples: Sequence[Example], plan: Plan) -> list[Sheet]:
    seen: list[Sheet] = []
    for number in range(int(-(-plan.epochs // 1))):
        drawn = sheets(examples, plan.seed * 1000 + number)
        seen += drawn[: int(len(drawn) * min(1.0, plan.epochs - number))]
    return seen


def _train(
    base: Path, device: Device, plan: Plan, seen: Sequence[Sheet], options: argparse.Namespace
) -> AdapterTrainer:
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True, trust_remote_code=False)
    network = AutoModelForCausalLM.from_pretrained(
        base,
        dtype=getattr(torch, device.precision),
        use_safetensors=True,
        local_files_only=True,
        trust_remote_code=False,
    )
    trainer = AdapterTrainer(network.to(device.name), plan, options.checkpoint, options.resume)

    def tell(done: int, loss: float, left: float) -> None:
        sys.stderr.write(f"\rsheet {done} of {len(seen)}, loss {loss:.3f}, {left / 60:.0f} min left   ")
        sys.stderr.flush()

    trainer.train(seen, tokenizer, tell)
    sys.stderr.write("\n")
    return trainer


def write(trainer: AdapterTrainer, base: Path, out: Path, told: dict[str, Any]) -> None:
    """Write the adapter as PEFT does, its weights in bf16, with a manifest."""
    trainer.adapted.peft_config["default"].base_model_name_or_path = MADE_FOR
    # Without looking at embeddings, for which PEFT would ask a hub about the base model.
    trainer.adapted.save_pretrained(str(out), save_embedding_layers=False)
    (out / "README.md").unlink(missing_ok=True)
    halved = {name: value.bfloat16() for name, value in load_file(out / WEIGHTS).items()}
    save_file(halved, out / WEIGHTS, metadata={"format": "pt"})
    manifest = {
        "name": NAME,
        "version": 1,
        "date": datetime.now(UTC).date().isoformat(),
        "for": "sources",
        "sha256": _sha256(out / WEIGHTS),
        "base": BUNDLED_GENERATOR,
        "base_sha256": _sha256(base / "model.safetensors"),
        **told,
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def add_to_manifest(out: Path, more: dict[str, Any]) -> None:
    """Write further entries into the manifest."""
    manifest = {**json.loads((out / MANIFEST).read_text(encoding="utf-8")), **more}
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _compare(settings: Settings, base: Path, options: argparse.Namespace, held: Sequence[Example]) -> dict[str, Any]:
    device = choose(settings)
    generator = TransformersGenerator(str(base), device, "gemma-3-270m", str(options.out))
    found = (READER / MANIFEST).is_file()
    reader = EncoderReader(ready_folder(settings, BUNDLED_EMBEDDER), READER, device) if found else None
    kept = Records(options.checkpoint / "scored.jsonl")
    return compare(cases(held, options.score, options.seed), kept, generator, reader)
