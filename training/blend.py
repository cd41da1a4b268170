"""Average trained readers: ``python -m training blend --weights A.safetensors=0.7 B.safetensors=0.3``.

Runs that began with the same weights and saw the same kind of data differently err differently; their mean reads better
than each. M. Wortsman and others, "Model soups" (ICML 2022).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from rag.errors import RagError
from rag.reader_network import read_weights
from rag.settings import BUNDLED_EMBEDDER
from training.reader import TRAINED, ship


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--weights", nargs="+", required=True, metavar="FILE=SHARE", help="shares sum to 1")
    parser.add_argument("--out", type=Path, default=TRAINED, help="where the mean is written")


def run(options: argparse.Namespace) -> int:
    """Write the mean; returns 0. Raises RagError SETTING_INVALID."""
    parts = [_part(text) for text in options.weights]
    if abs(sum(share for _, share in parts) - 1) > 1e-6:
        raise RagError("SETTING_INVALID", name="--weights", value=" ".join(options.weights), example="A=0.7 B=0.3")
    shares = [share for _, share in parts]
    told = {"base": BUNDLED_EMBEDDER, "command": options.command, "mean": shares}
    ship(mean([read_weights(path) for path, _ in parts], shares), options.out, told)
    return 0


def mean(states: Sequence[dict[str, Tensor]], shares: Sequence[float]) -> dict[str, Tensor]:
    """Return the weighted mean of states of one shape."""
    return {name: sum(share * state[name] for share, state in zip(shares, states, strict=True)) for name in states[0]}


def _part(text: str) -> tuple[Path, float]:
    path, _, share = text.rpartition("=")
    try:
        return Path(path), float(share)
    except ValueError as error:
        raise RagError("SETTING_INVALID", name="--weights", value=text, example="A.safetensors=0.7") from error
