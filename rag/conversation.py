"""Questions and what is written for them. Each method is one transaction."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, case, delete, func, select, update

from ingest.types import Language
from rag.answer_records import ANSWER_COLUMNS, answer_row, answer_values
from rag.answer_settings import read_answer_settings, write_answer_settings
from rag.choice import ModelChoice, read_choice, write_choice
from rag.codec import encode
from rag.conversations import conversation_of, said_before
from rag.database import Database
from rag.errors import RagError
from rag.receipt import clean_text
from rag.records import inserted_id, require_notebook
from rag.rows import FINAL_ANSWER_STATES, AnswerRow, AnswerStage, AnswerState, FeedbackReason
from rag.tables import answers, notebooks
from rag.tokens import write_tokens
from rag.tutoring import Tutoring, write_tutoring
from rag.types import Comparison, Passage, PassagesFound, SourcedAnswer, Token
from rag.used import UNKNOWN_USAGE, Usages

MAX_COMMENT = 1000


class Conversation:
    """The answers of all notebooks; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue_answer(
        self,
        notebook_id: int,
        question: str,
        language: Language,
        wants_sources: bool,
        wants_memory: bool,
        document_ids: Sequence[int],
        asker: str = "",
        conversation_id: int | None = None,
        turn: int = 0,
        choice: ModelChoice | None = None,
    ) -> int:
        """Store a question to be answered from ``document_ids``; return the answer's id.

        It is asked in the newest conversation when none is given; with ``turn``, it is another version of that one's
        answer. ``asker`` names the browser tab or the command that waits for it: those take turns. ``choice`` is the
        model to ask, by default the one that writes. Raises NOTEBOOK_UNKNOWN or CONVERSATION_GONE.
        """
        values = answer_values(notebook_id, question, language)
        values |= {
            "wants_sources": wants_sources,
            "wants_memory": wants_memory,
            "document_ids": json.dumps([*document_ids]),
            "asker": asker,
            "turn": turn,
            "choice": write_choice(choice) if choice else "",
        }
        with self._database.writing() as connection:
            require_notebook(connection, notebook_id)
            values["conversation_id"] = conversation_of(connection, notebook_id, conversation_id, question)
            own = select(notebooks.c.answering).where(notebooks.c.id == notebook_id)
            return inserted_id(connection, answers, values | {"settings": connection.scalar(own)})

    def ask_another(self, answer_id: int, choice: ModelChoice, asker: str = "") -> int:
        """Queue the question of an answer, of the same sources and settings, for another model; return the new id.

        It is a further version of that answer, without a tutor's steps before it. Raises RagError ANSWER_GONE.
        """
        kept = ("wants_sources", "wants_memory", "document_ids", "conversation_id")
        with self._database.writing() as connection:
            row = connection.execute(select(*ANSWER_COLUMNS).where(answers.c.id == answer_id)).first()
            if row is None:
                raise RagError("ANSWER_GONE")
            values = answer_values(row.notebook_id, row.question, row.language)
            values |= {name: row._mapping[name] for name in kept}
            settings = replace(read_answer_settings(row.settings), tutor=False)
            values |= {"turn": row.turn or row.id, "settings": write_answer_settings(settings)}
            values |= {"choice": write_choice(choice), "asker": asker}
            return inserted_id(connection, answers, values)

    def awaited_models(self) -> list[ModelChoice]:
        """Return the models of their own that questions wait for, or are being answered by."""
        awaited = select(answers.c.choice).where(answers.c.state.in_(("queued", "streaming")), answers.c.choice != "")
        with self._database.reading() as connection:
            return [choice for text in connection.scalars(awaited) if (choice := read_choice(text))]

    def answer(self, answer_id: int) -> AnswerRow | None:
        """Return an answer as far as it is written, or None when it is gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(*ANSWER_COLUMNS).where(answers.c.id == answer_id)).first()
            places = _places(connection) if row and row.state == "queued" else {}
        return answer_row(row, places) if row else None

    def answers(self, notebook_id: int, conversation_id: int | None = None) -> list[AnswerRow]:
        """List the answers of a notebook, or of one of its conversations, oldest first."""
        query = select(*ANSWER_COLUMNS).where(answers.c.notebook_id == notebook_id).order_by(answers.c.id)
        if conversation_id is not None:
            query = query.where(answers.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            places = _places(connection) if any(row.state == "queued" for row in rows) else {}
        return [answer_row(row, places) for row in rows]

    def pulse(self, notebook_id: int) -> tuple[int, int, int]:
        """Return how many answers a notebook has, the newest one's id, and how many are final: to notice a change."""
        final = case((answers.c.state.in_(sorted(FINAL_ANSWER_STATES)), 1), else_=0)
        counts = select(func.count(), func.max(answers.c.id), func.sum(final))
        with self._database.reading() as connection:
            found = connection.execute(counts.where(answers.c.notebook_id == notebook_id)).one()
        return found[0], found[1] or 0, found[2] or 0

    def waiting(self) -> bool:
        """Tell whether any question waits or is being answered."""
        busy = select(answers.c.id).where(answers.c.state.in_(("queued", "streaming"))).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(busy) is not None

    def claim_answer(self, owner: str) -> AnswerRow | None:
        """Begin the next question, taking those who ask in turns, or return None."""
        with self._database.reading() as connection:
            if not _places(connection):
                return None
        with self._database.writing() as connection:
            places = _places(connection)
            if not places:
                return None
            answer_id = min(places, key=lambda i: places[i])
            values = {"state": "streaming", "stage": "searching", "owner": owner, "started_at": time.time()}
            connection.execute(update(answers).where(answers.c.id == answer_id).values(values))
            row = answer_row(connection.execute(select(*ANSWER_COLUMNS).where(answers.c.id == answer_id)).one(), {})
            return replace(row, history=said_before(connection, row))

    def save_searched(self, answer_id: int, question: str) -> None:
        """Keep what is searched and read in place of a question that leaned on the conversation."""
        self._write(answer_id, searched=question)

    def save_passages(self, answer_id: int, passages: Sequence[Passage], stage: AnswerStage) -> None:
        """Keep what was found and name the next stage."""
        self._write(answer_id, passages=encode(PassagesFound(tuple(passages))), stage=stage)

    def checkpoint_answer(
        self,
        answer_id: int,
        stage: AnswerStage,
        sources_text: str,
        memory_text: str,
        memory_tokens: Sequence[Token] = (),
    ) -> None:
        """Keep what is written so far."""
        tokens = write_tokens(memory_tokens)
        self._write(answer_id, stage=stage, sources_text=sources_text, memory_text=memory_text, memory_tokens=tokens)

    def save_sourced(self, answer_id: int, sourced: SourcedAnswer) -> None:
        """Keep the checked answer from the sources in place of what was streamed."""
        self._write(
            answer_id,
            sourced=encode(replace(sourced, passages=())),
            passages=encode(PassagesFound(sourced.passages)),
            sources_text=sourced.text,
        )

    def finish_answer(
        self,
        answer_id: int,
        state: AnswerState,
        *,
        memory_text: str | None = None,
        memory_tokens: Sequence[Token] = (),
        sources_text: str | None = None,
        comparison: Comparison | None = None,
        timings: dict[str, float] | None = None,
        usage: Usages = UNKNOWN_USAGE,
        model_id: str = "",
        code: str = "",
        details: dict[str, str] | None = None,
    ) -> None:
        """End an answer as done, stopped or error; texts that are None stay as they are.

        ``memory_tokens`` spell ``memory_text`` and are kept with it.
        """
        values: dict[str, Any] = {
            "state": state,
            "stage": "",
            "comparison": encode(comparison) if comparison else "",
            "timings": json.dumps(timings or {}),
            "usage": encode(usage),
            "model_id": model_id,
            "code": code,
            "details": json.dumps(details or {}),
            "owner": "",
        }
        tokens = None if memory_text is None else write_tokens(memory_tokens)
        texts = {"memory_text": memory_text, "memory_tokens": tokens, "sources_text": sources_text}
        self._write(answer_id, **values, **{name: text for name, text in texts.items() if text is not None})

    def save_tutoring(self, answer_id: int, tutoring: Tutoring) -> None:
        """Keep what a tutor asks, or how far its student is."""
        self._write(answer_id, tutoring=write_tutoring(tutoring))

    def request_stop(self, answer_id: int) -> None:
        """Stop an answer: at once while it waits, else as soon as its worker looks."""
        own = update(answers).where(answers.c.id == answer_id)
        with self._database.writing() as connection:
            connection.execute(own.where(answers.c.state == "streaming").values(stopping=True))
            connection.execute(own.where(answers.c.state == "queued").values(state="stopped"))

    def stop_requested(self, answer_id: int) -> bool:
        """Tell whether an answer shall not be written any further: stopped by the user, or gone."""
        with self._database.reading() as connection:
            row = connection.execute(select(answers.c.stopping).where(answers.c.id == answer_id)).first()
        return row is None or bool(row.stopping)

    def set_feedback(self, answer_id: int, value: int, reason: FeedbackReason = "", comment: str = "") -> None:
        """Keep the user's verdict, -1, 0 or 1, and why it is -1."""
        if value not in (-1, 0, 1):
            raise ValueError(f"feedback must be -1, 0 or 1, not {value}")
        told = {"reason": reason, "comment": clean_text(comment).strip()[:MAX_COMMENT]} if value == -1 else {}
        self._write(answer_id, **{"feedback": value, "reason": "", "comment": "", **told})

    def delete_answer(self, answer_id: int) -> None:
        """Delete one version of an answer; one that is being written stops."""
        with self._database.writing() as connection:
            connection.execute(delete(answers).where(answers.c.id == answer_id))

    def delete_turn(self, turn: int) -> None:
        """Delete a question with all versions of its answer; one that is being written stops."""
        with self._database.writing() as connection:
            connection.execute(delete(answers).where((answers.c.turn == turn) | (answers.c.id == turn)))

    def _write(self, answer_id: int, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(answers).where(answers.c.id == answer_id).values(values))


def _places(connection: Connection) -> dict[int, int]:
    """Return the place of each waiting answer, from 1; one that is being written comes before them all.

    Those who ask take turns, the one served longest ago first; a notebook stands for who is not named.
    """
    who = (answers.c.asker, case((answers.c.asker == "", answers.c.notebook_id), else_=0))
    waiting = select(answers.c.id, *who).where(answers.c.state == "queued").order_by(answers.c.id)
    rows = [(row[0], (row[1], row[2])) for row in connection.execute(waiting)]
    if not rows:
        return {}
    served = select(*who, func.max(answers.c.started_at)).group_by(*who)
    last = {(row[0], row[1]): row[2] for row in connection.execute(served)}
    turns: dict[tuple[str, int], int] = {}
    order: list[tuple[int, float, int]] = []
    for answer_id, asker in rows:
        turn = turns[asker] = turns.get(asker, -1) + 1
        order.append((turn, last[asker], answer_id))
    running = connection.scalar(select(func.count()).where(answers.c.state == "streaming")) or 0
    return {answer_id: place for place, (_, _, answer_id) in enumerate(sorted(order), start=1 + running)}
