"""What the store keeps of quizzes, attempts at them, cards and guides: one frozen value for each kind of row."""

from dataclasses import dataclass
from typing import Literal

from ingest.types import Language
from rag.study.types import Guide, GuideKind, Item, QuizLanguage, QuizRequest
from rag.types import Citation

StudyState = Literal["waiting", "making", "done", "cancelled", "failed"]
QuizItemState = Literal["kept", "redo", "removed"]
AttemptMode = Literal["one", "all"]
AttemptFeedback = Literal["instant", "final"]
AttemptState = Literal["open", "done"]
CardOrigin = Literal["quiz", "definition", "hand"]
Rating = Literal[1, 2, 3, 4]
FINAL_STUDY_STATES: frozenset[StudyState] = frozenset({"done", "cancelled", "failed"})


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz and how far its making is.

    ``planned`` is how many items the sources may give, at most ``request.count``; 0 until that is known. ``done`` of
    them are made; ``dropped`` counts by reason those that did not pass. ``code`` and ``details`` tell why it failed,
    or, while ``state`` is done, why the last redo gave nothing. ``version`` grows with every change of its items.
    ``stage_started`` is when the making began. Times are seconds since 1970.
    """

    id: int
    notebook_id: int
    name: str
    request: QuizRequest
    state: StudyState
    code: str
    details: dict[str, str]
    planned: int
    done: int
    dropped: dict[str, int]
    model_id: str
    version: int
    created_at: float
    stage_started: float

    @property
    def final(self) -> bool:
        """Tell whether nothing more will be made without the user."""
        return self.state in FINAL_STUDY_STATES


@dataclass(frozen=True, slots=True)
class QuizItemRow:
    """An item of a quiz in its place, counted from 0; ``redo`` waits to be replaced from another passage."""

    id: int
    quiz_id: int
    position: int
    item: Item
    state: QuizItemState


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered to an item, whether it was right, and whether its hint was seen before."""

    answers: tuple[str, ...]
    right: bool
    hinted: bool


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One practice of a quiz as it was at ``quiz_version``: its items by row id in order, and what was given so far."""

    id: int
    quiz_id: int
    quiz_version: int
    mode: AttemptMode
    feedback: AttemptFeedback
    item_ids: tuple[int, ...]
    state: AttemptState
    given: dict[int, Given]
    started_at: float
    finished_at: float


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """How often an item was answered, over all attempts, and how often rightly."""

    asked: int
    right: int


@dataclass(frozen=True, slots=True)
class CardRow:
    """A flashcard; no two of a notebook share a ``key``. Lines of ``front`` and ``back`` are parted by line feeds.

    ``due`` is when it is next to be seen, in seconds since 1970; ``reviews`` counts how often it was.
    """

    id: int
    notebook_id: int
    key: str
    front: str
    back: str
    language: Language
    source: Citation | None
    origin: CardOrigin
    due: float
    reviews: int
    suspended: bool
    created_at: float


@dataclass(frozen=True, slots=True)
class DueCounts:
    """The cards of a notebook today: ``due`` are those to see until midnight, ``new`` of them never seen before.

    ``reviewed_today`` counts reviews; ``streak`` the days in a row with one, up to today or yesterday.
    """

    due: int
    new: int
    total: int
    reviewed_today: int
    streak: int


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A study aid and how far its making is: ``done`` of ``total`` percent; ``guide`` is there once it is done."""

    id: int
    notebook_id: int
    kind: GuideKind
    language: QuizLanguage
    document_ids: tuple[int, ...]
    state: StudyState
    code: str
    details: dict[str, str]
    done: int
    total: int
    guide: Guide | None
    model_id: str
    created_at: float

    @property
    def final(self) -> bool:
        """Tell whether nothing more will be made without the user."""
        return self.state in FINAL_STUDY_STATES
