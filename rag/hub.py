"""What the Hugging Face hub tells of a model, and how its files come here: by a child process, when the user asks.

Nothing else in Lectern reaches the network; ``start.py`` sets HF_HUB_OFFLINE, and only the child is started without it.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.settings import online_environment
from rag.weights import PICKLES

ROOT = Path(__file__).parents[1]
ASK_SECONDS = 20.0  # for the whole answer: whoever asked waits for it
_WANTED = (".safetensors", ".json", ".jinja", ".model")
_ALSO = ("README.md", "LICENSE", "LICENSE.txt", "NOTICE", "USE_POLICY.md", "merges.txt", "vocab.txt")


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a model, its size in bytes, and the hash of its content, "" where the hub does not tell it."""

    name: str
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model on the hub at one commit: the files to fetch of it, and its number of weights (0 where not told)."""

    id: str
    revision: str
    licence: str
    languages: tuple[str, ...]
    files: tuple[HubFile, ...]
    parameters: int = 0

    @property
    def size(self) -> int:
        """Return the bytes to fetch."""
        return sum(file.size for file in self.files)


def look_up(model: str, seconds: float = ASK_SECONDS) -> HubModel:
    """Ask the hub about a model id. Raises ModelError: HUB_UNKNOWN, HUB_GATED, HUB_UNREACHABLE, MODEL_UNSAFE."""
    with child({"model": model}) as process:
        limit = threading.Timer(seconds, process.kill)
        limit.start()
        try:
            lines = iter(lambda: read_line(process), None)
            answer = next((line for line in lines if "found" in line or "code" in line), None)
        finally:
            limit.cancel()
    if answer is None:
        raise ModelError("HUB_UNREACHABLE", model=model, reason="no answer")
    if "code" in answer:
        raise ModelError(answer["code"], model=model, reason=answer["reason"])
    return _model(answer["found"])


def _model(found: dict[str, Any]) -> HubModel:
    files = tuple(HubFile(**file) for file in found["files"] if is_wanted(file["name"]))
    if not any(file.name.endswith(".safetensors") for file in files):
        unsafe = any(Path(file["name"]).suffix in PICKLES for file in found["files"])
        raise ModelError("MODEL_UNSAFE" if unsafe else "HUB_UNKNOWN", model=found["id"], reason="no weights")
    languages = tuple(found["languages"])
    return HubModel(found["id"], found["revision"], found["licence"], languages, files, found["parameters"])


def is_wanted(name: str) -> bool:
    """Tell whether a file is fetched: safetensors, configuration, tokenizer and terms; never a pickle, never code."""
    if "/" in name or name.startswith((".", "consolidated")):
        return False
    return name.endswith(_WANTED) or name in _ALSO


@contextmanager
def child(request: dict[str, Any]) -> Iterator["subprocess.Popen[str]"]:
    """Start the child process with a request; it ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "rag.hub_child"],
        cwd=ROOT,
        env=online_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    with process:  # its streams are closed with it
        try:
            if process.stdin:
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
            yield process
        finally:
            process.kill()


def read_line(process: "subprocess.Popen[str]") -> dict[str, Any] | None:
    """Return what the child writes next; None once it ended."""
    line = process.stdout.readline() if process.stdout else ""
    try:
        return dict(json.loads(line)) if line else None
    except ValueError:
        return {}  # a library's own word


def fetch(model: HubModel) -> Iterator[int]:
    """Yield how many bytes are here until all are; closing the iterator ends the download, and what came is kept.

    Raises ModelError: HUB_UNREACHABLE, HUB_GATED, HUB_UNKNOWN, HUB_DISK, HUB_DAMAGED.
    """
    files = [asdict(file) for file in model.files]
    with child({"model": model.id, "revision": model.revision, "files": files}) as process:
        while (line := read_line(process)) is not None:
            if "code" in line:
                raise ModelError(line["code"], model=model.id, reason=line["reason"])
            if "done" in line:
                yield int(line["done"])
            if "ended" in line:
                return
    raise ModelError("HUB_UNREACHABLE", model=model.id, reason="the download ended early")
