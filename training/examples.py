"""From reading-comprehension questions to what the reader is trained on: passages cut as in use, with wrong ones.

A passage that does not answer is one found by the question's words without holding an answer, another of the same
page, one that was written to look right, or the right one under a question in which a name or a number was exchanged.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ingest
from ingest.language import fold
from ingest.types import Chunk, ChunkSettings, Document, Page
from rag.keywords import KeywordIndex, KeywordText
from rag.reader import context_of
from rag.terms import names, numbers
from training.squad import Example

FOUND = 8
"""How many passages the words of a question bring."""

NEGATIVE_SHARE = 0.55
"""Passages without an answer, per question that has one, in an epoch."""

FRENCH_AGAIN = 0.5
"""The share of French questions, which are fewer, that an epoch shows twice."""

TITLE_LEFT_OUT = 0.2
"""Titles are no certain help: some passages are shown without theirs."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question on a passage; ``start`` and ``end`` mark the answer in the text, (0, 0) when it does not answer."""

    question: str
    context: str
    text: str
    start: int
    end: int

    @property
    def answerable(self) -> bool:
        """Tell whether the passage answers."""
        return self.end > 0


class Course:
    """All training passages as the app would cut them, searchable by words."""

    def __init__(self, examples: Sequence[Example], count_tokens: Callable[[str], int]) -> None:
        """Cut each page once."""
        self._titles = {example.passage_id: example.title for example in examples}
        pages = {example.passage_id: example for example in examples}
        self._chunks = {key: _cut(example, count_tokens) for key, example in pages.items()}
        self._index = KeywordIndex()
        self._numbered = [(key, chunk) for key, chunks in self._chunks.items() for chunk in chunks]
        self._index.update(
            [
                KeywordText(n, 0, pages[key].language, f"{self._titles[key]}\n{chunk.text}")
                for n, (key, chunk) in enumerate(self._numbered)
            ]
        )
        self._names = _names_by_document(examples)

    def positive(self, example: Example) -> Item | None:
        """Return the question on the part of its page that holds the answer; None when it was cut through."""
        text, start = example.answers[0]
        for chunk in self._chunks[example.passage_id]:
            if chunk.start <= start and start + len(text) <= chunk.end:
                begin = start - chunk.start
                return Item(example.question, example.title, chunk.text, begin, begin + len(text))
        return None

    def written_wrong(self, example: Example) -> Item:
        """Return a question without an answer on the nearest part of the page it was written for."""
        chunks = self._chunks[example.passage_id]
        asked = set(fold(example.question).split())
        nearest = max(chunks, key=lambda chunk: len(asked & set(fold(chunk.text).split())))
        return Item(example.question, example.title, nearest.text, 0, 0)

    def negative(self, example: Example, chooser: random.Random) -> Item | None:
        """Return the question, or one like it, on a passage that does not answer it."""
        draw = chooser.random()
        if draw < 0.25 and (item := self._exchanged(example, chooser)):
            return item
        found = [self._numbered[n] for n, _ in self._index.search(example.question, FOUND)]
        if draw < 0.4:
            found = [(example.passage_id, chunk) for chunk in self._chunks[example.passage_id]] + found
        answers = [fold(text) for text, _ in example.answers]
        wrong = [(key, c) for key, c in found if not any(answer in fold(c.text) for answer in answers)]
        if not wrong:
            return None
        key, chunk = chooser.choice(wrong)
        return Item(example.question, self._titles[key], chunk.text, 0, 0)

    def _exchanged(self, example: Example, chooser: random.Random) -> Item | None:
        right = self.positive(example)
        inside = [part for part in (*names(example.question)[1:], *numbers(example.question)) if len(part) > 1]
        if right is None or not inside:
            return None
        old = chooser.choice(inside)
        kind = old[0].isdigit()
        others = [n for n in self._names[example.document_id] if n[0].isdigit() == kind and n not in example.question]
        if not others:
            return None
        question = example.question.replace(old, chooser.choice(others))
        return Item(question, right.context, right.text, 0, 0)


def epoch(course: Course, examples: Sequence[Example], seed: int) -> list[Item]:
    """Return one epoch's items in a seeded order."""
    chooser = random.Random(seed)
    items: list[Item | None] = []
    for example in examples:
        if not example.answers:
            items.append(course.written_wrong(example))
            continue
        again = example.language == "fr" and chooser.random() < FRENCH_AGAIN
        items += [course.positive(example)] * (2 if again else 1)
        if chooser.random() < NEGATIVE_SHARE * (2 if again else 1):
            items.append(course.negative(example, chooser))
    kept = [_perhaps_untitled(item, chooser) for item in items if item is not None]
    chooser.shuffle(kept)
    return kept


def _perhaps_untitled(item: Item, chooser: random.Random) -> Item:
    context = "" if chooser.random() < TITLE_LEFT_OUT else context_of(item.context, "")
    return Item(item.question, context, item.text, item.start, item.end)


def _cut(example: Example, count_tokens: Callable[[str], int]) -> list[Chunk]:
    page = Page(0, "1", example.passage)
    document = Document(
        id=example.passage_id, name=example.title, pages=(page,), title=example.title, language=example.language
    )
    return ingest.chunk(document, ChunkSettings(), count_tokens)


def _names_by_document(examples: Sequence[Example]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for example in examples:
        found[example.document_id].update(dict.fromkeys((*names(example.question)[1:], *numbers(example.question))))
    return {key: [name for name in values if len(name) > 1] for key, values in found.items()}
