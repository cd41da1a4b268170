"""A sheet as one row of tokens: its passages once, then each question with its answer, unseen by the others."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from rag.prompt import question_lines, sources_prompt
from training.adapter_data import Sheet

ROOM = 8192


@dataclass(frozen=True, slots=True)
class Packed:
    """Tokens of a sheet, each tensor (n,): ``ids``, their ``positions`` in the prompt they belong to, their ``branch``
    (0 for the passages, then one a question), and what follows each of them in an answer, -100 elsewhere.
    """

    ids: Tensor
    positions: Tensor
    branch: Tensor
    targets: Tensor

    def to(self, device: torch.device) -> "Packed":
        """Return the same on a device."""
        return Packed(*(part.to(device) for part in (self.ids, self.positions, self.branch, self.targets)))


def pack(sheet: Sheet, tokenizer: Any) -> Packed:
    """Lay a sheet out: exactly the tokens of every question's own prompt and answer."""
    shared = tokenizer.encode(_shared(sheet))
    ids, positions, branch = list(shared), list(range(len(shared))), [0] * len(shared)
    targets = [-100] * len(shared)
    for number, ask in enumerate(sheet.asks, 1):
        lines = _tokens(tokenizer, question_lines(ask.question, sheet.language) + "\n")
        answer = [*_tokens(tokenizer, ask.target), tokenizer.eos_token_id]
        row = lines + answer
        ids += row
        positions += range(len(shared), len(shared) + len(row))
        branch += [number] * len(row)
        targets += [-100] * (len(lines) - 1) + answer + [-100]
    return Packed(*(torch.tensor(values) for values in (ids, positions, branch, targets)))


def _shared(sheet: Sheet) -> str:
    prompt = sources_prompt("", sheet.language, sheet.passages, budget=ROOM, count_tokens=len)
    return prompt.completion.removesuffix(question_lines("", sheet.language) + "\n")


def _tokens(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False))


def masks(packed: Packed, window: int) -> dict[str, Tensor]:
    """Return who may look at whom, (1, 1, n, n) each, by transformers' names of the kinds of layer."""
    own = packed.branch[None, :] == packed.branch[:, None]
    distance = packed.positions[:, None] - packed.positions[None, :]
    full = (own | (packed.branch[None, :] == 0)) & (distance >= 0)
    return {"full_attention": full[None, None], "sliding_attention": (full & (distance < window))[None, None]}


def loss(network: Any, packed: Packed) -> Tensor:
    """Return the mean over the questions of the mean negative log-likelihood of each answer's tokens."""
    body, head = network.model, network.lm_head
    seen = body(
        input_ids=packed.ids[None],
        position_ids=packed.positions[None],
        attention_mask=masks(packed, network.config.sliding_window),
        use_cache=False,
    )
    chosen = packed.targets >= 0
    # Only where an answer is written: the whole vocabulary for every token would be most of the work.
    logits = head(seen.last_hidden_state[0, chosen]).float()
    each = torch.nn.functional.cross_entropy(logits, packed.targets[chosen], reduction="none")
    branches = packed.branch[chosen]
    return torch.stack([each[branches == number].mean() for number in branches.unique()]).mean()
