"""Decoding beside the memory's bandwidth: a token costs at least the reading of all weights, keys and values, once.

Imports torch, transformers and numpy only, so that a bare machine with a GPU runs it from a copy of this repository.
Weights are random where the bundled ones are not at hand: they take as long to read.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import AutoModelForCausalLM, Gemma3TextConfig, PretrainedConfig, Qwen3Config

from bench import machine
from bench.figures import Figure, as_json, markdown
from bench.measure import Spread
from rag.graphed import FixedRead, size_for
from rag.kv_cache import GrowingRead, Read

CHECKED = 64
COPY_BYTES = 1 << 30
CPU_COPY_BYTES = 1 << 26

SHAPES: dict[str, PretrainedConfig] = {
    "Gemma-3-270M": Gemma3TextConfig(
        vocab_size=262_144,
        hidden_size=640,
        intermediate_size=2_048,
        num_hidden_layers=18,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=256,
        sliding_window=512,
        layer_types=[("full" if place % 6 == 5 else "sliding") + "_attention" for place in range(18)],
        max_position_embeddings=32_768,
    ),
    "Qwen3-4B": Qwen3Config(
        vocab_size=151_936,
        hidden_size=2_560,
        intermediate_size=9_728,
        num_hidden_layers=36,
        num_attention_heads=32,
        num_key_value_heads=8,
        head_dim=128,
        max_position_embeddings=40_960,
        tie_word_embeddings=True,
    ),
    "tiny": Qwen3Config(
        vocab_size=512,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=2_048,
        tie_word_embeddings=True,
    ),
}
"""Shapes from the models' own config.json."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds a token of each repeat, the tokens of the last one, and the logits behind the prompt's first token."""

    seconds: tuple[float, ...]
    tokens: tuple[int, ...]


def run(options: argparse.Namespace, command: str) -> int:
    """Measure, print and write; returns the exit status."""
    from bench.__main__ import report

    device = "cuda" if options.device != "cpu" and torch.cuda.is_available() else "cpu"
    torch.manual_seed(1)
    about = machine.describe(command, device)
    bandwidth = copy_bandwidth(device, options.repeats)
    found = [Figure("memory bandwidth, a copy within the device", "GB/s", bandwidth), *check(device)]
    names = [name for name in SHAPES if name != "tiny"] if options.shape == "real" else [options.shape]
    for name in names:
        for figures in measure(name, device, bandwidth.median, options.repeats, options.prompt, options.tokens):
            found += figures  # told at once: the next way may take minutes to be ready
            report(options, about, f"{machine.sentence(about)}\n\n{markdown(found)}", as_json(found, about))
    return 0


def check(device: str) -> list[Figure]:
    """Compare the tokens of every cache with those of generate, in float32 and with weights that decide clearly."""
    model = random_model(SHAPES["tiny"], device).float()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    ids = torch.randint(3, SHAPES["tiny"].vocab_size, (48,)).tolist()
    ways: dict[str, Callable[[], Write]] = {
        "growing cache": lambda: _looped(GrowingRead(model)),
        "fixed cache": lambda: _looped(FixedRead(model, 128)),
        "compiled": lambda: _looped(FixedRead(model, 128, compiled=True)),
    }
    figures = []
    with torch.inference_mode():
        plain = _generate(model)(ids, CHECKED)
        for way, new in ways.items():
            try:
                alike = _alike(new()(ids, CHECKED), plain)
            except Exception as error:  # noqa: BLE001 - the others are checked all the same, and this is told
                print(f"check, {way}: {type(error).__name__}: {str(error)[:300]}")
                continue
            figures.append(Figure(f"check, {way}: tokens as generate's", f"of {CHECKED}", Spread.of([alike])))
    return figures


def _alike(found: Sequence[int], plain: Sequence[int]) -> int:
    """Count the tokens before the first one that differs."""
    return next((n for n, pair in enumerate(zip(found, plain, strict=True)) if pair[0] != pair[1]), len(found))


def copy_bandwidth(device: str, repeats: int) -> Spread:
    """Return GB/s read and written together, by the best of some copies in each repeat."""
    size = COPY_BYTES if device == "cuda" else CPU_COPY_BYTES
    source, target = (torch.empty(size, dtype=torch.uint8, device=device) for _ in range(2))
    rates = []
    for _ in range(repeats):
        best = min(_seconds(lambda: target.copy_(source), device) for _ in range(5))
        rates.append(2 * size / best / 1e9)
    return Spread.of(rates)


def measure(name: str, device: str, bandwidth: float, repeats: int, prompt: int, count: int) -> Iterator[list[Figure]]:
    """Decode one shape in every way there is, and yield the figures of each; all are compared with the first."""
    model = random_model(SHAPES[name], device)
    ids = torch.randint(3, SHAPES[name].vocab_size, (prompt,)).tolist()
    size = size_for(prompt + count)
    ways: dict[str, Callable[[], Read]] = {
        "plain generate": lambda: GrowingRead(model),
        "own loop, growing cache": lambda: GrowingRead(model),
        "own loop, fixed cache, graph": lambda: FixedRead(model, size),
        "own loop, fixed cache, compiled and graph": lambda: FixedRead(model, size, compiled=True),
    }
    plain = None
    with torch.inference_mode():
        for way, new in ways.items():
            try:
                begun = time.perf_counter()
                write = _generate(model) if way == "plain generate" else _looped(new())
                write(ids, 2)
                ready = time.perf_counter() - begun
                found = _runs(write, ids, count, repeats, device)
            except Exception as error:  # noqa: BLE001 - the other ways are measured all the same, and this is told
                print(f"{name}, {way}: {type(error).__name__}: {str(error)[:300]}")
                continue
            plain = plain or found
            yield _figures(f"{name}, {way}", model, prompt + count // 2, bandwidth, found, plain, ready)
            del write
            if device == "cuda":
                torch.cuda.empty_cache()


def random_model(config: PretrainedConfig, device: str) -> Any:
    """Return a model of random weights in bfloat16, in evaluation mode."""
    with torch.device(device):
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.bfloat16)
        try:
            model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
        finally:
            torch.set_default_dtype(before)
    return model.to(device).eval()


Write = Callable[[Sequence[int], int], list[int]]


def _generate(model: Any) -> Write:
    """Return transformers' own generate, as it comes."""

    def write(ids: Sequence[int], count: int) -> list[int]:
        prompt = torch.tensor([list(ids)], device=model.device)
        options = {"do_sample": False, "min_new_tokens": count, "max_new_tokens": count, "pad_token_id": 0}
        written = model.generate(prompt, attention_mask=torch.ones_like(prompt), **options)
        return list(written[0, len(ids) :].tolist())

    return write


