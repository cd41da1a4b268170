"""What one process shares between all browser tabs: the library and the workers."""

import atexit
import threading
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from rag.foundation import Foundation
from rag.jobs import Workers
from rag.library import Library
from rag.next_words import NextWords
from rag.settings import Settings
from rag.worker_status import WorkerStatus
from ui.samples import add_samples
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class AppServices:
    """What the page draws from; ``wake`` tells the workers that there is something new to do.

    ``next_words`` tells what the model sees after a text, None where it must be asked again soon.
    """

    library: Library
    wake: Callable[[], None]
    status: Callable[[], WorkerStatus]
    next_words: Callable[[str], NextWords | None] = lambda text: None


class Desk:
    """The workers of this process; when the process that held the home has ended, they take it over."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._starting = threading.Lock()

    def status(self) -> WorkerStatus:
        """Return who works, after starting the workers if nobody does."""
        status = self._workers.status()
        if not status.holding and not status.holder and self._starting.acquire(blocking=False):
            try:
                self._workers.start()
            finally:
                self._starting.release()
            return self._workers.status()
        return status


@st.cache_resource(show_spinner=False)
def open_services(_texts: Texts) -> AppServices:
    """Open the library, put the samples into a new one, and start the workers: once in a process."""
    settings = Settings.from_environment()
    library = Library.open(settings)
    workers = Workers(library, lambda: _build(settings, library))
    add_samples(library, _texts)
    workers.start()
    atexit.register(workers.close)
    return AppServices(library, workers.wake, Desk(workers).status, workers.next_words.look)


def _build(settings: Settings, library: Library) -> Foundation:
    # Loading torch takes seconds: it belongs to the thread that loads the models.
    from rag.services import build_foundation

    return build_foundation(settings, library.store)
