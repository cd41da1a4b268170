"""What works on this computer: versions, model files, device, database, disk."""

import platform
import shutil
import sqlite3
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from rag.database import Database
from rag.device import choose
from rag.errors import RagError
from rag.prepare import verify
from rag.settings import Settings

PACKAGES = (
    "torch", "transformers", "sentence-transformers", "faiss-cpu", "tantivy", "pypdfium2", "pypdf", "streamlit",
)  # fmt: skip
MIN_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined."""

    name: str
    ok: bool
    value: str


def examine(settings: Settings) -> list[Finding]:
    """Examine everything; a fault is a finding, not an exception."""
    return [
        Finding("python", True, f"{platform.python_version()} on {platform.platform()}"),
        Finding("sqlite", True, sqlite3.sqlite_version),
        *(_package(name) for name in PACKAGES),
        Finding("device", True, choose(settings).label),
        *_models(settings),
        _database(settings),
        _disk(settings),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, f"missing. Run: pip install {name}")


def _models(settings: Settings) -> list[Finding]:
    try:
        return [Finding(f"model file {name}", state == "ok", state) for name, state in verify(settings).items()]
    except RagError as error:
        return [Finding("models", False, str(error))]


def _database(settings: Settings) -> Finding:
    try:
        database = Database.open(settings.home)
        try:
            problems = database.findings()
        finally:
            database.close()
    except RagError as error:
        return Finding("database", False, str(error))
    return Finding("database", not problems, "; ".join(problems) or f"intact, {settings.home}")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    return Finding("disk", free >= MIN_FREE_BYTES, f"{free / 1e9:.1f} GB free at {settings.home}")
