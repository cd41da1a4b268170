"""The network of the reader: the bundled encoder, a head for answers and a head for "this passage answers".

Both heads follow Devlin et al., "BERT" (2019), section 4.2, but for the decision that no answer is there, which is a
head of its own instead of a span, so that passages can be compared and ranked by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from safetensors import safe_open
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoConfig, BertModel

from rag.weights import load_quietly

QUESTION_TOKENS = 64
CONTEXT_TOKENS = 32
MAX_TOKENS = 384
WORDS = "encoder.embeddings.word_embeddings.weight"
"""The embeddings of words stay those of the bundled embedder: they are neither trained nor shipped."""
_SCALE = ".scale"
_NO_ANSWER = -1e9


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as token ids; ``offsets`` are the places of the passage's tokens, from ``first`` on."""

    ids: list[int]
    first: int
    offsets: list[tuple[int, int]]


class Marks(NamedTuple):
    """The ids of the tokens that stand between texts."""

    open: int
    close: int
    padding: int

    def join(self, question: list[int], context: list[int], text: list[int]) -> tuple[list[int], int]:
        """Return the ids of a pair, and the place of the text's first.

        The question, the context and the text are cut to their limits; what is cut of a text is never answered from.
        """
        head = [self.open, *question[:QUESTION_TOKENS], self.close, self.close, *context[:CONTEXT_TOKENS]]
        return [*head, *text[: MAX_TOKENS - len(head) - 1], self.close], len(head)

    def pad(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor]:
        """Return ids, mask of tokens and mask of tokens that may be answers, each (pairs, longest)."""
        shape = (len(pairs), max(len(pair.ids) for pair in pairs))
        ids = torch.full(shape, self.padding)
        mask, texts = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.bool)
        for row, pair in enumerate(pairs):
            ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
            mask[row, : len(pair.ids)] = 1
            texts[row, pair.first : pair.first + len(pair.offsets)] = True
        return ids, mask, texts


class Pairs:
    """Writes questions and passages as ``<s> question </s></s> title, section and text </s>``."""

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.marks = Marks(*(self._mark(text) for text in ("<s>", "</s>", "<pad>")))

    def encode(self, question: str, context: str, text: str) -> Pair:
        """Return the pair, its parts cut to their limits."""
        tokens, offsets = self.tokens(text)
        ids, first = self.marks.join(self.tokens(question)[0], self.tokens(context)[0], tokens)
        return Pair(ids, first, offsets[: len(ids) - first - 1])

    def tokens(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Return the ids of the tokens of ``text``, without special ones, and their places in it."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, encoding.offsets

    def count(self, text: str) -> int:
        """Count the tokens of ``text`` without special tokens."""
        return len(self.tokens(text)[0])

    def _mark(self, text: str) -> int:
        number = self._tokenizer.token_to_id(text)
        if number is None:
            raise ValueError(f"the tokenizer has no {text}")
        return int(number)


class ReaderNetwork(nn.Module):  # type: ignore[misc]  # torch is not typed here
    """Token ids to the logits of starts, ends and "answers"."""

    def __init__(self, folder: Path, hidden_dropout: float = 0.0) -> None:
        """Shape the encoder by the configuration in ``folder``; weights are random until loaded."""
        super().__init__()
        # Dropped attention weights would keep torch from its fast attention on a CPU.
        config = AutoConfig.from_pretrained(
            str(folder), attention_probs_dropout_prob=0.0, hidden_dropout_prob=hidden_dropout, local_files_only=True
        )
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.span = nn.Linear(config.hidden_size, 2)
        self.summary = nn.Linear(config.hidden_size, config.hidden_size)
        self.answers = nn.Linear(config.hidden_size, 1)

    def forward(self, ids: Tensor, mask: Tensor, texts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return float32 log-probabilities of starts and ends (pairs, tokens) and log-odds of "answers" (pairs,)."""
        return self.heads(self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state, texts)

    def heads(self, hidden: Tensor, texts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what ``forward`` returns, from the encoder's last hidden states (pairs, tokens, width)."""
        logits = self.span(hidden).float().masked_fill(~texts[..., None], _NO_ANSWER)
        starts, ends = torch.log_softmax(logits, dim=1).unbind(-1)
        odds = self.answers(torch.tanh(self.summary(hidden[:, 0]))).float().squeeze(-1)
        return starts, ends, odds


def from_encoder(folder: Path, hidden_dropout: float) -> ReaderNetwork:
    """Start from the bundled encoder, with new heads, in float32."""
    load_quietly()
    network = ReaderNetwork(folder, hidden_dropout)
    network.encoder.load_state_dict(read_weights(folder / "model.safetensors"), strict=False)
    return network


def from_trained(folder: Path, weights: Path, precision: torch.dtype) -> ReaderNetwork:
    """Load trained weights onto the encoder of ``folder``."""
    load_quietly()
    network = ReaderNetwork(folder)
    with safe_open(str(folder / "model.safetensors"), "pt") as encoder:
        words = encoder.get_tensor(WORDS.removeprefix("encoder."))
    state = {**{name: value.to(precision) for name, value in read_weights(weights).items()}, WORDS: words.to(precision)}
    network.to(precision).load_state_dict(state, assign=True)
    network.eval()
    return network


def quantised(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Store matrices as 8-bit integers with a scale a row, the rest as float16; word embeddings are left out."""
    stored: dict[str, Tensor] = {}
    for name, value in state.items():
        if name == WORDS or not value.is_floating_point():
            continue
        if value.ndim < 2:
            stored[name] = value.to(torch.float16)
            continue
        scale = value.float().abs().amax(dim=1).clamp_min(1e-8) / 127
        stored[name] = (value.float() / scale[:, None]).round().to(torch.int8)
        stored[name + _SCALE] = scale.to(torch.float32)
    return stored


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read stored weights as float32, whether they are 8-bit integers with their scales or not."""
    with safe_open(str(path), "pt") as stored:
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118  (no mapping)
    return {
        name: value.float() * tensors[name + _SCALE][:, None] if name + _SCALE in tensors else value.float()
        for name, value in tensors.items()
        if not name.endswith(_SCALE)
    }


def best_spans(
    starts: npt.NDArray[np.float32], ends: npt.NDArray[np.float32], longest: int, count: int
) -> list[tuple[int, int, float]]:
    """Return up to ``count`` disjoint (first token, last token, log-probability), best first."""
    begin = np.argsort(-starts)[:20]
    stop = np.argsort(-ends)[:20]
    scored = sorted(
        ((float(starts[i] + ends[j]), int(i), int(j)) for i in begin for j in stop if i <= j < i + longest),
        reverse=True,
    )
    kept: list[tuple[int, int, float]] = []
    for score, i, j in scored:
        if all(j < a or i > b for a, b, _ in kept):
            kept.append((i, j, score))
        if len(kept) == count:
            break
    return kept
