"""What the store promises, on a real SQLite file."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ingest.errors import Refused
from ingest.types import Chunk, Document, Page, PageWarning, Upload
from rag.errors import RagError
from rag.library import Library
from rag.rows import ChunkRow, NotebookRow
from rag.tables import metadata, notebooks
from rag.tables import settings as settings_table
from tests.rag.fakes import HashEmbedder, LineReader, pdf

TEXTS = ("un deux", "", "trois")


def received(library: Library, notebook: NotebookRow, *lines: str, name: str = "cours.pdf") -> int:
    return library.receive(notebook.id, Upload(name, pdf(*lines))).document.id


def extracted(library: Library, document_id: int, *lines: str) -> None:
    pages = tuple(Page(i, f"p{i}", line, tuple(range(len(line)))) for i, line in enumerate(lines))
    warnings = tuple(PageWarning(page.index, "NO_TEXT") for page in pages if not page.text)
    document = Document("x", "cours.pdf", pages, "Titre", "fr", warnings, "lines-1")
    assert library.queue.save_extraction(document_id, document, LineReader().chunk(document, None, len))  # type: ignore[arg-type]


def embedded(library: Library, document_id: int, limit: int = 100) -> None:
    batch = library.queue.unembedded(document_id, limit)
    vectors = HashEmbedder().embed_documents([chunk.text for _, chunk in batch])
    assert library.queue.save_vectors(document_id, [chunk_id for chunk_id, _ in batch], vectors)


def ready(library: Library, notebook: NotebookRow, *lines: str) -> int:
    document_id = received(library, notebook, *lines)
    library.queue.claim_document("me")
    extracted(library, document_id, *lines)
    embedded(library, document_id)
    assert library.queue.finish(document_id)
    return document_id


def test_names_of_notebooks_are_unique_whatever_their_case(library: Library) -> None:
    first = library.store.create_notebook("  Cours   LLM ")
    assert first.name == "Cours LLM"
    assert library.store.find_notebook("cours llm") == first
    other = library.store.create_notebook("Physique")
    for attempt in (
        lambda: library.store.create_notebook("COURS llm"),
        lambda: library.store.rename_notebook(other.id, "cours LLM"),
    ):
        with pytest.raises(RagError, match="NAME_TAKEN"):
            attempt()
    with pytest.raises(RagError, match="NAME_EMPTY"):
        library.store.create_notebook("  ")
    library.store.rename_notebook(first.id, "COURS LLM")
    assert [row.name for row in library.store.notebooks()] == ["COURS LLM", "Physique"]


def test_a_document_passes_from_received_to_ready(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = received(library, notebook, *TEXTS)
    claimed = library.queue.claim_document("me")
    assert claimed is not None
    assert (claimed.id, claimed.state) == (document_id, "extracting")
    assert library.queue.claim_document("me") is None

    assert library.queue.progress(document_id, "extracting", 2, 3)
    row = library.store.document(document_id)
    assert row is not None
    assert (row.done, row.total, row.stage_started) == (2, 3, claimed.stage_started)

    extracted(library, document_id, *TEXTS)
    row = library.store.document(document_id)
    assert row is not None
    assert (row.state, row.done, row.total, row.pages, row.readable) == ("embedding", 0, 2, 3, 2)
    assert (row.title, row.language, row.warnings) == ("Titre", "fr", (PageWarning(1, "NO_TEXT"),))
    assert not library.queue.finish(document_id), "ready although no chunk has a vector"

    embedded(library, document_id, limit=1)
    assert not library.queue.finish(document_id), "ready although one chunk has no vector"
    _, ids = library.store.chunk_ids(notebook.id)
    assert len(ids) == 1, "the first batch is searchable before the document is ready"

    embedded(library, document_id)
    assert library.queue.finish(document_id)
    row = library.store.document(document_id)
    assert row is not None
    assert (row.state, row.done, row.total) == ("ready_warnings", 2, 2)
    assert library.store.page(document_id, 2) == Page(2, "p2", "trois", (0, 1, 2, 3, 4))
    assert [page.text for page in library.store.pages(document_id)] == list(TEXTS)


def test_search_reads_whole_chunks_and_unit_vectors(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = ready(library, notebook, *TEXTS)
    sha256 = Upload("", pdf(*TEXTS)).sha256
    _, ids = library.store.chunk_ids(notebook.id)
    assert library.store.chunks([*reversed(ids), 999]) == [
        ChunkRow(ids[0], document_id, sha256, "cours.pdf", "Titre", "fr", 0, "p0", "", "un deux", 0, 7, "lines-1"),
        ChunkRow(ids[1], document_id, sha256, "cours.pdf", "Titre", "fr", 2, "p2", "", "trois", 0, 5, "lines-1"),
    ]
    found, vectors = library.store.chunk_vectors([999, *reversed(ids)])
    assert found == ids
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(vectors, HashEmbedder().embed_documents(["un deux", "trois"]), atol=1e-3)
    none, empty = library.store.chunk_vectors([])
    assert (none, len(empty)) == ([], 0)


def test_only_ticked_or_chosen_documents_are_searched(library: Library) -> None:
    notebook, other = library.store.create_notebook("n"), library.store.create_notebook("o")
    first, second, foreign = ready(library, notebook, "a"), ready(library, notebook, "b"), ready(library, other, "c")
    _, ids = library.store.chunk_ids(notebook.id)
    library.store.set_ticked(first, False)
    store = library.store
    assert store.ticked_chunk_ids(notebook.id) == ids[1:]
    assert store.ticked_chunk_ids(notebook.id, [first]) == ids[:1]
    assert store.ticked_chunk_ids(notebook.id, [first, second, foreign]) == ids, (
        "another notebook's text is never found"
    )
    assert store.ticked_chunk_ids(notebook.id, []) == []


def test_every_change_of_what_search_returns_raises_the_revision(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = received(library, notebook, "a", "b")
    library.queue.claim_document("me")
    seen = [0]

    def changed() -> bool:
        seen.append(library.store.chunk_ids(notebook.id)[0])
        return seen[-1] > seen[-2]

    extracted(library, document_id, "a", "b")
    assert changed()
    embedded(library, document_id, limit=1)
    assert changed()
    library.store.set_ticked(document_id, False)
    assert changed()
    library.queue.progress(document_id, "embedding", 1, 2)
    assert not changed()
    library.store.remove_document(document_id)
    assert changed()


def test_deletion_during_ingest_is_effective_at_once_and_told_to_the_job(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = received(library, notebook, "a", "b")
    library.queue.claim_document("me")
    extracted(library, document_id, "a", "b")
    embedded(library, document_id, limit=1)
    [(chunk_id, chunk)] = library.queue.unembedded(document_id, 10)
    library.remove(document_id)

    assert library.store.chunk_ids(notebook.id)[1] == []
    vectors = HashEmbedder().embed_documents([chunk.text])
    assert not library.queue.save_vectors(document_id, [chunk_id], vectors)
    assert not library.queue.progress(document_id, "embedding", 1, 2)
    assert not library.queue.finish(document_id)
    assert not library.queue.exists(document_id)
    assert library.database.findings() == []


def test_an_id_is_never_given_twice(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    first = ready(library, notebook, "a")
    _, before = library.store.chunk_ids(notebook.id)
    library.remove(first)
    second = ready(library, notebook, "b")
    assert second > first
    assert library.store.chunk_ids(notebook.id)[1] > before


def test_a_refused_document_keeps_its_reason_and_nothing_searchable(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = received(library, notebook, "a")
    library.queue.claim_document("me")
    extracted(library, document_id, "a")
    embedded(library, document_id)
    library.queue.refuse(document_id, Refused("PASSWORD", "cours.pdf"))
    row = library.store.document(document_id)
    assert row is not None
    assert (row.state, row.code, row.details) == ("refused", "PASSWORD", {"name": "cours.pdf"})
    assert library.store.chunk_ids(notebook.id)[1] == []


def test_another_embedder_reads_every_document_again(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    library.queue.use_embedder("one")
    document_id = ready(library, notebook, "a")
    library.queue.use_embedder("one")
    assert len(library.store.chunk_ids(notebook.id)[1]) == 1
    library.queue.use_embedder("two")
    row = library.store.document(document_id)
    assert row is not None
    assert (row.state, row.extractor) == ("received", "")
    assert library.store.chunk_ids(notebook.id)[1] == []


def test_claims_of_the_dead_are_picked_up_where_they_ended(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    half, fresh = received(library, notebook, "a", "b"), received(library, notebook, "c", name="c.pdf")
    library.leases.heartbeat("dead")
    for _ in range(2):
        library.queue.claim_document("dead")
    extracted(library, half, "a", "b")
    embedded(library, half, limit=1)
    library.leases.heartbeat("live")
    library.leases.reap(time.time(), live="live")
    assert [row.state for row in library.store.documents(notebook.id)] == ["received", "received"]

    again = library.queue.claim_document("live")
    assert again is not None
    assert (again.id, again.state, again.done, again.total) == (half, "embedding", 1, 2)
    last = library.queue.claim_document("live")
    assert last is not None
    assert (last.id, last.state) == (fresh, "extracting")
    library.leases.reap(time.time(), live="live")
    assert [row.state for row in library.store.documents(notebook.id)] == ["embedding", "extracting"]


def test_a_lease_ends_when_its_heart_stops(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = received(library, notebook, "a")
    library.leases.heartbeat("me")
    library.queue.claim_document("me")
    for now, state in ((time.time() + 5, "extracting"), (time.time() + 60, "received")):
        library.leases.reap(now)
        row = library.store.document(document_id)
        assert row is not None
        assert row.state == state


def test_a_file_that_always_ends_the_process_is_given_up(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = received(library, notebook, "a")
    for n in range(5):
        assert library.queue.claim_document(f"life {n}") is not None
        library.leases.reap(time.time(), live="next")
    row = library.store.document(document_id)
    assert row is not None
    assert (row.state, row.code) == ("failed", "INTERNAL")
    library.store.retry_document(document_id)
    assert library.queue.claim_document("me") is not None


def everything(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for what is meant to move: the revision and the embedder's name."""
    rows: dict[str, list[tuple[object, ...]]] = {}
    with library.database.reading() as connection:
        for table in metadata.sorted_tables:
            columns = [c for c in table.c if c is not notebooks.c.revision]
            if table is not settings_table:
                rows[table.name] = [tuple(row) for row in connection.execute(select(*columns))]
    return rows


