"""How a notebook answers: how long, in what style, whether a tutor asks back first, and how the memory answer is drawn.

A question keeps the settings that it was asked with, so that what is on the screen can be told and made again.
"""

from dataclasses import dataclass
from typing import Literal

from rag.codec import decode, encode
from rag.types import Sampling

Length = Literal["short", "normal", "long"]
Style = Literal["plain", "bullets", "beginner"]

HOTTEST = 2.0
LARGEST_SEED = 1 << 31


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """``temperature`` (0..2) and ``top_p`` (0..1) are those of the memory answer; at 0 it is the likeliest text.

    Raises ValueError when a number is out of its range.
    """

    length: Length = "normal"
    style: Style = "plain"
    tutor: bool = False
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        fits = 0 <= self.temperature <= HOTTEST and 0 <= self.top_p <= 1 and 0 <= self.seed < LARGEST_SEED
        if not fits:
            raise ValueError("a number of the answer settings is out of its range")

    @property
    def sampling(self) -> Sampling | None:
        """Return how the memory answer is drawn, None for the likeliest text."""
        return Sampling(self.temperature, self.top_p, self.seed) if self.temperature else None


USUAL = AnswerSettings()


def write_answer_settings(chosen: AnswerSettings) -> str:
    """Write settings as JSON."""
    return encode(chosen)


def read_answer_settings(text: str) -> AnswerSettings:
    """Read what ``write_answer_settings`` wrote; what a newer Lectern chose and this one does not know is as usual."""
    try:
        return decode(AnswerSettings, text)
    except ValueError:
        return USUAL
