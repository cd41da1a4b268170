"""Training questions asked as in use, each with and without its passage: what calibration is fitted on.

Each answerable question is asked twice over all training passages: as it is, and with its gold passage removed.
Questions written to be unanswerable from their passage are asked as they are. Only questions on documents that were set
aside are asked, since the reader was trained on the others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from evaluation.data import Question
from evaluation.metrics import f1
from evaluation.records import Record, Records
from ingest.language import fold
from rag import spans
from rag.evidence import Evidence, candidates
from rag.rank import Candidate as Found
from rag.retrieve import CANDIDATES, Retriever
from rag.spans import Candidate
from rag.types import Embedder, Passage, Vectors

Contexts = Mapping[tuple[str, int], str]
"""The passage that a page (document, index) is."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what was found for it; ``answerable`` tells whether a passage answers.

    ``holds`` marks the sentences that hold a gold answer, ``right`` the F1 of each span, none without a reader;
    ``gains`` are those of the passages that were weighed, by their number.
    """

    question: str
    document: str
    answerable: bool
    adversarial: bool
    found: tuple[Evidence, ...]
    holds: tuple[bool, ...]
    answers: tuple[Candidate, ...]
    right: tuple[float, ...]
    gains: tuple[tuple[int, float], ...] = ()


class Withholding(Retriever):
    """A retriever that finds all passages but those that it is told to withhold."""

    _withheld: Callable[[Passage], bool] = staticmethod(lambda passage: False)

    def without(self, withheld: Callable[[Passage], bool]) -> Self:
        """Return one with the same indexes that withholds these passages."""
        other = copy(self)
        other._withheld = withheld
        return other

    def candidates(
        self, notebook_id: int, question: str, vector: Vectors, document_ids: Sequence[int], count: int = CANDIDATES
    ) -> list[Found]:
        """Return what the retriever finds, without the passages that are withheld."""
        found = super().candidates(notebook_id, question, vector, document_ids, count)
        return [candidate for candidate in found if not self._withheld(candidate.passage)]


class Asker:
    """Asks questions over one notebook."""

    def __init__(self, retriever: Withholding, embedder: Embedder, notebook_id: int, contexts: Contexts) -> None:
        self._retriever, self._embedder = retriever, embedder
        self._notebook_id, self._contexts = notebook_id, contexts

    def ask(self, question: Question, document_ids: Sequence[int]) -> Iterator[Case]:
        """Yield the cases of a question."""
        retrievers = [(self._retriever, question.answerable)]
        if question.answerable:
            gone = self._retriever.without(lambda passage: self._context(passage) == question.context_id)
            retrievers.append((gone, False))
        for retriever, answerable in retrievers:
            found = retriever.retrieve(self._notebook_id, question.text, document_ids)
            items = tuple(candidates(question.text, found.passages, found.vector, self._embedder, found.readings))
            answers = tuple(spans.candidates(question.text, found.passages, found.readings)) if found.readings else ()
            read = zip(found.passages, found.readings, strict=False)
            if items:
                yield Case(
                    question=question.id,
                    document=question.document_id,
                    answerable=answerable,
                    adversarial=not question.answerable,
                    found=items,
                    holds=tuple(self._holds(item, question) for item in items),
                    answers=answers,
                    right=tuple(
                        f1(a.text, question.answers, question.language) if answerable else 0.0 for a in answers
                    ),
                    gains=tuple((passage.n, reading.gain) for passage, reading in read if reading.gain is not None),
                )

    def _context(self, passage: Passage) -> str:
        return self._contexts[passage.sha256, passage.page_index]

    def _holds(self, item: Evidence, question: Question) -> bool:
        if self._context(item.passage) != question.context_id:
            return False
        text = fold(item.text)
        return any(fold(answer).strip(" .,") in text for answer in question.answers)


def gather(
    asker: Asker, questions: Sequence[Question], over: Callable[[Question], Sequence[int]], kept: Path
) -> list[Case]:
    """Return the cases of these questions, in order, each asked ``over`` its documents; what an earlier run has left in
    ``kept`` is not asked again, and what it asked besides is not returned."""

    def ask(question: Question) -> Record:
        return {"cases": [asdict(case) for case in asker.ask(question, over(question))]}

    asked = Records(kept).complete_by(lambda question: question.id, "questions", questions, ask)
    return [_read(row) for _, record in asked for row in record["cases"]]


def _read(row: dict[str, Any]) -> Case:
    return Case(
        question=row["question"],
        document=row["document"],
        answerable=row["answerable"],
        adversarial=row["adversarial"],
        found=tuple(Evidence(**{**item, "passage": Passage(**item["passage"])}) for item in row["found"]),
        holds=tuple(row["holds"]),
        answers=tuple(Candidate(**{**item, "passage": Passage(**item["passage"])}) for item in row["answers"]),
        right=tuple(row["right"]),
        gains=tuple((n, gain) for n, gain in row["gains"]),
    )
