"""A user's questions from a CSV or JSONL file: question, answer, and where known page and document."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import ingest
from ingest.language import fold
from rag.errors import RagError
from rag.evaluation_rows import NewQuestion
from rag.receipt import clean_name, clean_text

MAX_QUESTIONS = 500
MAX_BYTES = 2_000_000
MAX_PAGE = 1_000_000
SEPARATOR = "|"
_HEADERS = {
    "question": {"question", "questions"},
    "answer": {"answer", "answers", "expected", "reponse", "reponses"},
    "page": {"page"},
    "document": {"document", "file", "source", "fichier"},
    "reason": {"reason", "raison"},
}
_DELIMITERS = ",;\t"

Row = tuple[int, dict[str, object]]


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """What a file asks; ``repeated`` are the lines left out because they ask again what stood before.

    ``unknown`` are those left out because an answer was judged bad and nobody wrote yet what is right.
    """

    questions: tuple[NewQuestion, ...]
    repeated: tuple[int, ...]
    unknown: tuple[int, ...] = ()


def read_questions(name: str, data: bytes, documents: Sequence[str], max_chars: int) -> QuestionFile:
    """Read a file over sources called ``documents``.

    An empty answer says that the sources do not hold one; several accepted answers stand between "|", or in a list.
    A row with a ``reason`` and no answer, as feedback is exported, is not asked. Raises RagError QUESTIONS_UNREADABLE,
    _LARGE, _COLUMNS, _LINE, _PAGE, _DOCUMENT, _EMPTY or _UNJUDGED.
    """
    name = clean_name(name)
    if len(data) > MAX_BYTES:
        raise RagError("QUESTIONS_LARGE", name=name, limit=f"{MAX_BYTES // 1_000_000} MB")
    found: dict[tuple[str, str], NewQuestion] = {}
    repeated: list[int] = []
    unknown: list[int] = []
    for line, row in _rows(name, _text(name, data)):
        question = _question(name, line, row, documents, max_chars)
        if not question.expected and _plain(row.get("reason")):
            unknown.append(line)
            continue
        key = (" ".join(fold(question.question).split()), question.document)
        if key in found:
            repeated.append(line)
        found.setdefault(key, question)
        if len(found) > MAX_QUESTIONS:
            raise RagError("QUESTIONS_LARGE", name=name, limit=f"{MAX_QUESTIONS} questions")
    if not found:
        raise RagError("QUESTIONS_UNJUDGED" if unknown else "QUESTIONS_EMPTY", name=name)
    return QuestionFile(tuple(found.values()), tuple(repeated), tuple(unknown))


def _text(name: str, data: bytes) -> str:
    # Excel writes "Unicode text" as UTF-16 with a mark, and "CSV" in the code page of Western Europe.
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RagError("QUESTIONS_UNREADABLE", name=name, reason="UTF-8")


def _rows(name: str, text: str) -> Iterator[Row]:
    try:
        if PurePath(name).suffix.lower() in (".jsonl", ".ndjson", ".json") or text.lstrip()[:1] == "{":
            yield from _json_rows(name, text)
        else:
            yield from _csv_rows(name, text)
    except (csv.Error, json.JSONDecodeError, RecursionError) as error:
        raise RagError("QUESTIONS_UNREADABLE", name=name, reason=str(error)[:120]) from error


def _json_rows(name: str, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise RagError("QUESTIONS_UNREADABLE", name=name, reason=f"{number}: {error.msg}") from error
        if not isinstance(row, dict):
            raise RagError("QUESTIONS_UNREADABLE", name=name, reason=f"{number}: {{…}}")
        yield number, _renamed(name, row)


def _csv_rows(name: str, text: str) -> Iterator[Row]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=delimiter)
    if reader.fieldnames is None:
        raise RagError("QUESTIONS_EMPTY", name=name)
    _columns(name, reader.fieldnames)
    for row in reader:
        if any(isinstance(value, str) and value.strip() for value in row.values()):
            yield reader.line_num, _renamed(name, row)


def _columns(name: str, headers: Sequence[str]) -> dict[str, str]:
    """Return the columns that are known, by their header. Raises QUESTIONS_COLUMNS."""
    columns = {name: column for column, names in _HEADERS.items() for name in names}
    plain = {header: fold(str(header)).strip() for header in headers}
    known = {header: columns[name] for header, name in plain.items() if name in columns}
    if not {"question", "answer"} <= set(known.values()):
        shown = ", ".join(clean_text(str(header)) for header in headers if header is not None)
        raise RagError("QUESTIONS_COLUMNS", name=name, found=shown[:200] or "–")
    return known


def _renamed(name: str, row: Mapping[str, object]) -> dict[str, object]:
    columns = _columns(name, [header for header in row if header is not None])
    return {columns[header]: value for header, value in row.items() if header in columns}


def _question(name: str, line: int, row: Mapping[str, object], documents: Sequence[str], max_chars: int) -> NewQuestion:
    text = _plain(row["question"])
    if not text or len(text) > max_chars:
        raise RagError("QUESTIONS_LINE", line=str(line), name=name, limit=str(max_chars))
    return NewQuestion(
        question=text,
        language=ingest.detect(text),
        expected=_answers(row["answer"]),
        page=_page(name, line, _plain(row.get("page"))),
        document=_document(name, line, _plain(row.get("document")), documents),
    )


def _plain(value: object) -> str:
    return "" if value is None else " ".join(clean_text(str(value)).split())


def _answers(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else _plain(value).split(SEPARATOR)
    return tuple(dict.fromkeys(part for part in map(_plain, parts) if part))


def _page(name: str, line: int, value: str) -> int:
    if not value:
        return 0
    whole = value.removesuffix(".0")  # as spreadsheets write numbers
    if not (whole.isascii() and whole.isdigit() and 1 <= int(whole[:9]) <= MAX_PAGE and len(whole) < 9):
        raise RagError("QUESTIONS_PAGE", line=str(line), name=name, value=value[:40])
    return int(whole)


def _document(name: str, line: int, value: str, documents: Sequence[str]) -> str:
    if not value:
        return ""
    for same in (str, str.casefold, lambda text: PurePath(text.casefold()).stem):
        for document in documents:
            if same(document) == same(value):
                return document
    known = ", ".join(documents) or "–"
    raise RagError("QUESTIONS_DOCUMENT", line=str(line), name=name, value=value[:80], known=known[:300])
