"""Flashcards for Anki, for spreadsheets and to read."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import genanki

from ingest.types import Language
from rag.export.anki import packed
from rag.export.anki_side import CARD_MODEL
from rag.export.blocks import Block, Group, Heading, Paragraph, Sheet
from rag.export.csv_table import BOM, DELIMITERS, guarded
from rag.export.markdown import sheet_markdown
from rag.export.markup import as_html
from rag.export.words import place, quoted, word
from rag.study.rows import CardRow


def write_cards(suffix: str, name: str, cards: Sequence[CardRow], language: Language) -> bytes:
    """Return the cards' file; ``suffix`` is a key of ``CARD_FORMATS``, ``name`` the deck's."""
    return CARD_FORMATS[suffix](name, cards, language)


def _apkg(name: str, cards: Sequence[CardRow], language: Language) -> bytes:
    return packed(name, [_note(card, due) for due, card in enumerate(cards)])


def _note(card: CardRow, due: int) -> genanki.Note:
    quote = as_html(card.source.quote) if card.source else ""
    fields = [as_html(card.front), as_html(card.back), quote, as_html(_place(card))]
    # The same card of an item as in a quiz, yet a note of another type: its identity is another.
    return genanki.Note(CARD_MODEL, fields, guid=f"lectern card {card.key}", tags=["lectern"], due=due)


def _csv(name: str, cards: Sequence[CardRow], language: Language) -> bytes:
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=DELIMITERS[language])
    writer.writerow(["front", "back", "quote", "source"])
    for card in cards:
        quote = card.source.quote if card.source else ""
        writer.writerow([guarded(text) for text in (card.front, card.back, quote, _place(card))])
    return BOM + table.getvalue().encode()


def _markdown(name: str, cards: Sequence[CardRow], language: Language) -> bytes:
    blocks: list[Block] = [Heading(name, 1)]
    blocks += [_card(card) for card in cards]
    return sheet_markdown(Sheet(name, language, blocks))


def _card(card: CardRow) -> Group:
    blocks: list[Block] = [Heading(card.front, 2), Paragraph(card.back)]
    if card.source and card.source.quote:
        blocks.append(Paragraph(quoted(card.language, card.source.quote), "quote"))
    if card.source:
        blocks.append(Paragraph(_place(card), "quiet"))
    return Group(tuple(blocks))


def _place(card: CardRow) -> str:
    return place(card.language, card.source) if card.source else word(card.language, "at_hand")


CARD_FORMATS: Mapping[str, Callable[[str, Sequence[CardRow], Language], bytes]] = MappingProxyType(
    {"apkg": _apkg, "csv": _csv, "md": _markdown}
)
