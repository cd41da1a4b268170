"""What stands on the two sides of a card made from an item of a quiz or from a definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from ingest.types import Language
from rag.study.rows import CardOrigin
from rag.study.types import Item, Point, answers
from rag.terms import words
from rag.types import Citation


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card to be added, unless its notebook holds one of the same ``key``, at most 64 characters."""

    key: str
    front: str
    back: str
    language: Language
    source: Citation | None
    origin: CardOrigin


def item_card(item: Item) -> NewCard:
    """Return a card that asks what an item asks; options stand below the stem, a line each."""
    if item.type == "matching":
        front = [option.text for option in item.options]
        back = [f"{option.text} — {option.match}" for option in item.options]
    else:
        front = [] if item.type == "true_false" else [option.text for option in item.options]
        back = [*answers(item)] if item.options else [item.answer]
    lines = [item.stem, *(f"– {text}" for text in front)]
    if item.explanation.strip():
        back += ["", item.explanation]
    return NewCard(f"item {item.id}", "\n".join(lines), "\n".join(back), item.language, item.source, "quiz")


def definition_card(point: Point, languages: Mapping[str, Language]) -> NewCard:
    """Return a card with a term before its definition; ``languages`` are those of the sources by hash."""
    source = point.citations[0] if point.citations else None
    language = languages.get(source.sha256, "en") if source else "en"
    key = card_key("definition", source.sha256 if source else "", point.note)
    return NewCard(key, point.note, point.text, language, source, "definition")


def hand_card(front: str, back: str, language: Language, source: Citation | None) -> NewCard:
    """Return a card as its author wrote it."""
    return NewCard(card_key("hand", front, back), front, back, language, source, "hand")


def card_key(origin: CardOrigin, *texts: str) -> str:
    """Return what two cards share that say the same."""
    folded = "\n".join(" ".join(words(text)) or text for text in texts)
    return f"{origin} {sha256(folded.encode()).hexdigest()[:32]}"