def _looped(read: Read) -> Write:
    """Return the loop of rag/decoding.py in its shortest form: no drafts, no end, one token at a time."""

    def write(ids: Sequence[int], count: int) -> list[int]:
        read.cut(0)
        logits = read.extend(ids, last=True)
        written = [int(logits[-1].argmax())]
        while len(written) < count:
            written.append(int(read.extend([written[-1]])[-1].argmax()))
        return written

    return write


def _runs(write: Write, ids: Sequence[int], count: int, repeats: int, device: str) -> Run:
    """Time the tokens after the prompt: a run of ``count`` less a run of one."""
    seconds, tokens = [], list[int]()
    for _ in range(repeats):
        first = _seconds(lambda: write(ids, 1), device)
        begun = time.perf_counter()
        tokens = write(ids, count)
        seconds.append((time.perf_counter() - begun - first) / (count - 1))
    return Run(tuple(seconds), tuple(tokens))


def _figures(
    name: str, model: Any, context: int, bandwidth: float, found: Run, plain: Run, ready: float
) -> list[Figure]:
    rates = Spread.of([1 / seconds for seconds in found.seconds])
    alike = _alike(found.tokens, plain.tokens)
    shares = Spread.of([100 * bytes_a_token(model, context) / 1e9 / seconds / bandwidth for seconds in found.seconds])
    ratio = Spread.of([a / b for a, b in zip(plain.seconds, found.seconds, strict=True)])
    note = f"ready in {ready:.1f} s; first {alike} of {len(found.tokens)} tokens as plain"
    return [
        Figure(name, "tokens/s", rates, Spread.of([1 / seconds for seconds in plain.seconds]), ratio, note=note),
        Figure("share of the bandwidth", "%", shares),
    ]


def bytes_a_token(model: Any, context: int) -> int:
    """Return what one token reads at least: every weight of a matrix product once, and the cache of ``context`` tokens.

    Embeddings count where they are the output layer as well; layers with a sliding window read no more than it.
    """
    config = model.config.get_text_config()
    outer = model.get_output_embeddings().weight
    inner = model.get_input_embeddings().weight
    weights = sum(part.nbytes for part in model.parameters() if part is not inner) + (
        inner.nbytes if inner is outer else 0
    )
    types = getattr(config, "layer_types", None) or ["full_attention"] * config.num_hidden_layers
    seen = sum(min(context, config.sliding_window) if kind == "sliding_attention" else context for kind in types)
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return int(weights + 2 * seen * config.num_key_value_heads * head * outer.element_size())


def _seconds(call: Callable[[], object], device: str) -> float:
    if device == "cuda":
        torch.cuda.synchronize()
    begun = time.perf_counter()
    call()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - begun
