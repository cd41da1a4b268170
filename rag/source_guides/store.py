"""The guides of sources: what is shown, what is to be made. Each method is one transaction.

Every source that is ready is to have a guide, without being asked: a row is added when its making begins, or when the
user stops it before. A write of the worker names its claim: what was stopped or deleted meanwhile is not written to.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update

from rag.codec import decode, encode
from rag.database import Database
from rag.source_guides.rows import SourceGuideRow
from rag.source_guides.types import SourceGuide
from rag.study.rows import StudyState
from rag.tables import documents
from rag.tables import source_guides as guides

VERSION = "1"
"""Guides made by other rules are made anew."""
READY = ("ready", "ready_warnings")
_UNREAD = ("received", "extracting", "embedding")
_COLUMNS = tuple(guides.c[name] for name in SourceGuideRow.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A guide to be made: whole, or, with ``again``, its questions alone, which were put to other sources before."""

    notebook_id: int
    document_id: int
    made_from: str
    asked_of: str
    again: bool
    begun: SourceGuide | None


class SourceGuides:
    """The guides of all sources; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, notebook_id: int) -> dict[int, SourceGuideRow]:
        """Return the guides of a notebook by the rows of their sources; one that is not begun waits."""
        query = _rows().where(documents.c.notebook_id == notebook_id).order_by(documents.c.id)
        with self._database.reading() as connection:
            return {row.id: _row(row) for row in connection.execute(query)}

    def row(self, document_id: int) -> SourceGuideRow | None:
        """Return the guide of a source, one that waits when it is not begun; None when the source is gone."""
        with self._database.reading() as connection:
            row = connection.execute(_rows().where(documents.c.id == document_id)).first()
        return _row(row) if row else None

    def cancel(self, document_id: int) -> None:
        """Make the guide of a source no further; what is made of it stays."""
        with self._database.writing() as connection:
            if not _set(connection, guides.c.document_id == document_id, state="cancelled", owner=""):
                there = select(documents.c.id).where(documents.c.id == document_id)
                if connection.scalar(there) is not None:
                    connection.execute(insert(guides).values(guide_values(document_id, "cancelled")))

    def resume(self, document_id: int) -> None:
        """Make a guide that was stopped or failed."""
        ended = and_(guides.c.document_id == document_id, guides.c.state.in_(("cancelled", "failed")))
        with self._database.writing() as connection:
            _set(connection, ended, state="waiting", code="", details="{}", attempts=0, owner="")

    def tell(self, document_id: int) -> None:
        """Remember that the digest of a source was seen."""
        with self._database.writing() as connection:
            _set(connection, guides.c.document_id == document_id, told=True)

    def claim(self, owner: str) -> Claim | None:
        """Begin a guide that is missing or outdated, the oldest source's first; None also while a source is read."""
        with self._database.reading() as connection:
            if _next(connection) is None:
                return None
        with self._database.writing() as connection:
            claim = _next(connection)
            if claim is None:
                return None
            own = guides.c.document_id == claim.document_id
            begun = {"state": "making", "owner": owner, "code": "", "details": "{}"}
            if not _set(connection, own, **begun, done=0, attempts=guides.c.attempts + 1):
                connection.execute(insert(guides).values(guide_values(claim.document_id) | begun | {"attempts": 1}))
            return claim

    def wanted(self, claim: Claim, owner: str) -> bool:
        """Tell whether claimed work shall go on: it is neither stopped nor is its source gone."""
        with self._database.reading() as connection:
            return connection.scalar(select(guides.c.document_id).where(_own(claim, owner))) is not None

    def reading(self) -> bool:
        """Tell whether a source of any notebook is still being read."""
        with self._database.reading() as connection:
            return connection.scalar(select(documents.c.id).where(documents.c.state.in_(_UNREAD)).limit(1)) is not None

    def keep(self, claim: Claim, owner: str, done: int, guide: SourceGuide | None) -> None:
        """Keep how far a guide is, in percent, and what of it is made."""
        made: dict[str, Any] = {}
        if guide is not None:
            made = {"guide": encode(guide), "made_from": claim.made_from, "asked_of": "", "attempts": 0}
        with self._database.writing() as connection:
            _set(connection, _own(claim, owner), done=done, **made)

    def finish(self, claim: Claim, owner: str, guide: SourceGuide) -> None:
        """Keep a whole guide."""
        made = {"guide": encode(guide), "made_from": claim.made_from, "asked_of": claim.asked_of}
        with self._database.writing() as connection:
            _set(connection, _own(claim, owner), state="done", done=100, owner="", attempts=0, **made)

    def fail(self, claim: Claim, owner: str, code: str, details: dict[str, str]) -> None:
        """End a guide that cannot go on; what was made stays."""
        with self._database.writing() as connection:
            ended = {"state": "failed", "code": code, "details": json.dumps(details), "owner": "", "attempts": 0}
            _set(connection, _own(claim, owner), **ended)

    def release(self, claim: Claim, owner: str) -> None:
        """Put claimed work back; it goes on from what was kept."""
        with self._database.writing() as connection:
            _set(connection, _own(claim, owner), state="waiting", owner="", attempts=0)


