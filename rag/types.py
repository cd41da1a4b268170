"""The values that pass from chunks to answers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt

from ingest.types import Language
from rag.used import UNKNOWN_USAGE, Usages

if TYPE_CHECKING:
    from rag.tutoring import Tutoring

Vectors = npt.NDArray[np.float32]
Support = Literal["supported", "weak", "not_found"]
Located = Literal["located", "page_only", "deleted"]
AnswerStatus = Literal["answered", "partial", "not_found"]
Verdict = Literal["agree", "differ", "unsupported", "not_comparable"]
Column = Literal["sources", "memory"]


class Embedder(Protocol):
    """Texts to unit vectors; the model's query and passage prefixes are added here and nowhere else."""

    model_id: str
    dimension: int

    def count_tokens(self, text: str) -> int:
        """Count the tokens of ``text`` without prefix or special tokens."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return an array (len(texts), dimension), float32, rows of length 1."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return an array (dimension,), float32, of length 1."""
        ...


class VectorIndex(Protocol):
    """Exact nearest neighbours; scores are cosines, -1..1, higher is nearer."""

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add unit vectors (len(ids), dimension) under new ids."""
        ...

    def remove(self, ids: Iterable[int]) -> None:
        """Remove ids; unknown ids are ignored."""
        ...

    def search(self, vector: Vectors, k: int, within: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """Return at most ``k`` (id, cosine), nearest first, equal scores by id; only ids of ``within`` when given."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of generated text; ``probability`` (0..1) and ``alternatives``, when asked for, come from raw logits."""

    text: str
    probability: float | None = None
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a generator reads: ``system`` and ``user`` for chat templates, ``completion`` for base models.

    ``left_out`` holds the numbers of the passages that did not fit the token budget. ``memory``: no source is in it.
    ``adapted``: the generator's adapter, if it has one, is used.
    """

    system: str
    user: str
    completion: str
    left_out: tuple[int, ...] = ()
    memory: bool = False
    adapted: bool = True


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn instead of taking the likeliest.

    ``temperature`` > 0 divides the logits; only the likeliest tokens that together hold ``top_p`` (0..1) of what then
    is the probability are drawn from. Equal ``seed``, settings and prompt give equal text on one machine.
    """

    temperature: float
    top_p: float = 1.0
    seed: int = 0


class Generator(Protocol):
    """A causal language model."""

    model_id: str
    context_tokens: int
    is_chat: bool

    def count_tokens(self, text: str) -> int:
        """Count the tokens of ``text``."""
        ...

    def stream(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        top: int = 0,
        sampling: Sampling | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Token]:
        """Yield tokens, cut before any stop string; end early, keeping what came, once ``cancelled()`` is true.

        They are the likeliest ones, or drawn as ``sampling`` says. ``top`` > 0 adds probabilities, before any
        temperature, and that many alternatives. Raises GenerationError.
        """
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as found for a question, numbered from 1.

    ``document_id`` is the store's row; ``document`` the file's name, ``title`` what it calls itself, or nothing;
    ``sha256`` its identity; ``score`` the cosine to the question; ``extractor`` the name and version of what read it.
    """

    n: int
    document_id: int
    sha256: str
    document: str
    page_index: int
    page_label: str
    section: str
    text: str
    start: int
    end: int
    score: float
    language: Language = "en"
    extractor: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """An answer ``passage.text[start:end]``; ``score`` is its log-probability among the spans of its passage."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a passage: the log-odds that it answers, and answers, best first; ``gain`` if weighed."""

    answerable: float
    spans: tuple[Span, ...]
    gain: float | None = None


class Reader(Protocol):
    """Finds answers in passages, word for word."""

    model_id: str

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        """Read each passage for the question; one reading a passage, in order. Raises Stopped."""
        ...


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote in a source. ``n`` is the passage's number; ``start`` and ``end`` lie in the page's normalised text."""

    n: int
    sha256: str
    document: str
    page_index: int
    page_label: str
    quote: str
    start: int
    end: int
    extractor: str = ""
    support: Support = "supported"
    located: Located = "located"


@dataclass(frozen=True, slots=True)
class SourcedAnswer:
    """What the sources say. ``answer`` is the shortest supporting span, ``text`` what is shown, with ``[n]`` marks.

    ``left_out`` are passages that did not fit the prompt; ``unread`` counts the documents that were still being read.
    ``probability`` (0..1) is that of being answered by the passages, as calibrated; ``missing`` are the parts of the
    question that no cited passage speaks of; ``unsupported`` the model's sentences that no passage holds, not in the
    text; ``instead`` is what a reader finds where the text says something else.
    """

    status: AnswerStatus
    answer: str
    text: str
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    left_out: tuple[int, ...] = ()
    unread: int = 0
    probability: float | None = None
    missing: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Memory beside sources; ``differences`` are the memory's names and numbers that the sources do not hold."""

    verdict: Verdict
    differences: tuple[str, ...] = ()
    supported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a conversation, complete in itself, and its short answer; empty where none was found."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class QuestionCompleted:
    """A question that leaned on the conversation was made complete; this is what is searched and read."""

    question: str


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """Retrieval is done."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text for one column; of the memory, the ``token`` that it is."""

    column: Column
    text: str
    token: Token | None = None


@dataclass(frozen=True, slots=True)
class SourcesReady:
    """The sourced answer is complete and checked; it replaces what was streamed."""

    answer: SourcedAnswer


@dataclass(frozen=True, slots=True)
class TutorReady:
    """The tutor's question is made: the answer stays hidden until its steps are done."""

    tutoring: "Tutoring"


@dataclass(frozen=True, slots=True)
class MemoryReady:
    """The memory answer is complete; its ``tokens`` spell ``text``."""

    text: str
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerReady:
    """Everything is done; ``timings`` are seconds by step, ``usage`` is what each column took."""

    comparison: Comparison | None
    timings: dict[str, float]
    usage: Usages = UNKNOWN_USAGE


@dataclass(frozen=True, slots=True)
class UsageCounted:
    """Comes first: ``used()`` tells at any time, from any thread, what each column took so far."""

    used: Callable[[], Usages]


AskEvent = (
    QuestionCompleted | PassagesFound | TextDelta | SourcesReady | TutorReady | MemoryReady | AnswerReady | UsageCounted
)
