r"""Decks for Anki, and the quizzes that Lectern wrote as such back.

The ids of the note type and of each note never change, so that a second import changes notes and adds none. The
last field carries each item whole and is on no side of the card. Mathematics stands between ``\( \)``.
"""

import io
import itertools
import json
import sqlite3
import time
import zipfile
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256

import genanki

from ingest.types import Language
from rag.export.anki_side import ITEM_MODEL, NOTE_FIELD, fields
from rag.export.carried import MAX_ITEMS_READ, carried, carry, distinct
from rag.export.markup import from_html, legible
from rag.export.shown import changes, edited
from rag.study.types import Item

COLLECTION = "collection.anki2"
# What newer Ankis write: packed in a way of their own, or beside a collection that only says so.
_PACKED_COLLECTION, _LATER_COLLECTION = "collection.anki21b", "collection.anki21"
_COLLECTION_BYTES = 50_000_000
_STEPS = 1000  # of SQLite's own counting, between two looks at how long it takes
_LOOKS = 20_000
# A path of decks is parted by two colons.
_PARTS = str.maketrans({":": "꞉", '"': "”"})


def write_apkg(name: str, items: Sequence[Item], language: Language) -> bytes:
    """Return a deck named after the quiz; each note is in its item's own ``language``."""
    notes = [
        genanki.Note(ITEM_MODEL, [*fields(item).values(), carry(item)], guid=item.id, tags=_tags(item), due=due)
        for due, item in enumerate(items)
    ]
    return packed(name, notes)


def packed(name: str, notes: Sequence[genanki.Note]) -> bytes:
    """Return notes as the bytes of a deck; its id comes from its name."""
    title = " ".join(legible(name).translate(_PARTS).split()) or "Lectern"
    deck = genanki.Deck(stable_id(title), title)
    for note in notes:
        deck.add_note(note)
    # Written here, because genanki leaves the collection behind in a temporary file.
    now = time.time()
    with closing(sqlite3.connect(":memory:")) as connection:
        genanki.Package(deck).write_to_db(connection.cursor(), now, itertools.count(int(now * 1000)))
        connection.commit()
        collection = connection.serialize()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(COLLECTION, collection)
        package.writestr("media", "{}")
    return archive.getvalue()


def stable_id(text: str) -> int:
    """Return a number that Anki takes for an id, always the same for a text."""
    return (1 << 30) + int(sha256(text.encode()).hexdigest()[:7], 16)


def read_apkg(data: bytes) -> tuple[str, list[Item]]:
    """Return the name of the deck and the items of a package that ``write_apkg`` wrote, changed texts as changed.

    Raises ValueError, or RagError QUIZ_FILE_NEWER.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        if _PACKED_COLLECTION in names:
            raise ValueError("export it from Anki with “Support older Anki versions” ticked")
        entry = package.getinfo(_LATER_COLLECTION if _LATER_COLLECTION in names else COLLECTION)
        if entry.file_size > _COLLECTION_BYTES:
            raise ValueError("its collection is too large")
        collection = package.read(entry)
    try:
        title, rows = _rows(collection)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise ValueError(f"its collection is damaged: {error}") from error
    return title, distinct([_item(n, row.split("\x1f")) for n, row in enumerate(rows, start=1)])


def _rows(collection: bytes) -> tuple[str, list[str]]:
    """Return the deck's name and the fields of each note; what the file says of itself is not run."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(collection)
        looks = itertools.count()
        connection.set_progress_handler(lambda: next(looks) > _LOOKS, _STEPS)
        connection.execute("PRAGMA trusted_schema = OFF")
        kinds = dict(connection.execute("SELECT name, type FROM sqlite_master WHERE name IN ('notes', 'col')"))
        if kinds != {"notes": "table", "col": "table"}:
            raise ValueError("its collection is not Anki’s")
        limit = (MAX_ITEMS_READ + 1,)
        rows = [str(row[0]) for row in connection.execute("SELECT flds FROM notes ORDER BY id LIMIT ?", limit)]
        found = connection.execute("SELECT decks FROM col").fetchone()
    return _deck_name(str(found[0]) if found else "{}"), rows


def _deck_name(decks: str) -> str:
    """Return the name of the only deck besides Anki's own, which has the id 1, or nothing."""
    found = json.loads(decks or "{}")
    names = (
        [deck.get("name") for key, deck in found.items() if key != "1" and isinstance(deck, dict)]
        if isinstance(found, dict)
        else []
    )
    return names[0] if len(names) == 1 and isinstance(names[0], str) else ""


def _item(number: int, found: Sequence[str]) -> Item:
    if len(found) != len(ITEM_MODEL.fields) or ITEM_MODEL.fields[-1]["name"] != NOTE_FIELD:
        raise ValueError(f"note {number} was not written by Lectern")
    item = carried(from_html(found[-1]))
    was = fields(item)
    now = dict(zip(was, found, strict=False))
    if any(was[name] != now[name] for name in ("options", "answer")):
        raise ValueError(f"the options of “{item.stem:.40}” were changed in Anki; change them in Lectern")
    parts = ("stem", "hint", "explanation")
    return edited(item, changes({part: was[part] for part in parts}, {part: now[part] for part in parts}, from_html))


def _tags(item: Item) -> list[str]:
    section = "_".join(legible(item.section).split())[:60]
    return ["lectern", item.type, *([section] if section else [])]
