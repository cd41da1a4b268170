"""A source guide, step by step: read, weigh, compare, then ask the notebook question by question."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ingest.types import Page
from rag.errors import RagError, Stopped
from rag.source_guides import content, digest
from rag.source_guides.check import Check
from rag.source_guides.questions import WANTED, candidates
from rag.source_guides.task import Step, Task
from rag.source_guides.types import Digest, GuideQuestion, Lack, SourceGuide
from rag.study.aids.faq import own_names
from rag.study.aids.lesson import Lesson, read, weigh
from rag.study.aids.parts import parts
from rag.study.material import Material
from rag.types import Embedder

SENTENCES = 12
"""So many are embedded in one step: a user's question waits for one step at most."""
_WEIGHED, _COMPARED = 40, 50


class SourceGuideMaker:
    """Make the guides of sources; ``pages_of`` gives the pages of a source by its row."""

    def __init__(self, embedder: Embedder, check: Check, pages_of: Callable[[int], Sequence[Page]]) -> None:
        self._embedder = embedder
        self._check = check
        self._pages_of = pages_of

    def make(self, task: Task, gives_way: Callable[[], bool]) -> Iterator[Step]:
        """Yield the steps, none of them long; the last one holds the whole guide.

        While ``gives_way()`` is true a question is not asked to its end: the step ends, and the next asks it again.
        """
        yield Step(0)
        lesson = _lesson(task.material)
        yield Step(5)
        if any(lesson.statements):
            for weighed in weigh(lesson, self._embedder, {}, lambda: False, SENTENCES):
                if isinstance(weighed, Lesson):
                    lesson = weighed
                else:
                    yield Step(5 + round((_WEIGHED - 5) * weighed))
        names = own_names([sentence.text for sentence in task.material.sentences])
        guide = task.begun
        if guide is None:
            guide = self._described(task, lesson, names)
            yield Step(_WEIGHED)
            for compared in digest.compare(guide.terms, digest.before(task.row, task.others), self._pages_of):
                guide = replace(guide, digest=compared) if isinstance(compared, Digest) else guide
                yield Step(_COMPARED)
            yield Step(_COMPARED, guide)
        yield from self._asked(task, guide, candidates(lesson, guide.language, names), gives_way)

    def _described(self, task: Task, lesson: Lesson, names: set[str]) -> SourceGuide:
        row = task.row
        headings = content.headings(lesson.parts, names)
        chosen = content.summary(lesson)
        first = task.material.pages[row.id][0].text if task.material.pages[row.id] else ""
        return SourceGuide(
            language=row.language,
            title=content.title_of(row, lesson.parts, first),
            sections=len(headings),
            headings=tuple(headings[: content.MOST_HEADINGS]),
            terms=tuple(content.terms(lesson, row, names)),
            summary=tuple(statement.sentence.cite(n) for n, statement in enumerate(chosen, start=1)),
            lacks=() if chosen else ("no_prose",),
        )

    def _asked(
        self, task: Task, guide: SourceGuide, found: Sequence[GuideQuestion], gives_way: Callable[[], bool]
    ) -> Iterator[Step]:
        """Ask one question after the other until enough are answered; what was asked before is not asked again."""
        tried, kept = guide.tried, list(guide.questions)
        if task.again:
            # Those that passed among fewer or other sources come first.
            found = [*kept, *(question for question in found if question not in kept)]
            tried, kept = 0, []
        while tried < len(found) and len(kept) < WANTED:
            passed = self._passes(task, guide, found[tried], gives_way)
            if passed is None:
                yield Step(_share(tried, len(found)))
                continue
            tried += 1
            kept += [found[tried - 1]] if passed else []
            # While questions are asked anew, those from before stay.
            yield Step(_share(tried, len(found)), None if task.again else _with(guide, kept, tried))
        lacks: tuple[Lack, ...] = tuple(lack for lack in guide.lacks if lack != "no_questions")
        whole = replace(_with(guide, kept, tried), lacks=lacks if kept else (*lacks, "no_questions"))
        yield Step(100, whole)

    def _passes(
        self, task: Task, guide: SourceGuide, question: GuideQuestion, gives_way: Callable[[], bool]
    ) -> bool | None:
        """Return None when the question was not asked to its end."""
        ids = [task.row.id, *(row.id for row in task.others)]
        try:
            return self._check.passes(task.notebook_id, question, guide.language, ids, gives_way)
        except Stopped:
            return None


def _lesson(material: Material) -> Lesson:
    """Return the source as guides read it, without a statement where no sentence stands alone."""
    try:
        return read(material)
    except RagError as error:
        if error.code != "STUDY_NO_TEXT":
            raise
        found = parts(material)
        return Lesson(material, found, tuple(() for _ in found), np.zeros((0, 0), dtype=np.float32))


def _with(guide: SourceGuide, kept: Sequence[GuideQuestion], tried: int) -> SourceGuide:
    return replace(guide, questions=tuple(kept), tried=tried)


def _share(tried: int, total: int) -> int:
    return _COMPARED + round((99 - _COMPARED) * tried / max(1, total))
