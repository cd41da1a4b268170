"""What the store keeps of an evaluation: a run over many questions and, for each, what was expected and what came."""

from dataclasses import dataclass
from typing import Literal

from ingest.types import Language
from rag.types import AnswerStatus, Citation, Passage

Origin = Literal["upload", "suggested"]
RunState = Literal["running", "cancelled", "done", "failed"]
ItemState = Literal["waiting", "asking", "done", "error"]
ItemStatus = Literal["", "answered", "partial", "not_found"]
ItemKind = Literal["", "cloze", "definition"]


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to be asked. ``expected`` holds the accepted answers; none means that it should not be found.

    ``page`` counts from 1, 0 where it is not known; ``document`` is a source's file name, "" where it is not known.
    ``kind`` tells how a suggested question was made.
    """

    question: str
    language: Language
    expected: tuple[str, ...]
    page: int = 0
    document: str = ""
    kind: ItemKind = ""


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """A run over the questions of one file or of one suggestion.

    While ``state`` is running, its ``total - done`` questions are asked one by one when nobody else asks. ``failed`` of
    the ``done`` ended in an error; ``seconds`` is what the others took together. Two runs with the same
    ``questions_key`` asked the same questions.
    """

    id: int
    notebook_id: int
    name: str
    origin: Origin
    questions_key: str
    document_ids: tuple[int, ...]
    wants_memory: bool
    state: RunState
    code: str
    details: dict[str, str]
    model_id: str
    created_at: float
    total: int = 0
    done: int = 0
    failed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class EvaluationItem:
    """A question of a run. ``status`` is "" until it was answered; ``probability`` is 0..1 or None where not told."""

    id: int
    run_id: int
    position: int
    question: str
    language: Language
    expected: tuple[str, ...]
    page: int
    document: str
    kind: ItemKind
    state: ItemState
    status: ItemStatus
    answer: str
    text: str
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    memory_text: str
    probability: float | None
    seconds: float
    code: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What came for one question, to be stored at once."""

    status: AnswerStatus
    answer: str
    text: str
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    memory_text: str
    probability: float | None
    seconds: float
    model_id: str
