"""What the commands of the command line share: the home, whoever works there, a notebook or a model by its name."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rag.arguments import DEFAULT_NOTEBOOK
from rag.choice import ModelChoice, named_choice
from rag.errors import RagError
from rag.foundation import Foundation
from rag.jobs import Workers
from rag.library import Library
from rag.rows import NotebookRow
from rag.settings import Settings
from rag.store import Store

Build = Callable[[Settings, Store], Foundation]
Work = Callable[[object], None]


@contextmanager
def opened(settings: Settings) -> Iterator[Library]:
    """Open the home of the settings for as long as a command runs. Raises StorageError."""
    library = Library.open(settings)
    try:
        yield library
    finally:
        library.close()


@contextmanager
def working(library: Library, build: Build) -> Iterator[Work]:
    """Yield what to call while waiting: the first call starts the jobs here, unless another process runs them.

    It takes them over when that process ends. Where nothing has to be waited for, no model is loaded.
    """
    workers = Workers(library, lambda: build(library.settings, library.store), kind="command line")
    told = os.getpid()

    def work(_: object) -> None:
        nonlocal told
        holder = library.holder()
        if holder is None:
            workers.start()
        elif holder.pid not in (0, told):
            print(f"Lectern already works here ({holder}); it does this too.", file=sys.stderr)
            told = holder.pid

    try:
        yield work
    finally:
        workers.close()


def find_notebook(library: Library, name: str | None) -> NotebookRow:
    """Return the notebook of that name, or the newest. Raises RagError NOTEBOOK_UNKNOWN."""
    known = library.store.notebooks()
    found = known[-1] if name is None and known else library.store.find_notebook(name or DEFAULT_NOTEBOOK)
    if found is None:
        names = ", ".join(row.name for row in known) or "–"
        raise RagError("NOTEBOOK_UNKNOWN", name=DEFAULT_NOTEBOOK if name is None else name, known=names)
    return found


def find_model(library: Library, name: str | None) -> ModelChoice | None:
    """Return the model of that name: one known here, else as it is typed; None, the one that writes, for none."""
    if name is None:
        return None
    for known in library.models.known():
        if name in (known.label, known.model_id):
            return known
    typed = named_choice(name)
    # The process that loads it may run in another folder.
    return replace(typed, name=str(Path(name).expanduser().absolute())) if typed.kind == "folder" else typed
