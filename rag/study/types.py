"""The values of quizzes, cards and guides."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, runtime_checkable

from ingest.types import Language
from rag.terms import words
from rag.types import Citation

ItemType = Literal["choice", "several", "true_false", "cloze", "short", "matching"]
Difficulty = Literal["easy", "medium", "hard"]
Bloom = Literal["remember", "understand", "apply"]
QuizLanguage = Literal["document", "fr", "en"]
Label = Literal["common_knowledge", "needs_review", "edited", "by_hand"]
GuideKind = Literal["summary", "faq", "terms", "timeline", "outline", "mindmap", "plan"]

BLOOM: dict[Difficulty, Bloom] = {"easy": "remember", "medium": "understand", "hard": "apply"}
MIN_ITEMS, MAX_ITEMS = 5, 30
OPTIONS = 4


@dataclass(frozen=True, slots=True)
class Option:
    """A choice, whether it is right and why; in a matching item ``text`` belongs to ``match`` and all are right."""

    text: str
    correct: bool
    rationale: str = ""
    match: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a quiz.

    ``options`` is empty for ``cloze`` and ``short``, which are typed; there ``accepted`` holds the spellings that count
    as right, ``answer`` among them. True and false are two options. ``answer`` is the right option's text, several
    joined by " | ". A stem of type ``cloze`` holds the gap as "_____". ``source`` is the passage's quote; ``section``
    its heading, also the topic by which results are counted. ``id`` stays when the item is edited.
    """

    type: ItemType
    stem: str
    options: tuple[Option, ...]
    answer: str
    source: Citation
    language: Language
    difficulty: Difficulty = "medium"
    bloom: Bloom = "understand"
    hint: str = ""
    explanation: str = ""
    section: str = ""
    accepted: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    model_id: str = ""
    prompt_version: str = ""
    id: str = ""


def identified(item: Item) -> Item:
    """Return an item with the id that its content gives: 16 hexadecimal digits, the same on every machine."""
    folded = (" ".join(words(text)) for text in (item.type, item.stem, item.answer))
    content = "\n".join((item.source.sha256, str(item.source.page_index), *folded))
    return replace(item, id=hashlib.sha256(content.encode()).hexdigest()[:16])


@dataclass(frozen=True, slots=True)
class QuizRequest:
    """What a quiz shall be: ``count`` is 5..30; an empty ``document_ids`` or ``sections`` means all.

    ``difficulty`` None mixes the three. ``topic`` is free words, "" for everything.
    """

    count: int = 10
    types: tuple[ItemType, ...] = ("choice",)
    difficulty: Difficulty | None = None
    topic: str = ""
    document_ids: tuple[int, ...] = ()
    sections: tuple[str, ...] = ()
    language: QuizLanguage = "document"
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan is made: ``passages`` may give an item, out of ``sections``."""

    passages: int
    sections: int


@dataclass(frozen=True, slots=True)
class Made:
    """An item that passed every check."""

    item: Item


@dataclass(frozen=True, slots=True)
class Dropped:
    """An item that was made and not kept; ``reason`` names the check."""

    reason: str


QuizEvent = Planned | Made | Dropped


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence of a guide with where it stands, or a heading over ``children``; ``note`` is a date, term or question.

    ``text`` is the source's own words unless ``phrased``, when a model wrote it and a check held it against
    ``citations``.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    note: str = ""
    phrased: bool = False
    children: tuple["Point", ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """A study aid over the sources."""

    kind: GuideKind
    language: Language
    points: tuple[Point, ...]
    model_id: str = ""


@runtime_checkable
class Structured(Protocol):
    """A generator that can be held to a JSON schema while it writes."""

    def structured(
        self, system: str, user: str, schema: str, max_tokens: int, cancelled: Callable[[], bool] = lambda: False
    ) -> str:
        """Return a text that the JSON ``schema`` accepts, or the beginning of one where ``max_tokens`` end it."""
        ...


def answers(item: Item) -> Sequence[str]:
    """Return the right options, or what may be typed."""
    return [option.text for option in item.options if option.correct] or item.accepted or (item.answer,)
