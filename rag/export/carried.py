"""The whole of an item as one note inside a file, and what a file must hold to be read back.

A format shows an item as its programs do and carries the rest in a note that they ignore. Nothing read is trusted.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rag.codec import decode
from rag.errors import RagError
from rag.study.types import Item, identified

VERSION = 1
# From an item of version n to one of n + 1: an entry for each past version, none so far.
STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
MAX_ITEMS_READ = 1000
MAX_OPTIONS = 26  # as many as there are letters
_TEXT_LIMIT = 50_000
_ID = re.compile(r"[0-9a-f]{16}")
_SHA256 = re.compile(r"[0-9a-f]{64}|")
_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def carry(item: Item) -> str:
    """Return the item as JSON in one line of ASCII without ``<``, ``>`` and ``&``."""
    return json.dumps({"v": VERSION, **asdict(item)}).translate(_MARKUP)


def carried(note: str) -> Item:
    """Read what ``carry`` wrote. Raises ValueError, or RagError QUIZ_FILE_NEWER."""
    try:
        data = json.loads(note)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("a note holds no question")
    return read_item(data, data.get("v"))


def read_item(data: dict[str, Any], version: object) -> Item:
    """Read an item written by ``version``, which is migrated. Raises ValueError, or RagError QUIZ_FILE_NEWER."""
    if type(version) is not int or version < 1:
        raise ValueError("its version is missing")
    if version > VERSION:
        raise RagError("QUIZ_FILE_NEWER")
    for past in range(version, VERSION):
        data = STEPS[past](data)
    return checked(decode(Item, json.dumps(data)))


def checked(item: Item) -> Item:
    """Return an item whose parts agree with its type, with an id. Raises ValueError."""
    right = sum(option.correct for option in item.options)
    fits = {
        "choice": len(item.options) >= 2 and right == 1,
        "several": len(item.options) >= 2 and right >= 1,
        "true_false": len(item.options) == 2 and right == 1,
        "matching": len(item.options) >= 2 and all(option.match.strip() for option in item.options),
        "cloze": not item.options and bool(item.answer.strip()),
        "short": not item.options and bool(item.answer.strip()),
    }
    if not item.stem.strip() or not all(option.text.strip() for option in item.options):
        raise ValueError("a question or an option is empty")
    if not fits[item.type] or len(item.options) > MAX_OPTIONS:
        raise ValueError(f"the options of “{item.stem:.40}” do not fit its type")
    source = item.source
    if not _SHA256.fullmatch(source.sha256) or source.page_index < 0 or not 0 <= source.start <= source.end:
        raise ValueError(f"the source of “{item.stem:.40}” is malformed")
    if len(json.dumps(asdict(item))) > _TEXT_LIMIT:
        raise ValueError(f"“{item.stem:.40}” is too long")
    return item if _ID.fullmatch(item.id) else identified(item)


def distinct(items: Sequence[Item]) -> list[Item]:
    """Return the items of a file when they are at least one, not too many and none twice. Raises ValueError."""
    if not items:
        raise ValueError("it holds no question that Lectern wrote")
    if len(items) > MAX_ITEMS_READ:
        raise ValueError(f"it holds more than {MAX_ITEMS_READ} questions")
    if len({item.id for item in items}) < len(items):
        raise ValueError("a question is listed twice")
    return list(items)
