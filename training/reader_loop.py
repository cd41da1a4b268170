"""One run of training the reader over its batches, on a CPU or a GPU, with checkpoints to go on from."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from rag.reader_network import WORDS, Marks, ReaderNetwork
from training.reader_batches import Batches, Row


@dataclass(frozen=True, slots=True)
class Plan:
    """What is set before a run; a checkpoint goes on only under the same plan.

    ``batches`` names what is shown, ``start`` the weights it began with; ``hidden`` is the share of tokens that are
    blanked out, so that no single word is learnt by heart; the lowest ``frozen`` layers stay as they are: with four of
    twelve a step takes a fifth less time.
    """

    batches: str = ""
    start: str = ""
    encoder_rate: float = 8e-5
    head_rate: float = 5e-4
    warmup: float = 0.08
    dropout: float = 0.1
    hidden: float = 0.0
    frozen: int = 0
    seed: int = 1


class Trainer:
    """One run over the batches, with a checkpoint every few minutes."""

    SAVE_SECONDS = 300

    def __init__(self, network: ReaderNetwork, plan: Plan, steps: int, device: str, checkpoint: Path) -> None:
        self.network = network.to(device).train()
        self.network.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        if plan.frozen:
            self.network.encoder.embeddings.requires_grad_(False)
            self.network.encoder.encoder.layer[: plan.frozen].requires_grad_(False)
        self._plan, self._steps, self._device, self._checkpoint = plan, steps, device, checkpoint
        trained = dict(self.network.named_parameters())
        body = [value for name, value in trained.items() if name.startswith("encoder.") and value.requires_grad]
        heads = [value for name, value in trained.items() if not name.startswith("encoder.")]
        groups = [{"params": body, "lr": plan.encoder_rate}, {"params": heads, "lr": plan.head_rate}]
        fused = device.partition(":")[0] in ("cpu", "cuda")
        self._optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=fused)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimiser, self._rate)
        self.done = self._resume()
        self.loss = 0.0

    def _rate(self, step: int) -> float:
        warmup = max(1, int(self._steps * self._plan.warmup))
        return min((step + 1) / warmup, max(0.0, (self._steps - step) / max(1, self._steps - warmup)))

    def train(self, batches: Batches, seconds: float) -> bool:
        """Tell whether all batches were seen before the time was over."""
        began = saved = time.monotonic()
        first = self.done
        marks = Marks(*batches.marks.tolist())
        for number in range(first, len(batches)):
            self._step(batches[number], marks)
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

    def _step(self, batch: Sequence[Row], marks: Marks) -> None:
        ids, *masks = (part.to(self._device) for part in marks.pad([pair for pair, _, _ in batch]))
        if self._plan.hidden:
            kept = torch.rand(ids.shape, device=self._device) >= self._plan.hidden
            ids = torch.where(kept | (ids == marks.open) | (ids == marks.close), ids, marks.padding)
        first = torch.tensor([start for _, start, _ in batch], device=self._device)
        last = torch.tensor([end for _, _, end in batch], device=self._device)
        with torch.autocast(self._device.partition(":")[0], dtype=torch.bfloat16):
            starts, ends, odds = self.network(ids, *masks)
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
