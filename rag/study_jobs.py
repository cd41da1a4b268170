"""Quizzes, replaced items and guides, made piece by piece, so that a user's question goes between any two pieces."""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.answering import Cancellation
from rag.errors import RagError, Stopped
from rag.store import Store
from rag.study.material import Material, gather
from rag.study.queue import Redo, StudyQueue, Work
from rag.study.rows import GuideRow, QuizRow
from rag.study.types import (
    Dropped,
    Guide,
    GuideKind,
    Item,
    Made,
    Planned,
    QuizEvent,
    QuizLanguage,
    QuizRequest,
)

logger = logging.getLogger(__name__)

Event = QuizEvent | int | Guide


class QuizMaker(Protocol):
    """What makes the items of a quiz."""

    def make(
        self,
        notebook_id: int,
        request: QuizRequest,
        material: Material,
        kept: Sequence[Item] = (),
        cancelled: Callable[[], bool] = ...,
    ) -> Iterator[QuizEvent]:
        """Yield the plan and what comes of it, at most ``request.count`` items with ``kept``. Raises RagError."""
        ...


class GuideMaker(Protocol):
    """What makes study aids."""

    def make(
        self, kind: GuideKind, material: Material, language: QuizLanguage, cancelled: Callable[[], bool] = ...
    ) -> Iterator[int | Guide]:
        """Yield percents, and the guide last. Raises RagError."""
        ...


class StudyServices(Protocol):
    """The models of a process, as far as study aids need them."""

    @property
    def quiz_maker(self) -> QuizMaker:
        """Return what makes quizzes."""
        ...

    @property
    def guide_maker(self) -> GuideMaker:
        """Return what makes guides."""
        ...

    @property
    def generator_id(self) -> str:
        """Return the name of the model that writes."""
        ...


@dataclass(frozen=True, slots=True)
class StudyDesk:
    """Where the work of ``owner`` comes from and goes to.

    ``keep`` repeats a write until it is stored; ``closing`` tells that the process ends, ``waiting`` that a question of
    a user waits.
    """

    store: Store
    queue: StudyQueue
    owner: str
    keep: Callable[[Callable[[], object]], None]
    closing: Callable[[], bool]
    waiting: Callable[[], bool]


class StudyWork:
    """Make what waits, one piece a ``step``; whatever goes wrong with a job ends in its row, never here."""

    def __init__(self, desk: StudyDesk) -> None:
        self._desk = desk
        self._job: StudyJob | None = None

    def step(self, services: StudyServices | None, error: RagError | None) -> bool:
        """Do one piece of the job in hand, or begin the next; return False when nothing waits."""
        desk = self._desk
        if self._job is None:
            work = desk.queue.claim(desk.owner)
            if work is None:
                return False
            if services is None:
                code, details = (error.code, error.details) if error else ("INTERRUPTED", {})
                desk.keep(lambda: desk.queue.fail(work, desk.owner, code, details))
                return True
            self._job = StudyJob(work, desk, services)
        if not self._job.step():
            self._job = None
        return True

    def close(self) -> None:
        """Put the job in hand back."""
        if self._job is not None:
            self._job.release()
            self._job = None


