"""A process of its own that receives files, works, and may kill itself at a named point (see test_crash.py)."""

import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import event

from ingest.types import Upload
from rag.ingest_queue import IngestQueue
from rag.jobs import Workers
from rag.library import Library
from rag.settings import Settings
from rag.store import Store
from rag.study.queue import StudyQueue
from tests.rag.fakes import FakeServices, HashEmbedder
from tests.rag.scripted_study import ScriptedQuizMaker, ScriptedSourceGuideMaker

POINTS = (
    "in the middle of a file",
    "before receive is committed",
    "after receive",
    "before claim_document is committed",
    "after progress",
    "before save_extraction is committed",
    "after save_extraction",
    "before save_vectors is committed",
    "after save_vectors",
    "before finish is committed",
    "after finish",
)


def die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)
    raise AssertionError("still alive")


def die_at_size(size: int) -> None:
    """Let the system end this process when it writes beyond ``size`` bytes into a file."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def dying(library: Library, method: str, moment: str) -> Callable[..., Any]:
    """The method of the library's store or of a queue, with a death before its commit or after its return."""
    owners: tuple[Store | IngestQueue | StudyQueue, ...] = (library.store, library.queue, library.study)
    owner = next(owner for owner in owners if hasattr(owner, method))
    real = getattr(owner, method)

    def call(*args: Any, **values: Any) -> Any:
        if moment == "before":
            event.listen(library.database.writer, "commit", die)
        result = real(*args, **values)
        if moment == "after":
            die()
        return result

    setattr(owner, method, call)
    return call


def services() -> FakeServices:
    return FakeServices(
        HashEmbedder(delay=0.02),
        quiz_maker=ScriptedQuizMaker(delay=0.2),
        source_guide_maker=ScriptedSourceGuideMaker(delay=0.3),
    )


def main(home: Path, point: str, files: list[Path]) -> None:
    library = Library.open(Settings(home=home, models=home))
    notebook = library.store.find_notebook("n") or library.store.create_notebook("n")
    if point == "in the middle of a file":
        die_at_size(files[0].stat().st_size // 2)
    elif point:
        moment, method = point.split()[:2]
        dying(library, method, moment)
    for path in files:
        receipt = library.receive(notebook.id, Upload(path.name, path.read_bytes()))
        with (home / "acknowledged").open("a") as ledger:
            ledger.write(receipt.document.sha256 + "\n")
    workers = Workers(library, services, kind="app")
    sys.stdout.write(f"{workers.start()}\n")
    sys.stdout.flush()
    sys.stdin.read()
    workers.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [Path(name) for name in sys.argv[3:]])
