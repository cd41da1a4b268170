"""From reading-comprehension questions to what the reader is trained on: passages cut as in use, with wrong ones.

A passage that does not answer is one found by the question's words or meaning without holding an answer, another of the
same page, one that was written to look right, or the right one under a question in which one thing was changed.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

import ingest
from ingest.language import detect, fold
from ingest.types import Chunk, ChunkSettings, Document, Page
from rag.keywords import KeywordIndex, KeywordText
from rag.reader import context_of
from rag.terms import names, numbers
from rag.types import Embedder
from training.altered import altered
from training.reader_batches import Item
from training.split import origin
from training.squad import Example

FOUND = 8
"""How many passages the words of a question bring, and how many its meaning."""

NEGATIVES = 0.55
"""Passages without an answer, per question that has one, in an epoch."""

ALTERED = 0.25
"""The share of them that are the right passage under a question that was changed."""

TITLE_LEFT_OUT = 0.2
"""Titles are no certain help: some passages are shown without theirs."""


class Course:
    """All training passages as the app would cut them, searchable by words."""

    def __init__(self, examples: Sequence[Example], count_tokens: Callable[[str], int]) -> None:
        """Cut each page once."""
        self._titles = {example.passage_id: example.title for example in examples}
        pages = {example.passage_id: example for example in examples}
        self._documents = {key: page.document_id for key, page in pages.items()}
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
        self._near: dict[str, list[int]] = {}

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

    def negatives(self, example: Example, count: int, chooser: random.Random) -> list[Item]:
        """Return at most ``count`` items without an answer: the question on passages found for it that hold none, or
        a question like it on its own passage."""
        wrong = self._wrong(example)
        chooser.shuffle(wrong)
        right, made = self.positive(example), list[Item]()
        for _ in range(count):
            draw = chooser.random()
            if draw < ALTERED and right and (asked := altered(example, self._names[example.document_id], chooser)):
                made.append(Item(asked, right.context, right.text, 0, 0))
            elif wrong:
                key, chunk = wrong.pop()
                made.append(Item(example.question, self._titles[key], chunk.text, 0, 0))
        return made

    def use_meaning(self, examples: Sequence[Example], embedder: Embedder) -> None:
        """Find passages by the meaning of questions, too, from now on; embeds every passage and question once."""
        chunks = embedder.embed_documents([f"{self._titles[key]}\n{chunk.text}" for key, chunk in self._numbered])
        for example in examples:
            near = np.argsort(-(chunks @ embedder.embed_query(example.question)))[:FOUND]
            self._near[example.question] = near.tolist()

    def _wrong(self, example: Example) -> list[tuple[str, Chunk]]:
        question = example.question
        by_words = self._index.search(question, detect(question), FOUND)
        found = [n for n, _ in by_words] + self._near.get(question, [])
        own = [(example.passage_id, chunk) for chunk in self._chunks[example.passage_id]]
        answers = [fold(text) for text, _ in example.answers]
        every = {id(chunk): (key, chunk) for key, chunk in own + [self._numbered[n] for n in found]}
        return [
            (key, c)
            for key, c in every.values()
            if not self._translated(key, example) and not any(answer in fold(c.text) for answer in answers)
        ]

    def _translated(self, key: str, example: Example) -> bool:
        # The same document in the other language answers in words of its own.
        document_id = self._documents[key]
        return document_id != example.document_id and origin(document_id) == origin(example.document_id)


def epochs(
    course: Course, examples: Sequence[Example], count: float, seed: int, negatives: float = NEGATIVES
) -> list[list[Item]]:
    """Return the items of so many epochs; the last one may be a part."""
    whole, part = int(count), count - int(count)
    shown = [epoch(course, examples, seed * 1000 + n, negatives) for n in range(whole + (part > 0))]
    return [*shown[:whole], *(items[: int(len(items) * part)] for items in shown[whole:])]


def epoch(course: Course, examples: Sequence[Example], seed: int, negatives: float = NEGATIVES) -> list[Item]:
    """Return one epoch's items in a seeded order, with so many without an answer for each that has one, on average."""
    chooser = random.Random(seed)
    items: list[Item | None] = []
    for example in examples:
        if not example.answers:
            items.append(course.written_wrong(example))
            continue
        items.append(course.positive(example))
        whole, part = divmod(negatives, 1)
        items += course.negatives(example, int(whole) + (chooser.random() < part), chooser)
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
