"""A page is blamed for breaking its own child, never for the end of the process that the child was forked from."""

import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest import Document, PageWarning, Upload, extract, render_page
from ingest.child_process import ChildLost, ChildProcess
from tests.ingest.pdfs import draw, lines, read, with_a_bomb

PAGES = 200

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every child is started by itself")


@pytest.fixture(scope="module")
def course() -> bytes:
    """Write pages that do not fit the pipe together, and what is read after them."""

    def cover(canvas: Canvas) -> None:
        canvas.setTitle("Cours de physique")
        canvas.bookmarkPage("start")
        canvas.addOutlineEntry("Introduction", "start")
        canvas.drawString(60, 760, "Une introduction.")

    return draw(cover, *(lines(*[f"Une ligne de la page {n}."] * 50) for n in range(1, PAGES)))


def warm_process() -> psutil.Process:
    (found,) = [child for child in psutil.Process().children() if "fork_server.py" in child.cmdline()[-1]]
    return found


def read_and_kill(data: bytes, scratch: Path, after_page: int) -> Document:
    """Read a PDF; the warm process is killed once, when that many pages have been read."""
    killed: list[int] = []

    def progress(done: int, total: int) -> None:
        if done == after_page and not killed:
            killed.append(done)
            warm_process().kill()

    document = extract(Upload("cours.pdf", data), scratch=scratch, progress=progress, cancelled=lambda: False)
    assert (killed, list(scratch.iterdir())) == ([after_page], [])
    return document


@pytest.mark.parametrize("after_page", [1, 3, PAGES - 1, PAGES])
def test_no_page_and_no_title_is_missed(course: bytes, tmp_path: Path, after_page: int) -> None:
    document = read_and_kill(course, tmp_path, after_page)
    assert (document.warnings, document.readable, document.title) == ((), PAGES, "Cours de physique")
    assert document == read(course, tmp_path)


def test_a_page_that_breaks_the_next_child_too_is_to_blame(tmp_path: Path) -> None:
    document = read_and_kill(with_a_bomb(), tmp_path, 1)
    assert document.warnings == (PageWarning(1, "BAD_PAGE"),)
    assert [page.text for page in document.pages] == ["Une page saine.", "", "Une page saine."]


def test_a_page_is_drawn_all_the_same(tmp_path: Path) -> None:
    pdf = tmp_path / "cours.pdf"
    pdf.write_bytes(draw(lines(*["Une ligne de texte."] * 50)))
    expected = render_page(pdf, 0, width=4_000, scratch=tmp_path)
    warm = warm_process()

    def kill() -> None:
        while not warm.children():
            time.sleep(0.001)
        warm.kill()

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    assert render_page(pdf, 0, width=4_000, scratch=tmp_path) == expected
    killer.join(20)
    assert not killer.is_alive()


def test_a_child_that_stands_alone_is_never_lost(course: bytes, tmp_path: Path) -> None:
    pdf = tmp_path / "cours.pdf"
    pdf.write_bytes(course)

    def pages(*, alone: bool) -> int:
        with ChildProcess(
            "extract", str(pdf), "0", scratch=tmp_path, memory_mib=512, cpu_seconds=60, alone=alone
        ) as child:
            messages = child.messages(30, lambda: None)
            assert next(messages) == {"pages": PAGES}
            warm_process().kill()
            return sum("page" in message for message in messages)

    read(course, tmp_path / "scratch")
    assert pages(alone=True) == PAGES
    read(course, tmp_path / "scratch")
    with pytest.raises(ChildLost):
        pages(alone=False)
