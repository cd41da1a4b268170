"""A notebook leaves as a file and comes back whole; a hostile file leaves nothing."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ingest.types import Upload
from rag.errors import RagError
from rag.evaluation_rows import NewQuestion
from rag.jobs import Workers
from rag.library import Library
from rag.rows import AnswerRow, DocumentRow
from tests.rag.fakes import TOKENS, pdf


@pytest.fixture
def exported(library: Library, work: Callable[[], Workers]) -> bytes:
    notebook = library.store.create_notebook("Cours")
    library.store.set_ticked(library.receive(notebook.id, Upload("é.pdf", pdf("a", "", "b"))).document.id, False)
    library.receive(notebook.id, Upload("not.pdf", b"hello"))
    library.receive(notebook.id, Upload("b.pdf", pdf("b")))
    first = library.ask(notebook.id, "Quoi ?", language="fr")
    library.ask(notebook.id, "waits", language="en", document_ids=[1])
    workers = work()
    for row in library.store.documents(notebook.id):
        library.wait_document(row.id)
    library.store.set_ticked(library.store.documents(notebook.id)[2].id, True)
    library.evaluate(notebook.id, "q.csv", "upload", [NewQuestion("Quoi ?", "fr", ("blue",))])
    for answer in library.conversation.answers(notebook.id):
        library.wait(answer.id)
    while library.evaluations.runs(notebook.id)[0].state != "done":
        time.sleep(0.01)
    library.conversation.set_feedback(first, 1)
    workers.close()
    return library.export_notebook(notebook.id)


def as_asked(library: Library, row: AnswerRow) -> AnswerRow:
    names = {d.id: d.name for d in library.store.documents(row.notebook_id)}
    return replace(row, id=0, notebook_id=0, document_ids=tuple(names[i] for i in row.document_ids))  # type: ignore[misc]


def as_sent(row: DocumentRow) -> DocumentRow:
    return replace(row, id=0, notebook_id=0, stage_started=0.0)


def test_a_notebook_comes_back_without_loss(library: Library, exported: bytes, work: Callable[[], Workers]) -> None:
    source = library.store.find_notebook("Cours")
    assert source is not None
    copy = library.import_notebook(exported)
    assert copy.name == "Cours (2)"
    assert [as_asked(library, row) for row in library.conversation.answers(copy.id)] == [
        as_asked(library, row) for row in library.conversation.answers(source.id)
    ]
    assert [row.state for row in library.store.documents(copy.id)] == ["received", "refused", "received"]
    work()
    for row in library.store.documents(copy.id):
        library.wait_document(row.id)
    assert [as_sent(row) for row in library.store.documents(copy.id)] == [
        as_sent(row) for row in library.store.documents(source.id)
    ]


def test_it_comes_back_after_the_source_was_deleted(library: Library, exported: bytes) -> None:
    source = library.store.find_notebook("Cours")
    assert source is not None
    library.delete_notebook(source.id)
    assert [path for path in library.blobs.folder.rglob("*") if path.is_file()] == []
    copy = library.import_notebook(exported)
    assert copy.name == "Cours"
    [first, _, _] = library.store.documents(copy.id)
    assert library.file(first).read_bytes() == pdf("a", "", "b")


def changed(exported: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The archive with its manifest changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(exported)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(data)
                change(manifest)
                data = json.dumps(manifest).encode()
            new.writestr(name, data)
    return packed.getvalue()


HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    "a path for a hash": lambda m: m["documents"][0].update(sha256="../../../../etc/passwd"),
    "another hash": lambda m: m["documents"][0].update(sha256="0" * 64),
    "the same file twice": lambda m: m["documents"].append(m["documents"][0]),
    "a text for a number": lambda m: m["answers"][0].update(feedback="1"),
    "no number": lambda m: m["answers"][0].update(asked_at=float("nan")),
    "an endless number": lambda m: m["documents"][0].update(size=10**30),
    "an unknown reason": lambda m: m["documents"][1].update(code="HACKED"),
    "an unknown code": lambda m: m["answers"][0].update(code="HACKED"),
    "an alternative that is none": lambda m: m["answers"][0]["memory_tokens"][0].update(alternatives=[["a"]]),
    "a token more than certain": lambda m: m["answers"][0]["memory_tokens"][0].update(probability=1.5),
    "a code without its details": lambda m: m["answers"][0].update(code="GENERATION", state="error"),
    "a lone surrogate": lambda m: m["answers"][0].update(question="\ud800", memory_text="\ud800"),
    "a citation that is none": lambda m: m["answers"][0]["sourced"].update(citations=[1]),
    "no documents": lambda m: m.pop("documents"),
    "a run with an unknown code": lambda m: m["evaluations"][0]["run"].update(code="HACKED"),
    "a question with an unknown code": lambda m: m["evaluations"][0]["items"][0].update(code="HACKED"),
    "a probability that is none": lambda m: m["evaluations"][0]["items"][0].update(probability=7.0),
    "an endless page": lambda m: m["evaluations"][0]["items"][0].update(page=10**30),
    "a run that is none": lambda m: m.update(evaluations=[1]),
    "another format": lambda m: m.update(format="zip"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_leaves_nothing(library: Library, exported: bytes, name: str) -> None:
    before = library.store.notebooks(), sorted(library.home.rglob("*"))
    with pytest.raises(RagError, match="ARCHIVE_DAMAGED"):
        library.import_notebook(changed(exported, HOSTILE[name]))
    assert (library.store.notebooks(), sorted(library.home.rglob("*"))) == before


def test_an_archive_that_is_cut_or_no_archive_leaves_nothing(library: Library, exported: bytes) -> None:
    before = library.store.notebooks()
    for data in (b"", b"PK", b"%PDF-1.4", exported[: len(exported) // 2], exported[200:]):
        with pytest.raises(RagError, match="ARCHIVE_DAMAGED"):
            library.import_notebook(data)
    assert library.store.notebooks() == before


def test_a_bomb_is_not_unpacked(library: Library) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 60_000_000)
    with pytest.raises(RagError, match="ARCHIVE_DAMAGED"):
        library.import_notebook(packed.getvalue())


def test_an_unknown_field_is_ignored_and_a_newer_version_is_named(library: Library, exported: bytes) -> None:
    library.import_notebook(changed(exported, lambda m: m["notebook"].update(colour="blue")))
    library.import_notebook(changed(exported, lambda m: m.pop("evaluations")))  # as written before there were any
    with pytest.raises(RagError, match="ARCHIVE_NEWER"):
        library.import_notebook(changed(exported, lambda m: m.update(version=2)))


def test_tokens_that_do_not_spell_their_text_are_left_out(library: Library, exported: bytes) -> None:
    copy = library.import_notebook(changed(exported, lambda m: m["answers"][0].update(memory_text="Red.")))
    first, second = library.conversation.answers(copy.id)
    assert (first.memory_text, first.memory_tokens) == ("Red.", ())
    assert (second.memory_text, second.memory_tokens) == ("Green.", TOKENS)
