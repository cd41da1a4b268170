"""Whether the notebook answers a question as a guide promises: found, read and grounded as any question of a user."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.types import Language
from rag.ground import Grounder
from rag.retrieve import Retriever
from rag.source_guides.types import GuideQuestion
from rag.sourced import quoted_answer
from rag.subquestions import subquestions


@dataclass(frozen=True, slots=True)
class Check:
    """Puts questions to the sources of a notebook; no generator is asked."""

    retriever: Retriever
    grounder: Grounder

    def passes(
        self,
        notebook_id: int,
        question: GuideQuestion,
        language: Language,
        document_ids: Sequence[int],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Tell whether the sources surely answer, first from the page that the question was made from. Raises Stopped.

        A question that asks two things is none.
        """
        if subquestions(question.text) != (question.text,):
            return False
        found = self.retriever.retrieve(notebook_id, question.text, document_ids, cancelled=cancelled)
        grounding = self.grounder.ground(
            question.text, language, found.passages, found.vector, found.readings, cancelled, found.own_language
        )
        answer = quoted_answer(question.text, language, found.passages, grounding)
        if answer.status != "answered":
            return False
        first = answer.citations[0]
        return (first.sha256, first.page_index) == (question.at.sha256, question.at.page_index)
