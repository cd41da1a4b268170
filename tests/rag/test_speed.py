"""The speed of a model is what a clock says between its first and its last token."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.speed import READ_WORDS, WRITTEN_TOKENS, Speed, measure
from rag.types import Prompt, Token


@dataclass
class Steady:
    """Reads a word a token in 2 seconds and writes a token every quarter of a second."""

    at: float = 10.0
    model_id: str = "steady"
    context_tokens: int = 1000
    is_chat: bool = False

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self, prompt: Prompt, *, max_tokens: int, cancelled: Callable[[], bool], **options: object
    ) -> Iterator[Token]:
        self.at += 2.0
        for number in range(max_tokens):
            if cancelled():
                return
            self.at += 0.25 if number else 0.0
            yield Token("a")


def test_reading_and_writing_are_told_apart() -> None:
    steady = Steady()
    assert measure(steady, lambda: False, lambda: steady.at) == Speed(READ_WORDS / 2, 4.0)
    assert steady.at == 12.0 + (WRITTEN_TOKENS - 1) * 0.25


def test_a_short_context_reads_fewer_words() -> None:
    steady = Steady(context_tokens=100)
    # A quarter of the words leaves room for what is written twice over.
    assert measure(steady, lambda: False, lambda: steady.at) == Speed(READ_WORDS / 4 / 2, 4.0)


def test_what_is_broken_off_says_nothing() -> None:
    steady = Steady()
    assert measure(steady, lambda: steady.at > 13, lambda: steady.at) is None