LINES = st.lists(st.text("abé ", max_size=6), min_size=1, max_size=5).filter(
    lambda lines: any(t.strip() for t in lines)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, stage=st.integers(0, 3))
def test_adding_then_removing_leaves_every_table_as_it_was(library: Library, lines: list[str], stage: int) -> None:
    notebook = library.store.find_notebook("n") or library.store.create_notebook("n")
    if not library.store.documents(notebook.id):
        ready(library, notebook, "kept")
    before, files = everything(library), sorted(library.blobs.folder.rglob("*/*"))
    document_id = received(library, notebook, *lines, "x")
    if stage > 0:
        library.queue.claim_document("me")
        extracted(library, document_id, *lines, "x")
    if stage > 1:
        embedded(library, document_id, limit=stage)
    if stage > 2:
        library.queue.finish(document_id)
    library.remove(document_id)
    assert everything(library) == before
    assert [path for path in sorted(library.blobs.folder.rglob("*/*")) if path.is_file()] == [
        path for path in files if path.is_file()
    ]


def test_a_chunk_keeps_its_place(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = received(library, notebook, "a b c")
    page = Page(0, "1", "a b c", (5, -1, 7, 8, 9), "Intro")
    chunk = Chunk(0, 2, 5, "b c", "Intro")
    library.queue.save_extraction(document_id, Document("x", "n", (page,)), [chunk])
    assert library.store.page(document_id, 0) == page
    assert [found for _, found in library.queue.unembedded(document_id, 5)] == [chunk]


def test_reading_a_document_again_replaces_what_was_read(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    document_id = received(library, notebook, "a", "b")
    for lines in (("a", "b"), ("c",)):
        extracted(library, document_id, *lines)
        embedded(library, document_id)
    assert [page.text for page in library.store.pages(document_id)] == ["c"]
    assert [chunk.text for chunk in library.store.chunks(library.store.chunk_ids(notebook.id)[1])] == ["c"]
    assert library.queue.finish(document_id)


def test_documents_tell_which_of_their_chunks_can_be_searched(library: Library) -> None:
    notebook, other = library.store.create_notebook("n"), library.store.create_notebook("o")
    first, waiting, second = (
        ready(library, notebook, *TEXTS),
        received(library, notebook, "z"),
        ready(library, notebook, "b"),
    )
    ready(library, other, "c")
    revision, ids = library.store.chunk_ids(notebook.id)
    assert library.store.searchable(notebook.id) == (
        revision,
        {first: (2, ids[0], ids[1]), second: (1, ids[2], ids[2])},
    )
    assert library.store.searchable(999) == (0, {})
    assert library.store.unfinished(notebook.id) == [waiting]
    assert library.store.revision(notebook.id) == revision
    assert library.store.revision(999) is None
