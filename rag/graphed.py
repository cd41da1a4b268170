"""Reading over a cache of fixed size, so that on a GPU each further token is one CUDA graph.

With one text at a time a GPU waits for its kernels to be launched, hundreds of them a token, longer than it computes; a
graph launches all at once. What a launch reads must then lie at a fixed place: tokens, positions, mask and cache.
"""

import inspect
import logging
from collections.abc import Callable, Sequence
from typing import Any

import torch
from transformers.cache_utils import Cache, StaticLayer

from rag.kv_cache import BLOCK, KEPT_BYTES, GrowingRead, Kept, Read, can_cut

SIZES = (1_024, 2_048, 4_096, 8_192)
"""Tokens a cache may hold: attention looks at all of them, so a short prompt gets a small one."""
COMPILED_SIZE = 4_096
"""The smallest cache of compiled steps: compiling one size takes from half a minute to some."""
WIDTHS = (1, 9)
"""Tokens a captured step reads: the last one, or the last one with eight drafts."""
GPU_BLOCK = 512
"""Tokens of a prompt read together: fewer would leave a GPU idle."""
WARM_UPS = 3  # passes before a capture, so that what is set up once is not captured

logger = logging.getLogger(__name__)


def reads_of(model: Any, compiled: bool = False) -> Kept:
    """Return where a model keeps what it has read; on a GPU that may take a quarter of what is left there.

    ``compiled``: there, the kernels of a step are fused by torch, which takes its time when the first one is opened.
    """
    on_gpu = model.device.type == "cuda"
    free = torch.cuda.mem_get_info(model.device)[0] // 4 if on_gpu else KEPT_BYTES
    return Kept(lambda room: open_read(model, room, compiled), can_cut(model), free, GPU_BLOCK if on_gpu else BLOCK)


def open_read(model: Any, room: int, compiled: bool = False) -> Read:
    """Return a ``Read`` for ``room`` tokens: a captured one on a GPU, where the model allows it."""
    if model.device.type == "cuda" and can_cut(model):
        try:
            return FixedRead(model, size_for(max(room, COMPILED_SIZE) if compiled else room), WIDTHS, compiled)
        except (RuntimeError, TypeError, ValueError) as error:  # a model whose pass cannot be captured is merely slower
            logger.warning("the model's steps are not captured: %s", str(error).partition("\n")[0])
    return GrowingRead(model)


class FixedRead:
    """A ``Read`` over at most ``room`` tokens; on a GPU, a few tokens more are one launch."""

    def __init__(self, model: Any, size: int, widths: Sequence[int] = (1,), compiled: bool = False) -> None:
        """Allocate the cache and prepare steps of ``widths`` tokens, captured on a GPU; ``compiled`` fuses them."""
        config = model.config.get_text_config()
        self._model, self.room, self._length = model, size, 0
        self._cache = Cache(layers=[StaticLayer(size) for _ in range(config.num_hidden_layers)])
        self._window = _window(config)
        self._keeps = "logits_to_keep" in inspect.signature(model.forward).parameters
        self._columns = torch.arange(size, device=model.device)
        self._start = torch.zeros((), dtype=torch.long, device=model.device)
        self._lengths: list[torch.Tensor] = []
        self._steps: list[_Step] = []
        self.extend([0])  # the cache allocates itself as it is first used
        self.cut(0)
        self._lengths = [layer.cumulative_length for layer in self._cache.layers]
        forward = torch.compile(model.__call__, dynamic=False) if compiled else model.__call__
        self._steps = [_Step(self, forward, width) for width in widths]

    @property
    def bytes(self) -> int:
        """Return the memory of the keys and values."""
        return sum(layer.keys.nbytes + layer.values.nbytes for layer in self._cache.layers)

    @property
    def _on_gpu(self) -> bool:
        return bool(self._model.device.type == "cuda")

    def extend(self, ids: Sequence[int], last: bool = False) -> torch.Tensor:
        """Read further tokens; return the float32 logits behind each, or behind the ``last`` alone."""
        if self._length + len(ids) > self.room:
            raise ValueError(f"{self._length} and {len(ids)} tokens do not fit into {self.room}")
        self._start.fill_(self._length)
        room = self.room - self._length
        step = next((step for step in self._steps if len(ids) <= step.width <= room), None)
        self._length += len(ids)
        if step is not None:
            return step.read(ids)
        tokens = torch.tensor([list(ids)], device=self._model.device)
        logits = self.run(self._model, tokens, last)
        return logits[-1:] if last else logits

    def cut(self, length: int) -> None:
        """Forget all but the first ``length`` tokens; the mask hides what lies behind until it is overwritten."""
        self._length = length

    def run(self, forward: Callable[..., Any], tokens: torch.Tensor, last: bool = False) -> torch.Tensor:
        """Pass tokens (1, n) from ``_start`` on through the model; what a graph captures."""
        if self._lengths:
            torch._foreach_copy_(self._lengths, [self._start] * len(self._lengths))
        positions = (self._start + self._columns[: tokens.shape[1]])[None]
        options = {"logits_to_keep": 1} if last and self._keeps else {}
        found = forward(
            tokens,
            attention_mask=self._mask(positions),
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
            **options,
        )
        logits: torch.Tensor = found.logits[0].float()
        return logits

    def _mask(self, positions: torch.Tensor) -> Any:
        """Return what each token sees, (1, 1, tokens, room): itself and what is before it, within its window."""
        ahead = self._columns[None, None, None, :] - positions[:, None, :, None]
        seen = ahead <= 0
        if self._window is None:
            return seen
        kinds = {"full_attention": seen}
        if self._window:
            kinds["sliding_attention"] = seen & (ahead > -self._window)
        return kinds


class _Step:
    """A pass of ``width`` tokens, captured on a GPU; fewer are filled up, and what they leave is overwritten later."""

    def __init__(self, owner: FixedRead, forward: Callable[..., Any], width: int) -> None:
        self.width, self._owner, self._forward = width, owner, forward
        self._tokens = torch.zeros((1, width), dtype=torch.long, device=owner._start.device)
        self._logits = torch.zeros(0)
        self._launch: Callable[[], None] = self._captured() if owner._on_gpu else self._pass

    def read(self, ids: Sequence[int]) -> torch.Tensor:
        filled = torch.tensor([[*ids, *[0] * (self.width - len(ids))]])
        self._tokens.copy_(filled)
        self._launch()
        return self._logits[: len(ids)]

    def _pass(self) -> None:
        self._logits = self._owner.run(self._forward, self._tokens)

    def _captured(self) -> Callable[[], None]:
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(WARM_UPS):
                self._pass()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._pass()
        replay: Callable[[], None] = graph.replay
        return replay


def _window(config: Any) -> int | None:
    """Return the sliding window, 0 where layers are told apart but none slides, None where they are not."""
    types = getattr(config, "layer_types", None)
    if not types:
        return None
    return int(config.sliding_window) if "sliding_attention" in types else 0


def size_for(tokens: int) -> int:
    """Return the smallest size that holds ``tokens``."""
    return next((size for size in SIZES if size >= tokens), tokens)
