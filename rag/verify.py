"""Does a passage support a sentence? Numbers, names and quotes are tested letter by letter, the rest by shared words.

The limits are fixed: a sentence is supported when all its numbers and names and at least ``SUPPORTED`` of its content
words stand in the passage, weak from ``WEAK`` on, and not found below or when any number or name is missing.
"""

import re

from ingest.language import fold
from rag.quotes import find_quote
from rag.terms import content_words, missing_from, stem
from rag.types import Support

SUPPORTED = 0.6
WEAK = 0.3
# A sentence that denies what its source says shares nearly all its words.
_NEGATION = re.compile(r"\b(?:not|never|no|none|nor|cannot|without|\w+n't|n'\w+|ne|jamais|aucune?|ni|sans|non)\b")
_QUOTED = re.compile(r"[«“\"]\s*([^«»“”\"]{3,}?)\s*[»”\"]")


def quoted_parts(text: str) -> tuple[str, ...]:
    """Return what stands between quotation marks."""
    return tuple(match.group(1) for match in _QUOTED.finditer(text))


def shared_words(sentence: str, source: str) -> float:
    """Return the share (0..1) of the sentence's content words that stand in the source, by stem; 1 when it has none."""
    wanted = [stem(word) for word in content_words(sentence)]
    held = {stem(word) for word in content_words(source)}
    return sum(word in held for word in wanted) / len(wanted) if wanted else 1.0


def support(sentence: str, source: str) -> Support:
    """Grade how far ``source`` supports ``sentence``."""
    if find_quote(source, sentence.rstrip(" .")):
        return "supported"
    if missing_from(sentence, source) or any(not find_quote(source, part) for part in quoted_parts(sentence)):
        return "not_found"
    if _denies(sentence) != _denies(_nearest(sentence, source)):
        return "not_found"
    share = shared_words(sentence, source)
    return "supported" if share >= SUPPORTED else "weak" if share >= WEAK else "not_found"


def _denies(text: str) -> bool:
    return bool(_NEGATION.search(fold(text)))


def _nearest(sentence: str, source: str) -> str:
    parts = re.split(r"(?<=[.!?])\s+|\n+", source)
    return max(parts, key=lambda part: shared_words(sentence, part))
