"""What a measured answer depends on, as a key: data, models, weights, calibration and the code itself."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from ingest.types import Document
from rag.prepare import MANIFEST, folder
from rag.settings import BUNDLED_EMBEDDER, BUNDLED_GENERATOR, Settings

ROOT = Path(__file__).parents[1]

READING_CODE = (
    "ingest",
    "rag/migrations",
    "rag/database.py",
    "rag/e5s1.py",
    "rag/embed.py",
    "rag/ingest_queue.py",
    "rag/ingesting.py",
    "rag/notebook.py",
    "rag/records.py",
    "rag/tables.py",
)
"""What decides how documents are cut, embedded and stored."""

ANSWERING_CODE = (
    "ingest",
    "rag",
    "trained",
    "evaluation/asking.py",
    "evaluation/highlight.py",
    "evaluation/highlight_child.py",
)
"""What decides an answer and what is recorded of it: code, calibration and trained weights."""

HASHED_BYTES = 1 << 26
"""Of a model in a folder, the largest file that is known by its content: one of gigabytes would take as long to hash as
to load."""

_SUFFIXES = {".py", ".json", ".safetensors", ".bin", ".model"}


def key(**parts: object) -> str:
    """Return a short hash of named parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def reading_key(settings: Settings, data: str) -> str:
    """Return the key of a corpus as read with these settings; ``data`` is the hash of its documents."""
    return key(data=data, embedder=_model(settings, settings.embedder), code=code_hash(READING_CODE))


def answering_key(settings: Settings, corpus: str, device: str) -> str:
    """Return the key of answers over the corpus of the key ``corpus``."""
    names = (settings.embedder, settings.generator, settings.adapter, settings.reader)
    models = [_model(settings, name) for name in names]
    return key(corpus=corpus, models=models, device=device, code=code_hash(ANSWERING_CODE))


@cache
def code_hash(places: tuple[str, ...], root: Path = ROOT) -> str:
    """Return the hash of the source and weights below the named files and folders of the repository."""
    paths = [path for place in places for path in (root / place, *(root / place).rglob("*"))]
    return files_hash(path for path in paths if path.is_file() and path.suffix in _SUFFIXES)


def files_hash(paths: Iterable[Path]) -> str:
    """Return the hash of files by name and content."""
    total = hashlib.sha256()
    for path in sorted(set(paths)):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def documents_hash(documents: Sequence[Document]) -> str:
    """Return the hash of documents by id, title, language and text."""
    total = hashlib.sha256()
    for document in documents:
        texts = [page.text for page in document.pages]
        total.update(json.dumps([document.id, document.title, document.language, texts]).encode())
    return total.hexdigest()


def _model(settings: Settings, name: str) -> str:
    # A bundled model is known by its manifest, a folder or file by what it holds, any other by its name.
    if name in (BUNDLED_EMBEDDER, BUNDLED_GENERATOR):
        manifest = folder(settings, name) / MANIFEST
        return files_hash([manifest]) if manifest.is_file() else name
    place = Path(name).expanduser()
    if not name or not place.exists():
        return name
    paths = [path for path in (place, *place.rglob("*")) if path.is_file()]
    return key(**{path.relative_to(place).as_posix(): _content(path) for path in paths})


def _content(path: Path) -> str:
    """Return what tells a file from one of the same name: its hash, or of a large one its size and time of writing."""
    found = path.stat()
    return files_hash([path]) if found.st_size <= HASHED_BYTES else f"{found.st_size} {found.st_mtime_ns}"
