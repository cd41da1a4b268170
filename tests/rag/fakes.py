"""Stand-ins that a reader can predict by hand: a page is a line of the file, a chunk is a page."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zlib import crc32

import numpy as np

from ingest.errors import Cancelled, Refused
from ingest.types import Chunk, ChunkSettings, Document, Page, PageWarning, Upload
from rag.choice import ModelChoice
from rag.errors import ModelError
from rag.model_card import ModelCard
from rag.room import Room
from rag.rows import AnswerRow
from rag.terms import content_words
from rag.types import (
    AnswerReady,
    AskEvent,
    Citation,
    Comparison,
    MemoryReady,
    Passage,
    PassagesFound,
    SourcedAnswer,
    SourcesReady,
    TextDelta,
    Token,
    UsageCounted,
    Vectors,
)
from rag.used import Usage, Usages
from tests.rag.examples import ScriptedGenerator
from tests.rag.scripted_study import ScriptedGuideMaker, ScriptedQuizMaker, ScriptedSourceGuideMaker


def pdf(*lines: str) -> bytes:
    """A file of the fake format: its header, then a page a line."""
    return "\n".join(("%PDF-1.4", *lines)).encode()


class LineReader:
    """Reads ``pdf(...)``: an empty line is a picture, "locked" refuses, "crash" is a fault of the reader."""

    def extract(
        self,
        upload: Upload,
        *,
        scratch: Path,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Document:
        lines = upload.data.decode().split("\n")[1:]
        pages = []
        for index, line in enumerate(lines):
            (scratch / f"{index}").write_text(line)
            if cancelled():
                raise Cancelled
            if line == "locked":
                raise Refused("PASSWORD", upload.name)
            if line == "crash":
                raise ZeroDivisionError
            if line == "slow":
                time.sleep(0.05)
            pages.append(Page(index, f"p{index}", line, tuple(range(len(line)))))
            progress(index + 1, len(lines))
        warnings = tuple(PageWarning(page.index, "NO_TEXT") for page in pages if not page.text)
        return Document(upload.sha256, upload.name, tuple(pages), "Title", "fr", warnings, "lines-1")

    def chunk(self, document: Document, settings: ChunkSettings, count_tokens: Callable[[str], int]) -> list[Chunk]:
        return [Chunk(page.index, 0, len(page.text), page.text) for page in document.pages if page.text]

    def context_line(self, document: Document, chunk: Chunk) -> str:
        return document.title


@dataclass
class HashEmbedder:
    """A unit vector drawn from the hash of the text; remembers what it embedded."""

    model_id: str = "hash-1"
    dimension: int = 8
    delay: float = 0.0
    seen: list[str] = field(default_factory=list)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        time.sleep(self.delay)
        self.seen += texts
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        vector = np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        unit: Vectors = vector / np.float32(np.linalg.norm(vector))
        return unit


@dataclass
class BagEmbedder:
    """The direction of a text's words: texts that share words are near, all others are at right angles."""

    model_id: str = "bag-1"
    dimension: int = 512

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in content_words(text) or ("",):
            vector[crc32(word.encode()) % self.dimension] += 1
        unit: Vectors = vector / np.float32(np.linalg.norm(vector))
        return unit


PASSAGE = Passage(1, 1, "ab" * 32, "a.pdf", 0, "i", "", "The sky is blue.", 0, 16, 0.5, "en")
CITATION = Citation(1, "ab" * 32, "a.pdf", 0, "i", "blue", 11, 15, "lines-1")
SOURCED = SourcedAnswer("answered", "blue", "It is blue [1].", (CITATION,), (PASSAGE,))
GREEN = Token("Green", 0.5, (("Green", 0.5), ("Blue", 0.25)))
TOKENS = (GREEN, Token(".", 0.75, ((".", 0.75), ("", 0.125))))
USED = Usages(Usage(7, 3, 0.5, 7.0, 14.0))
COMPARISON = Comparison("differ", ("green",), ("blue",))


@dataclass
class ScriptedAnswerer:
    """Answers every question alike; "long" streams until it is stopped, "fault" raises, "deaf" never stops.

    "dreaming" goes on from memory until it is stopped; "stuck" is long in one step that cannot be ended.
    """

    asked: list[str] = field(default_factory=list)

    def answer(self, row: AnswerRow, cancelled: Callable[[], bool]) -> Iterator[AskEvent]:
        self.asked.append(row.question)
        yield UsageCounted(lambda: USED)
        yield PassagesFound((PASSAGE,))
        if row.question == "fault":
            raise ZeroDivisionError
        yield TextDelta("sources", "It is ")
        while row.question in ("long", "deaf"):
            if row.question == "long" and cancelled():
                return
            time.sleep(0.02)
            yield TextDelta("sources", "so ")
        if row.question == "stuck":
            yield from self._stuck()
        yield TextDelta("sources", "blue")
        yield SourcesReady(SOURCED)
        yield TextDelta("memory", "Green", GREEN)
        while row.question == "dreaming" and not cancelled():
            time.sleep(0.02)
            yield TextDelta("memory", ".", TOKENS[1])
        if row.question == "dreaming":
            return
        yield MemoryReady("Green.", TOKENS)
        yield AnswerReady(COMPARISON, {"total": 0.5}, USED)

    def _stuck(self) -> Iterator[AskEvent]:
        for _ in range(25):
            time.sleep(0.02)
            yield TextDelta("sources", "so ")
        time.sleep(4)


@dataclass
class FakeServices:
    """The models of a process, none of them real.

    Beside what is loaded there is no room for "large" and "broken large"; "huge" never fits, "broken" cannot be loaded.
    """

    embedder: HashEmbedder = field(default_factory=HashEmbedder)
    answerer: ScriptedAnswerer = field(default_factory=ScriptedAnswerer)
    generator_id: str = "scripted"
    generator: ScriptedGenerator = field(default_factory=lambda: ScriptedGenerator("It is blue.", "Blue it is."))
    device: str = "CPU"
    quiz_maker: ScriptedQuizMaker = field(default_factory=ScriptedQuizMaker)
    guide_maker: ScriptedGuideMaker = field(default_factory=ScriptedGuideMaker)
    source_guide_maker: ScriptedSourceGuideMaker = field(default_factory=ScriptedSourceGuideMaker)
    choice: ModelChoice = field(default_factory=ModelChoice)
    card: ModelCard = field(default_factory=lambda: ModelCard(ModelChoice()))
    loaded: list[str] = field(default_factory=list)

    def room_for(self, choice: ModelChoice, beside: ModelChoice | None) -> Room:
        if choice.name == "huge":
            raise ModelError("MODEL_TOO_LARGE", model="huge", need="90.0 GB", free="8.0 GB")
        return "instead" if "large" in choice.name else "beside"

    def load(self, choice: ModelChoice) -> "FakeServices":
        self.loaded.append(choice.label)
        if "broken" in choice.name:
            raise ModelError("MODEL_LOAD", model=choice.name, reason="no weights")
        written_by = "scripted" if choice.kind == "bundled" else choice.name
        return replace(self, choice=choice, generator_id=written_by, card=ModelCard(choice, written_by))
