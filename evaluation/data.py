"""Question sets on disk; ``evaluation/README.md`` describes the layout."""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import ingest
from ingest.types import Document, Language, Page
from rag.errors import RagError

LANGUAGES: tuple[Language, ...] = ("en", "fr")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold answers (none when unanswerable) and its gold passage.

    ``specific`` is true when the question names its subject; ``document_id`` is empty when no document is about it.
    ``document_language`` is that of the corpus it is asked of, and of its answers.
    """

    id: str
    text: str
    language: Language
    answers: tuple[str, ...]
    context_id: str | None
    document_id: str
    answerable: bool
    specific: bool
    kind: str = "answerable"
    source: str = ""
    document_language: Language = "en"

    @property
    def is_crossed(self) -> bool:
        """Tell whether the question and its documents differ in language."""
        return self.language != self.document_language

    @property
    def origin(self) -> str:
        """Return the set it is counted with: by how it is asked, its documents' language and its source."""
        how = "crossed, " if self.is_crossed else "" if self.specific else "ticked, "
        return f"{how}{self.document_language}, {self.source or 'no source named'}"


@dataclass(frozen=True, slots=True)
class ClosedBook:
    """A question without documents; ``group`` is its popularity, where it is known, else its source."""

    question: Question
    group: str


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """A corpus with queries and the grade of each passage that answers them."""

    name: str
    documents: tuple[Document, ...]
    queries: tuple[Question, ...]
    gold: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class GoldPages:
    """Where a question's passage stands: a file below ``qa_pdfs/`` and page numbers from 1."""

    file: str
    pages: frozenset[int]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read a JSON-lines file. Raises RagError DATA_MISSING or DATA_DAMAGED."""
    return iter(parsed(path, lambda row: row))


def parsed(path: Path, parse: Callable[[dict[str, Any]], T]) -> list[T]:
    """Read a JSON-lines file, each row by ``parse``. Raises RagError DATA_MISSING or DATA_DAMAGED."""
    found: list[T] = []
    number = 0
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    found.append(parse(json.loads(line)))
    except OSError as error:
        raise RagError("DATA_MISSING", path=str(path.parent), wanted=path.name) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"line {number}: {type(error).__name__} {error}"
        raise RagError("DATA_DAMAGED", path=str(path), reason=reason) from error
    return found


def require(folder: Path, *patterns: str) -> None:
    """Check that ``folder`` is one and holds something of a pattern. Raises RagError DATA_FOLDER or DATA_MISSING."""
    if not folder.is_dir():
        raise RagError("DATA_FOLDER", path=str(folder))
    if patterns and not any(next(folder.glob(pattern), None) for pattern in patterns):
        raise RagError("DATA_MISSING", path=str(folder), wanted=", ".join(patterns))


def languages(folder: Path, only: Language | None = None) -> list[Language]:
    """Return the languages whose contexts and questions are there. Raises RagError DATA_FOLDER or DATA_MISSING."""
    wanted = [only] if only else list(LANGUAGES)
    found = [lang for lang in wanted if _has(folder, f"contexts_{lang}.jsonl") and _has(folder, f"qa_{lang}.jsonl")]
    if not found:
        require(folder, "contexts_*.jsonl")
        require(folder, "qa_*.jsonl")
        names = " or ".join(f"contexts_{lang}.jsonl with qa_{lang}.jsonl" for lang in wanted)
        raise RagError("DATA_MISSING", path=str(folder), wanted=names)
    return found


def _has(folder: Path, name: str) -> bool:
    return (folder / name).is_file()


def questions(folder: Path, language: Language) -> list[Question]:
    """Read ``qa_<language>.jsonl``. Raises RagError DATA_MISSING or DATA_DAMAGED."""
    return parsed(folder / f"qa_{language}.jsonl", _question)


def _question(row: dict[str, Any]) -> Question:
    answers = tuple(a["text"] if isinstance(a, dict) else a for a in row["answers"])
    return Question(
        id=row["id"],
        text=row["question"],
        language=row["lang"],
        answers=answers,
        context_id=row["context_id"],
        document_id=row["doc_id"] or "",
        answerable=bool(answers),
        specific=row.get("specific", True),
        kind=row.get("kind") or ("answerable" if answers else "unanswerable"),
        source=row.get("source", ""),
        document_language=row["lang"],
    )


def crossed(folder: Path, language: Language) -> list[Question]:
    """Read from ``crossed.jsonl``, where there is one, the questions over documents of ``language``."""
    if not _has(folder, "crossed.jsonl"):
        return []
    return [q for q in parsed(folder / "crossed.jsonl", _crossed) if q.document_language == language]


def _crossed(row: dict[str, Any]) -> Question:
    asked = _question({**row, "lang": row["question_lang"], "kind": "answerable"})
    return replace(asked, document_language=row["document_lang"])


def documents(folder: Path, language: Language) -> tuple[list[Document], dict[tuple[str, int], str]]:
    """Read ``contexts_<language>.jsonl`` as documents, with the context of each (document, page index)."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    contexts: dict[tuple[str, int], str] = {}
    for row in parsed(folder / f"contexts_{language}.jsonl", _context):
        grouped[row["doc_id"]].append(row)
    found: list[Document] = []
    for document_id, group in grouped.items():
        group.sort(key=lambda row: row["order"])
        pages = tuple(Page(index, str(index + 1), row["text"]) for index, row in enumerate(group))
        contexts.update({(document_id, index): row["context_id"] for index, row in enumerate(group)})
        title = group[0]["title"] or document_id
        found.append(Document(id=document_id, name=title, pages=pages, title=title, language=language))
    return found, contexts


