"""A quiz, item by item: plan the passages, draft from one, check, have it answered blind, keep or drop it."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ingest.types import Language, Page
from rag.errors import RagError, Stopped
from rag.orders import is_order
from rag.study import drafts
from rag.study.arrange import arranged
from rag.study.blind import Examiner, passage_around
from rag.study.gate import faults, is_mostly_formula
from rag.study.keypoints import keypoints
from rag.study.material import Material, Section, Sentence
from rag.study.plan import Plan
from rag.study.pool import Pool
from rag.study.rereader import Rereader
from rag.study.topic import on_topic
from rag.study.types import (
    Difficulty,
    Dropped,
    Item,
    ItemType,
    Made,
    Planned,
    QuizEvent,
    QuizRequest,
)
from rag.study.written import Unwritten, Writer
from rag.terms import words
from rag.types import Embedder, Generator, Reader

TRUSTED = 0.7
"""The share (0..1) of multiple-choice questions from which on a generator writes and answers items itself."""
_MIXED: tuple[Difficulty, ...] = ("medium", "easy", "hard")

Found = Sequence[tuple[Section, list[Sentence]]]


class Draft(Protocol):
    """Makes an unchecked item of a type from a sentence, if the sentence gives one."""

    def __call__(
        self, sentence: Sentence, type: ItemType, pool: Pool, language: Language, difficulty: Difficulty,
        rng: random.Random,
    ) -> Item | None:  # fmt: skip
        """Return the item, its key and quote known, without id."""
        ...


class DraftMatching(Protocol):
    """Makes an unchecked matching item from some sentences, if they give one."""

    def __call__(
        self, sentences: Sequence[Sentence], pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
    ) -> Item | None:
        """Return the item, its key and quote known, without id."""
        ...


class QuizMaker:
    """Makes quizzes from the sources of notebooks. ``reader_of`` gives a notebook's reader, if it has one.

    ``mcq_score`` gives the share (0..1) of multiple-choice questions that a model got right, if that was measured: only
    from ``TRUSTED`` on may a generator write items and judge them; without, code makes them and the reader judges.
    """

    def __init__(
        self,
        embedder: Embedder,
        reader_of: Callable[[int], Reader | None],
        generator: Generator,
        mcq_score: Callable[[str], float | None],
        draft: Draft = drafts.draft,
        draft_matching: DraftMatching = drafts.draft_matching,
    ) -> None:
        self._embedder = embedder
        self._reader_of = reader_of
        self._generator = generator
        self._mcq_score = mcq_score
        self._draft = draft
        self._draft_matching = draft_matching
        self._pool: Pool | None = None

    def make(
        self,
        notebook_id: int,
        request: QuizRequest,
        material: Material,
        kept: Sequence[Item] = (),
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[QuizEvent]:
        """Yield the plan, then what becomes of each item: at most ``request.count`` less the ``kept`` are made.

        Equal input gives equal items. Fewer are made where the passages give no more good ones; none is made from a
        passage of ``kept``, nor like one of them. Ends early once ``cancelled()``. Raises RagError STUDY_NO_TEXT,
        TOPIC_NOT_FOUND; Stopped when cancelled in the middle of a piece.
        """
        pool = self._pool_of(material, cancelled)
        found = _usable(material, pool)
        if not found:
            raise RagError("STUDY_NO_TEXT")
        if request.topic.strip():
            found = on_topic(request.topic, found, self._embedder, cancelled)
        plan = Plan.of(found, request.seed, kept)
        yield Planned(plan.passages, len(plan.shelves))
        bench = self._bench(notebook_id, request, pool, cancelled)
        made = list(kept)
        while len(made) < request.count and not cancelled() and (sentence := plan.take()) is not None:
            for result in bench.items(sentence, plan, made):
                if isinstance(result, Made):
                    made.append(result.item)
                    plan.served()
                yield result

    def _pool_of(self, material: Material, cancelled: Callable[[], bool]) -> Pool:
        # One item made anew reads the same sources as its quiz did.
        if self._pool is None or self._pool.material != material:
            pool = Pool.of(material, self._embedder, cancelled)
            if cancelled():
                raise Stopped
            self._pool = pool
        return self._pool

    def _bench(self, notebook_id: int, request: QuizRequest, pool: Pool, cancelled: Callable[[], bool]) -> "_Bench":
        score = self._mcq_score(self._generator.model_id)
        trusted = self._generator.is_chat and score is not None and score >= TRUSTED
        return _Bench(
            request,
            pool,
            self._draft,
            self._draft_matching,
            Examiner(self._reader_of(notebook_id), lambda text: bool(pool.holding(words(text)))),
            Writer(self._generator) if trusted else None,
            Rereader(self._generator) if trusted else None,
            cancelled,
        )


@dataclass
class _Bench:
    """What one quiz is made with."""

    request: QuizRequest
    pool: Pool
    draft: Draft
    draft_matching: DraftMatching
    examiner: Examiner
    writer: Writer | None
    rereader: Rereader | None
    cancelled: Callable[[], bool]
    pages: Mapping[tuple[str, int], Page] = field(init=False)
    _tried: set[tuple[ItemType, str, frozenset[str]]] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        material = self.pool.material
        self.pages = {(row.sha256, page.index): page for row in material.documents for page in material.pages[row.id]}

    def items(self, sentence: Sentence, plan: Plan, made: Sequence[Item]) -> Iterator[Made | Dropped]:
        """Yield what becomes of the items that a sentence gives, the types that are behind first, until one is kept."""
        for item_type in self._types(made):
            for drafted in self._drafts(sentence, item_type, plan, made):
                result = drafted if isinstance(drafted, Dropped) else self._judged(drafted, sentence, made)
                yield result
                if isinstance(result, Made) or self.cancelled():
                    return

    def _types(self, made: Sequence[Item]) -> list[ItemType]:
        counts = [item.type for item in made]
        return sorted(dict.fromkeys(self.request.types), key=counts.count)

    def _drafts(
        self, sentence: Sentence, item_type: ItemType, plan: Plan, made: Sequence[Item]
    ) -> Iterator[Item | Dropped]:
        """Yield what the writer makes of a sentence, if there is one, then what code does, the level due first."""
        language = sentence.language if self.request.language == "document" else self.request.language
        # Where none is asked for, the three levels take turns; a passage that gives none of one may give another.
        turn = len(made) % len(_MIXED)
        levels = (self.request.difficulty,) if self.request.difficulty else (*_MIXED[turn:], *_MIXED[:turn])
        if self.writer is not None and item_type in self.writer.types:
            page = self.pages[sentence.document.sha256, sentence.page_index]
            try:
                yield self.writer.write(sentence, page, item_type, language, levels[0], self.cancelled)
            except Unwritten as fault:
                yield Dropped(fault.reason)
        for level in levels:
            item = self._drafted(sentence, item_type, plan, language, level)
            if item is not None and self._is_new(item):
                yield item

    def _drafted(
        self, sentence: Sentence, item_type: ItemType, plan: Plan, language: Language, level: Difficulty
    ) -> Item | None:
        source = sentence.document.sha256
        # S311: the draws are no secrets, and the same for the same sentence and seed.
        rng = random.Random(f"{self.request.seed}:{source}:{sentence.page_index}:{sentence.start}:{item_type}")  # noqa: S311
        if item_type == "matching":
            return self.draft_matching(plan.companions(sentence), self.pool, language, level, rng)
        return self.draft(sentence, item_type, self.pool, language, level, rng)

    def _is_new(self, item: Item) -> bool:
        """Tell whether an item was not tried before: at another level, or pairs by way of another sentence."""
        asked = (item.type, item.stem, frozenset(item.answer.split(" | ")))
        new = asked not in self._tried
        self._tried.add(asked)
        return new

    def _judged(self, item: Item, sentence: Sentence, made: Sequence[Item]) -> Made | Dropped:
        """Put an item through the gate and before whoever answers it blind."""
        page = self.pages[item.source.sha256, item.source.page_index]
        found = faults(item, page.text, made)
        if found:
            return Dropped(found[0])
        passage = passage_around(page, item.source.start, item.source.end, sentence)
        if self.rereader is not None and item.type in self.rereader.types:
            judged = self.rereader.judge(item, passage, self.cancelled)
        else:
            judged = item if self.examiner.agrees(item, passage, self.cancelled) else None
        return Made(arranged(judged, made)) if judged is not None else Dropped("blind")


def _usable(material: Material, pool: Pool) -> list[tuple[Section, list[Sentence]]]:
    """Return the sections with the sentences that may give an item: prose, no formulas, no orders to a reader."""
    found = []
    for section in material.sections:
        usable = [s for s in keypoints(section, pool) if not is_order(s.text) and not is_mostly_formula(s.text)]
        if usable:
            found.append((section, usable))
    return found
