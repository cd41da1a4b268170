"""French or English: tell them apart, cut them into sentences, fold them for comparison."""

import re
import unicodedata
from functools import cache
from typing import Any

from ingest.types import Language
from ingest.words import ABBREVIATIONS, ENGLISH, FRENCH, SHARED

_WORD = re.compile(r"[^\W\d_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_FUNCTION_WORDS = FRENCH | ENGLISH
DETECT_CHARS = 4_000

_SENTENCE_END = re.compile(r"""\n+|(?<![.!?…])[.!?…]++["'’»”)\]]*+(?: ?\[\d{1,3}\])*+(?:\s»)?(?=\s|$)""")
_LAST_WORD = re.compile(r"([^\W_][\w.\-°]*)\.$")


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en"])
    return identifier


def detect(text: str) -> Language:
    """Return the language of a question or a document, English when nothing tells."""
    text = text[:DETECT_CHARS]
    words = [word.lower() for word in _WORD.findall(text)]
    french = sum(1.0 if word not in SHARED else 0.4 for word in words if word in FRENCH)
    english = sum(1.0 if word not in SHARED else 0.4 for word in words if word in ENGLISH)
    french += 0.5 * sum(1 for char in text if char in "éèêëàâçùûîïôœ")
    if abs(french - english) >= 1.0 and max(french, english) >= 2 * min(french, english):
        return "fr" if french > english else "en"
    if not words:
        return "en"
    best: str = _identifier().classify(text)[0]
    return "fr" if best == "fr" else "en"


def sentences(text: str, language: Language) -> list[tuple[int, int]]:
    """Return the spans of the sentences: in order, without overlap, covering all but white space at their ends.

    Line breaks end a sentence too (items, headings). ``language`` decides how quotation marks close.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ends(text, match, language):
            _add_span(spans, text, start, match.end())
            start = match.end()
    _add_span(spans, text, start, len(text))
    return spans


def _add_span(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    part = text[start:end]
    if part.strip():
        spans.append((start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())))


def _ends(text: str, match: re.Match[str], language: Language) -> bool:
    """Tell a sentence's end from an abbreviation, an initial or a mark inside a sentence."""
    if match.group().startswith("\n"):
        return True
    following = text[match.end() : match.end() + 40].lstrip(" ")
    if following[:1].islower() or following[:1] in tuple(",;:)»"):
        return False
    if language == "fr" and following[:1] in ("?", "!"):
        return False
    if match.group().strip() != ".":
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 30), match.start() + 1)
    if word is None:
        return True
    return not _is_abbreviation(word.group(1), following, text[max(0, word.start() - 40) : word.start()])


def _is_abbreviation(word: str, following: str, before: str) -> bool:
    """Judge a word with a full stop from what follows and, for an initial, from what stands before."""
    if len(word) == 1 and word.isalpha():
        return word.isupper() and _is_initial(word, following, before.rstrip())
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]|[^\W\d_]\.-[^\W\d_]", word):  # e.g, U.S, J.-C
        return word.lower() in ("e.g", "i.e", "p.ex") or not following[:1].isupper()
    return word.lower() in ABBREVIATIONS


def _is_initial(word: str, following: str, before: str) -> bool:
    """Tell the initial of a name, as in "M. Dupont" and "Donald E. Knuth", from a letter that ends its sentence."""
    after = _WORD.match(following)
    if after is None or after.group().lower() in _FUNCTION_WORDS:
        return False
    last = before.split()[-1:]
    return word in "MJ" or not before or before[-1] in ".«“(,;:" or (last[0][:1].isupper() and len(last[0]) > 1)


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents, with one kind of apostrophe; its length may change."""
    text = text.lower().replace("’", "'").replace("ʼ", "'").replace("œ", "oe").replace("æ", "ae")
    if text.isascii():
        return text
    # Only what is not ASCII can combine: looking at nothing else makes French nearly as quick as English.
    return _NOT_ASCII.sub(_without_marks, unicodedata.normalize("NFKD", text))


def _without_marks(match: re.Match[str]) -> str:
    return "".join(char for char in match.group() if not unicodedata.combining(char))