class StudyJob:
    """One claimed quiz, item or guide on its way."""

    def __init__(self, work: Work, desk: StudyDesk, services: StudyServices) -> None:
        self._work = work
        self._desk = desk
        self._services = services
        self._cancelled = Cancellation(self._is_unwanted)
        self._is_underway = False
        self._sources: frozenset[int] = frozenset()
        self._events = self._begin()

    def step(self) -> bool:
        """Take the next event; return False once the job ended."""
        try:
            event = next(self._events, None)
        except Stopped:
            event = None
        except RagError as raised:
            return self._fail(raised)
        except Exception as raised:
            logger.exception("a study aid failed")
            return self._fail(RagError("INTERNAL", reason=type(raised).__name__))
        if self._desk.closing() or self._cancelled() or self._is_outdated():
            self.release()
            return False
        self._is_underway = True
        return self._take(event)

    def release(self) -> None:
        """Put the work back, unless it was cancelled meanwhile."""
        self._events.close()
        desk = self._desk
        desk.keep(lambda: desk.queue.release(self._work, desk.owner))

    def _is_unwanted(self) -> bool:
        # To read a whole notebook takes longer than a user should wait: it is begun anew after the question.
        desk = self._desk
        gives_way = not self._is_underway and desk.waiting()
        return gives_way or desk.closing() or not desk.queue.wanted(self._work, desk.owner)

    def _begin(self) -> Generator[Event]:
        work = self._work
        if isinstance(work, GuideRow):
            material = self._gather(work.notebook_id, work.document_ids)
            yield from self._services.guide_maker.make(work.kind, material, work.language, self._cancelled)
            return
        quiz = work.quiz if isinstance(work, Redo) else work
        material = self._gather(quiz.notebook_id, quiz.request.document_ids, quiz.request.sections)
        had = self._desk.queue.items(quiz.id)
        if isinstance(work, Redo):
            yield from self._replacements(work, material, had)
        else:
            # What was removed or written by hand is none of the items asked for, and none of them is made again.
            count = quiz.request.count - quiz.done + len(had)
            yield from self._make(quiz, replace(quiz.request, count=count), material, had)

    def _replacements(self, redo: Redo, material: Material, had: Sequence[Item]) -> Iterator[QuizEvent]:
        """Yield one item from a passage that the quiz never had, of the same type if any passage gives one."""
        request = replace(redo.quiz.request, count=len(had) + 1)
        for types in ((redo.item.item.type,), request.types):
            for event in self._make(redo.quiz, replace(request, types=types), material, had):
                yield event
                if isinstance(event, Made):
                    return

    def _make(
        self, quiz: QuizRow, request: QuizRequest, material: Material, had: Sequence[Item]
    ) -> Iterator[QuizEvent]:
        return self._services.quiz_maker.make(quiz.notebook_id, request, material, had, self._cancelled)

    def _gather(self, notebook_id: int, document_ids: Sequence[int], sections: Sequence[str] = ()) -> Material:
        material = gather(self._desk.store, notebook_id, document_ids, sections)
        if not material.documents:
            is_there = any(row.id in document_ids for row in self._desk.store.documents(notebook_id))
            raise RagError("NO_SOURCES" if is_there or not document_ids else "STUDY_SOURCES")
        self._sources = frozenset(row.id for row in material.documents)
        return material

    def _is_outdated(self) -> bool:
        """Tell whether a source was removed since the work began: it begins again without it."""
        notebook_id = (self._work.quiz if isinstance(self._work, Redo) else self._work).notebook_id
        return not self._sources <= {row.id for row in self._desk.store.documents(notebook_id)}

    def _take(self, event: Event | None) -> bool:
        """Keep what an event brings; return whether more may come."""
        work, queue, owner, keep = self._work, self._desk.queue, self._desk.owner, self._desk.keep
        if isinstance(work, GuideRow):
            return self._take_for_guide(work, event)
        if isinstance(work, Redo):
            if isinstance(event, Made):
                keep(lambda: queue.replace_item(work, owner, event.item))
                return False
            return event is not None or self._fail(RagError("QUIZ_REDO"))
        if isinstance(event, Planned):
            keep(lambda: queue.plan(work, owner, event.passages))
        elif isinstance(event, Made):
            keep(lambda: queue.keep(work, owner, event.item))
        elif isinstance(event, Dropped):
            keep(lambda: queue.drop(work, owner, event.reason))
        else:
            keep(lambda: queue.finish_quiz(work, owner, self._services.generator_id))
        return event is not None

    def _take_for_guide(self, guide: GuideRow, event: Event | None) -> bool:
        queue, owner, keep = self._desk.queue, self._desk.owner, self._desk.keep
        if isinstance(event, int):
            keep(lambda: queue.progress(guide, owner, event))
            return True
        if isinstance(event, Guide):
            keep(lambda: queue.finish_guide(guide, owner, event))
            return False
        return self._fail(RagError("INTERNAL", reason="the guide ended early"))

    def _fail(self, error: RagError) -> bool:
        """End the work with what went wrong; return False: the job is over."""
        logger.warning("a study aid failed: %s", error.code)
        desk = self._desk
        desk.keep(lambda: desk.queue.fail(self._work, desk.owner, error.code, error.details))
        return False
