"""What works on this computer: versions, model files, device, database, disk."""

import platform
import shutil
import sqlite3
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from rag.adapters import locate_adapter
from rag.bundled import RECIPES
from rag.database import Database
from rag.device import choose
from rag.errors import RagError
from rag.holder import holder
from rag.prepare import verify
from rag.settings import Settings

PACKAGES = (
    "torch", "transformers", "sentence-transformers", "faiss-cpu", "tantivy", "pypdfium2", "pypdf", "pillow",
    "langchain-text-splitters", "SQLAlchemy", "alembic", "streamlit",
)  # fmt: skip
MIN_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined."""

    name: str
    ok: bool
    value: str


def examine(settings: Settings) -> list[Finding]:
    """Examine everything and change nothing; a fault is a finding, not an exception."""
    return [
        Finding("python", True, f"{platform.python_version()} on {platform.platform()}"),
        Finding("sqlite", True, sqlite3.sqlite_version),
        *(_package(name) for name in PACKAGES),
        _device(settings),
        *_models(settings),
        *_adapter(settings),
        *_home(settings),
        _disk(settings),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "missing. Delete the folder .venv and run: python3 start.py")


def _device(settings: Settings) -> Finding:
    try:
        return Finding("device", True, choose(settings).label)
    except (RagError, ImportError) as error:
        return Finding("device", False, str(error))


def _models(settings: Settings) -> list[Finding]:
    """Name the models of the settings and hash the files of those that are bundled."""
    chosen = {"embedder": settings.embedder, "generator": settings.generator}
    named = [Finding(role, True, name) for role, name in chosen.items()]
    bundled = {name: RECIPES[name] for name in chosen.values() if name in RECIPES}
    try:
        states = verify(settings, bundled)
    except OSError as error:
        return [*named, Finding("model files", False, str(error))]
    return [*named, *(Finding(f"model file {name}", state == "ok", state) for name, state in states.items())]


def _adapter(settings: Settings) -> list[Finding]:
    if not settings.adapter:
        return []
    try:
        return [Finding("adapter", True, str(locate_adapter(settings.adapter)))]
    except RagError as error:
        return [Finding("adapter", False, str(error))]


def _home(settings: Settings) -> list[Finding]:
    if not settings.home.is_dir():
        return [Finding("database", True, f"none yet, {settings.home}")]
    try:
        worker = holder(settings.home)
        database = Database.open(settings.home)
        try:
            problems = database.findings()
        finally:
            database.close()
    except (RagError, OSError) as error:
        return [Finding("database", False, str(error))]
    return [
        Finding("database", not problems, "; ".join(problems) or f"intact, {settings.home}"),
        Finding("jobs", True, f"run by the {worker}" if worker else "nobody works now"),
    ]


def _disk(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.is_dir())
    free = shutil.disk_usage(place).free
    return Finding("disk", free >= MIN_FREE_BYTES, f"{free / 1e9:.1f} GB free at {place}")
