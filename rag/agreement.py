"""Does an answer say what a reader finds in the same passages?

The words of a passage in another order can say what it does not: "ELIZA was described by Kenneth Colby" has all its
words in one on Weizenbaum's ELIZA and Colby's DOCTOR. A reader that is asked the same question finds Weizenbaum.
"""

import math
from collections.abc import Sequence

from rag.spans import Candidate
from rag.terms import content_words, stem, words

_SAID = 0.5
"""The share of an answer's words, besides those of the question, from which a text says it."""


def telling(question: str, answers: Sequence[Candidate]) -> list[Candidate]:
    """Return the answers with a word that the question does not hold, best scored first."""
    asked = _stems(question)
    return sorted((a for a in answers if _stems(a.text) - asked), key=lambda answer: -answer.score)


def behind(question: str, text: str, answers: Sequence[Candidate]) -> float:
    """Return by how much the best scored of the ``telling`` answers that ``text`` says falls behind the best of all, in
    log-odds; infinite when it says none, 0 without answers."""
    asked, held = _stems(question), _stems(text)
    found = telling(question, answers)
    new = [(answer.score, _stems(answer.text) - asked) for answer in found]
    said = [score for score, own in new if len(own & held) / len(own) >= _SAID]
    return found[0].score - max(said, default=-math.inf) if found else 0.0


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text) or words(text))
