"""When a card is to be seen again, by FSRS; its state is kept as JSON with a version."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from fsrs import Card, Scheduler
from fsrs import Rating as FsrsRating

from rag.study.rows import Rating

VERSION = 1
RATINGS: tuple[Rating, ...] = (1, 2, 3, 4)

# Without chance: the same reviews give the same days, and what the buttons promise is what comes.
_SCHEDULER = Scheduler(enable_fuzzing=False)


def first(now: float) -> str:
    """Return the state of a new card, which is due at once."""
    return _write(Card(card_id=0, due=_at(now)))


def reviewed(schedule: str, rating: Rating, now: float) -> tuple[str, float]:
    """Return the state after a review, 1 (again) to 4 (easy), and when the card is due next, in seconds since 1970."""
    card, _ = _SCHEDULER.review_card(_read(schedule), FsrsRating(rating), _at(now))
    return _write(card), card.due.timestamp()


def previewed(schedule: str, now: float) -> dict[Rating, float]:
    """Return for each rating when the card would be due next."""
    return {rating: reviewed(schedule, rating, now)[1] for rating in RATINGS}


def checked(schedule: str) -> str:
    """Return a state that came from elsewhere, written anew. Raises ValueError when it is none."""
    try:
        card = _read(schedule)
        for rating in RATINGS:
            _SCHEDULER.review_card(card, FsrsRating(rating), max(card.due, card.last_review or card.due))
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, AssertionError) as error:
        raise ValueError(f"a schedule is malformed ({error})") from error
    return _write(card)


def due_at(schedule: str) -> float:
    """Return when a card of this state is due, in seconds since 1970."""
    return _read(schedule).due.timestamp()


def day_end(now: float) -> float:
    """Return the midnight that ends the local day of ``now``, in seconds since 1970."""
    today = datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1)).timestamp()


def local_day(at: float) -> int:
    """Return the number of the local day of a time; the next day's is one more."""
    return datetime.fromtimestamp(at).toordinal()


def _write(card: Card) -> str:
    return json.dumps({"v": VERSION, "fsrs": card.to_dict()})


def _read(schedule: str) -> Card:
    data: dict[str, Any] = json.loads(schedule)
    if data["v"] != VERSION:
        raise ValueError(f"a schedule has version {data['v']}")
    return Card.from_dict(data["fsrs"])


def _at(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)
