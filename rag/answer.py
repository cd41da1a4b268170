"""A question's two answers, as events: first from the sources, then from the model's memory."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from ingest.types import Language
from rag.adapters import WithoutAdapter
from rag.answer_settings import AnswerSettings, Length
from rag.compare import compare
from rag.dialogue.complete import complete_question
from rag.energy import UNKNOWN_POWER, Gauge
from rag.ground import Grounder
from rag.prompt import memory_prompt
from rag.retrieve import Retriever
from rag.runaway import cut_runaway, runaway_start
from rag.sourced import answer_from_sources
from rag.subquestions import join, subquestions
from rag.tokens import ALTERNATIVES, cut_to, spell
from rag.tutor import Tutor
from rag.types import (
    AnswerReady,
    AskEvent,
    Comparison,
    Exchange,
    Generator,
    MemoryReady,
    PassagesFound,
    QuestionCompleted,
    SourcedAnswer,
    SourcesReady,
    TextDelta,
    Token,
    TutorReady,
    UsageCounted,
)
from rag.usage import ColumnMeter, Metered, UsageMeter
from rag.verify import Judge

MEMORY_TOKENS: dict[Length, int] = {"short": 64, "normal": 96, "long": 256}


class Question(Protocol):
    """What is asked, of which documents, for which columns."""

    @property
    def notebook_id(self) -> int:
        """Return the notebook that is asked."""
        ...

    @property
    def question(self) -> str:
        """Return what is asked, never empty."""
        ...

    @property
    def language(self) -> Language:
        """Return the language to answer in."""
        ...

    @property
    def document_ids(self) -> Sequence[int]:
        """Return the documents to search; none is a search that finds nothing."""
        ...

    @property
    def history(self) -> Sequence[Exchange]:
        """Return what was said before in the conversation, oldest first."""
        ...

    @property
    def wants_sources(self) -> bool:
        """Tell whether to answer from the sources."""
        ...

    @property
    def wants_memory(self) -> bool:
        """Tell whether to answer from memory."""
        ...

    @property
    def settings(self) -> AnswerSettings:
        """Return how it is to be answered."""
        ...


class Answerer:
    """Answer questions one at a time with one generator."""

    def __init__(
        self,
        retriever: Retriever,
        grounder: Grounder,
        generator: Generator,
        without_adapter: Callable[[int], bool] = lambda notebook_id: False,
        tutor: Tutor | None = None,
        gauge: Gauge = UNKNOWN_POWER,
        judge: Judge | None = None,
    ) -> None:
        """Write with ``generator``; for notebooks that are ``without_adapter``, as it is without its adapter.

        ``tutor`` asks first where a question's settings wish it; ``gauge`` tells the energy that answers take;
        ``judge`` grades what a chat model writes.
        """
        self._retriever = retriever
        self._grounder = grounder
        self._generator = Metered(generator)
        self._plain = WithoutAdapter(self._generator)
        self._gauge = gauge
        self._without_adapter = without_adapter
        self._tutor = tutor
        self._judge = judge

    def _generator_of(self, row: Question) -> Generator:
        return self._plain if self._without_adapter(row.notebook_id) else self._generator

    def answer(self, row: Question, cancelled: Callable[[], bool]) -> Iterator[AskEvent]:
        """Yield events until AnswerReady; once ``cancelled()`` is true, end early, without it, keeping what came."""
        clock, meter = _Clock(), UsageMeter(self._generator, self._gauge, time.perf_counter)
        columns = ColumnMeter(meter, "sources" if row.wants_sources else "memory")
        yield UsageCounted(columns.used)
        sourced: SourcedAnswer | None = None
        memory: str | None = None
        question = complete_question(row.question, row.language, row.history, self._generator_of(row), cancelled)
        if question != row.question:
            yield QuestionCompleted(question)
        if row.wants_sources:
            for event in self._from_sources(row, question, clock, cancelled):
                if isinstance(event, SourcesReady):
                    sourced = event.answer
                yield event
        if sourced is not None and row.settings.tutor and not cancelled():
            yield from self._tutored(row, sourced, cancelled)
        wants_memory = row.wants_memory and not cancelled()
        if row.wants_sources:
            columns.go_on("memory" if wants_memory else None)
        if wants_memory:
            for delta in self._from_memory(row, question, clock, cancelled):
                memory = delta.text if isinstance(delta, MemoryReady) else memory
                yield delta
            columns.go_on(None)
        if cancelled():
            return
        comparison: Comparison | None = None
        if sourced is not None and memory is not None:
            comparison = compare(question, sourced, memory)
        yield AnswerReady(comparison, clock.finish(), columns.used())

    def _tutored(self, row: Question, answer: SourcedAnswer, cancelled: Callable[[], bool]) -> Iterator[TutorReady]:
        if self._tutor is None or answer.status == "not_found":
            return
        generator = self._generator_of(row)
        made = self._tutor.tutoring(row.notebook_id, answer, row.language, generator, cancelled)
        if made is not None and not cancelled():
            yield TutorReady(made)

    def _from_sources(
        self, row: Question, question: str, clock: "_Clock", cancelled: Callable[[], bool]
    ) -> Iterator[AskEvent]:
        asked = (question,) if self._generator_of(row).is_chat else subquestions(question)
        answers: list[SourcedAnswer] = []
        for part in asked:
            for event in self._from_passages(row, part, clock, cancelled):
                if isinstance(event, SourcesReady):
                    answers.append(event.answer)
                elif len(asked) == 1 or isinstance(event, PassagesFound):
                    yield event
        if len(answers) == len(asked):
            yield SourcesReady(answers[0] if len(asked) == 1 else join(asked, answers))

    def _from_passages(
        self, row: Question, question: str, clock: "_Clock", cancelled: Callable[[], bool]
    ) -> Iterator[PassagesFound | TextDelta | SourcesReady]:
        found = self._retriever.retrieve(row.notebook_id, question, row.document_ids, cancelled=cancelled)
        clock.lap("search")
        yield PassagesFound(found.passages)
        if cancelled():
            return
        grounding = self._grounder.ground(
            question, row.language, found.passages, found.vector, found.readings, cancelled, found.own_language
        )
        clock.lap("evidence")
        if cancelled():
            return
        generator = self._generator_of(row)
        events = answer_from_sources(
            question, row.language, found.passages, grounding, generator, cancelled, row.settings, self._judge
        )
        for event in events:
            clock.first("sources_first_word")
            if isinstance(event, SourcesReady):
                answer = replace(event.answer, unread=found.unread, probability=grounding.decision.probability)
                event = SourcesReady(answer)
            yield event
        clock.lap("sources")

    def _from_memory(
        self, row: Question, question: str, clock: "_Clock", cancelled: Callable[[], bool]
    ) -> Iterator[AskEvent]:
        prompt = memory_prompt(question, row.language, row.settings)
        generator = self._generator_of(row)
        # A base model is not told how long to be: it ends its line.
        stop = () if generator.is_chat else ("\n",)
        most = MEMORY_TOKENS[row.settings.length if generator.is_chat else "normal"]
        drawn = row.settings.sampling
        written: list[Token] = []
        for token in generator.stream(
            prompt, max_tokens=most, stop=stop, top=ALTERNATIVES, sampling=drawn, cancelled=cancelled
        ):
            written.append(token)
            if runaway_start(spell(written)) is not None:
                break
            clock.first("memory_first_word")
            yield TextDelta("memory", token.text, token)
        clock.lap("memory")
        text = cut_runaway(spell(written))[0].strip()
        yield MemoryReady(text, cut_to(written, text))


Step = Literal["search", "evidence", "sources", "memory", "sources_first_word", "memory_first_word"]


class _Clock:
    """Seconds by step, and seconds from the start to each first word."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._seconds: dict[str, float] = {}

    def lap(self, step: Step) -> None:
        now = time.perf_counter()
        self._seconds[step] = round(self._seconds.get(step, 0.0) + now - self._last, 3)
        self._last = now

    def first(self, step: Step) -> None:
        self._seconds.setdefault(step, round(time.perf_counter() - self._start, 3))

    def finish(self) -> dict[str, float]:
        return {**self._seconds, "total": round(time.perf_counter() - self._start, 3)}
