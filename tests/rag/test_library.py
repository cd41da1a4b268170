"""Receiving, removing, asking, finding citations again: the promises made to the screen."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from ingest import extract
from ingest.types import Document, Page, Upload
from rag.errors import RagError, StorageError
from rag.library import Library
from rag.settings import Settings
from tests.rag.fakes import CITATION, LineReader, pdf
from tests.rag.small_pdf import small_pdf


def files(library: Library) -> list[str]:
    return sorted(path.name for path in library.blobs.folder.rglob("*") if path.is_file())


def test_the_same_bytes_are_told_not_stored_again(library: Library) -> None:
    notebook, other = library.store.create_notebook("n"), library.store.create_notebook("o")
    first = library.receive(notebook.id, Upload("a.pdf", pdf("a")))
    again = library.receive(notebook.id, Upload("b.pdf", pdf("a")))
    elsewhere = library.receive(other.id, Upload("c.pdf", pdf("a")))
    assert not first.duplicate
    assert again.duplicate
    assert again.document == first.document
    assert not elsewhere.duplicate
    assert files(library) == [first.document.sha256]

    library.remove(first.document.id)
    assert library.file(elsewhere.document).read_bytes() == pdf("a"), "another notebook still uses the file"
    library.delete_notebook(other.id)
    assert files(library) == []


@pytest.mark.parametrize(
    "name, data, code",
    [("a.pdf", b"", "NOT_PDF"), ("a.pdf", b"hello", "NOT_PDF"), ("a.pdf", b"%PDF-" + b"x" * 1_000_000, "TOO_LARGE")],
)
def test_what_cannot_be_used_is_kept_as_refused_without_its_file(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    library = Library.open(Settings(home=tmp_path / "home", models=tmp_path, max_upload_mb=1))
    notebook = library.store.create_notebook("n")
    row = library.receive(notebook.id, Upload(name, data)).document
    assert (row.state, row.code) == ("refused", code)
    assert row.details["name"] == name
    assert files(library) == []
    assert library.queue.claim_document("me") is None


def test_a_header_after_some_junk_and_plain_text_are_received(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    for upload in (Upload("a.pdf", b"x" * 900 + pdf("a")), Upload("notes.txt", b"hello"), Upload("notes.md", b"# hi")):
        assert library.receive(notebook.id, upload).document.state == "received"


@pytest.mark.parametrize(
    "name, shown",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\secret\\cours.pdf", "cours.pdf"),
        ("a\x00\x1b[31m\u202efdp.pdf", "a [31m fdp.pdf"),
        ("\ud800.pdf", ".pdf"),
        ("", "document"),
        ("x" * 300 + ".pdf", "x" * 195 + "….pdf"),
    ],
)
def test_a_hostile_name_is_only_ever_shown(library: Library, name: str, shown: str) -> None:
    notebook = library.store.create_notebook("n")
    row = library.receive(notebook.id, Upload(name, pdf(name.encode(errors="replace").hex()))).document
    assert row.name == shown
    assert library.file(row).parent.parent == library.home / "blobs"


def test_receiving_into_a_deleted_notebook_leaves_nothing_after_a_sweep(library: Library) -> None:
    with pytest.raises(RagError, match="NOTEBOOK_UNKNOWN"):
        library.receive(7, Upload("a.pdf", pdf("a")))
    library.sweep()
    assert files(library) == []


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(sys.platform != "linux", reason="uses a limit on file sizes in place of a full disk")
def test_a_full_disk_is_told_and_loses_nothing(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    kept = library.receive(notebook.id, Upload("kept.pdf", pdf("kept"))).document
    with file_size_limit(500_000), pytest.raises(StorageError, match="DISK_FULL"):
        library.receive(notebook.id, Upload("big.pdf", pdf("x" * 1_000_000)))
    assert library.store.documents(notebook.id) == [kept]
    assert files(library) == [kept.sha256]


def test_a_full_database_is_told_and_still_takes_deletions(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    kept = library.receive(notebook.id, Upload("kept.pdf", pdf("kept"))).document
    with library.database.writing() as connection:
        used = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={used + 2}"))
    document = Document("x", "n", (Page(0, "1", "x" * 100_000, ()),))
    with pytest.raises(StorageError, match="DISK_FULL"):
        library.queue.save_extraction(kept.id, document, [])
    assert library.store.documents(notebook.id) == [kept]
    library.remove(kept.id)
    assert library.store.documents(notebook.id) == []
    assert library.database.findings() == []


def test_questions_are_checked_before_they_are_queued(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    for question, code in (("  ", "QUESTION_EMPTY"), ("x" * 2001, "QUESTION_LONG")):
        with pytest.raises(RagError, match=code):
            library.ask(notebook.id, question, language="en")
    with pytest.raises(RagError, match="NO_SOURCES"):
        library.ask(notebook.id, "why?", language="en", memory=False)
    with pytest.raises(RagError, match="NOTEBOOK_UNKNOWN"):
        library.ask(7, "why?", language="en")
    answer = library.conversation.answer(library.ask(notebook.id, "why?", language="en"))
    assert answer is not None
    assert (answer.wants_sources, answer.wants_memory, answer.document_ids) == (True, True, ())


def test_the_language_of_a_question_is_found(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    rows = [
        library.conversation.answer(library.ask(notebook.id, q)) for q in ("Qu'est-ce qu'un octet ?", "What is a byte?")
    ]
    assert [row.language for row in rows if row] == ["fr", "en"]


def test_waiting_without_anybody_working_ends(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    with pytest.raises(StorageError, match="HOLDER_GONE"):
        library.wait(library.ask(notebook.id, "why?", language="en"))


PAGE = "Le ciel est  bleu.\nLa mer est bleue. Le ciel est bleu."


@pytest.mark.parametrize(
    "quote, start, located, span",
    [
        ("La mer", 19, "located", (19, 25)),
        ("La mer", 3, "located", (19, 25)),
        ("ciel est bleu.", 0, "located", (3, 18)),
        ("ciel est bleu.", 50, "located", (40, 54)),
        ("bleu. La mer", 0, "located", (13, 25)),
        ("ciel est vert", 3, "page_only", (3, 16)),
        (" ", 3, "page_only", (3, 4)),
    ],
)
def test_a_citation_is_found_again_or_says_that_it_is_not(
    library: Library, quote: str, start: int, located: str, span: tuple[int, int]
) -> None:
    notebook = library.store.create_notebook("n")
    row = library.receive(notebook.id, Upload("a.pdf", pdf("x"))).document
    citation = replace(CITATION, sha256=row.sha256, quote=quote, start=start, end=start + len(quote))
    assert library.place(citation, notebook.id) == (replace(citation, located="page_only"), row), "nothing is read yet"

    pages = (Page(0, "1", PAGE),)
    document = Document("x", "a.pdf", pages)
    library.queue.save_extraction(row.id, document, LineReader().chunk(document, None, len))  # type: ignore[arg-type]
    placed, found = library.place(citation, notebook.id)
    assert found == library.store.document(row.id)
    assert placed == replace(citation, located=located, start=span[0], end=span[1])

    library.remove(row.id)
    assert library.place(citation, notebook.id) == (replace(citation, located="deleted"), None)


def test_another_notebook_does_not_place_a_citation(library: Library) -> None:
    notebook, other = library.store.create_notebook("n"), library.store.create_notebook("o")
    row = library.receive(other.id, Upload("a.pdf", pdf("x"))).document
    _, found = library.place(replace(CITATION, sha256=row.sha256), notebook.id)
    assert found is None


def test_choices_are_kept(library: Library) -> None:
    assert library.store.get_setting("sample") is None
    library.store.set_setting("sample", "1")
    library.store.set_setting("sample", "2")
    assert library.store.get_setting("sample") == "2"


def test_a_page_is_drawn_with_the_cited_words_marked(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    upload = Upload("small.pdf", small_pdf(2))
    row = library.receive(notebook.id, upload).document
    library.scratch.mkdir()
    document = extract(upload, scratch=library.scratch, progress=lambda *_: None, cancelled=lambda: False)
    library.queue.save_extraction(row.id, document, [])
    start = document.pages[1].text.index("number 2")

    image = library.page_image(row, 1, 400, [(start, start + len("number 2"))])
    assert image is not None
    assert image.png.startswith(b"\x89PNG")
    assert abs(image.width - 400) <= 1
    [box] = image.boxes
    assert 0.1 < box.left < box.right < 0.9
    assert 0.1 < box.top < box.bottom < 0.2
    plain = library.page_image(row, 1, 400)
    assert plain is not None
    assert plain.boxes == ()
    assert list(library.scratch.iterdir()) == []
    notes = library.receive(notebook.id, Upload("notes.txt", b"hello")).document
    assert library.page_image(notes, 0, 400) is None
