"""What a language model that was trained on no answers makes of a question and the passage that is to answer it.

A passage that answers a question makes it likelier: query likelihood, J. Ponte and B. Croft, "A Language Modeling
Approach to Information Retrieval" (1998); with a pretrained model D. Sachan and others, "Improving Passage Retrieval
with Zero-Shot Question Generation" (2022). A passage of the same subject that does not answer makes it likelier, too,
but hardly more than the next one does.
"""

from collections.abc import Callable, Mapping, Sequence

from ingest.types import Language
from rag.reader import context_of
from rag.spans import Candidate
from rag.terms import words
from rag.types import Passage
from rag.weigher import Weigher

LIKELIHOOD_FEATURES = ("gain", "lead")
"""``gain``: by how much the answer's passage raises the logarithm of the question's probability, in nats; ``lead``: by
how much more than any of the others, of those that do not say the same, within ``MOST``. How likely the answer is after
the question adds nothing."""

OTHERS = 3
MOST = 8.0
"""Nats: a passage that leads by more is no surer."""

_MARK: Mapping[Language, str] = {"en": "Question:", "fr": "Question :"}


def weigh(
    weigher: Weigher,
    question: str,
    language: Language,
    answer: Candidate,
    others: Sequence[Passage],
    cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, float]:
    """Weigh an answer against the first ``OTHERS`` of the other passages. Raises Stopped, GenerationError."""

    def after(shown: str) -> float:
        return weigher.log_likelihood(f"{shown}\n\n{_MARK[language]}", f" {question}", cancelled)

    own, alone = after(_shown(answer.passage)), after("")
    rivals = [passage for passage in others[:OTHERS] if not _says(passage, answer.text)]
    lead = own - max((after(_shown(passage)) for passage in rivals), default=alone)
    return {"gain": own - alone, "lead": max(-MOST, min(MOST, lead))}


def _shown(passage: Passage) -> str:
    return "\n".join(part for part in (context_of(passage.title, passage.section), passage.text) if part)


def _says(passage: Passage, answer: str) -> bool:
    # What says the same, such as a slide that is shown twice, speaks for the answer and not against it.
    return f" {' '.join(words(answer))} " in f" {' '.join(words(passage.text))} "
