"""The guides of sources, made step by step behind everything else: a user waits for one step at most."""

import logging
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from rag.errors import RagError
from rag.source_guides.store import READY, Claim, SourceGuides
from rag.source_guides.task import Step, Task
from rag.study.material import gather
from rag.study_jobs import StudyDesk

LOOK_SECONDS = 1.0
"""Nobody waits for a guide: whether one is due is looked up this often."""
GLANCE_SECONDS = 0.2

logger = logging.getLogger(__name__)


class Maker(Protocol):
    """What makes the guide of a source."""

    def make(self, task: Task, gives_way: Callable[[], bool]) -> Iterator[Step]:
        """Yield the steps, none of them long; the last one holds the whole guide."""
        ...


class SourceGuideServices(Protocol):
    """The models of a process, as far as guides of sources need them."""

    @property
    def source_guide_maker(self) -> Maker:
        """Return what makes the guides of sources."""
        ...


class SourceGuideWork:
    """Make what is due, one step a ``step``; whatever goes wrong with a guide ends in its row, never here."""

    def __init__(self, guides: SourceGuides, desk: StudyDesk) -> None:
        self._guides = guides
        self._desk = desk
        self._claim: Claim | None = None
        self._steps: Iterator[Step] = iter(())
        self._looked = self._glanced = 0.0
        self._waited_for = False

    def step(self, services: SourceGuideServices | None) -> bool:
        """Take one step of the guide in hand, or begin the next; False when nothing is due or a source is read."""
        now = time.monotonic()
        if services is None or (self._claim is None and now - self._looked < LOOK_SECONDS):
            return False
        if self._claim is None:
            self._looked = now
            self._claim = self._guides.claim(self._desk.owner)
            if self._claim is None:
                return False
            self._steps = self._begun(self._claim, services)
        elif self._guides.reading():
            return False
        self._take(self._claim)
        return True

    def close(self) -> None:
        """Put the guide in hand back."""
        if self._claim is not None:
            claim, self._claim = self._claim, None
            self._desk.keep(lambda: self._guides.release(claim, self._desk.owner))

    def _begun(self, claim: Claim, services: SourceGuideServices) -> Iterator[Step]:
        store = self._desk.store
        material = gather(store, claim.notebook_id, [claim.document_id])
        others = tuple(
            row for row in store.documents(claim.notebook_id) if row.id != claim.document_id and row.state in READY
        )
        if material.documents:
            task = Task(claim.notebook_id, material.documents[0], material, others, claim.begun, claim.again)
            yield from services.source_guide_maker.make(task, self._gives_way)

    def _gives_way(self) -> bool:
        # Asked often, it looks into the database at most five times a second.
        now = time.monotonic()
        if now - self._glanced >= GLANCE_SECONDS:
            self._glanced, self._waited_for = now, self._desk.waiting() or self._desk.closing()
        return self._waited_for

    def _take(self, claim: Claim) -> None:
        guides, owner, keep = self._guides, self._desk.owner, self._desk.keep
        try:
            step = next(self._steps, None)
        except RagError as raised:
            self._fail(claim, raised)
            return
        except Exception as raised:
            logger.exception("the guide of a source failed")
            self._fail(claim, RagError("INTERNAL", reason=type(raised).__name__))
            return
        if not guides.wanted(claim, owner):
            self._claim = None
        elif step is None:
            self.close()  # the source is being read anew
        elif step.done < 100 or step.guide is None:
            keep(lambda: guides.keep(claim, owner, step.done, step.guide))
        else:
            whole = step.guide
            keep(lambda: guides.finish(claim, owner, whole))
            self._claim = None

    def _fail(self, claim: Claim, error: RagError) -> None:
        logger.warning("the guide of a source failed: %s", error.code)
        self._claim = None
        self._desk.keep(lambda: self._guides.fail(claim, self._desk.owner, error.code, error.details))
