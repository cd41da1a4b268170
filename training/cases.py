"""Training questions asked as in use, each with and without its passage: what calibration is fitted on.

Each answerable question is asked twice over all training passages: as it is, and with its gold passage removed.
Questions written to be unanswerable from their passage are asked as they are. Only questions on documents that were set
aside are asked, since the reader was trained on the others.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from evaluation.data import Question
from evaluation.metrics import f1
from evaluation.progress import Progress
from ingest.language import fold
from rag import spans
from rag.evidence import Evidence, candidates
from rag.retrieve import PASSAGES, Retriever
from rag.spans import Candidate
from rag.types import Embedder, Passage

Contexts = Mapping[tuple[str, int], str]
"""The passage that a page (document, index) is."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its id and its ``text``, with what was found for it; ``answerable`` tells whether a passage answers.

    ``holds`` marks the sentences that hold a gold answer, ``right`` the F1 of each span, none without a reader.
    """

    question: str
    text: str
    document: str
    answerable: bool
    adversarial: bool
    found: tuple[Evidence, ...]
    holds: tuple[bool, ...]
    answers: tuple[Candidate, ...]
    right: tuple[float, ...]


class Asker:
    """Asks questions over one notebook."""

    def __init__(self, retriever: Retriever, embedder: Embedder, notebook_id: int, contexts: Contexts) -> None:
        self._retriever, self._embedder = retriever, embedder
        self._notebook_id, self._contexts = notebook_id, contexts

    def ask(self, question: Question, document_ids: Sequence[int]) -> Iterator[Case]:
        """Yield the cases of a question."""
        found = self._retriever.retrieve(self._notebook_id, question.text, document_ids, PASSAGES + 4)
        every = list(zip_longest(found.passages, found.readings))
        variants = [(every[:PASSAGES], question.answerable)]
        if question.answerable:
            without = [pair for pair in every if self._context(pair[0]) != question.context_id]
            variants.append((without[:PASSAGES], False))
        for pairs, answerable in variants:
            numbered = [replace(passage, n=n) for n, (passage, _) in enumerate(pairs, start=1)]
            readings = [reading for _, reading in pairs if reading is not None]
            items = tuple(candidates(question.text, numbered, found.vector, self._embedder, readings))
            answers = tuple(spans.candidates(question.text, numbered, readings)) if readings else ()
            if items:
                yield Case(
                    question=question.id,
                    text=question.text,
                    document=question.document_id,
                    answerable=answerable,
                    adversarial=not question.answerable,
                    found=items,
                    holds=tuple(self._holds(item, question) for item in items),
                    answers=answers,
                    right=tuple(
                        f1(a.text, question.answers, question.language) if answerable else 0.0 for a in answers
                    ),
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
    """Ask all questions, each ``over`` its documents, keeping each case in ``kept``; what an earlier run has left
    there is not asked again."""
    cases = [_read(json.loads(line)) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []
    done = {case.question for case in cases}
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a", encoding="utf-8") as out:
        for question in Progress("questions").over([q for q in questions if q.id not in done]):
            new = list(asker.ask(question, over(question)))
            out.writelines(json.dumps(asdict(case), ensure_ascii=False) + "\n" for case in new)
            cases += new
    return cases


def _read(row: dict[str, Any]) -> Case:
    return Case(
        question=row["question"],
        text=row["text"],
        document=row["document"],
        answerable=row["answerable"],
        adversarial=row["adversarial"],
        found=tuple(Evidence(**{**item, "passage": Passage(**item["passage"])}) for item in row["found"]),
        holds=tuple(row["holds"]),
        answers=tuple(Candidate(**{**item, "passage": Passage(**item["passage"])}) for item in row["answers"]),
        right=tuple(row["right"]),
    )
