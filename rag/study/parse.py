"""What a model wrote as an item, read with patience: JSON, cut or adorned, or labelled lines in either language."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.language import fold

FIELDS = ("quote", "question", "right", "wrong", "why", "hint")
WRONG = 3

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "quote": {"type": "string", "minLength": 20, "maxLength": 400},
            "question": {"type": "string", "minLength": 10, "maxLength": 300},
            "right": {"type": "string", "minLength": 1, "maxLength": 160},
            "wrong": {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 160},
                "minItems": WRONG,
                "maxItems": WRONG,
            },
            "why": {"type": "string", "minLength": 5, "maxLength": 300},
            "hint": {"type": "string", "minLength": 5, "maxLength": 200},
        },
        "required": list(FIELDS),
        "additionalProperties": False,
    }
)
"""The JSON schema of an item: the quote first, so that the question is written from it."""

_LABELS = {
    "quote": "quote|citation|extrait|source",
    "question": "question|q",
    "right": "right|answer|correct|reponse|bonne reponse|bonne|juste",
    "wrong": r"wrong ?(?:answers?)? ?\d?|w\d|mauvaises?(?: reponses?)? ?\d?|fausses?(?: reponses?)? ?\d?|faux ?\d?",
    "why": "why|because|explanation|pourquoi|explication",
    "hint": "hint|clue|indice",
}
_LINE = re.compile(
    r"^[\s*_#>-]*(?:" + "|".join(f"(?P<{name}>{label})" for name, label in _LABELS.items()) + r")[\s*_]*[:=][\s*_]*"
)
_DECORATION = re.compile(r"^(?:(?:[a-dA-D1-3]\)|[1-3]\.|-)\s+)|^[*_`\s]+|[*_`\s]+$")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


@dataclass(frozen=True, slots=True)
class Written:
    """An item as a model wrote it, every field filled; ``wrong`` has three different texts."""

    quote: str
    question: str
    right: str
    wrong: tuple[str, ...]
    why: str
    hint: str


class Unreadable(ValueError):
    """No item can be read from a text; the message says what is missing, for whoever wrote it."""


def parse(text: str) -> Written:
    """Read an item. Raises Unreadable."""
    fields = _from_json(text) or _from_lines(text)
    if not fields:
        raise Unreadable("no field was found")
    plain = {name: _clean(str(fields.get(name, ""))) for name in FIELDS if name != "wrong"}
    missing = [name for name in ("quote", "question", "right") if not plain[name]]
    if missing:
        raise Unreadable(f"empty: {', '.join(missing)}")
    found = fields.get("wrong", [])
    others = [_clean(str(other)) for other in (found if isinstance(found, list) else [found])]
    others = [other for other in dict.fromkeys(others) if other][:WRONG]
    if len(others) < WRONG:
        raise Unreadable(f"{len(others)} different wrong answers instead of {WRONG}")
    return Written(wrong=tuple(others), **plain)


def _from_json(text: str) -> Mapping[str, object]:
    start = text.find("{")
    if start < 0:
        return {}
    body = _TRAILING_COMMA.sub(r"\1", text[start:])
    for candidate in (body, body[: body.rfind("}") + 1], *_completed(body)):
        try:
            # What follows the object is no part of it.
            found, _ = json.JSONDecoder(strict=False).raw_decode(candidate)
        except ValueError:
            continue
        if isinstance(found, dict):
            return {_field(key): value for key, value in found.items() if _field(key)}
    return {}


def _completed(body: str) -> tuple[str, ...]:
    """Return what a cut object may have been: its last string or value closed, or left out."""
    cut = body.rstrip().rstrip(",")
    whole = body[: body.rfind('",') + 1] if '",' in body else body
    ends = ('"}', '"]}', "}", "]}")
    return tuple(cut + end for end in ends) + tuple(whole + end for end in ends)


def _from_lines(text: str) -> Mapping[str, object]:
    fields: dict[str, str] = {}
    wrong: list[str] = []
    current = ""
    for line in text.splitlines():
        match = _LINE.match(_same_length(line))
        if match:
            current = match.lastgroup or ""
            value = line[match.end() :].strip()
            if current == "wrong":
                wrong.append(value)
            else:
                fields.setdefault(current, value)
        elif current == "wrong" and re.match(r"\s*[-*•\d]", line):
            wrong.append(line.strip(" -*•"))
    several = len(wrong) == 1 and ";" in wrong[0]
    listed = wrong[0].split(";") if several else wrong
    return {**fields, "wrong": [entry.strip() for entry in listed if entry.strip()]} if fields else {}


def _same_length(line: str) -> str:
    # Offsets in the folded line must hold in the line itself.
    folded = (fold(character) for character in line)
    return "".join(part if len(part) == 1 else character for part, character in zip(folded, line, strict=True))


def _field(key: object) -> str:
    match = _LINE.match(f"{fold(str(key))}:")
    return (match.lastgroup or "") if match else ""


def _clean(text: str) -> str:
    text = " ".join(text.split())
    for _ in range(2):
        text = _DECORATION.sub("", text)
    pairs = (("“", "”"), ('"', '"'), ("«", "»"))
    for opening, closing in pairs:
        if text.startswith(opening) and text.endswith(closing) and len(text) > 2:
            text = text[1:-1].strip()
    return text
