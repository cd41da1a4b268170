"""The models of a process as those see them who work with them: what stays, and what comes with the one that writes."""

from typing import Protocol

from rag.answering import Answerer
from rag.choice import ModelChoice
from rag.model_card import ModelCard
from rag.room import Room
from rag.source_guides.job import SourceGuideServices
from rag.study_jobs import StudyServices
from rag.types import Embedder, Generator


class Services(StudyServices, SourceGuideServices, Protocol):
    """The models of a process with the one that writes."""

    @property
    def choice(self) -> ModelChoice:
        """Return which model writes."""
        ...

    @property
    def generator(self) -> Generator:
        """Return the model that writes."""
        ...

    @property
    def answerer(self) -> Answerer:
        """Return what answers questions."""
        ...

    @property
    def device(self) -> str:
        """Return where the models run, for the screen, such as "CPU · 2 cores"."""
        ...

    @property
    def card(self) -> ModelCard:
        """Return what is told of the model that writes."""
        ...


class Foundation(Protocol):
    """The models that stay whichever model writes."""

    @property
    def embedder(self) -> Embedder:
        """Return what turns passages into vectors."""
        ...

    def room_for(self, choice: ModelChoice, beside: ModelChoice | None) -> Room:
        """Tell whether a model fits beside the one that is loaded, or only instead of it. Raises ModelError."""
        ...

    def load(self, choice: ModelChoice) -> Services:
        """Load the model that writes. Raises ModelError."""
        ...
