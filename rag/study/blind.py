"""An item answered from its passage by someone who does not see the key: who finds another answer drops it."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.language import sentences
from ingest.types import Language, Page
from rag.grading import load
from rag.quotes import find_quote
from rag.study.gate import GAP
from rag.study.material import Sentence
from rag.study.types import Item, answers
from rag.terms import content_words, stem, words
from rag.types import Passage, Reader, Reading
from rag.verify import Claim, quoted_parts

AROUND = 450
"""Characters of the page on each side of the quote: with it, what a reader reads at once."""
AGREES = 0.1
"""The share (0..1) of a reader's answers that must speak for the key. On 300 training questions, with three answers of
other questions as wrong options, it keeps nine in ten right English keys, eight in ten French, 1 % of wrong ones; of
120 sentences with a gap nine in ten."""

_TRUE = frozenset({"true", "vrai"})
_JUDGED = re.compile(r"^(?:True or false|Vrai ou faux)\W*", re.IGNORECASE)
_MARKS = re.compile(r"[«»“”\"]\s*")


def passage_around(page: Page, start: int, end: int, sentence: Sentence) -> Passage:
    """Return whole sentences of the page of ``sentence`` around ``start``..``end``: what an item is answered from."""
    first, last = max(0, start - AROUND), end + AROUND
    spans = [(a, b) for a, b in sentences(page.text, sentence.language) if first <= a and b <= last]
    start, end = min([start, *(a for a, _ in spans)]), max([end, *(b for _, b in spans)])
    row = sentence.document
    return Passage(
        n=1,
        document_id=row.id,
        sha256=row.sha256,
        document=row.name,
        page_index=page.index,
        page_label=page.label,
        section=sentence.section,
        text=page.text[start:end],
        start=start,
        end=end,
        score=1.0,
        language=row.language,
        extractor=row.extractor,
        title=row.title,
    )


@dataclass(frozen=True, slots=True)
class Examiner:
    """Answers items from their passages without seeing the key.

    What needs an answer is put to the ``reader``; without one the key must stand in the passage. Statements are judged
    by what the passage states, pairs by ``told``: whether a sentence of the notebook holds all words of a text.
    """

    reader: Reader | None
    told: Callable[[str], bool]

    def agrees(self, item: Item, passage: Passage, cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Tell whether the answer found is the key. Raises Stopped."""
        if item.type == "true_false":
            statement = _JUDGED.sub("", item.stem)
            return states(passage, statement, item.language) is (words(item.answer)[0] in _TRUE)
        if item.type == "matching":
            return self._tells_pairs(item)
        if item.type == "several" or _are_statements(item):
            return all(states(passage, option.text, item.language) is option.correct for option in item.options)
        if self.reader is None:
            return any(find_quote(passage.text, answer) for answer in answers(item))
        reading = self.reader.read(_asked(item.stem), [passage], cancelled)[0]
        return _prefers_key(item, passage, reading)

    def _tells_pairs(self, item: Item) -> bool:
        """Tell whether the notebook speaks of both sides of every pair in one sentence."""
        return all(self.told(f"{option.text} {option.match}") for option in item.options)


def states(passage: Passage, statement: str, language: Language) -> bool:
    """Tell whether one sentence of a passage, its headings given, holds every word of a statement and no contrary."""
    statement = without_marks(statement)
    wanted = set(content_words(statement)) - set(words(f"{passage.title} {passage.section}"))
    spans = sentences(passage.text, passage.language)
    if not any(wanted <= set(content_words(passage.text[start:end])) for start, end in spans):
        return False
    claim = Claim(statement, passage.text, language, passage.language, f"{passage.title} {passage.section}")
    return claim.grade(load(), None) != "not_found"


def without_marks(text: str) -> str:
    """Return ``text`` without quotation marks."""
    return _MARKS.sub("", text).strip()


def _asked(stem: str) -> str:
    """Return what is put to a reader: a quoted sentence with a gap goes without the words around it."""
    return next((part for part in quoted_parts(stem) if GAP in part), stem)


def _are_statements(item: Item) -> bool:
    return bool(item.options) and all(o.text.endswith(".") and len(o.text.split()) > 4 for o in item.options)


def _prefers_key(item: Item, passage: Passage, reading: Reading) -> bool:
    """Tell whether the reader's answers speak for the key, and for no wrong option more."""
    found = [(passage.text[span.start : span.end], math.exp(span.score)) for span in reading.spans]
    total = sum(chance for _, chance in found)
    if not total:
        return False

    def backing(option: str) -> float:
        return sum(chance * likeness(text, option) for text, chance in found) / total

    key = max(backing(answer) for answer in answers(item))
    return key >= AGREES and all(backing(o.text) < key for o in item.options if not o.correct)


def likeness(one: str, other: str) -> float:
    """Return how far (0..1) two texts have the same words: half by the words themselves, half by their stems."""
    mine, theirs = set(content_words(one) or words(one)), set(content_words(other) or words(other))
    return (_overlap(mine, theirs) + _overlap({stem(w) for w in mine}, {stem(w) for w in theirs})) / 2


def _overlap(mine: set[str], theirs: set[str]) -> float:
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0
