"""What of an archive's quizzes, cards and guides may be stored: nothing in it is trusted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.archive_study import PackedAttempt, PackedCard, PackedQuiz, PackedReview, PackedStudy
from rag.errors import MESSAGES
from rag.notes import MAX_TEXT, NoteRow
from rag.receipt import clean_text
from rag.rewordings import RewordingRow
from rag.source_guides.rows import SourceGuideRow
from rag.study import schedule
from rag.study.gate import REASONS
from rag.study.rows import GuideRow, QuizItemRow, StudyState
from rag.study.types import Point
from rag.types import Citation

MAX_ITEMS = 10_000
MAX_CARDS = 100_000
MAX_NOTES = 10_000
MAX_DEPTH = 20
MAX_NAME = 200
_LARGEST = 1 << 30
_LATEST = 1e11  # seconds since 1970; a calendar still has that day
_HASH = re.compile(r"(?:[0-9a-f]{64})?")


def checked_study(packed: PackedStudy) -> PackedStudy:
    """Return what may be stored: nothing is made until its user resumes it. Raises ValueError, KeyError."""
    keys = {one.card.key for one in packed.cards}
    if len(keys) < len(packed.cards) or len(packed.cards) > MAX_CARDS:
        raise ValueError("a card is listed twice, or there are too many")
    for review in packed.reviews:
        _check_review(review)
    return PackedStudy(
        tuple(_checked_quiz(one) for one in packed.quizzes),
        tuple(_checked_card(one) for one in packed.cards),
        packed.reviews,
        tuple(_checked_guide(row) for row in packed.guides),
        tuple(_checked_source_guide(row) for row in packed.source_guides),
    )


def check_notes(rows: Sequence[NoteRow]) -> None:
    """Check that notes may be stored. Raises ValueError."""
    if len(rows) > MAX_NOTES:
        raise ValueError("there are too many notes")
    for row in rows:
        _check_times(row.created_at, row.changed_at)
        if not row.text.strip() or len(row.text) > MAX_TEXT:
            raise ValueError("a note is empty or too long")
        for citation in row.citations:
            _check_citation(citation)


def check_rewordings(rows: Sequence[RewordingRow]) -> None:
    """Check that rewordings may be stored. Raises ValueError, KeyError."""
    if len(rows) > MAX_NOTES:
        raise ValueError("there are too many rewordings")
    for row in rows:
        _check_code(row.code, row.details)
        _check_counts(row.position)
        _check_times(row.created_at)


def _checked_quiz(packed: PackedQuiz) -> PackedQuiz:
    row = packed.quiz
    if len(packed.items) > MAX_ITEMS or len({item.id for item in packed.items}) < len(packed.items):
        raise ValueError("a quiz has too many items, or one twice")
    _check_code(row.code, row.details)
    _check_counts(row.planned, row.done, row.version, row.request.count, *row.dropped.values())
    _check_times(row.created_at, row.stage_started)
    if not row.request.types:
        raise ValueError("a quiz has no types")
    for attempt in packed.attempts:
        _check_attempt(attempt)
    # The screen knows a sentence for each of these reasons only.
    dropped = {reason: count for reason, count in row.dropped.items() if reason in REASONS}
    kept = replace(row, name=clean_text(row.name)[:MAX_NAME], state=_resting(row.state), dropped=dropped)
    return PackedQuiz(kept, tuple(_checked_item(item) for item in packed.items), packed.attempts)


def _checked_item(row: QuizItemRow) -> QuizItemRow:
    _check_counts(row.position)
    _check_citation(row.item.source)
    return replace(row, state="kept" if row.state == "redo" else row.state)


def _check_attempt(packed: PackedAttempt) -> None:
    _check_counts(packed.attempt.quiz_version)
    _check_times(packed.attempt.started_at, packed.attempt.finished_at)


def _checked_card(packed: PackedCard) -> PackedCard:
    row = packed.card
    if not 0 < len(row.key) <= 64:
        raise ValueError("a card's key is malformed")
    _check_counts(row.reviews)
    state = schedule.checked(packed.schedule)
    due = schedule.due_at(state)
    _check_times(row.created_at, due)
    if row.source:
        _check_citation(row.source)
    return PackedCard(replace(row, due=due), state)


def _check_review(review: PackedReview) -> None:
    if review.rating not in schedule.RATINGS:
        raise ValueError("a rating is none")
    _check_times(review.reviewed_at)


def _checked_guide(row: GuideRow) -> GuideRow:
    _check_code(row.code, row.details)
    _check_counts(row.done, row.total)
    _check_times(row.created_at)
    if (row.guide is not None) != (row.state == "done"):
        raise ValueError("a guide is missing, or there before it is done")
    for citation in _cited(row.guide.points if row.guide else ()):
        _check_citation(citation)
    return replace(row, state=_resting(row.state))


def _checked_source_guide(row: SourceGuideRow) -> SourceGuideRow:
    """Return a guide that is made on where it was not whole: nobody asked for it, so nobody resumes it."""
    _check_code(row.code, row.details)
    _check_counts(row.done, row.document_id)
    if not _HASH.fullmatch(row.asked_of) or len(row.made_from) > MAX_NAME:
        raise ValueError("what a guide was made from is malformed")
    guide = row.guide
    if guide is not None:
        _check_counts(guide.sections, guide.tried)
        places = [
            *guide.summary,
            *(heading.at for heading in guide.headings),
            *(term.at for term in guide.terms),
            *(question.at for question in guide.questions),
        ]
        if len(places) > MAX_ITEMS:
            raise ValueError("a guide holds too much")
        for citation in places:
            _check_citation(citation)
    return replace(row, state="waiting" if row.state == "making" else row.state)


def _cited(points: Sequence[Point], depth: int = 1) -> Iterator[Citation]:
    if depth > MAX_DEPTH:
        raise ValueError("a guide is nested too deeply")
    for point in points:
        yield from point.citations
        yield from _cited(point.children, depth + 1)


def _check_citation(citation: Citation) -> None:
    if not _HASH.fullmatch(citation.sha256):
        raise ValueError("a hash is malformed")
    _check_counts(citation.n, citation.page_index, citation.start, citation.end)


def _check_code(code: str, details: dict[str, str]) -> None:
    if code:
        # The screen fills the sentence of the code with these details.
        MESSAGES[code].format(**details)


def _check_counts(*counts: int) -> None:
    if not all(0 <= count <= _LARGEST for count in counts):
        raise ValueError("a number is malformed")


def _check_times(*times: float) -> None:
    if not all(0 <= at <= _LATEST for at in times):
        raise ValueError("a time is malformed")


def _resting(state: StudyState) -> StudyState:
    return "cancelled" if state in ("waiting", "making") else state
