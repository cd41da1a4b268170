"""A course small enough to check by eye: two sources, a section a page, three facts a section, in both languages."""

import random
from dataclasses import dataclass, field

import numpy as np

from ingest.types import Language, Page
from rag.rows import ChunkRow, DocumentRow
from rag.study.material import Material, Sentence
from rag.study.pool import Pool
from rag.study.types import Difficulty, Item, ItemType, Option
from rag.terms import words
from rag.types import Passage, Reading, Span

TOPICS: dict[Language, tuple[str, ...]] = {
    "en": ("bile", "bread", "copper", "coral", "dough", "granite", "honey", "lava"),
    "fr": ("la bile", "le pain", "le cuivre", "le corail", "la pâte", "le granit", "le miel", "la lave"),
}
_FACTS: dict[Language, tuple[str, ...]] = {
    "en": (
        "The study of {0} was founded by Ada Moore{1} in the town of Leeds.",
        "A museum of {0} opened its doors in 19{1} after a long debate.",
        "The price of {0} depends on the weather and on the harbour of Port{1}.",
    ),
    "fr": (
        "L’étude sur {0} a été fondée par Ada Moreau{1} dans la ville de Lille.",
        "Un musée sur {0} a ouvert ses portes en 19{1} après un long débat.",
        "Le prix de cette matière, {0}, dépend de la météo et du port de Calais{1}.",
    ),
}


def material(language: Language = "en", pages: int = 4, sources: int = 2) -> Material:
    """Sources of some pages; page n of a source is a section with three facts about one topic."""
    rows, texts, chunks = [], {}, []
    for number in range(1, sources + 1):
        row = source(number, language, pages)
        rows.append(row)
        texts[row.id] = tuple(_page(number, n, language) for n in range(pages))
        chunks += [_chunk(row, page) for page in texts[row.id]]
    return Material(tuple(rows), texts, tuple(chunks))


def source(number: int, language: Language, pages: int) -> DocumentRow:
    """The row of a source that is ready."""
    name = f"course{number}.pdf"
    sha = f"{number:064x}"
    return DocumentRow(
        number, 1, sha, name, 100, "ready", "", {}, True, "", language, pages, pages, (), "lines-1", 0, 0, 0.0, 0.0
    )


def _page(number: int, index: int, language: Language) -> Page:
    topic = TOPICS[language][(4 * (number - 1) + index) % len(TOPICS[language])]
    facts = " ".join(fact.format(topic, 10 * number + index) for fact in _FACTS[language])
    text = f"{topic.capitalize()}\n{facts}"
    return Page(index, str(index + 1), text, tuple(range(len(text))), topic.capitalize())


def _chunk(row: DocumentRow, page: Page) -> ChunkRow:
    return ChunkRow(
        10 * row.id + page.index, row.id, row.sha256, row.name, "", row.language, page.index, page.label,
        page.section, page.text, 0, len(page.text), row.extractor,
    )  # fmt: skip


def draft(
    sentence: Sentence, type: ItemType, pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
) -> Item | None:
    """Leave out the last word with a number, which every fact has; the wrong options count on from it."""
    marked = [word for word in sentence.text.rstrip(".").split() if any(c.isdigit() for c in word)]
    if type not in ("choice", "cloze") or not marked:
        return None
    key = marked[-1]
    wrong = [key[:-2] + str((int(key[-2:]) + step) % 90 + 10) for step in (11, 22, 33)]
    options = (Option(key, True, "so"), *(Option(text, False, "no") for text in wrong))
    return Item(
        type,
        sentence.text.replace(key, "_____"),
        options if type == "choice" else (),
        key,
        sentence.cite(),
        language,
        difficulty=difficulty,
        section=sentence.section,
        hint="",
        explanation="so",
        accepted=() if type == "choice" else (key,),
        prompt_version="code-test",
    )


@dataclass
class GapReader:
    """Finds what a question with a gap leaves out; ``blind`` it finds the first word of the passage instead."""

    blind: bool = False
    asked: list[str] = field(default_factory=list)
    model_id: str = "gap-1"

    def read(self, question: str, passages: list[Passage], cancelled: object = None) -> list[Reading]:
        self.asked.append(question)
        return [self._one(question, passage.text) for passage in passages]

    def _one(self, question: str, text: str) -> Reading:
        before, _, after = question.partition("_____")
        start = text.find(before) + len(before)
        end = text.find(after, start)
        if self.blind or not after or start < len(before) or end < 0:
            start, end = 0, len(text.split()[0])
        return Reading(5.0, (Span(start, end, 0.0),))


class WordEmbedder:
    """The direction of a text's words."""

    model_id = "words-1"
    dimension = 256

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_documents(self, texts: list[str]) -> np.ndarray:  # type: ignore[type-arg]
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> np.ndarray:  # type: ignore[type-arg]
        vector = np.full(self.dimension, 1e-6, dtype=np.float32)
        for word in words(text):
            vector[sum(word.encode()) % self.dimension] += 1
        return vector / np.float32(np.linalg.norm(vector))
