"""What the adapter is trained on: sheets of numbered passages with all the questions that are asked of them.

The questions of a sheet share the reading of its passages, which is most of the work. A question without an answer on
its sheet is one that was written to look answerable, or one whose own passage was taken out.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.language import fold
from ingest.types import Language
from rag.prompt import ABSENT, fence
from rag.types import Passage
from training.squad import Example

MOST_QUESTIONS = 8
PASSAGE_COUNTS = (1, 2, 2, 3, 3)
"""How many passages a sheet has: one of these."""

OTHER_ARTICLE = 0.25
"""The share of companions that come from another article."""

REMOVED = 3
"""How many questions a sheet asks whose own passage is not on it."""

LONGEST = 2200
"""Characters of a passage; a chunk of the app is shorter."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question; ``number`` is the passage of its sheet that answers it, None when none does."""

    example: Example
    number: int | None

    @property
    def question(self) -> str:
        """Return what is asked."""
        return self.example.question

    @property
    def target(self) -> str:
        """Return what should be written: a short answer with its mark, or the word of refusal."""
        if self.number is None:
            return ABSENT
        # What the model reads is fenced: what it is to copy must be, too.
        return f"{fence(' '.join(self.example.answers[0][0].split()))} [{self.number}]"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Numbered passages in one language, and the questions asked of them."""

    language: Language
    passages: tuple[Passage, ...]
    asks: tuple[Ask, ...]


def sheets(examples: Sequence[Example], seed: int, counts: Sequence[int] = PASSAGE_COUNTS) -> list[Sheet]:
    """Return a sheet for every passage, in a seeded order, languages mixed; ``counts`` are the sizes drawn from."""
    chooser = random.Random(seed)
    shelf = _Shelf(examples)
    made = [shelf.sheet(group, chooser.choice(counts), chooser) for group in shelf.groups]
    chooser.shuffle(made)
    return [sheet for sheet in made if sheet.asks]


class _Shelf:
    """The examples by passage, by article and by language."""

    def __init__(self, examples: Sequence[Example]) -> None:
        by_passage: dict[str, list[Example]] = defaultdict(list)
        self._articles: dict[str, list[str]] = defaultdict(list)
        self._languages: dict[Language, list[str]] = defaultdict(list)
        for example in examples:
            if len(example.passage) > LONGEST:
                continue
            if example.passage_id not in by_passage:
                self._articles[example.document_id].append(example.passage_id)
                self._languages[example.language].append(example.passage_id)
            by_passage[example.passage_id].append(example)
        self._by_passage = dict(by_passage)

    @property
    def groups(self) -> list[list[Example]]:
        return list(self._by_passage.values())

    def sheet(self, own: Sequence[Example], count: int, chooser: random.Random) -> Sheet:
        first = own[0]
        chosen = [first.passage_id]
        for _ in range(count - 1):
            other = self._companion(first, chosen, chooser)
            chosen += [other] if other else []
        chooser.shuffle(chosen)
        texts = {key: self._by_passage[key][0] for key in chosen}
        passages = tuple(_passage(n, example) for n, example in enumerate(texts.values(), 1))
        number = chosen.index(first.passage_id) + 1
        asked = list(own)
        chooser.shuffle(asked)
        asks = [Ask(example, number if example.answers else None) for example in asked[: MOST_QUESTIONS - REMOVED]]
        asks += [Ask(example, None) for example in self._removed(first, texts, chooser)]
        chooser.shuffle(asks)
        return Sheet(first.language, passages, tuple(asks))

    def _companion(self, first: Example, chosen: Sequence[str], chooser: random.Random) -> str | None:
        near = [key for key in self._articles[first.document_id] if key not in chosen]
        if not near or chooser.random() < OTHER_ARTICLE:
            near = [key for key in self._languages[first.language] if key not in chosen]
        return chooser.choice(near) if near else None

    def _removed(self, first: Example, texts: dict[str, Example], chooser: random.Random) -> list[Example]:
        near = [key for key in self._articles[first.document_id] if key not in texts]
        held = [fold(example.passage) for example in texts.values()]
        found: list[Example] = []
        for key in chooser.sample(near, min(len(near), REMOVED - 1)):
            example = chooser.choice(self._by_passage[key])
            if example.answers and not any(fold(example.answers[0][0]) in text for text in held):
                found.append(example)
        return found


def _passage(n: int, example: Example) -> Passage:
    text = example.passage
    return Passage(
        n, n, example.passage_id, example.title, 0, "1", "", text, 0, len(text), 0.0, example.language
    )  # fmt: skip
