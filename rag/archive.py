"""A notebook as one zip file and back: its files as they were received, its choices, and what was made from them.

``manifest.json`` holds a ``Manifest``; ``files/<sha256>`` the bytes of each source. What was read from the files is not
packed: they are read anew where they arrive. Nothing in an archive is trusted: names of entries are never used as
paths, sizes are limited, hashes and types are checked.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from ingest.errors import REFUSALS, Refused
from ingest.types import Upload
from rag.archive_checks import check_notes, check_rewordings, checked_study
from rag.archive_conversations import PackedConversations, checked_conversations, insert_conversations
from rag.archive_places import without_folders
from rag.archive_runs import PackedRun, checked_run, insert_runs, pack_runs
from rag.archive_study import NO_STUDY, PackedStudy, insert_study, pack_study
from rag.codec import decode, encode
from rag.errors import RagError
from rag.notes import NoteRow, copied
from rag.receipt import clean_name, clean_text
from rag.records import document_values, insert_notebook, inserted_id, refused_values
from rag.rewordings import RewordingRow, copied_rewording
from rag.rows import AnswerRow, ConversationRow, DocumentRow, NotebookRow
from rag.tables import documents, notes, rewordings

if TYPE_CHECKING:
    from rag.library import Library

FORMAT = "lectern-notebook"
VERSION = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES = 50_000_000
_LARGEST = 1 << 40
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is packed besides the files; a field that the rows gain later needs a default to read old archives."""

    notebook: NotebookRow
    documents: tuple[DocumentRow, ...]
    answers: tuple[AnswerRow, ...]
    format: str = FORMAT
    version: int = VERSION
    evaluations: tuple[PackedRun, ...] = ()
    study: PackedStudy = NO_STUDY
    notes: tuple[NoteRow, ...] = ()
    rewordings: tuple[RewordingRow, ...] = ()
    conversations: tuple[ConversationRow, ...] = ()


def export_notebook(library: "Library", notebook_id: int) -> bytes:
    """Pack a notebook. Raises RagError NOTEBOOK_UNKNOWN when it is gone."""
    packed = io.BytesIO()
    with library.files_turn, zipfile.ZipFile(packed, "w") as archive:
        notebook = library.store.notebook(notebook_id)
        if notebook is None:
            known = ", ".join(row.name for row in library.store.notebooks())
            raise RagError("NOTEBOOK_UNKNOWN", name=str(notebook_id), known=known or "–")
        rows = library.store.documents(notebook_id)
        manifest = Manifest(
            notebook,
            tuple(rows),
            # Which folder or server of this computer was asked is of no use elsewhere.
            tuple(replace(row, choice=None) for row in library.conversation.answers(notebook_id)),
            evaluations=pack_runs(library, notebook_id),
            study=pack_study(library, notebook_id),
            conversations=tuple(library.conversations.rows(notebook_id)),
            notes=tuple(library.notes.rows(notebook_id)),
            rewordings=tuple(library.rewordings.of_notebook(notebook_id)),
        )
        archive.writestr(MANIFEST, without_folders(encode(manifest)), zipfile.ZIP_DEFLATED)
        for row in rows:
            if library.file(row).exists():
                archive.write(library.file(row), _entry(row), zipfile.ZIP_STORED)
    return packed.getvalue()


def import_notebook(library: "Library", data: bytes) -> NotebookRow:
    """Unpack a notebook under its name, numbered when taken; its sources are read anew.

    Raises RagError ARCHIVE_DAMAGED, ARCHIVE_NEWER or StorageError; then nothing is kept.
    """
    with library.files_turn:
        hashes: list[str] = []
        try:
            with _damaged(), zipfile.ZipFile(io.BytesIO(data)) as archive:
                manifest = _manifest(archive)
                values = [_document(row) for row in manifest.documents]
                talks = checked_conversations(manifest.conversations, manifest.answers)
                runs = [checked_run(packed) for packed in manifest.evaluations]
                study = checked_study(manifest.study)
                check_notes(manifest.notes)
                check_rewordings(manifest.rewordings)
                for row in (row for row in manifest.documents if row.state != "refused"):
                    hashes.append(row.sha256)
                    _unpack(library, archive, row)
            with library.database.writing() as connection:
                return _insert(connection, manifest, values, talks, runs, study)
        except RagError:
            library.forget_unused(hashes)
            raise


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    entry = archive.getinfo(MANIFEST)
    if entry.file_size > MANIFEST_BYTES:
        raise ValueError("its list of contents is too long")
    text = archive.read(entry).decode()
    head = json.loads(text)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ValueError("it is no notebook")
    if head.get("version") != VERSION:
        raise RagError("ARCHIVE_NEWER")
    manifest = decode(Manifest, text)
    if len({row.sha256 for row in manifest.documents}) < len(manifest.documents):
        raise ValueError("a file is listed twice")
    return manifest


def _unpack(library: "Library", archive: zipfile.ZipFile, row: DocumentRow) -> None:
    entry = archive.getinfo(_entry(row))
    if entry.file_size > library.settings.max_upload_mb * 1_000_000:
        raise ValueError("one of its files is too large")
    library.blobs.check_room(entry.file_size)
    upload = Upload(row.name, archive.read(entry))
    if upload.sha256 != row.sha256:
        raise ValueError("one of its files has changed")
    library.blobs.put(upload.data, upload.sha256)


def _document(row: DocumentRow) -> dict[str, Any]:
    if not _SHA256.fullmatch(row.sha256) or not 0 <= row.size <= _LARGEST:
        raise ValueError("a hash or a size is malformed")
    name = clean_name(row.name)
    values = document_values(0, name, row.sha256, row.size) | {"ticked": row.ticked, "received_at": row.received_at}
    if row.state != "refused":
        return values
    if row.code not in REFUSALS:
        raise ValueError("a reason is unknown")
    limit = {"limit": row.details["limit"]} if row.code == "TOO_LARGE" else {}
    return values | refused_values(Refused(row.code, name, **limit))


def _insert(
    connection: Connection,
    manifest: Manifest,
    values: list[dict[str, Any]],
    talks: PackedConversations,
    runs: list[PackedRun],
    study: PackedStudy,
) -> NotebookRow:
    name = clean_text(manifest.notebook.name).strip()[:200] or "Notebook"
    notebook = _insert_notebook(connection, name, manifest.notebook)
    new_ids = {
        row.id: inserted_id(connection, documents, document | {"notebook_id": notebook.id})
        for row, document in zip(manifest.documents, values, strict=True)
    }
    new_answers = insert_conversations(connection, notebook.id, talks, new_ids)
    insert_runs(connection, notebook.id, runs, new_ids)
    insert_study(connection, notebook.id, study, new_ids)
    for note in copied(manifest.notes, notebook.id):
        inserted_id(connection, notes, note)
    for rewording in manifest.rewordings:
        if rewording.answer_id in new_answers:
            inserted_id(connection, rewordings, copied_rewording(rewording, new_answers[rewording.answer_id]))
    return notebook


def _insert_notebook(connection: Connection, name: str, packed: NotebookRow) -> NotebookRow:
    number = 1
    while True:
        free = name if number == 1 else f"{name} ({number})"
        try:
            return insert_notebook(connection, free, False, packed.parts, packed.answering)
        except RagError:
            number += 1


def _entry(row: DocumentRow) -> str:
    return f"files/{row.sha256}"


@contextmanager
def _damaged() -> Iterator[None]:
    """Tell in one error what can be wrong with the bytes of an archive."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError) as error:
        raise RagError("ARCHIVE_DAMAGED", reason=str(error)[:200] or type(error).__name__) from error
