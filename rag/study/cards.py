"""Flashcards and their reviews. Each method is one transaction."""

import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, not_, select, update

from ingest.types import Language
from rag.codec import decode, encode
from rag.database import Database
from rag.errors import RagError
from rag.records import inserted_id, require_notebook
from rag.study import schedule
from rag.study.card_sides import NewCard, definition_card, hand_card, item_card
from rag.study.rows import CardRow, DueCounts, Rating
from rag.study.types import Item, Point
from rag.study_tables import card_reviews as reviews
from rag.study_tables import cards
from rag.tables import documents
from rag.types import Citation

_COLUMNS = tuple(cards.c[name] for name in CardRow.__dataclass_fields__)
_NEW = cards.c.reviews == 0


class Cards:
    """The cards of all notebooks; safe to share between threads. Times are seconds since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_items(self, notebook_id: int, items: Sequence[Item]) -> int:
        """Add a card for each item of a quiz; return how many are new. Raises NOTEBOOK_UNKNOWN."""
        return self._add(notebook_id, [item_card(item) for item in items])

    def add_definitions(self, notebook_id: int, points: Sequence[Point]) -> int:
        """Add a card for each definition, its term in ``note``; return how many are new. Raises NOTEBOOK_UNKNOWN."""
        own = select(documents.c.sha256, documents.c.language).where(documents.c.notebook_id == notebook_id)
        with self._database.reading() as connection:
            languages: dict[str, Language] = {row.sha256: row.language for row in connection.execute(own)}
        whole = [point for point in points if point.note.strip() and point.text.strip()]
        return self._add(notebook_id, [definition_card(point, languages) for point in whole])

    def add(self, notebook_id: int, front: str, back: str, language: Language, source: Citation | None = None) -> int:
        """Add a card written by hand, or find the same one; return its id. Raises NOTEBOOK_UNKNOWN."""
        card = hand_card(front, back, language, source)
        self._add(notebook_id, [card])
        own = select(cards.c.id).where(cards.c.notebook_id == notebook_id, cards.c.key == card.key)
        with self._database.reading() as connection:
            return int(connection.execute(own).scalar_one())

    def rows(self, notebook_id: int) -> list[CardRow]:
        """List the cards of a notebook, oldest first."""
        query = select(*_COLUMNS).where(cards.c.notebook_id == notebook_id).order_by(cards.c.id)
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(query)]

    def row(self, card_id: int) -> CardRow | None:
        """Return a card, or None when it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(cards.c.id == card_id)).first()
        return _row(row) if row else None

    def due(self, notebook_id: int, now: float) -> list[CardRow]:
        """List the cards to see until the local midnight after ``now``, the longest due first, then new ones.

        One just seen comes last until its minutes have passed; when it is alone it does not wait for them.
        """
        query = select(*_COLUMNS).where(_is_due(notebook_id, now))
        with self._database.reading() as connection:
            ordered = connection.execute(query.order_by(cards.c.due > now, _NEW, cards.c.due, cards.c.id))
            return [_row(row) for row in ordered]

    def review(self, card_id: int, rating: Rating, now: float) -> CardRow:
        """Keep that a card was seen and how well it was known, 1 (again) to 4 (easy). Raises STUDY_GONE."""
        with self._database.writing() as connection:
            notebook_id, state = _schedule(connection, card_id)
            after, due = schedule.reviewed(state, rating, now)
            seen = {"schedule": after, "due": due, "reviews": cards.c.reviews + 1}
            connection.execute(update(cards).where(cards.c.id == card_id).values(seen))
            log = {"notebook_id": notebook_id, "card_id": card_id, "rating": int(rating), "reviewed_at": now}
            connection.execute(insert(reviews).values(log))
            return _row(connection.execute(select(*_COLUMNS).where(cards.c.id == card_id)).one())

    def preview(self, card_id: int, now: float) -> dict[Rating, float]:
        """Return for each rating when the card would be due next. Raises STUDY_GONE."""
        with self._database.reading() as connection:
            return schedule.previewed(_schedule(connection, card_id)[1], now)

    def counts(self, notebook_id: int, now: float) -> DueCounts:
        """Count the cards of a notebook and the days of its reviews, as the local day of ``now`` sees them."""
        with self._database.reading() as connection:
            today = select(_NEW, func.count()).where(_is_due(notebook_id, now)).group_by(_NEW)
            due = {bool(row[0]): int(row[1]) for row in connection.execute(today)}
            own = select(func.count()).where(cards.c.notebook_id == notebook_id)
            total = connection.execute(own).scalar_one()
            log = select(reviews.c.reviewed_at).where(reviews.c.notebook_id == notebook_id)
            days = [schedule.local_day(at) for at in connection.scalars(log)]
        day = schedule.local_day(now)
        return DueCounts(sum(due.values()), due.get(True, 0), total, days.count(day), _streak(set(days), day))

    def edit(self, card_id: int, front: str, back: str) -> None:
        """Change what a card says; its schedule stays."""
        self._write(card_id, front=front, back=back)

    def suspend(self, card_id: int, suspended: bool) -> None:
        """Leave a card out of what is due, or take it in again."""
        self._write(card_id, suspended=suspended)

    def delete(self, card_id: int) -> None:
        """Delete a card; the days on which it was reviewed still count."""
        with self._database.writing() as connection:
            connection.execute(delete(cards).where(cards.c.id == card_id))

    def _add(self, notebook_id: int, new: Iterable[NewCard]) -> int:
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            known = set(connection.scalars(select(cards.c.key).where(cards.c.notebook_id == notebook_id)))
            added = 0
            for card in new:
                if card.key not in known:
                    known.add(card.key)
                    inserted_id(connection, cards, card_values(notebook_id, card))
                    added += 1
            return added

    def _write(self, card_id: int, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(cards).where(cards.c.id == card_id).values(values))


def card_values(notebook_id: int, card: NewCard) -> dict[str, Any]:
    """Return all columns of a card that was never seen."""
    now = time.time()
    state = schedule.first(now)
    return {
        "notebook_id": notebook_id,
        "key": card.key,
        "front": card.front,
        "back": card.back,
        "language": card.language,
        "source": encode(card.source) if card.source else "",
        "origin": card.origin,
        "schedule": state,
        "due": schedule.due_at(state),
        "reviews": 0,
        "suspended": False,
        "created_at": now,
    }


def _is_due(notebook_id: int, now: float) -> ColumnElement[bool]:
    until = cards.c.due < schedule.day_end(now)
    return (cards.c.notebook_id == notebook_id) & not_(cards.c.suspended) & until


def _schedule(connection: Connection, card_id: int) -> tuple[int, str]:
    row = connection.execute(select(cards.c.notebook_id, cards.c.schedule).where(cards.c.id == card_id)).first()
    if row is None:
        raise RagError("STUDY_GONE")
    return row.notebook_id, row.schedule


def _streak(days: Collection[int], today: int) -> int:
    """Count the days in a row, up to today, or to yesterday while today has none yet."""
    day = today if today in days else today - 1
    while day in days:
        day -= 1
    return (today if today in days else today - 1) - day


def _row(row: Row[Any]) -> CardRow:
    return CardRow(**dict(row._mapping) | {"source": decode(Citation, row.source) if row.source else None})
