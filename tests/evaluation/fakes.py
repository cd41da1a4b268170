"""Models whose answers a reader can predict: the page that shares most words with the question answers it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rag.cite import cite_span
from rag.settings import Settings
from rag.store import Store
from rag.terms import content_words, stem
from rag.types import (
    AnswerReady,
    AskEvent,
    MemoryReady,
    Passage,
    PassagesFound,
    SourcedAnswer,
    SourcesReady,
)
from tests.rag.fakes import HashEmbedder

ENOUGH = 2
MEMORY = "I believe that it was Ada Morn, near Canberra."


@dataclass
class WordRetriever:
    """Ranks whole pages by the words they share with the question, then by their place."""

    store: Store
    asked: list[str] = field(default_factory=list)

    def retrieve(self, notebook_id: int, question: str, document_ids: Sequence[int], k: int = 8) -> Any:
        self.asked.append(question)
        _, ids = self.store.chunk_ids(notebook_id)
        rows = [row for row in self.store.chunks(ids) if row.document_id in document_ids]
        ranked = sorted(rows, key=lambda row: (-shared(question, row.text), row.id))[:k]
        return Ranking(tuple(_passage(n, row) for n, row in enumerate(ranked, start=1)))


@dataclass(frozen=True)
class Ranking:
    passages: tuple[Passage, ...]


def shared(question: str, text: str) -> int:
    return len({stem(w) for w in content_words(question)} & {stem(w) for w in content_words(text)})


def _passage(n: int, row: Any) -> Passage:
    return Passage(
        n, row.document_id, row.sha256, row.document, row.page_index, row.page_label, "", row.text, row.start, row.end,
        0.5, row.language, row.extractor,
    )  # fmt: skip


@dataclass
class WordAnswerer:
    """Quotes the best page's text when it shares enough words; its answer is the last two words. Memory never varies.

    ``ends_after``: what is asked after that many questions ends the run, as Ctrl-C does.
    """

    retriever: WordRetriever
    asked: list[str] = field(default_factory=list)
    ends_after: int = 10**9

    def answer(self, row: Any, cancelled: Callable[[], bool]) -> Iterator[AskEvent]:
        if len(self.asked) >= self.ends_after:
            raise KeyboardInterrupt
        self.asked.append(row.question)
        if row.wants_sources:
            passages = self.retriever.retrieve(row.notebook_id, row.question, row.document_ids).passages
            yield PassagesFound(passages)
            yield SourcesReady(_sourced(row.question, passages))
        if row.wants_memory:
            yield MemoryReady(MEMORY)
        yield AnswerReady(None, {"total": 0.1})


def _sourced(question: str, passages: tuple[Passage, ...]) -> SourcedAnswer:
    if not passages or shared(question, passages[0].text) < ENOUGH:
        return SourcedAnswer("not_found", "", "", (), passages)
    best = passages[0]
    citation = cite_span(best, 0, len(best.text), "supported")
    answer = " ".join(best.text.rstrip(".").split()[-2:])
    return SourcedAnswer("answered", answer, f"{answer}. [1]", (citation,), passages)


@dataclass
class FakeServices:
    """What ``rag.services`` would build, without a model."""

    retriever: WordRetriever
    answerer: WordAnswerer
    embedder: HashEmbedder = field(default_factory=HashEmbedder)
    generator_id: str = "scripted"
    device: str = "CPU"
    generator: Any = None
    quiz_maker: Any = None

    def reader_of(self, notebook_id: int) -> None:
        return None


class Builder:
    """Builds the fakes, and keeps what they were asked; counts how often models were loaded."""

    def __init__(self, ends_after: int = 10**9) -> None:
        self.built: list[FakeServices] = []
        self.generator: Any = None
        self.quiz_maker: Any = None
        self._ends_after = ends_after

    def __call__(self, settings: Settings, store: Store) -> Any:
        retriever = WordRetriever(store)
        made = FakeServices(retriever, WordAnswerer(retriever, ends_after=self._ends_after))
        made.generator, made.quiz_maker = self.generator, self.quiz_maker
        self.built.append(made)
        return made

    @property
    def asked(self) -> list[str]:
        return [question for services in self.built for question in services.answerer.asked]
