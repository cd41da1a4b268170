"""Documents that questions are asked of, read when they are first needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import ingest
from evaluation.data import RetrievalSet, documents
from evaluation.fingerprint import documents_hash, files_hash
from ingest.types import Document, Language, Upload

Place = tuple[str, int]
"""A page: the document's id and the page's index from 0."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents by id, each read by a call; ``contexts`` names the passages that pages are, where they are any.

    ``data`` is the hash of all of it.
    """

    name: str
    data: str
    readers: Mapping[str, Callable[[], Document]]
    contexts: Mapping[Place, str]


def passages(folder: Path, language: Language) -> Corpus:
    """Return the documents of ``contexts_<language>.jsonl``."""
    found, contexts = documents(folder, language)
    return _plain(f"contexts {language}", found, contexts)


def retrieval(asked: RetrievalSet) -> Corpus:
    """Return the passages of a ``retrieval_*`` folder."""
    return _plain(asked.name, asked.documents, {(d.id, 0): d.id for d in asked.documents})


def _plain(name: str, found: list[Document] | tuple[Document, ...], contexts: Mapping[Place, str]) -> Corpus:
    return Corpus(name, documents_hash(found), {d.id: partial(_same, d) for d in found}, contexts)


def _same(document: Document) -> Document:
    return document


def pdfs(folder: Path) -> tuple[Corpus, dict[str, Path]]:
    """Return the PDFs of ``qa_pdfs/*/`` and their paths by id."""
    uploads = {path: Upload(path.name, path.read_bytes()) for path in sorted((folder / "qa_pdfs").glob("*/*.pdf"))}
    readers = {upload.sha256: partial(_extract, path) for path, upload in uploads.items()}
    return Corpus("qa_pdfs", files_hash(uploads), readers, {}), {u.sha256: path for path, u in uploads.items()}


def course(path: Path) -> Corpus:
    """Return one PDF as a corpus: a course by itself."""
    upload = Upload(path.name, path.read_bytes())
    return Corpus(path.stem, files_hash([path]), {upload.sha256: partial(_extract, path)}, {})


def _extract(path: Path) -> Document:
    with TemporaryDirectory() as scratch:
        upload = Upload(path.name, path.read_bytes())
        return ingest.extract(upload, scratch=Path(scratch), progress=lambda done, total: None, cancelled=lambda: False)
