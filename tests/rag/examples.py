"""Passages and evidence small enough to check by eye."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from ingest.types import Document, Language, Page
from rag.calibration import Calibration, Logistic
from rag.evidence import Evidence
from rag.types import Passage, Prompt, Sampling, Token

ELIZA = "ELIZA was described by Joseph Weizenbaum in 1966. It imitated a therapist."
OXYGEN = "L'oxygène est un élément chimique. Son numéro atomique est 8."


def document(name: str, *pages: str, language: Language = "en") -> Document:
    """A document of plain pages; its identity is its name."""
    texts = tuple(Page(index, str(index + 1), text) for index, text in enumerate(pages))
    return Document(sha256(name.encode()).hexdigest(), name, texts, name.removesuffix(".pdf"), language)


def passage(n: int, text: str, language: Language = "en", page: int = 0, start: int = 0) -> Passage:
    return Passage(
        n=n,
        document_id=n,
        sha256=f"sha-{n}",
        document=f"doc{n}.pdf",
        page_index=page,
        page_label=str(page + 1),
        section="",
        text=text,
        start=start,
        end=start + len(text),
        score=0.9,
        language=language,
    )


def evidence(source: Passage, sentence: str, score: float = 1.0) -> Evidence:
    start = source.text.index(sentence)
    return Evidence(source, start, start + len(sentence), {}, score)


def alike(calibration: Calibration) -> dict[Language, Calibration]:
    """The same in both languages."""
    return {"en": calibration, "fr": calibration}


BY_COVERAGE = Calibration(
    evidence=Logistic(0.0, {"coverage": 4.0}), refusal=Logistic(-2.0, {"coverage": 4.0}), refuse=0.5, sure=0.8
)
"""By hand: a sentence with none of the question's words is refused, one with all of them answers."""


class ScriptedGenerator:
    """A generator that says what it is told to, one word at a time, and keeps the prompts it saw.

    ``asked`` holds of each prompt the longest text allowed and how it was to be drawn.
    """

    model_id = "scripted"
    context_tokens = 2048

    def __init__(self, *replies: str, is_chat: bool = False) -> None:
        self.is_chat = is_chat
        self.prompts: list[Prompt] = []
        self.asked: list[tuple[int, Sampling | None]] = []
        self._replies = list(replies)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        top: int = 0,
        sampling: Sampling | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Token]:
        self.prompts.append(prompt)
        self.asked.append((max_tokens, sampling))
        text = self._replies.pop(0)
        for mark in stop:
            text = text.split(mark)[0]
        for n, word in enumerate(text.split(" ")):
            if cancelled() or n == max_tokens:
                return
            piece = word if n == 0 else f" {word}"
            yield Token(piece, 0.5, ((piece, 0.5), (" or", 0.25))[:top]) if top else Token(piece)
