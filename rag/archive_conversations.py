"""The conversations of a notebook inside its archive. What arrives is checked before anything is stored."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from rag.answer_records import answer_values
from rag.answer_settings import write_answer_settings
from rag.codec import encode
from rag.conversation import MAX_COMMENT
from rag.conversations import MAX_TITLE, title_of
from rag.errors import MESSAGES
from rag.receipt import clean_text
from rag.records import inserted_id
from rag.rows import AnswerRow, ConversationRow
from rag.tables import answers, conversations
from rag.tokens import spell, write_tokens
from rag.tutoring import write_tutoring
from rag.types import PassagesFound, Token

MAX_CONVERSATIONS = 10_000
_LARGEST = 1 << 40
_LATEST = 1e11  # seconds since 1970; a calendar still has that day


@dataclass(frozen=True, slots=True)
class PackedConversations:
    """What may be stored: conversations, and the answers with their columns."""

    conversations: tuple[ConversationRow, ...]
    answers: tuple[AnswerRow, ...]
    values: tuple[dict[str, Any], ...]


def checked_conversations(talks: Sequence[ConversationRow], written: Sequence[AnswerRow]) -> PackedConversations:
    """Return what may be stored; answers of no conversation, as an older Lectern packed them, come into one.

    Raises ValueError, KeyError.
    """
    known = {row.id for row in talks}
    if len(known) < len(talks) or len(talks) > MAX_CONVERSATIONS:
        raise ValueError("a conversation is listed twice, or there are too many")
    if not all(row.id > 0 and 0 <= row.created_at <= _LATEST for row in talks):
        raise ValueError("a number or a time is malformed")
    kept = [replace(row, title=" ".join(clean_text(row.title).split())[:MAX_TITLE]) for row in talks]
    lost = [row for row in written if row.conversation_id not in known]
    if lost:
        kept.append(ConversationRow(0, 0, title_of(lost[0].question), max(0.0, min(lost[0].asked_at, _LATEST))))
    gathered = tuple(row if row.conversation_id in known else replace(row, conversation_id=0) for row in written)
    return PackedConversations(tuple(kept), gathered, tuple(_answer(row) for row in gathered))


def insert_conversations(
    connection: Connection, notebook_id: int, packed: PackedConversations, new_ids: dict[int, int]
) -> dict[int, int]:
    """Store checked conversations; ``new_ids`` names the documents anew. Return the new id of each answer."""
    talks = {
        row.id: inserted_id(
            connection, conversations, {"notebook_id": notebook_id, "title": row.title, "created_at": row.created_at}
        )
        for row in packed.conversations
    }
    turns: dict[int, int] = {}
    stored: dict[int, int] = {}
    for row, values in zip(packed.answers, packed.values, strict=True):
        asked = [new_ids[i] for i in row.document_ids if i in new_ids]
        here = {
            "notebook_id": notebook_id,
            "document_ids": json.dumps(asked),
            "conversation_id": talks[row.conversation_id],
            "turn": turns.get(row.turn, 0),
        }
        answer_id = stored[row.id] = inserted_id(connection, answers, values | here)
        if row.turn:  # an older Lectern packed none
            turns.setdefault(row.turn, answer_id)
    return stored


def _answer(row: AnswerRow) -> dict[str, Any]:
    code, details = (row.code, row.details) if row.final else ("INTERRUPTED", {})
    if code:
        # The screen fills the sentence of the code with these details.
        MESSAGES[code].format(**details)
    if row.feedback not in (-1, 0, 1):
        raise ValueError("a verdict is unknown")
    if not 0 <= row.turn <= _LARGEST:
        raise ValueError("a turn is malformed")
    return answer_values(0, clean_text(row.question), row.language) | {
        "wants_sources": row.wants_sources,
        "wants_memory": row.wants_memory,
        "state": row.state if row.final else "error",
        "sources_text": row.sources_text,
        "memory_text": row.memory_text,
        "memory_tokens": write_tokens(_tokens(row)),
        "passages": encode(PassagesFound(row.passages)) if row.passages else "",
        "sourced": encode(replace(row.sourced, passages=())) if row.sourced else "",
        "comparison": encode(row.comparison) if row.comparison else "",
        "timings": json.dumps(row.timings),
        "usage": encode(row.usage),
        "model_id": row.model_id,
        "code": code,
        "details": json.dumps(details),
        "feedback": row.feedback,
        "searched": clean_text(row.searched),
        "reason": row.reason if row.feedback == -1 else "",
        "comment": clean_text(row.comment)[:MAX_COMMENT] if row.feedback == -1 else "",
        "asked_at": row.asked_at,
        "started_at": row.started_at,
        "settings": write_answer_settings(row.settings),
        "tutoring": write_tutoring(row.tutoring),
    }


def _tokens(row: AnswerRow) -> tuple[Token, ...]:
    chances = [chance for token in row.memory_tokens for _, chance in token.alternatives]
    chances += [token.probability for token in row.memory_tokens if token.probability is not None]
    if not all(0 <= chance <= 1 for chance in chances):
        raise ValueError("a probability is none")
    return row.memory_tokens if spell(row.memory_tokens) == row.memory_text else ()
