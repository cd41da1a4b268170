"""What was acknowledged survives kill -9, and whoever starts next brings it to its end."""

import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from ingest.types import Upload
from rag.jobs import Workers
from rag.library import Library
from rag.settings import Settings
from rag.tables import chunks, documents, vectors
from tests.rag.fakes import FakeServices
from tests.rag.small_pdf import small_pdf
from tests.rag.worker_process import POINTS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    paths = [folder / "long.pdf", folder / "short.pdf"]
    for path, pages in zip(paths, (40, 2), strict=True):
        path.write_bytes(small_pdf(pages))
    return paths


@contextmanager
def process(home: Path, point: str = "", files: list[Path] | None = None) -> Iterator[subprocess.Popen[str]]:
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.rag.worker_process", str(home), point, *map(str, files or [])]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        try:
            yield child
        finally:
            child.kill()


def opened(home: Path) -> Library:
    return Library.open(Settings(home=home, models=home))


@contextmanager
def working(library: Library) -> Iterator[Workers]:
    workers = Workers(library, FakeServices)
    assert workers.start()
    try:
        yield workers
    finally:
        workers.close()


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.02)


def counts(connection: Connection, document_id: int) -> list[int]:
    return [
        connection.execute(select(func.count()).where(table.c.document_id == document_id)).scalar_one()
        for table in (chunks, vectors)
    ]


def assert_consistent(library: Library) -> None:
    assert library.database.findings() == []
    for path in library.blobs.folder.glob("[0-9a-f][0-9a-f]/*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name, "a file is there whole or not at all"
    with library.database.reading() as connection:
        for row in connection.execute(select(documents)):
            held, embedded = counts(connection, row.id)
            assert library.blobs.path(row.sha256).exists()
            assert (held > 0) == (row.extractor != ""), "chunks and what tells of them are stored together"
            assert row.state not in ("ready", "ready_warnings") or held == embedded > 0


def read_texts(library: Library) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for notebook in library.store.notebooks():
        for chunk in library.store.chunks(library.store.chunk_ids(notebook.id)[1]):
            texts.setdefault(chunk.document, []).append(chunk.text)
    return texts


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> dict[str, list[str]]:
    library = opened(tmp_path_factory.mktemp("uninterrupted"))
    receive_again(library, files)
    with working(library):
        for row in library.store.documents(1):
            library.wait_document(row.id)
    texts = read_texts(library)
    library.close()
    assert {name: len(found) for name, found in texts.items()} == {"long.pdf": 40, "short.pdf": 2}
    return texts


def receive_again(library: Library, files: list[Path]) -> None:
    notebook = library.store.find_notebook("n") or library.store.create_notebook("n")
    for path in files:
        library.receive(notebook.id, Upload(path.name, path.read_bytes()))


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
@pytest.mark.parametrize("point", POINTS)
def test_kill_at_any_point_of_ingest_loses_nothing_acknowledged(
    tmp_path: Path, files: list[Path], uninterrupted: dict[str, list[str]], point: str
) -> None:
    home = tmp_path / "home"
    with process(home, point, files) as child:
        assert child.wait(60) in (-signal.SIGKILL, -signal.SIGXFSZ)
    ledger = home / "acknowledged"
    acknowledged = set(ledger.read_text().split()) if ledger.exists() else set()

    library = opened(home)
    assert_consistent(library)
    assert acknowledged <= library.store.hashes()
    with working(library):
        for row in library.store.documents(1):
            library.wait_document(row.id)
        assert {row.state for row in library.store.documents(1)} <= {"ready"}
        receive_again(library, files)
        for row in library.store.documents(1):
            library.wait_document(row.id)
    assert_consistent(library)
    assert read_texts(library) == uninterrupted
    kept = {path.name for path in library.blobs.folder.rglob("*") if path.is_file()}
    assert kept == library.store.hashes()
    assert list(library.scratch.iterdir()) == []
    library.close()


DRAW = """
import sys
from pathlib import Path
from rag.library import Library
from rag.settings import Settings

library = Library.open(Settings(home=Path(sys.argv[1]), models=Path(sys.argv[1])))
(row,) = library.store.documents(1)
while True:
    library.page_image(row, 0, 800)
    print("drawn", flush=True)
"""


def test_kill_while_pages_are_drawn_leaves_nothing_on_the_disk(tmp_path: Path, files: list[Path]) -> None:
    library = opened(tmp_path)
    receive_again(library, files[:1])
    command = [sys.executable, "-c", DRAW, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "drawn\n"
        time.sleep(0.05)  # the next one has begun
        child.kill()
    assert list(library.scratch.iterdir()) == []
    library.close()


def test_what_was_left_by_a_kill_is_swept_at_the_next_start(tmp_path: Path) -> None:
    library = opened(tmp_path)
    for name in ("ingest-3/pdf-abc", "page-abc"):
        (library.scratch / name).mkdir(parents=True)
    with working(library):
        assert list(library.scratch.iterdir()) == []
    library.close()


def test_kill_while_answering_keeps_the_text_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    library = opened(home)
    notebook = library.store.create_notebook("n")
    answer_id = library.ask(notebook.id, "long", language="en")
    waiting = library.ask(notebook.id, "next", language="en")

    def written() -> str:
        row = library.conversation.answer(answer_id)
        return row.sources_text if row else ""

    with process(home) as child:
        until(written)
        child.kill()
        child.wait(10)
    text = written()
    with working(library):
        assert library.wait(waiting)
    row = library.conversation.answer(answer_id)
    assert row is not None
    assert (row.state, row.code, row.sources_text) == ("error", "INTERRUPTED", text)
    library.close()


def test_one_process_works_and_the_others_leave_it_to_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    library = opened(home)
    notebook = library.store.create_notebook("n")
    with process(home) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "True\n"
        here = Workers(library, FakeServices, kind="command line")
        assert not here.start()
        holder = library.holder()
        assert str(holder) == f"app, process {child.pid}"
        assert (here.status().holding, here.status().holder) == (False, str(holder))
        answer = library.wait(library.ask(notebook.id, "why", language="en"))
        assert answer is not None
        assert answer.state == "done"
        child.kill()
        child.wait(10)
        assert library.holder() is None
        assert here.start()
        assert library.holder() is not None
        here.close()
    assert library.holder() is None
    library.close()
