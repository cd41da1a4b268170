"""One process's models and the corpora it has read, kept under a cache folder between runs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from evaluation.cached import CachedReader, CachedWeigher
from evaluation.corpus import Corpus
from evaluation.fingerprint import answering_key, key, reading_key
from evaluation.progress import Progress
from evaluation.records import Records
from rag.choice import default_choice
from rag.library import Library
from rag.notebook import Notebook
from rag.retrieve import Retriever
from rag.services import Services, build_foundation, build_services
from rag.settings import Settings
from rag.store import Store
from rag.turn import Turn
from rag.types import Generator, Reader
from rag.weigher import Weigher

Build = Callable[[Settings, Store], Services]

_EMPTY = "no documents"


@dataclass(frozen=True, slots=True)
class Ready:
    """A corpus as a notebook that can be asked; ``rows`` are the store's numbers of its documents, by id."""

    corpus: Corpus
    notebook: Notebook
    rows: Mapping[str, int]
    key: str


class Session:
    """The models, loaded once when first needed, and a home whose notebooks are corpora named by their keys.

    ``remembers`` tells that what was read before is used again: the seconds of such a run are not those of an answer.
    """

    def __init__(self, library: Library, cache: Path, build: Build = build_services, remembers: bool = False) -> None:
        self.library = library
        self._remembers = remembers
        self._build = build
        self._cache = cache
        self._turn = Turn(cache / "corpora.lock")
        self._ready: dict[str, Ready] = {}

    @cached_property
    def services(self) -> Services:
        """Return the models of the settings. Raises ModelError."""
        return self._build(self.library.settings, self.library.store)

    @cached_property
    def memory(self) -> Notebook:
        """Return a notebook without documents."""
        store = self.library.store
        return Notebook(self.library, self.services, (store.find_notebook(_EMPTY) or store.create_notebook(_EMPTY)).id)

    def ready(self, corpus: Corpus) -> Ready:
        """Return the corpus as a notebook; what an earlier run has embedded is used again."""
        name = reading_key(self.library.settings, corpus.data)
        if name not in self._ready:
            with self._turn:
                self._ready[name] = self._read(corpus, f"{corpus.name} {name}", name)
        return self._ready[name]

    def _read(self, corpus: Corpus, title: str, name: str) -> Ready:
        store = self.library.store
        notebook_id = (store.find_notebook(title) or store.create_notebook(title)).id
        notebook = Notebook(self.library, self.services, notebook_id)
        for row in store.documents(notebook_id):
            if not row.final:
                # A run that was ended has left it half embedded.
                self.library.remove(row.id)
        known = {row.sha256 for row in store.documents(notebook_id)}
        missing = [read for document_id, read in corpus.readers.items() if document_id not in known]
        if missing:
            for read in Progress(f"{corpus.name}: documents").over(missing):
                notebook.add(read())
        rows = {row.sha256: row.id for row in store.documents(notebook_id)}
        return Ready(corpus, notebook, rows, name)

    def records(self, kind: str, ready: Ready | None = None, **more: object) -> Records:
        """Return what is kept of a kind of measurement over a corpus (None: without one)."""
        corpus = ready.key if ready else ""
        answers = answering_key(self.library.settings, corpus, self.services.device)
        own = key(answers=answers, remembers=self._remembers, **more)
        name = ready.corpus.name.replace(" ", "_") if ready else "closed"
        return Records(self._cache / "records" / f"{kind}-{name}-{own}.jsonl")

    def describe(self) -> dict[str, str]:
        """Return what the figures depend on, for the report."""
        settings, services = self.library.settings, self.services
        return {
            "embedder": services.embedder.model_id,
            "generator": services.generator_id,
            "device": services.device,
            "key": answering_key(settings, "", services.device),
        }


def remembering(folder: Path, settings: Settings, store: Store) -> Services:
    """Load the models of the settings, with a reader and a weigher that keep in ``folder`` what they read. Raises
    ModelError."""
    foundation = build_foundation(settings, store)
    cached: dict[str, CachedReader] = {}

    def reader_of(notebook_id: int) -> Reader | None:
        reader = foundation.reader_of(notebook_id)
        if reader is not None and reader.model_id not in cached:
            cached[reader.model_id] = CachedReader(reader, folder)
        return cached[reader.model_id] if reader else None

    def weigher_of(generator: Generator) -> Weigher | None:
        weigher = foundation.weigher_of(generator)
        return CachedWeigher(weigher, folder) if weigher else None

    retriever = Retriever(store, foundation.embedder, reader_of)
    return replace(foundation, retriever=retriever, reader_of=reader_of, weigher_of=weigher_of).load(
        default_choice(settings)
    )


@contextmanager
def opened(cache: Path | None = None, build: Build | None = None, readings: Path | None = None) -> Iterator[Session]:
    """Open a session over a cache folder (None: ``evaluation`` in the home of the settings). Raises RagError.

    ``build`` loads the models (None: those of the settings, keeping in ``readings`` what they read).
    """
    settings = Settings.from_environment()
    place = cache or settings.home / "evaluation"
    library = Library.open(replace(settings, home=place))
    try:
        usual = partial(remembering, readings) if readings else build_services
        yield Session(library, place, build or usual, remembers=readings is not None)
    finally:
        library.close()