def guide_values(document_id: int, state: StudyState = "waiting") -> dict[str, Any]:
    """Return all columns of a guide that is not begun."""
    return {
        **dict.fromkeys(("code", "guide", "made_from", "asked_of", "owner"), ""),
        **dict.fromkeys(("done", "attempts"), 0),
        "document_id": document_id,
        "state": state,
        "details": "{}",
        "told": False,
    }


def _next(connection: Connection) -> Claim | None:
    if connection.scalar(select(documents.c.id).where(documents.c.state.in_(_UNREAD)).limit(1)) is not None:
        return None
    read = select(documents.c.id, documents.c.notebook_id, documents.c.sha256, documents.c.extractor, *_COLUMNS)
    joined = read.select_from(documents.outerjoin(guides)).where(documents.c.state.in_(READY))
    rows = connection.execute(joined.order_by(documents.c.id)).all()
    keys = _keys(rows)
    waiting = sorted((row for row in rows if _is_due(row, keys)), key=lambda row: (_is_whole(row), row.id))
    if not waiting:
        return None
    row = waiting[0]
    made_from = f"{VERSION} {row.extractor}"
    fresh = bool(row.guide) and row.made_from == made_from
    begun = decode(SourceGuide, row.guide) if fresh else None
    return Claim(row.notebook_id, row.id, made_from, keys[row.notebook_id], fresh and bool(row.asked_of), begun)


def _keys(rows: Sequence[Row[Any]]) -> dict[int, str]:
    """Return for each notebook what tells the set of its ready sources from any other."""
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.notebook_id, []).append(row.sha256)
    return {one: sha256("\n".join(sorted(hashes)).encode()).hexdigest() for one, hashes in found.items()}


def _is_due(row: Row[Any], keys: dict[int, str]) -> bool:
    if row.state is None or row.state == "waiting":
        return True
    return row.state == "done" and not (_is_whole(row) and row.asked_of == keys[row.notebook_id])


def _is_whole(row: Row[Any]) -> bool:
    return bool(row.guide) and bool(row.asked_of) and row.made_from == f"{VERSION} {row.extractor}"


def _own(claim: Claim, owner: str) -> ColumnElement[bool]:
    """Select the row of a claim while it holds."""
    return and_(guides.c.document_id == claim.document_id, guides.c.owner == owner, guides.c.state == "making")


def _set(connection: Connection, which: ColumnElement[bool], **values: Any) -> bool:
    return bool(connection.execute(update(guides).where(which).values(values)).rowcount)


def _rows() -> Any:
    return select(documents.c.id, *_COLUMNS).select_from(documents.outerjoin(guides))


def _row(row: Row[Any]) -> SourceGuideRow:
    values = guide_values(row.id) if row.document_id is None else dict(row._mapping)
    values |= {
        "details": json.loads(values["details"]),
        "guide": decode(SourceGuide, values["guide"]) if values["guide"] else None,
    }
    return SourceGuideRow(**{name: values[name] for name in SourceGuideRow.__dataclass_fields__})
