"""Question sets on disk: ``contexts_*.jsonl`` and ``qa_*.jsonl``, each context one page of its document."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.types import Document, Language, Page


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold answers (none when unanswerable) and its gold passage.

    ``specific`` is true when the question names its subject.
    """

    id: str
    text: str
    language: Language
    answers: tuple[str, ...]
    context_id: str | None
    document_id: str
    answerable: bool
    specific: bool


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def questions(folder: Path, language: Language) -> list[Question]:
    """Read ``qa_<language>.jsonl``."""
    return [_question(row) for row in rows(folder / f"qa_{language}.jsonl")]


def documents(folder: Path, language: Language) -> tuple[list[Document], dict[tuple[str, int], str]]:
    """Read ``contexts_<language>.jsonl`` as documents, with the context of each (document, page index)."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(folder / f"contexts_{language}.jsonl"):
        grouped[row["doc_id"]].append(row)
    contexts: dict[tuple[str, int], str] = {}
    found: list[Document] = []
    for document_id, group in grouped.items():
        group.sort(key=lambda row: row.get("order", 0))
        pages = tuple(Page(index, str(index + 1), row["text"]) for index, row in enumerate(group))
        contexts.update({(document_id, index): row["context_id"] for index, row in enumerate(group)})
        title = group[0].get("title") or document_id
        found.append(Document(id=document_id, name=title, pages=pages, title=title, language=language))
    return found, contexts


def _question(row: dict[str, Any]) -> Question:
    answers = tuple(a["text"] if isinstance(a, dict) else a for a in row["answers"])
    return Question(
        id=row["id"],
        text=row["question"],
        language=row["lang"],
        answers=answers,
        context_id=row["context_id"],
        document_id=row["doc_id"],
        answerable=bool(answers),
        specific=row.get("specific", True),
    )
