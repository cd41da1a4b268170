"""Train the reader: ``python -m training reader --data DIR [--extra SQUAD_JSON]``."""

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from rag.device import choose
from rag.prepare import ready_folder
from rag.reader import MANIFEST, WEIGHTS
from rag.reader_network import WORDS, Pair, Pairs, ReaderNetwork, from_encoder, quantised
from rag.settings import BUNDLED_EMBEDDER, Settings
from training.examples import Course, Item, epoch
from training.split import held_out
from training.squad import Example, load, load_squad

NAME = "lectern-reader"
TRAINED = Path(__file__).parents[1] / "trained" / "reader"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is set before a run; a checkpoint goes on only under the same plan."""

    epochs: float = 2.0
    tokens: int = 4800
    encoder_rate: float = 8e-5
    head_rate: float = 5e-4
    warmup: float = 0.08
    dropout: float = 0.1
    seed: int = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--data", type=Path, required=True, help="folder with contexts_*.jsonl and qa_*.jsonl")
    parser.add_argument("--extra", type=Path, help="a training file in SQuAD's format, or its beginning")
    parser.add_argument("--out", type=Path, default=TRAINED, help="where the weights are written")
    parser.add_argument("--checkpoint", type=Path, default=Path("reader-checkpoint"))
    parser.add_argument("--minutes", type=float, default=60, help="stop then, keeping a checkpoint to go on from")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> int:
    """Train until the epochs or the minutes are over; returns 0 when the weights are written, 3 when time ran out."""
    plan = Plan(epochs=options.epochs, seed=options.seed)
    settings = Settings.from_environment()
    encoder = ready_folder(settings, BUNDLED_EMBEDDER)
    device = choose(settings)
    torch.manual_seed(plan.seed)
    torch.set_num_threads(device.threads)
    examples = [e for e in load(options.data) if not held_out(e.document_id)]
    examples += load_squad(options.extra) if options.extra else []
    pairs = Pairs(encoder / "tokenizer.json")
    course = Course(examples, pairs.count)
    steps = batches(course, examples, pairs, plan)
    trainer = Trainer(from_encoder(encoder, plan.dropout), plan, len(steps), device.name, options.checkpoint)
    if not trainer.train(steps, pairs, options.minutes * 60):
        print(f"time is over; the same command goes on from {options.checkpoint}", file=sys.stderr)
        return 3
    _ship(trainer, options, plan, examples)
    return 0


def batches(course: Course, examples: Sequence[Example], pairs: Pairs, plan: Plan) -> list[list[tuple[Pair, int, int]]]:
    """Return the batches of all epochs: pairs with the first and last token of their answer, -1 where none is."""
    chosen: list[tuple[Pair, int, int]] = []
    number = 0
    while number < plan.epochs:
        items = epoch(course, examples, plan.seed * 1000 + number)
        items = items[: int(len(items) * min(1.0, plan.epochs - number))]
        chosen += _in_batches_of_one_length([_labelled(item, pairs) for item in items])
        number += 1
    return list(_packed(chosen, plan.tokens, random.Random(plan.seed)))


def _labelled(item: Item, pairs: Pairs) -> tuple[Pair, int, int]:
    # The tokens of the answer, or -1 when there is none: those rows teach only that.
    pair = pairs.encode(item.question, item.context, item.text)
    if not item.answerable:
        return pair, -1, -1
    inside = [n for n, (start, end) in enumerate(pair.offsets) if start < item.end and end > item.start]
    if not inside:
        return pair, -2, -2
    return pair, pair.first + inside[0], pair.first + inside[-1]


def _in_batches_of_one_length(rows: list[tuple[Pair, int, int]], size: int = 1200) -> list[tuple[Pair, int, int]]:
    kept = [row for row in rows if row[1] != -2]
    parts = [kept[at : at + size] for at in range(0, len(kept), size)]
    return [row for part in parts for row in sorted(part, key=lambda row: len(row[0].ids))]


def _packed(
    rows: Sequence[tuple[Pair, int, int]], tokens: int, chooser: random.Random
) -> Iterator[list[tuple[Pair, int, int]]]:
    batches: list[list[tuple[Pair, int, int]]] = [[]]
    for row in rows:
        longest = max(len(r[0].ids) for r in [*batches[-1], row])
        if batches[-1] and longest * (len(batches[-1]) + 1) > tokens:
            batches.append([])
        batches[-1].append(row)
    window = 60
    for at in range(0, len(batches), window):
        part = batches[at : at + window]
        chooser.shuffle(part)
        yield from part


class Trainer:
    """One run over the batches, with a checkpoint every few minutes."""

    SAVE_SECONDS = 300

    def __init__(self, network: ReaderNetwork, plan: Plan, steps: int, device: str, checkpoint: Path) -> None:
        self.network = network.to(device).train()
        self.network.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self._plan, self._steps, self._device, self._checkpoint = plan, steps, device, checkpoint
        trained = dict(self.network.named_parameters())
        body = [value for name, value in trained.items() if name.startswith("encoder.") and value.requires_grad]
        heads = [value for name, value in trained.items() if not name.startswith("encoder.")]
        groups = [{"params": body, "lr": plan.encoder_rate}, {"params": heads, "lr": plan.head_rate}]
        self._optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=device == "cpu")
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimiser, self._rate)
        self.done = self._resume()
        self.loss = 0.0

    def _rate(self, step: int) -> float:
        warmup = max(1, int(self._steps * self._plan.warmup))
        return min((step + 1) / warmup, max(0.0, (self._steps - step) / max(1, self._steps - warmup)))

    def train(self, batches: Sequence[list[tuple[Pair, int, int]]], pairs: Pairs, seconds: float) -> bool:
        """Tell whether all batches were seen before the time was over."""
        began = saved = time.monotonic()
        first = self.done
        for batch in batches[first:]:
            self._step(batch, pairs)
            now = time.monotonic()
            self._tell(first, now - began)
            if now - began > seconds:
                self.save()
                return False
            if now - saved > self.SAVE_SECONDS:
                self.save()
                saved = now
        self.save()
        return True

    def _step(self, batch: list[tuple[Pair, int, int]], pairs: Pairs) -> None:
        inputs = [part.to(self._device) for part in pairs.pad([pair for pair, _, _ in batch])]
        first = torch.tensor([start for _, start, _ in batch], device=self._device)
        last = torch.tensor([end for _, _, end in batch], device=self._device)
        with torch.autocast(self._device.partition(":")[0], dtype=torch.bfloat16):
            starts, ends, odds = self.network(*inputs)
        loss = _loss(starts, ends, odds, first, last)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimiser.step()
        self._schedule.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.done += 1
        self.loss = 0.98 * self.loss + 0.02 * float(loss.detach()) if self.done > 1 else float(loss.detach())

    def _tell(self, first: int, seconds: float) -> None:
        left = seconds / (self.done - first) * (self._steps - self.done)
        sys.stderr.write(f"\rstep {self.done} of {self._steps}, loss {self.loss:.3f}, {left / 60:.0f} min left   ")
        sys.stderr.flush()

    def save(self) -> None:
        """Write the checkpoint."""
        self._checkpoint.mkdir(parents=True, exist_ok=True)
        state = {k: v.contiguous() for k, v in self.network.state_dict().items() if k != WORDS}
        moments = self._optimiser.state_dict()
        for index, values in moments["state"].items():
            state |= {f"optimiser.{index}.{name}": value for name, value in values.items()}
        draft = self._checkpoint / "draft.safetensors"
        save_file(state, draft, metadata={"step": str(self.done), "plan": json.dumps(asdict(self._plan))})
        draft.replace(self._checkpoint / "state.safetensors")

    def _resume(self) -> int:
        path = self._checkpoint / "state.safetensors"
        if not path.exists():
            return 0
        from safetensors import safe_open

        with safe_open(str(path), "pt") as stored:
            described = stored.metadata()
        if json.loads(described["plan"]) != asdict(self._plan):
            return 0
        state = load_file(path)
        moments = self._optimiser.state_dict()
        for name in [name for name in state if name.startswith("optimiser.")]:
            _, index, field = name.split(".", 2)
            moments["state"].setdefault(int(index), {})[field] = state.pop(name)
        self.network.load_state_dict(state, strict=False)
        self._optimiser.load_state_dict(moments)
        for _ in range(int(described["step"])):
            self._schedule.step()
        return int(described["step"])


def _loss(starts: Tensor, ends: Tensor, odds: Tensor, first: Tensor, last: Tensor) -> Tensor:
    answers = first >= 0
    decided = functional.binary_cross_entropy_with_logits(odds, answers.float())
    if not answers.any():
        return decided
    begun = functional.nll_loss(starts[answers], first[answers])
    ended = functional.nll_loss(ends[answers], last[answers])
    return decided + (begun + ended) / 2


def _ship(trainer: Trainer, options: argparse.Namespace, plan: Plan, examples: Sequence[Example]) -> None:
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(quantised(trainer.network.state_dict()), options.out / WEIGHTS)
    manifest: dict[str, Any] = {
        "name": NAME,
        "version": 1,
        "date": datetime.now(UTC).date().isoformat(),
        "sha256": hashlib.sha256((options.out / WEIGHTS).read_bytes()).hexdigest(),
        "base": BUNDLED_EMBEDDER,
        "examples": len(examples),
        "plan": asdict(plan),
    }
    (options.out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
