"""Write the bundled models, once, from their packages into the models folder.

Each model is written beside its place and renamed when complete; ``manifest.json`` holds size and SHA-256 of each file.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from rag.bundled import RECIPES, Advance, Recipe, Step, sha256
from rag.errors import ModelError, StorageError
from rag.settings import Settings

Progress = Callable[[str, int, int], None]  # label, work done, whole work; the work is estimated milliseconds

MANIFEST = "manifest.json"


def folder(settings: Settings, name: str) -> Path:
    """Return where the bundled model ``name`` ("bundled:...") is prepared."""
    return settings.models / name.removeprefix("bundled:")


def prepare(
    settings: Settings,
    progress: Progress = lambda label, done, total: None,
    recipes: Mapping[str, Recipe] = RECIPES,
) -> None:
    """Prepare the bundled models that the settings name and that are not ready; wait if another process is doing it.

    Raises ModelError (MODEL_PACKAGE_MISSING, MODEL_PACKAGE_DAMAGED, MODEL_FOLDER) and StorageError (DISK_FULL).
    """
    try:
        settings.models.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.models / "prepare.lock"):
            names = [name for name in (settings.embedder, settings.generator) if name in recipes]
            missing = {name: recipes[name] for name in names if not is_ready(settings, name)}
            _prepare(settings, missing, progress)
    except OSError as error:
        raise ModelError("MODEL_FOLDER", path=str(settings.models), reason=str(error)) from error


def _prepare(settings: Settings, recipes: Mapping[str, Recipe], progress: Progress) -> None:
    if sum(recipe.disk for recipe in recipes.values()) > shutil.disk_usage(settings.models).free:
        raise StorageError("DISK_FULL", path=str(settings.models))
    before, total = 0, sum(recipe.weight for recipe in recipes.values())
    for name, recipe in recipes.items():
        _write(folder(settings, name), recipe.steps, before, total, progress)
        before += recipe.weight


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


def verify(settings: Settings, recipes: Mapping[str, Recipe] = RECIPES) -> dict[str, str]:
    """Hash every file of the bundled models; return "ok", "missing" or "damaged" by "folder/file"."""
    states: dict[str, str] = {}
    for name in recipes:
        place = folder(settings, name)
        files = _manifest(place) or {MANIFEST: {"sha256": ""}}
        states |= {f"{place.name}/{file}": _state(place / file, entry["sha256"]) for file, entry in files.items()}
    return states


def _state(path: Path, expected: str) -> str:
    if not path.is_file():
        return "missing"
    return "ok" if sha256(path) == expected else "damaged"


def _manifest(place: Path) -> dict[str, dict[str, Any]]:
    try:
        files: dict[str, dict[str, Any]] = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return files


def _seal(draft: Path) -> None:
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    entries = {
        path.relative_to(draft).as_posix(): {"size": path.stat().st_size, "sha256": sha256(path)} for path in files
    }
    (draft / MANIFEST).write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
