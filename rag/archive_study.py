"""The quizzes, cards and guides of a notebook inside its archive. What arrives is checked before anything is stored."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select

from rag.codec import encode
from rag.records import inserted_id
from rag.source_guides.rows import SourceGuideRow
from rag.source_guides.store import guide_values as source_guide_values
from rag.study.attempts import attempt_values, write_given
from rag.study.card_sides import NewCard
from rag.study.cards import card_values
from rag.study.guides import guide_values
from rag.study.records import insert_item, quiz_values
from rag.study.rows import AttemptRow, CardRow, Given, GuideRow, QuizItemRow, QuizRow
from rag.study_tables import card_reviews, cards, quiz_attempts, quizzes, study_guides
from rag.tables import source_guides

if TYPE_CHECKING:
    from rag.library import Library


@dataclass(frozen=True, slots=True)
class PackedGiven:
    """What was answered to the item of a row id."""

    item_id: int
    given: Given


@dataclass(frozen=True, slots=True)
class PackedAttempt:
    """An attempt; what was given stands beside it."""

    attempt: AttemptRow
    given: tuple[PackedGiven, ...]


@dataclass(frozen=True, slots=True)
class PackedQuiz:
    """A quiz with all its items, removed ones too, and its attempts."""

    quiz: QuizRow
    items: tuple[QuizItemRow, ...]
    attempts: tuple[PackedAttempt, ...]


@dataclass(frozen=True, slots=True)
class PackedCard:
    """A card with its schedule, as ``rag.study.schedule`` writes it."""

    card: CardRow
    schedule: str


@dataclass(frozen=True, slots=True)
class PackedReview:
    """A review of a card, by row id; None when the card is gone."""

    card_id: int | None
    rating: int
    reviewed_at: float


@dataclass(frozen=True, slots=True)
class PackedStudy:
    """All that a notebook holds to learn with."""

    quizzes: tuple[PackedQuiz, ...] = ()
    cards: tuple[PackedCard, ...] = ()
    reviews: tuple[PackedReview, ...] = ()
    guides: tuple[GuideRow, ...] = ()
    source_guides: tuple[SourceGuideRow, ...] = ()


NO_STUDY = PackedStudy()


def pack_study(library: "Library", notebook_id: int) -> PackedStudy:
    """Return every quiz, card, review and guide of a notebook."""
    own = select(cards.c.id, cards.c.schedule).where(cards.c.notebook_id == notebook_id)
    log = select(card_reviews).where(card_reviews.c.notebook_id == notebook_id).order_by(card_reviews.c.id)
    with library.database.reading() as connection:
        schedules = {row.id: row.schedule for row in connection.execute(own)}
        reviews = tuple(PackedReview(row.card_id, row.rating, row.reviewed_at) for row in connection.execute(log))
    shown = [row for row in library.cards.rows(notebook_id) if row.id in schedules]
    return PackedStudy(
        tuple(_pack_quiz(library, row) for row in library.quizzes.rows(notebook_id)),
        tuple(PackedCard(row, schedules[row.id]) for row in shown),
        reviews,
        tuple(library.guides.rows(notebook_id)),
        tuple(library.source_guides.rows(notebook_id).values()),
    )


def insert_study(connection: Connection, notebook_id: int, packed: PackedStudy, new_ids: dict[int, int]) -> None:
    """Store what ``checked_study`` returned; ``new_ids`` names the documents anew."""
    for quiz in packed.quizzes:
        _insert_quiz(connection, notebook_id, quiz, new_ids)
    new_cards = {one.card.id: inserted_id(connection, cards, _card_values(notebook_id, one)) for one in packed.cards}
    log = [
        {
            "notebook_id": notebook_id,
            "card_id": new_cards.get(review.card_id) if review.card_id is not None else None,
            "rating": review.rating,
            "reviewed_at": review.reviewed_at,
        }
        for review in packed.reviews
    ]
    if log:
        connection.execute(insert(card_reviews), log)
    for guide in packed.guides:
        inserted_id(connection, study_guides, _guide_values(notebook_id, guide, new_ids))
    for row in packed.source_guides:
        if row.document_id in new_ids:
            connection.execute(insert(source_guides).values(_source_guide_values(new_ids[row.document_id], row)))


def _pack_quiz(library: "Library", quiz: QuizRow) -> PackedQuiz:
    rows = (*library.quizzes.items(quiz.id), *library.quizzes.removed(quiz.id))
    attempts = tuple(
        PackedAttempt(replace(row, given={}), tuple(PackedGiven(*pair) for pair in row.given.items()))
        for row in library.attempts.all(quiz.id)
    )
    return PackedQuiz(quiz, rows, attempts)


def _insert_quiz(connection: Connection, notebook_id: int, packed: PackedQuiz, new_ids: dict[int, int]) -> None:
    quiz = packed.quiz
    request = replace(quiz.request, document_ids=_renamed(quiz.request.document_ids, new_ids))
    values = quiz_values(notebook_id, quiz.name, request)
    for name in ("state", "code", "planned", "done", "model_id", "version", "created_at", "stage_started"):
        values[name] = getattr(quiz, name)
    values |= {"details": json.dumps(quiz.details), "dropped": json.dumps(quiz.dropped)}
    quiz_id = inserted_id(connection, quizzes, values)
    ids = {row.id: insert_item(connection, quiz_id, row.position, row.item, row.state) for row in packed.items}
    for one in packed.attempts:
        inserted_id(connection, quiz_attempts, _attempt_values(quiz_id, one, ids))


def _attempt_values(quiz_id: int, packed: PackedAttempt, ids: dict[int, int]) -> dict[str, Any]:
    row = packed.attempt
    given = {ids[one.item_id]: one.given for one in packed.given if one.item_id in ids}
    times = {"started_at": row.started_at, "finished_at": row.finished_at}
    values = attempt_values(quiz_id, row.quiz_version, row.mode, row.feedback, _renamed(row.item_ids, ids))
    return values | {"state": row.state, "given": write_given(given), **times}


def _card_values(notebook_id: int, packed: PackedCard) -> dict[str, Any]:
    row = packed.card
    new = NewCard(row.key, row.front, row.back, row.language, row.source, row.origin)
    kept = {name: getattr(row, name) for name in ("due", "reviews", "suspended", "created_at")}
    return card_values(notebook_id, new) | {"schedule": packed.schedule, **kept}


def _guide_values(notebook_id: int, row: GuideRow, new_ids: dict[int, int]) -> dict[str, Any]:
    values = guide_values(notebook_id, row.kind, row.language, _renamed(row.document_ids, new_ids))
    kept = {name: getattr(row, name) for name in ("state", "code", "done", "total", "model_id", "created_at")}
    whole = {"details": json.dumps(row.details), "guide": encode(row.guide) if row.guide else ""}
    return values | kept | whole


def _source_guide_values(document_id: int, row: SourceGuideRow) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in ("code", "done", "made_from", "asked_of", "told")}
    whole = {"details": json.dumps(row.details), "guide": encode(row.guide) if row.guide else ""}
    return source_guide_values(document_id, row.state) | kept | whole


def _renamed(ids: Sequence[int], new_ids: dict[int, int]) -> tuple[int, ...]:
    return tuple(new_ids[i] for i in ids if i in new_ids)
