"""A quiz as JSON, the format that holds everything; ``quiz.schema.json`` describes it."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from ingest.types import Language
from rag.export.carried import VERSION, distinct, read_item
from rag.study.types import Item

FORMAT = "lectern-quiz"


def write_json(name: str, items: Sequence[Item], language: Language) -> bytes:
    """Return a quiz as UTF-8 JSON; ``language`` is that of the quiz, not of its items."""
    quiz = {
        "format": FORMAT,
        "version": VERSION,
        "name": name,
        "language": language,
        "items": [asdict(item) for item in items],
    }
    return (json.dumps(quiz, ensure_ascii=False, indent=1) + "\n").encode()


def read_json(data: bytes) -> tuple[str, list[Item]]:
    """Return the name and the items of a quiz. Raises ValueError, or RagError QUIZ_FILE_NEWER."""
    try:
        quiz = json.loads(data.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(quiz, dict) or quiz.get("format") != FORMAT:
        raise ValueError("it is no quiz")
    items, name = quiz.get("items"), quiz.get("name")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items) or not isinstance(name, str):
        raise ValueError("its questions are malformed")
    return name, distinct([read_item(item, quiz.get("version")) for item in items])
