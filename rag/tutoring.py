"""A tutor's steps before an answer is shown: a question, the student's replies, hints, and the answer at the end.

Every step is a plain function from what was to what is; who is right is graded by code.
"""

from dataclasses import dataclass, replace

from rag.choice import without_place
from rag.codec import decode, encode
from rag.study.grade import is_right
from rag.study.types import Item

HINTS = 2
"""The page where the answer stands, then the cited sentence with a gap (or, where the question is one, its letters)."""
MAX_REPLY = 200


@dataclass(frozen=True, slots=True)
class Tutoring:
    """``item`` is what is asked, ``gap`` the second hint, ``nudge`` a model's checked sentence beside the first.

    ``hinted`` counts the hints that were given, 0..2; once ``shown``, the answer is no longer hidden.
    """

    item: Item
    gap: str
    nudge: str = ""
    replies: tuple[str, ...] = ()
    hinted: int = 0
    shown: bool = False

    @property
    def right(self) -> bool:
        """Tell whether the last reply is right."""
        return bool(self.replies) and is_right(self.item, (self.replies[-1],))


def reply(now: Tutoring, text: str) -> Tutoring:
    """Take a reply: a right one shows the answer, a wrong one brings the next hint, or the answer after the last."""
    text = " ".join(text.split())[:MAX_REPLY]
    if not text or now.shown:
        return now
    given = replace(now, replies=(*now.replies, text))
    return replace(given, shown=True) if given.right else hint(given)


def hint(now: Tutoring) -> Tutoring:
    """Give the next hint; after the last one the answer is shown."""
    return replace(now, shown=True) if now.hinted >= HINTS else replace(now, hinted=now.hinted + 1)


def show(now: Tutoring) -> Tutoring:
    """Show the answer."""
    return replace(now, shown=True)


def write_tutoring(tutoring: Tutoring | None) -> str:
    """Write a tutoring as JSON, none as ""."""
    return encode(tutoring) if tutoring else ""


def read_tutoring(text: str) -> Tutoring | None:
    """Read what ``write_tutoring`` wrote. Raises ValueError."""
    if not text:
        return None
    kept = decode(Tutoring, text)
    return replace(kept, item=replace(kept.item, model_id=without_place(kept.item.model_id)))
