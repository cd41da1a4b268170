"""Study guides of notebooks. Each method is one transaction."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, delete, select, update

from rag.choice import without_place
from rag.codec import decode
from rag.database import Database
from rag.records import inserted_id, require_notebook
from rag.study.rows import GuideRow
from rag.study.types import Guide, GuideKind, QuizLanguage
from rag.study_tables import study_guides as guides

GUIDE_COLUMNS = tuple(guides.c[name] for name in GuideRow.__dataclass_fields__)
WHOLE = 100


class Guides:
    """The guides of all notebooks; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, notebook_id: int, kind: GuideKind, language: QuizLanguage, document_ids: Sequence[int]) -> int:
        """Store a guide to be made from some sources; return its id. Raises NOTEBOOK_UNKNOWN."""
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            return inserted_id(connection, guides, guide_values(notebook_id, kind, language, document_ids))

    def rows(self, notebook_id: int) -> list[GuideRow]:
        """List the guides of a notebook, oldest first."""
        query = select(*GUIDE_COLUMNS).where(guides.c.notebook_id == notebook_id).order_by(guides.c.id)
        with self._database.reading() as connection:
            return [guide_row(row) for row in connection.execute(query)]

    def row(self, guide_id: int) -> GuideRow | None:
        """Return a guide, or None when it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(*GUIDE_COLUMNS).where(guides.c.id == guide_id)).first()
        return guide_row(row) if row else None

    def cancel(self, guide_id: int) -> None:
        """Make a guide no further."""
        own = update(guides).where(guides.c.id == guide_id, guides.c.state.in_(("waiting", "making")))
        with self._database.writing() as connection:
            connection.execute(own.values(state="cancelled", owner=""))

    def resume(self, guide_id: int) -> None:
        """Make a cancelled or failed guide from its beginning."""
        own = update(guides).where(guides.c.id == guide_id, guides.c.state.in_(("cancelled", "failed")))
        again = {"state": "waiting", "code": "", "details": "{}", "done": 0, "attempts": 0, "owner": ""}
        with self._database.writing() as connection:
            connection.execute(own.values(again))

    def delete(self, guide_id: int) -> None:
        """Delete a guide; cards made from it stay."""
        with self._database.writing() as connection:
            connection.execute(delete(guides).where(guides.c.id == guide_id))


def guide_values(
    notebook_id: int, kind: GuideKind, language: QuizLanguage, document_ids: Sequence[int]
) -> dict[str, Any]:
    """Return all columns of a guide that waits to be made."""
    return {
        **dict.fromkeys(("code", "guide", "model_id", "owner"), ""),
        **dict.fromkeys(("done", "attempts"), 0),
        "notebook_id": notebook_id,
        "kind": kind,
        "language": language,
        "document_ids": json.dumps([*document_ids]),
        "state": "waiting",
        "details": "{}",
        "total": WHOLE,
        "created_at": time.time(),
    }


def guide_row(row: Row[Any]) -> GuideRow:
    """Read the columns of ``GUIDE_COLUMNS``."""
    guide = decode(Guide, row.guide) if row.guide else None
    read = {
        "document_ids": tuple(json.loads(row.document_ids)),
        "details": json.loads(row.details),
        "guide": guide and replace(guide, model_id=without_place(guide.model_id)),
        "model_id": without_place(row.model_id),
    }
    return GuideRow(**dict(row._mapping) | read)
