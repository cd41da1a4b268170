"""Models that ``FakeServices`` knows by name, why some of them cannot be loaded, and what tests ask of them."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rag.choice import ModelChoice
from rag.library import Library
from tests.rag.fakes import FakeServices

SMALL, LARGE, HUGE = (ModelChoice("folder", name) for name in ("small", "large", "huge"))
BROKEN, BROKEN_LARGE = ModelChoice("folder", "broken"), ModelChoice("folder", "broken large")
NO_WEIGHTS = {"reason": "no weights"}
# What fails, the code and the details of its error, and what is loaded where "small" wrote before.
FAILURES = [
    (BROKEN, "MODEL_LOAD", {"model": "broken", **NO_WEIGHTS}, ["small", "broken"]),
    (BROKEN_LARGE, "MODEL_LOAD", {"model": "broken large", **NO_WEIGHTS}, ["small", "broken large", "small"]),
    (HUGE, "MODEL_TOO_LARGE", {"model": "huge", "need": "90.0 GB", "free": "8.0 GB"}, ["small"]),
]


@dataclass
class Waiting(FakeServices):
    """Loading "slow" takes until the test lets it go on."""

    go_on: threading.Event = field(default_factory=threading.Event)

    def load(self, choice: ModelChoice) -> FakeServices:
        if choice.name.startswith("slow"):
            assert self.go_on.wait(5)
        return super().load(choice)


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.01)


def asked(library: Library) -> str:
    """Ask a question, and return which model answered."""
    notebook = library.store.notebooks() or [library.store.create_notebook("n")]
    row = library.wait(library.ask(notebook[0].id, "Which colour?", language="en"))
    assert row is not None
    assert row.state == "done"
    return row.model_id
