"""Who works on what, and the end of what died: a claim holds as long as its owner's heart beats."""

import json
import time

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, not_, select, update

from rag.database import Database
from rag.evaluations import settle
from rag.study_tables import quiz_items, quizzes, study_guides
from rag.tables import answers, documents, evaluation_items, rewordings, source_guides, workers

BEAT_SECONDS = 5.0
LEASE_SECONDS = 30.0
# A file that ended its process this often without getting any further is not tried again by itself.
MAX_ATTEMPTS = 5
_ENDED = {"reason": f"the program ended {MAX_ATTEMPTS} times while it read this file"}


class Leases:
    """The heartbeats of workers and the claims that hang on them. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heartbeat(self, owner: str) -> None:
        """Tell that an owner lives."""
        with self._database.writing() as connection:
            connection.execute(delete(workers).where(workers.c.owner == owner))
            connection.execute(insert(workers).values(owner=owner, beat=time.time()))

    def reap(self, now: float, live: str = "") -> None:
        """End the claims of owners whose last heartbeat is older than the lease; ``live`` holds the home's lock.

        With ``live``, every other owner is known to be dead. Documents wait again, from where they were; answers end
        as INTERRUPTED with the text they have. Questions of an evaluation, quizzes and guides wait again, as documents
        do; a quiz goes on from the items it has.
        """
        with self._database.writing() as connection:
            if live:
                connection.execute(delete(workers).where(workers.c.owner != live))
            else:
                connection.execute(delete(workers).where(workers.c.beat <= now - LEASE_SECONDS))
            dead = _orphaned(documents)
            given_up = {"state": "failed", "code": "INTERNAL", "details": json.dumps(_ENDED), "owner": ""}
            connection.execute(update(documents).where(dead, documents.c.attempts >= MAX_ATTEMPTS).values(given_up))
            connection.execute(update(documents).where(dead).values(state="received", owner=""))
            interrupted = {"state": "error", "stage": "", "code": "INTERRUPTED", "owner": ""}
            connection.execute(update(answers).where(_orphaned(answers)).values(interrupted))
            cut = {"state": "error", "code": "INTERRUPTED", "owner": ""}
            connection.execute(update(rewordings).where(_orphaned(rewordings)).values(cut))
            asked, items = _orphaned(evaluation_items), evaluation_items
            given_up = {"state": "error", "code": "INTERRUPTED", "owner": ""}
            connection.execute(update(items).where(asked, items.c.attempts >= MAX_ATTEMPTS).values(given_up))
            connection.execute(update(items).where(asked).values(state="waiting", owner=""))
            settle(connection)
            _reap_study(connection)


def _reap_study(connection: Connection) -> None:
    for table in (quizzes, study_guides, source_guides):
        dead = and_(_orphaned(table), table.c.state == "making")
        given_up = {"state": "failed", "code": "INTERRUPTED", "owner": ""}
        connection.execute(update(table).where(dead, table.c.attempts >= MAX_ATTEMPTS).values(given_up))
        connection.execute(update(table).where(dead).values(state="waiting", owner=""))
    # What is left was replacing an item, which stays as it was if that ended the program each time.
    hopeless = and_(_orphaned(quizzes), quizzes.c.attempts >= MAX_ATTEMPTS)
    kept = update(quiz_items).where(quiz_items.c.state == "redo")
    connection.execute(kept.where(quiz_items.c.quiz_id.in_(select(quizzes.c.id).where(hopeless))).values(state="kept"))
    connection.execute(update(quizzes).where(hopeless).values(code="INTERRUPTED", owner="", attempts=0))
    connection.execute(update(quizzes).where(_orphaned(quizzes)).values(owner=""))


def _orphaned(table: Table) -> ColumnElement[bool]:
    """Select what is claimed by an owner that is not known any more."""
    return and_(table.c.owner != "", not_(table.c.owner.in_(select(workers.c.owner))))
