"""Guides made from the sources: taken out word for word, then, with a chat model, phrased where a check agrees."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from ingest.types import Language
from rag.errors import RagError, Stopped
from rag.study.aids import faq, mindmap, outline, plan, summary, terms, timeline
from rag.study.aids.aid import StudyAid
from rag.study.aids.lesson import Lesson, language_of, read, weigh
from rag.study.aids.phrasing import phrase
from rag.study.material import Material
from rag.study.types import Guide, GuideKind, Point, QuizLanguage
from rag.types import Embedder, Generator, Vectors
from rag.verify import Judge

MAX_VECTORS = 4_000
"""So many vectors of sentences, 6 MB of them, are kept for the next guide."""
_ALL = (summary.AID, faq.AID, terms.AID, timeline.AID, outline.AID, mindmap.AID, plan.AID)
AIDS: dict[GuideKind, StudyAid] = {aid.key: aid for aid in _ALL}
"""Every study aid by its kind."""


class GuideMaker:
    """Make guides with one set of models; a generator that is no chat model writes nothing."""

    def __init__(self, embedder: Embedder, generator: Generator) -> None:
        self._embedder = embedder
        self._generator = generator
        self._vectors: dict[str, Vectors] = {}

    def make(
        self,
        kind: GuideKind,
        material: Material,
        language: QuizLanguage,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[int | Guide]:
        """Yield percent done (0..100), last the Guide; once ``cancelled()`` is true, end early, without it.

        Raises RagError STUDY_NO_TEXT, or the code of the aid when the sources hold nothing of its kind.
        """
        try:
            yield from self._made(AIDS[kind], material, language, cancelled)
        except Stopped:
            return

    def _made(
        self, aid: StudyAid, material: Material, language: QuizLanguage, cancelled: Callable[[], bool]
    ) -> Iterator[int | Guide]:
        yield 0
        wanted = language_of(material) if language == "document" else language
        writes = self._generator.is_chat and aid.instruction is not None
        lesson = read(material)
        if aid.weighed:
            for step in weigh(lesson, self._embedder, self._known(), cancelled):
                if isinstance(step, Lesson):
                    lesson = step
                else:
                    yield round((40 if writes else 90) * step)
        points: Sequence[Point] = aid.points(lesson, wanted)
        if not points:
            raise RagError(aid.empty)
        if aid.instruction and writes:
            instruction = f"{aid.title[wanted]}. {aid.instruction[wanted]}"
            for done in self._phrased(points, instruction, wanted, material, cancelled):
                if isinstance(done, int):
                    yield min(99, 40 + done)
                else:
                    points = done
        if cancelled():
            raise Stopped
        yield 100
        numbers = count(1)
        model_id = self._generator.model_id if any(map(_is_phrased, points)) else ""
        yield Guide(aid.key, wanted, tuple(_numbered(point, numbers) for point in points), model_id)

    def _known(self) -> dict[str, Vectors]:
        # Several guides are made of the same sources, one after the other.
        if len(self._vectors) > MAX_VECTORS:
            self._vectors = {}
        return self._vectors

    def _phrased(
        self,
        points: Sequence[Point],
        instruction: str,
        wanted: Language,
        material: Material,
        cancelled: Callable[[], bool],
    ) -> Iterator[int | list[Point]]:
        languages = {row.sha256: row.language for row in material.documents}
        judge = Judge(self._embedder)
        yield from phrase(points, instruction, wanted, languages, self._generator, judge, cancelled)


def _is_phrased(point: Point) -> bool:
    return point.phrased or any(map(_is_phrased, point.children))


def _numbered(point: Point, numbers: Iterator[int]) -> Point:
    """Number the citations in reading order."""
    citations = tuple(replace(citation, n=next(numbers)) for citation in point.citations)
    return replace(point, citations=citations, children=tuple(_numbered(child, numbers) for child in point.children))
