"""What the store returns: one frozen value for each kind of row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.types import Language, PageWarning
from rag.answer_settings import USUAL, AnswerSettings
from rag.choice import ModelChoice
from rag.parts import UNCHOSEN, Parts
from rag.tutoring import Tutoring
from rag.types import Comparison, Exchange, Passage, SourcedAnswer, Token
from rag.used import UNKNOWN_USAGE, Usages

DocumentState = Literal["received", "extracting", "embedding", "ready", "ready_warnings", "refused", "failed"]
AnswerState = Literal["queued", "streaming", "done", "stopped", "error"]
AnswerStage = Literal["", "searching", "sources", "memory"]
FeedbackReason = Literal[
    "", "wrong_source", "not_in_source", "incomplete", "wrong_answer", "wrong_language", "refused", "other"
]
FINAL_DOCUMENT_STATES: frozenset[DocumentState] = frozenset({"ready", "ready_warnings", "refused", "failed"})
FINAL_ANSWER_STATES: frozenset[AnswerState] = frozenset({"done", "stopped", "error"})


@dataclass(frozen=True, slots=True)
class NotebookRow:
    """A notebook; ``revision`` grows with every change of what a search in it may return.

    ``answering`` is how its next questions are answered.
    """

    id: int
    name: str
    revision: int
    sample: bool
    created_at: float
    parts: Parts = UNCHOSEN
    answering: AnswerSettings = USUAL


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A source of a notebook.

    ``done`` of ``total`` counts pages while extracting and chunks while embedding; ``stage_started`` is when that stage
    began. Times are seconds since 1970. ``code`` and ``details`` tell why a document was refused or failed.
    """

    id: int
    notebook_id: int
    sha256: str
    name: str
    size: int
    state: DocumentState
    code: str
    details: dict[str, str]
    ticked: bool
    title: str
    language: Language
    pages: int
    readable: int
    warnings: tuple[PageWarning, ...]
    extractor: str
    done: int
    total: int
    stage_started: float
    received_at: float

    @property
    def final(self) -> bool:
        """Tell whether no more work will be done without the user."""
        return self.state in FINAL_DOCUMENT_STATES


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation of a notebook; ``title`` is empty until its first question, ``questions`` counts them."""

    id: int
    notebook_id: int
    title: str
    created_at: float
    questions: int = 0


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question and what was written for it.

    ``sources_text`` and ``memory_text`` grow while ``state`` is streaming; ``sourced`` replaces the former once it is
    checked. ``passages`` are those found, known before ``sourced`` is. ``queue_place`` counts from 1 whose turn comes
    when, the answer that is being written included, and is 0 once it runs. ``feedback`` is -1, 0 or 1; ``reason`` and
    ``comment`` tell why it is -1. ``memory_tokens`` spell ``memory_text``; answers of older versions have none.
    ``settings`` are those that it was asked with; ``usage`` is what it took.
    ``tutoring`` hides the answer until its steps are done. ``choice`` is the model that it is asked of in place of the
    one that writes.

    Answers of one ``turn`` are versions of each other: the question was asked again. ``searched`` is the question as it
    was searched and read, made complete from ``history``; empty where that is the question itself. ``history`` is what
    was said before, and known only while the answer is written.
    """

    id: int
    notebook_id: int
    question: str
    language: Language
    wants_sources: bool
    wants_memory: bool
    document_ids: tuple[int, ...]
    state: AnswerState
    stage: AnswerStage
    sources_text: str
    memory_text: str
    sourced: SourcedAnswer | None
    comparison: Comparison | None
    timings: dict[str, float]
    model_id: str
    code: str
    details: dict[str, str]
    feedback: int
    asked_at: float
    queue_place: int
    passages: tuple[Passage, ...] = ()
    started_at: float = 0.0
    stopping: bool = False
    settings: AnswerSettings = USUAL
    tutoring: Tutoring | None = None
    memory_tokens: tuple[Token, ...] = ()
    conversation_id: int = 0
    turn: int = 0
    searched: str = ""
    reason: FeedbackReason = ""
    comment: str = ""
    usage: Usages = UNKNOWN_USAGE
    choice: ModelChoice | None = None
    history: tuple[Exchange, ...] = ()

    @property
    def final(self) -> bool:
        """Tell whether nothing more will be written."""
        return self.state in FINAL_ANSWER_STATES


def turns(rows: Sequence[AnswerRow]) -> list[list[AnswerRow]]:
    """Return the answers by turn, each with its versions, oldest first."""
    grouped: dict[int, list[AnswerRow]] = {}
    for row in rows:
        grouped.setdefault(row.turn or row.id, []).append(row)
    return [grouped[turn] for turn in sorted(grouped)]


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk with what its document says of it; ``start`` and ``end`` lie in the page's text."""

    id: int
    document_id: int
    sha256: str
    document: str
    title: str
    language: Language
    page_index: int
    page_label: str
    section: str
    text: str
    start: int
    end: int
    extractor: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A stored upload; ``duplicate`` tells that the notebook held these bytes before."""

    document: DocumentRow
    duplicate: bool
