"""The loaded models and what works with them: one set for a process."""

from collections.abc import Callable
from dataclasses import dataclass

from rag import calibration
from rag.answer import Answerer
from rag.build import build_embedder, build_generator, build_notebook_readers
from rag.device import choose
from rag.ground import Grounder
from rag.parts import UNCHOSEN, Parts
from rag.retrieve import Retriever
from rag.settings import Settings
from rag.store import Store
from rag.study.aids.maker import GuideMaker
from rag.study.maker import QuizMaker
from rag.types import Embedder, Generator, Reader


@dataclass(frozen=True, slots=True)
class Services:
    """What jobs need; ``reader_of`` gives a notebook's reader, ``device`` is a label for the screen."""

    embedder: Embedder
    retriever: Retriever
    grounder: Grounder
    answerer: Answerer
    generator: Generator
    reader_of: Callable[[int], Reader | None]
    quiz_maker: QuizMaker
    guide_maker: GuideMaker
    generator_id: str
    device: str


def build_services(settings: Settings, store: Store) -> Services:
    """Load the models of the settings. Raises ModelError."""
    embedder = build_embedder(settings)
    generator = build_generator(settings)
    readers = build_notebook_readers(settings)

    def parts_of(notebook_id: int) -> Parts:
        notebook = store.notebook(notebook_id)
        return notebook.parts if notebook else UNCHOSEN

    def reader_of(notebook_id: int) -> Reader | None:
        return readers.of(notebook_id, parts_of(notebook_id))

    def mcq_score(model_id: str) -> float | None:
        """Return what the model got right of the multiple-choice questions, where that was measured."""
        measured = store.get_setting(f"mcq.{model_id}")
        return float(measured) if measured else None

    retriever = Retriever(store, embedder, reader_of)
    grounder = Grounder(embedder, calibration.load(), calibration.load(reader=True))
    answerer = Answerer(retriever, grounder, generator, lambda notebook_id: not parts_of(notebook_id).adapter)
    quiz_maker = QuizMaker(embedder, reader_of, generator, mcq_score)
    return Services(
        embedder,
        retriever,
        grounder,
        answerer,
        generator,
        reader_of,
        quiz_maker,
        GuideMaker(embedder, generator),
        generator.model_id,
        choose(settings).label,
    )
