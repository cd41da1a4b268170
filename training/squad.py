"""Reading-comprehension questions as examples: the repository's own layout and SQuAD's JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluation.data import LANGUAGES, rows
from ingest.types import Language


@dataclass(frozen=True, slots=True)
class Example:
    """A question on a passage; ``answers`` are (text, start) in it, none when it does not answer.

    ``language`` is the passage's; ``id`` is the question's in its file, "" where it has none.
    """

    question: str
    language: Language
    title: str
    passage: str
    passage_id: str
    document_id: str
    answers: tuple[tuple[str, int], ...]
    id: str = ""


TRANSLATED = Path(__file__).with_name("crossed.jsonl")


def load(data: Path) -> list[Example]:
    """Read ``contexts_*.jsonl`` and ``qa_*.jsonl``."""
    return [example for language in LANGUAGES for example in _language(data, language)]


def load_translated(data: Path) -> list[Example]:
    """Read those of the same questions that were translated, on the passages of the other language."""
    asked = {row["id"]: row["question"] for row in rows(TRANSLATED)}
    return [replace(example, question=asked[example.id]) for example in load(data) if example.id in asked]


def _language(data: Path, language: Language) -> Iterator[Example]:
    contexts = {row["context_id"]: row for row in rows(data / f"contexts_{language}.jsonl")}
    for row in rows(data / f"qa_{language}.jsonl"):
        context = contexts[row["context_id"]]
        answers = tuple((a["text"], a["start"]) for a in row["answers"])
        if all(context["text"][start : start + len(text)] == text for text, start in answers):
            title = re.sub(r"<[^>]+>", "", context["title"])
            place = (context["text"], row["context_id"], row["doc_id"])
            yield Example(row["question"], language, title, *place, answers, row.get("id", ""))


def load_squad(path: Path) -> list[Example]:
    """Read a file in SQuAD's format, or its beginning: a record that is cut off ends the reading."""
    text = path.read_text(encoding="utf-8", errors="ignore")
    return list(_paragraphs(text))


def _paragraphs(text: str) -> Iterator[Example]:
    decoder = json.JSONDecoder()
    title = ""
    for match in re.finditer(r'"title":\s*("(?:[^"\\]|\\.)*")|\{"context":|\{"qas":', text):
        if match.group(1):
            title = json.loads(match.group(1)).replace("_", " ")
            continue
        try:
            paragraph, _ = decoder.raw_decode(text, match.start())
        except json.JSONDecodeError:
            return
        yield from _questions(paragraph, title, match.start())


def _questions(paragraph: dict[str, Any], title: str, place: int) -> Iterator[Example]:
    passage = paragraph["context"]
    for row in paragraph["qas"]:
        answers = tuple((a["text"], a["answer_start"]) for a in row["answers"])
        if all(passage[start : start + len(answer)] == answer for answer, start in answers):
            where = (passage, f"squad-{place}", f"squad-{title}")
            yield Example(row["question"], "en", title, *where, answers, row.get("id", ""))
