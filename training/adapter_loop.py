"""The training of a low-rank adapter, sheet by sheet, with a checkpoint every few minutes."""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.adapter_batch import loss, pack
from training.adapter_data import Sheet

Tell = Callable[[int, float, float], None]  # sheets done, recent loss, seconds left
STATE = "state.safetensors"
SAVE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is set before a run; a checkpoint goes on only under the same plan."""

    epochs: float = 1.0
    minutes: float = 40.0
    seed: int = 1
    rank: int = 16
    alpha: int = 32
    rate: float = 4e-4
    warmup: float = 0.04
    sheets_per_step: int = 2


class AdapterTrainer:
    """One run. The learning rate falls along a cosine to nothing, at the last sheet or when the minutes are over."""

    def __init__(self, network: Any, plan: Plan, checkpoint: Path, resume: bool = False) -> None:
        """Put a new adapter into ``network``; with ``resume``, go on from the checkpoint if its plan is the same."""
        torch.manual_seed(plan.seed)
        config = LoraConfig(
            r=plan.rank, lora_alpha=plan.alpha, target_modules="all-linear", task_type="CAUSAL_LM"
        )  # fmt: skip
        self.adapted = PeftModel(network, config)
        self._network, self._plan, self._checkpoint = network, plan, checkpoint
        self._trained = {n: p for n, p in self.adapted.named_parameters() if p.requires_grad}
        self._optimiser = torch.optim.AdamW(self._trained.values(), lr=plan.rate, weight_decay=0.0)
        self.done, self.seconds, self.loss = 0, 0.0, 0.0
        if resume:
            self._resume()

    def train(self, sheets: Sequence[Sheet], tokenizer: Any, tell: Tell) -> None:
        """See the sheets, from the first not yet seen, until the last or until the minutes are over."""
        self._network.train()
        saved = time.monotonic()
        while self.done < len(sheets) and self.seconds < self._plan.minutes * 60:
            began = time.monotonic()
            rate = self._rate(len(sheets))
            self._step(sheets[self.done : self.done + self._plan.sheets_per_step], tokenizer, rate)
            self.seconds += time.monotonic() - began
            tell(self.done, self.loss, self._left(len(sheets)))
            if time.monotonic() - saved > SAVE_SECONDS:
                self.save()
                saved = time.monotonic()
        self.save()
        self._network.eval()

    def _progress(self, total: int) -> float:
        return min(1.0, max(self.done / total, self.seconds / (self._plan.minutes * 60)))

    def _rate(self, total: int) -> float:
        progress = self._progress(total)
        if progress < self._plan.warmup:
            return self._plan.rate * max(progress, 0.01) / self._plan.warmup
        return self._plan.rate * (1 + math.cos(math.pi * progress)) / 2

    def _left(self, total: int) -> float:
        by_sheets = self.seconds / self.done * (total - self.done)
        return max(0.0, min(by_sheets, self._plan.minutes * 60 - self.seconds))

    def _step(self, sheets: Sequence[Sheet], tokenizer: Any, rate: float) -> None:
        value = 0.0
        for sheet in sheets:
            with torch.autocast(self._network.device.type, dtype=torch.bfloat16, enabled=self._in_bf16()):
                part = loss(self._network, pack(sheet, tokenizer).to(self._network.device)) / len(sheets)
            part.backward()
            value += float(part.detach())
        torch.nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.loss = value if self.done == 0 else 0.95 * self.loss + 0.05 * value
        self.done += len(sheets)

    def _in_bf16(self) -> bool:
        return bool(next(self._network.parameters()).dtype == torch.bfloat16)

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        self._checkpoint.mkdir(parents=True, exist_ok=True)
        state: dict[str, Tensor] = {n: p.detach().contiguous() for n, p in self._trained.items()}
        for name, parameter in self._trained.items():
            moments = self._optimiser.state.get(parameter, {})
            state |= {f"{field}|{name}": value for field, value in moments.items()}
        told = {"done": self.done, "seconds": self.seconds, "loss": self.loss, "plan": asdict(self._plan)}
        draft = self._checkpoint / "draft.safetensors"
        save_file(state, draft, metadata={"run": json.dumps(told)})
        draft.replace(self._checkpoint / STATE)

    def _resume(self) -> None:
        path = self._checkpoint / STATE
        if not path.is_file():
            return
        with safe_open(str(path), "pt") as stored:
            told = json.loads(stored.metadata()["run"])
        if told["plan"] != asdict(self._plan):
            return
        state = load_file(path)
        for name, parameter in self._trained.items():
            with torch.no_grad():
                parameter.copy_(state[name])
            fields = [field for field in ("step", "exp_avg", "exp_avg_sq") if f"{field}|{name}" in state]
            self._optimiser.state[parameter] = {field: state[f"{field}|{name}"] for field in fields}
        self.done, self.seconds, self.loss = told["done"], told["seconds"], told["loss"]
