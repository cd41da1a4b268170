"""What a language model that was trained on no answers makes of a question and the passage that is to answer it.

A passage that answers a question makes it likelier: query likelihood, J. Ponte and B. Croft, "A Language Modeling
Approach to Information Retrieval" (1998); with a pretrained model D. Sachan and others, "Improving Passage Retrieval
with Zero-Shot Question Generation" (2022). A passage of the same subject that does not answer makes it likelier, too,
but hardly more than the next one does.
"""

from collections.abc import Callable, Mapping, Sequence

from ingest.types import Language
from rag.reader import context_of
from rag.terms import words
from rag.types import Passage
from rag.weigher import Weigher

LIKELIHOOD_FEATURES = ("gain", "lead")
"""``gain``: by how much the answer's passage raises the logarithm of the question's probability, in nats; ``lead``: by
how much more than any other passage that was weighed, of those that do not say the same, within ``MOST``. How likely
the answer is after the question adds nothing."""

WEIGHED = 4
"""So many passages are weighed, the best ones."""

MOST = 8.0
"""Nats: a passage that leads by more is no surer."""

_MARK: Mapping[Language, str] = {"en": "Question:", "fr": "Question :"}


def gains(
    weigher: Weigher,
    question: str,
    language: Language,
    passages: Sequence[Passage],
    cancelled: Callable[[], bool] = lambda: False,
) -> list[float]:
    """Return the gain of each passage. Raises Stopped, GenerationError."""

    def after(shown: str) -> float:
        return weigher.log_likelihood(f"{shown}\n\n{_MARK[language]}", f" {question}", cancelled)

    alone = after("") if passages else 0.0
    return [after(_shown(passage)) - alone for passage in passages]


def likelihood_features(own: Passage, answer: str, weighed: Mapping[Passage, float]) -> dict[str, float]:
    """Describe an answer by the gain of its ``own`` passage and of the others that were ``weighed``."""
    gain = weighed[own]
    # What says the same, such as a slide that is shown twice, speaks for the answer and not against it.
    rivals = [other for passage, other in weighed.items() if passage != own and not _says(passage, answer)]
    return {"gain": gain, "lead": max(-MOST, min(MOST, gain - max(rivals, default=0.0)))}


def _shown(passage: Passage) -> str:
    return "\n".join(part for part in (context_of(passage.title, passage.section), passage.text) if part)


def _says(passage: Passage, answer: str) -> bool:
    return f" {' '.join(words(answer))} " in f" {' '.join(words(passage.text))} "
