"""The three ways to a short answer, side by side on documents that none of them was trained on.

(a) the reader alone; (b) the adapted generator alone, from three numbered passages; (c) both: the reader chooses the
passage and refuses, the adapted generator writes, and its words are kept where they stand in the passage.
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evaluation.fingerprint import key
from evaluation.metrics import exact_match, f1, figure
from evaluation.records import Record, Records
from rag.prompt import ABSENT, fence, sources_prompt
from rag.quotes import find_quote
from rag.types import Generator, Passage, Reader
from training.adapter_data import Ask, Sheet, sheets
from training.squad import Example

MAX_TOKENS = 40
FALSE_REFUSALS = 0.10
"""The reader's threshold is set so that it refuses this share of what can be answered."""

Writer = Callable[["Case", "Written"], "Written"]
"""One way to an answer: to a case, after what the reader wrote, if it was asked first."""

_MARK = re.compile(r"\s*\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Written:
    """What one candidate says: an answer with the number of its passage, or nothing (""); ``odds``: of an answer."""

    answer: str
    n: int | None
    seconds: float
    odds: float = 0.0


_NOTHING = Written("", None, 0.0)


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it is asked: all candidates see the same passages."""

    sheet: Sheet
    ask: Ask

    @property
    def kind(self) -> str:
        """Return "answerable", "adversarial" (written to look so) or "removed" (its passage was taken out)."""
        if self.ask.number:
            return "answerable"
        return "removed" if self.ask.example.answers else "adversarial"


def cases(examples: Sequence[Example], per_language: int, seed: int) -> list[Case]:
    """Draw questions over three passages each, as many of each language."""
    drawn = [Case(sheet, ask) for sheet in sheets(examples, seed, (3,)) for ask in sheet.asks]
    random.Random(seed).shuffle(drawn)
    return [case for language in ("en", "fr") for case in _of(language, drawn)[:per_language]]


def _of(language: str, drawn: Sequence[Case]) -> list[Case]:
    return [case for case in drawn if case.sheet.language == language]


def read(text: str) -> tuple[str, int | None]:
    """Return the answer and the number of its mark; an empty answer where the model refuses."""
    line = text.partition("\n")[0]
    if ABSENT in line or not line.strip():
        return "", None
    mark = _MARK.search(line)
    return (line[: mark.start()] if mark else line).strip(), int(mark[1]) if mark else None


def by_generator(case: Case, generator: Generator, passages: Sequence[Passage] = ()) -> Written:
    """Let the generator write from the passages of the case, or from those given."""
    began = time.perf_counter()
    shown = passages or case.sheet.passages
    room = generator.context_tokens - MAX_TOKENS
    asked, count = case.ask.question, generator.count_tokens
    prompt = sources_prompt(asked, case.sheet.language, shown, budget=room, count_tokens=count)
    text = "".join(token.text for token in generator.stream(prompt, max_tokens=MAX_TOKENS, stop=("\n",)))
    return Written(*read(text), time.perf_counter() - began)


def by_reader(case: Case, reader: Reader) -> Written:
    """Take the best answer of the passage that answers most likely."""
    began = time.perf_counter()
    readings = reader.read(case.ask.question, case.sheet.passages)
    best = max(range(len(readings)), key=lambda place: readings[place].answerable)
    passage, reading = case.sheet.passages[best], readings[best]
    answer = passage.text[reading.spans[0].start : reading.spans[0].end] if reading.spans else ""
    return Written(answer, passage.n, time.perf_counter() - began, reading.answerable)


def by_both(case: Case, chosen: Written, generator: Generator) -> Written:
    """Let the generator write from the one passage that the reader chose; what does not stand in it is not kept."""
    if chosen.n is None or not chosen.answer:
        return chosen
    passage = case.sheet.passages[chosen.n - 1]
    written = by_generator(case, generator, [passage])
    stands = find_quote(passage.text, written.answer) or find_quote(fence(passage.text), written.answer)
    answer = written.answer if written.answer and stands else chosen.answer
    return Written(answer, chosen.n, chosen.seconds + written.seconds, chosen.odds)


def refusing(asked: Sequence[Case], written: Sequence[Written]) -> list[Written]:
    """Empty the answers whose odds are below the threshold that leaves 10 % false refusals."""
    odds = sorted(w.odds for case, w in zip(asked, written, strict=True) if case.ask.number)
    floor = odds[int(len(odds) * FALSE_REFUSALS)] if odds else 0.0
    return [w if w.odds >= floor else Written("", None, w.seconds, w.odds) for w in written]


def compare(asked: Sequence[Case], kept: Records, generator: Generator, reader: Reader | None) -> dict[str, Any]:
    """Return the figures of the adapted generator, of the reader and of both; what is ``kept`` is not written again."""
    unread = [(case, _NOTHING) for case in asked]
    writer = generator.model_id
    alone = _all(kept, "adapter", writer, unread, lambda case, chosen: by_generator(case, generator))
    measured = {"adapter": figures(asked, alone)}
    if reader is not None:
        found = _all(kept, "reader", reader.model_id, unread, lambda case, chosen: by_reader(case, reader))
        read = refusing(asked, found)
        pairs = list(zip(asked, read, strict=True))
        both = _all(kept, "both", writer, pairs, lambda case, chosen: by_both(case, chosen, generator))
        measured |= {"reader": figures(asked, read), "both": figures(asked, both)}
    return measured


def _all(kept: Records, way: str, model_id: str, asked: Sequence[tuple[Case, Written]], write: Writer) -> list[Written]:
    def name(pair: tuple[Case, Written]) -> str:
        case, chosen = pair
        passages = [passage.text for passage in case.sheet.passages]
        read = (chosen.answer, chosen.n)
        return key(way=way, model=model_id, question=case.ask.question, passages=passages, read=read)

    def measure(pair: tuple[Case, Written]) -> Record:
        return asdict(write(*pair))

    records = (record for _, record in kept.complete_by(name, way, asked, measure))
    return [Written(record["answer"], record["n"], record["seconds"], record["odds"]) for record in records]


def figures(asked: Sequence[Case], written: Sequence[Written]) -> dict[str, Any]:
    """Return F1, exact match, right citation, false refusal, refusal by kind and median seconds, by language."""
    return {
        language: dict(_figures([(c, w) for c, w in zip(asked, written, strict=True) if c.sheet.language == language]))
        for language in ("en", "fr")
    }


def _figures(pairs: Sequence[tuple[Case, Written]]) -> Iterator[tuple[str, Any]]:
    answerable = [(c, w) for c, w in pairs if c.ask.number]
    golds = [[text for text, _ in c.ask.example.answers] for c, _ in answerable]
    for name, metric in (("f1", f1), ("exact", exact_match)):
        values = [metric(w.answer, gold, c.sheet.language) for (c, w), gold in zip(answerable, golds, strict=True)]
        yield name, _figure(values)
    yield "right_passage", _figure([float(w.n == c.ask.number) for c, w in answerable])
    yield "false_refusal", _figure([float(not w.answer) for _, w in answerable])
    for kind in ("adversarial", "removed"):
        yield f"refusal_{kind}", _figure([float(not w.answer) for c, w in pairs if c.kind == kind])
    seconds = sorted(w.seconds for _, w in pairs)
    yield "median_seconds", round(seconds[len(seconds) // 2], 2) if seconds else None


def _figure(values: Sequence[float]) -> dict[str, float] | None:
    found = figure(values)
    return {name: round(value, 3) for name, value in asdict(found).items()} if found else None
