"""The loaded models and what works with them: one set for a process."""

from collections.abc import Callable
from dataclasses import dataclass

from rag import calibration
from rag.answer import Answerer
from rag.build import build_embedder, build_generator, build_notebook_readers
from rag.choice import ModelChoice, default_choice
from rag.device import Device, choose
from rag.energy import UNKNOWN_POWER, Gauge, gauge
from rag.ground import Grounder
from rag.model_card import ModelCard, read_card
from rag.models import Models
from rag.parts import UNCHOSEN, Parts
from rag.retrieve import Retriever
from rag.room import Room, room_for
from rag.settings import Settings
from rag.source_guides.check import Check
from rag.source_guides.maker import SourceGuideMaker
from rag.store import Store
from rag.study.aids.maker import GuideMaker
from rag.study.maker import QuizMaker
from rag.tutor import Tutor
from rag.types import Embedder, Generator, Reader
from rag.verify import Judge
from rag.weigher import Weigher


@dataclass(frozen=True, slots=True)
class Foundation:
    """What stays whichever model writes; ``reader_of`` gives a notebook's reader, ``weigher_of`` what weighs beside the
    model that writes."""

    settings: Settings
    store: Store
    models: Models
    device: Device
    embedder: Embedder
    retriever: Retriever
    grounder: Grounder
    reader_of: Callable[[int], Reader | None]
    weigher_of: Callable[[Generator], Weigher | None]

    def room_for(self, choice: ModelChoice, beside: ModelChoice | None) -> Room:
        """Tell whether a model fits beside the one that is loaded, or only instead of it. Raises ModelError."""
        return room_for(self.settings, choice, beside, self.device)

    def load(self, choice: ModelChoice) -> "Services":
        """Load the model that writes, and what works with it. Raises ModelError."""
        generator = build_generator(self.settings, choice)
        card = read_card(self.settings, choice, generator.model_id, generator.context_tokens, self.device)
        return self._with_generator(generator, choice, card)

    def _with_generator(self, generator: Generator, choice: ModelChoice, card: ModelCard) -> "Services":
        tutor = Tutor(self.store, self.embedder)
        retriever = self.retriever.weighed_by(self.weigher_of(generator))
        return Services(
            choice,
            self.embedder,
            retriever,
            self.grounder,
            Answerer(
                retriever,
                self.grounder,
                generator,
                self._is_without_adapter,
                tutor,
                self._gauge(choice),
                Judge(self.embedder),
            ),
            generator,
            self.reader_of,
            QuizMaker(self.embedder, self.reader_of, generator, lambda name: self.models.mcq_score(name, choice)),
            GuideMaker(self.embedder, generator),
            SourceGuideMaker(self.embedder, Check(retriever, self.grounder), self.store.pages),
            generator.model_id,
            self.device.label,
            card,
        )

    def _gauge(self, choice: ModelChoice) -> Gauge:
        return UNKNOWN_POWER if choice.kind == "endpoint" else gauge(self.device)

    def _is_without_adapter(self, notebook_id: int) -> bool:
        return not _parts_of(self.store, notebook_id).adapter


@dataclass(frozen=True, slots=True)
class Services:
    """What jobs need; ``reader_of`` gives a notebook's reader, ``device`` is a label for the screen."""

    choice: ModelChoice
    embedder: Embedder
    retriever: Retriever
    grounder: Grounder
    answerer: Answerer
    generator: Generator
    reader_of: Callable[[int], Reader | None]
    quiz_maker: QuizMaker
    guide_maker: GuideMaker
    source_guide_maker: SourceGuideMaker
    generator_id: str
    device: str
    card: ModelCard


def build_services(settings: Settings, store: Store) -> Services:
    """Load the models of the settings, for scripts and evaluation. Raises ModelError."""
    return build_foundation(settings, store).load(default_choice(settings))


def build_foundation(settings: Settings, store: Store) -> Foundation:
    """Load everything but the model that writes. Raises ModelError."""
    embedder = build_embedder(settings)
    readers = build_notebook_readers(settings)

    def reader_of(notebook_id: int) -> Reader | None:
        return readers.of(notebook_id, _parts_of(store, notebook_id))

    retriever = Retriever(store, embedder, reader_of)
    grounder = Grounder(
        embedder,
        calibration.load("without_reader"),
        calibration.load("with_reader"),
        calibration.load("with_generator"),
    )
    return Foundation(
        settings, store, Models(store, settings), choose(settings), embedder, retriever, grounder, reader_of, weigher_of
    )


def weigher_of(generator: Generator) -> Weigher | None:
    """Return the generator, with or without an adapter, if it is the one that passages were weighed by."""
    known = generator.model_id.partition("+")[0] == calibration.weigher_id()
    return generator if known and isinstance(generator, Weigher) else None


def _parts_of(store: Store, notebook_id: int) -> Parts:
    notebook = store.notebook(notebook_id)
    return notebook.parts if notebook else UNCHOSEN