def _context(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "doc_id": str(row["doc_id"]),
        "context_id": str(row["context_id"]),
        "text": str(row["text"]),
        "title": row.get("title", ""),
        "order": int(row.get("order", 0)),
    }


def gold_pages(folder: Path) -> dict[str, GoldPages]:
    """Read ``qa_pdfs/gold.jsonl``: question id -> pages."""
    read = parsed(folder / "qa_pdfs" / "gold.jsonl", lambda row: (row["id"], row["file"], frozenset(row["pages"])))
    return {question: GoldPages(file, pages) for question, file, pages in read}


def passage_pages(folder: Path) -> list[tuple[str, GoldPages]]:
    """Read ``qa_pdfs/pages.jsonl``, where there is one: the text of each passage and where it stands."""
    path = folder / "qa_pdfs" / "pages.jsonl"
    if not path.is_file():
        return []
    where = dict(parsed(path, lambda row: (row["context_id"], GoldPages(row["file"], frozenset(row["pages"])))))
    texts = {
        row["context_id"]: row["text"] for lang in languages(folder) for row in rows(folder / f"contexts_{lang}.jsonl")
    }
    return [(texts[context], pages) for context, pages in where.items() if context in texts]


def closed_book(folder: Path, language: Language) -> list[ClosedBook]:
    """Read the questions of a language from ``closed_book.jsonl``, where there is one."""
    if not _has(folder, "closed_book.jsonl"):
        return []
    return [item for item in parsed(folder / "closed_book.jsonl", _closed) if item.question.language == language]


def _closed(row: dict[str, Any]) -> ClosedBook:
    asked = _question({**row, "context_id": None, "doc_id": None, "specific": True, "kind": "closed_book"})
    return ClosedBook(asked, _popularity(row.get("popularity")) or asked.source)


def _popularity(views: float | None) -> str:
    if views is None:
        return ""
    return "rare (< 1,000 views)" if views < 1_000 else "known (< 10,000)" if views < 10_000 else "popular (≥ 10,000)"


def retrieval_set(folder: Path) -> RetrievalSet:
    """Read a ``retrieval_*`` folder: each passage is a document of one page, in the language its name ends with."""
    ending = folder.name.rpartition("_")[2]
    language = next((known for known in LANGUAGES if known == ending), None)
    gold: dict[str, dict[str, int]] = defaultdict(dict)
    for query, item, grade in _qrels(folder / "qrels.tsv"):
        gold[query][item] = grade
    passages = parsed(folder / "corpus.jsonl", lambda row: _passage(row, language))
    queries = parsed(folder / "queries.jsonl", lambda row: _query(row, language))
    return RetrievalSet(folder.name, tuple(passages), tuple(q for q in queries if q.id in gold), dict(gold))


def _passage(row: dict[str, Any], language: Language | None) -> Document:
    text, title = row["text"], row.get("title") or ""
    page = Page(0, "1", text)
    return Document(row["_id"], title or row["_id"], (page,), title, language or ingest.detect(text))


def _query(row: dict[str, Any], language: Language | None) -> Question:
    asked = language or ingest.detect(row["text"])
    return Question(row["_id"], row["text"], asked, (), None, "", True, True, document_language=asked)


def _qrels(path: Path) -> list[tuple[str, str, int]]:
    try:
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:] if line.strip()]
        return [(query, item, int(grade)) for query, item, grade in lines]
    except OSError as error:
        raise RagError("DATA_MISSING", path=str(path.parent), wanted=path.name) from error
    except ValueError as error:
        raise RagError("DATA_DAMAGED", path=str(path), reason=str(error)) from error


def choose(asked: Sequence[T], limit: int | None, seed: int) -> list[T]:
    """Return at most ``limit`` of the questions (0 or None: all), chosen by seed, in their order."""
    if not limit or limit >= len(asked):
        return list(asked)
    return [asked[place] for place in sorted(random.Random(seed).sample(range(len(asked)), limit))]
