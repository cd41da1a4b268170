"""Quizzes, cards and guides as JSON objects, described by the schemas beside this file. Pages count from 1."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.study.rows import CardRow
from rag.study.types import Guide, Item, ItemType, Option, Point
from rag.types import Citation

_HERE = Path(__file__).parent
SCHEMAS = {name: _HERE / f"{name}.schema.json" for name in ("quiz", "cards", "guide")}


def quiz_report(notebook: str, asked: int, dropped: Mapping[str, int], items: Sequence[Item]) -> dict[str, Any]:
    """Describe a quiz: how many items were asked for, how many made, why others were not kept, and the items."""
    return {
        "notebook": notebook,
        "asked": asked,
        "made": len(items),
        "dropped": dict(dropped),
        "items": [_item(item) for item in items],
    }


def cards_report(notebook: str, added: int, due: int, cards: Sequence[CardRow]) -> dict[str, Any]:
    """Describe the cards of a notebook; times are in UTC."""
    return {"notebook": notebook, "added": added, "due": due, "cards": [_card(card) for card in cards]}


def guide_report(notebook: str, guide: Guide) -> dict[str, Any]:
    """Describe a study aid; each point with its sources and the points under it."""
    return {
        "notebook": notebook,
        "kind": guide.kind,
        "language": guide.language,
        "model": guide.model_id,
        "points": [_point(point) for point in guide.points],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "type": item.type,
        "stem": item.stem,
        "options": [_option(option, item.type) for option in item.options],
        "answer": item.answer,
        "hint": item.hint,
        "explanation": item.explanation,
        "bloom": item.bloom,
        "difficulty": item.difficulty,
        "language": item.language,
        "source": source(item.source),
        "labels": list(item.labels),
    }


def _option(option: Option, kind: ItemType) -> dict[str, Any]:
    pair = {"match": option.match} if kind == "matching" else {}
    return {"text": option.text, "correct": option.correct, "rationale": option.rationale, **pair}


def _card(card: CardRow) -> dict[str, Any]:
    return {
        "id": card.id,
        "front": card.front,
        "back": card.back,
        "language": card.language,
        "origin": card.origin,
        "due": datetime.fromtimestamp(card.due, UTC).isoformat(timespec="seconds"),
        "reviews": card.reviews,
        "suspended": card.suspended,
        "source": source(card.source) if card.source else None,
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "text": point.text,
        "note": point.note,
        "phrased": point.phrased,
        "sources": [source(citation) for citation in point.citations],
        "points": [_point(child) for child in point.children],
    }


def source(citation: Citation) -> dict[str, Any]:
    """Describe where a citation stands; the page counts from 1."""
    return {
        "document": citation.document,
        "page": citation.page_index + 1,
        "page_label": citation.page_label,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "located": citation.located,
    }
