"""Answers in the form in which they are compared: case, accents, punctuation and articles do not count."""

import re

from ingest.language import fold
from ingest.types import Language

_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ .,]\d{3})+(?![\d.,]?\d)")
_ELIDED = re.compile(r"\b[ld]'(?=\w)")
_PUNCTUATION = re.compile(r"[^\w]+|_+")
_ARTICLES: dict[Language, frozenset[str]] = {
    "en": frozenset({"a", "an", "the"}),
    "fr": frozenset({"le", "la", "les", "un", "une", "des", "du", "au", "aux"}),
}
"""English as in SQuAD's script (Rajpurkar et al. 2016), French as in FQuAD's (d'Hoffschmidt et al. 2020)."""


def normalise(text: str, language: Language) -> str:
    """Return the words that count, in lower case, one space apart; "1 000", "1,000" and "1.000" are one word.

    A text of articles alone ("A", "le") keeps them.
    """
    text = _GROUPED.sub(lambda match: re.sub(r"\D", "", match.group()), " ".join(fold(text).split()))
    if language == "fr":
        text = _ELIDED.sub(" ", text)
    words = _PUNCTUATION.sub(" ", text).split()
    return " ".join([word for word in words if word not in _ARTICLES[language]] or words)
