"""Numbers written in words, French and English: "quatre-vingt-dix-sept", "two hundred and five thousand", "third"."""

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from ingest.language import fold
from ingest.types import Language

_SMALL = {
    "zero": 0, "un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4,
    "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10,
    "ten": 10, "onze": 11, "eleven": 11, "douze": 12, "twelve": 12, "treize": 13, "thirteen": 13, "quatorze": 14,
    "fourteen": 14, "quinze": 15, "fifteen": 15, "seize": 16, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "vingt": 20, "vingts": 20, "twenty": 20, "trente": 30, "thirty": 30, "quarante": 40, "forty": 40,
    "cinquante": 50, "fifty": 50, "soixante": 60, "sixty": 60, "septante": 70, "seventy": 70, "huitante": 80,
    "octante": 80, "eighty": 80, "nonante": 90, "ninety": 90,
}  # fmt: skip
_ROUND = {
    "dizaine": 10, "dizaines": 10, "tens": 10, "douzaine": 12, "douzaines": 12, "dozen": 12, "dozens": 12,
    "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60,
}  # fmt: skip
_HUNDRED = {"cent", "cents", "hundred", "hundreds", "centaine", "centaines"}
SCALES = {
    "mille": 10**3, "millier": 10**3, "milliers": 10**3, "thousand": 10**3, "thousands": 10**3, "million": 10**6,
    "millions": 10**6, "milliard": 10**9, "milliards": 10**9, "billion": 10**9, "billions": 10**9, "trillion": 10**12,
    "trillions": 10**12,
}  # fmt: skip
_LONG_SCALES = {"billion": 10**12, "billions": 10**12, "trillion": 10**18, "trillions": 10**18}
_ENGLISH_ORDINALS = {
    "first": "one", "second": "two", "third": "three", "fourth": "four", "fifth": "five", "sixth": "six",
    "seventh": "seven", "eighth": "eight", "ninth": "nine", "tenth": "ten", "eleventh": "eleven", "twelfth": "twelve",
    "thirteenth": "thirteen", "fourteenth": "fourteen", "fifteenth": "fifteen", "sixteenth": "sixteen",
    "seventeenth": "seventeen", "eighteenth": "eighteen", "nineteenth": "nineteen", "twentieth": "twenty",
    "thirtieth": "thirty", "fortieth": "forty", "fiftieth": "fifty", "sixtieth": "sixty", "seventieth": "seventy",
    "eightieth": "eighty", "ninetieth": "ninety", "hundredth": "hundred", "thousandth": "thousand",
    "millionth": "million", "thirds": "three", "tiers": "trois", "quarts": "quatre", "premier": "un",
    "premiere": "un", "premiers": "un", "premieres": "un", "seconde": "deux",
}  # fmt: skip
_FRENCH_ORDINAL = re.compile(r"^(\w{2,}?)u?iemes?$")
_WORD = re.compile(r"[^\W\d_]+")
_JOINS = re.compile(r"[ \u00a0\u202f\t\n]{1,2}|\s?[-\u2010\u2011]\s?")
# Articles, and ordinals that speak of time or order as often as of a count: a source may lack them.
_LOOSE = {"un", "une", "one", "first", "premier", "premiere", "premiers", "premieres"}
_BEFORE_A_SECOND = {"per", "par", "a", "une", "chaque", "each", "every", "la"}
_YEAR_HEADS = range(11, 21)
# Only English reads years in pairs: "nineteen sixty-six", "twenty twelve".
_TEENS = {
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
}


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number in words ``text[start:end]``; ``required`` is false for articles and the like."""

    start: int
    end: int
    value: int
    ordinal: bool
    required: bool


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    word: str
    ordinal: bool


def scale(word: str, language: Language | None) -> int | None:
    """Return 1000 for "thousand" and so on; a French "billion" is a million millions."""
    if language == "fr" and word in _LONG_SCALES:
        return _LONG_SCALES[word]
    return SCALES.get(word)


def spelled(text: str, language: Language | None = None) -> Iterator[Spelled]:
    """Yield the numbers written in words, longest reading first, in order."""
    tokens = [_token(match, language) for match in _WORD.finditer(text)]
    place = 0
    while place < len(tokens):
        number = _Sum(language)
        stop = _read(text, tokens, place, number)
        if stop == place:
            place += 1
            continue
        first, last = tokens[place], tokens[stop - 1]
        required = stop - place > 1 or text[first.start : first.end].lower() not in _LOOSE
        if stop - place == 1 and fold(text[first.start : first.end]) in ("second", "seconde"):
            required = place == 0 or tokens[place - 1].word not in _BEFORE_A_SECOND
        yield Spelled(first.start, last.end, number.value, last.ordinal, required)
        place = stop


def _token(match: re.Match[str], language: Language | None) -> _Token:
    word = fold(match.group())
    if language == "en" and word in ("cent", "cents", "six", "seize"):
        # "Cent" is a coin and "seize" a verb in English.
        return _Token(match.start(), match.end(), word if word == "six" else "", False)
    if word in _ENGLISH_ORDINALS:
        return _Token(match.start(), match.end(), _ENGLISH_ORDINALS[word], True)
    if french := _FRENCH_ORDINAL.match(word):
        root = french.group(1)
        for cardinal in (root, root + "e", root + "s", root.removesuffix("v") + "f"):
            if cardinal in _SMALL or cardinal in _HUNDRED or cardinal in SCALES:
                return _Token(match.start(), match.end(), cardinal, True)
    return _Token(match.start(), match.end(), word, False)


def _read(text: str, tokens: Sequence[_Token], place: int, number: "_Sum") -> int:
    start = place
    if tokens[place].word in _HUNDRED and place and tokens[place - 1].word in ("pour", "per"):
        return place
    while place < len(tokens):
        token = tokens[place]
        if place > start and not _JOINS.fullmatch(text[tokens[place - 1].end : token.start]):
            break
        if token.word in ("et", "and") and place > start and _linked(tokens, place, number):
            place += 1
            continue
        if not number.take(token.word):
            break
        place += 1
        if token.ordinal:
            break
    return place


def _linked(tokens: Sequence[_Token], place: int, number: "_Sum") -> bool:
    # "Vingt et un", "two hundred and five", but never "three and five".
    if place + 1 >= len(tokens):
        return False
    following = tokens[place + 1].word
    if tokens[place].word == "et":
        return number.low in (20, 30, 40, 50, 60, 70) and following in ("un", "une", "onze")
    return number.after_hundred and following in _SMALL and number.would_take(following)


class _Sum:
    """A number as it grows word by word."""

    def __init__(self, language: Language | None) -> None:
        self._language = language
        self._total = 0
        self._current = 0
        self._scale: int | None = None
        self._words = 0
        self._last = ""
        self._head: int | None = None

    @property
    def value(self) -> int:
        return self._total + self._current + (self._head or 0) * 100

    @property
    def low(self) -> int:
        return self._current % 100

    @property
    def after_hundred(self) -> bool:
        return self._words > 0 and self.low == 0 and (self._current >= 100 or self._total > 0)

    def would_take(self, word: str) -> bool:
        """Tell whether the word continues this number."""
        return copy(self).take(word)

    def take(self, word: str) -> bool:
        """Add a word; false when it begins another number or is none."""
        if word in _SMALL or (word in _ROUND and not self._words):
            taken = self._take_small(_SMALL[word] if word in _SMALL else _ROUND[word], word)
        elif word in _HUNDRED:
            taken = self._take_hundred()
        else:
            taken = self._take_scale(scale(word, self._language))
        self._words += taken
        self._last = word if taken else self._last
        return taken

    def _take_small(self, value: int, word: str) -> bool:
        if not self._words or (self.low == 0 and self._last != "zero"):
            self._current += value
        elif word in ("vingt", "vingts") and self.low == 4 and self._last == "quatre":
            self._current += 76
        elif value < 10:
            teen = self._last == "dix" and value in (7, 8, 9)
            if not value or not (teen or (self.low >= 20 and self.low % 10 == 0)):
                return False
            self._current += value
        elif value < 17 and self._last in ("soixante", "vingt") and self.low in (60, 80):
            self._current += value
        elif self._head is None and not self._total and self._current in _YEAR_HEADS and self._last in _TEENS:
            self._head, self._current = self._current, value
        else:
            return False
        return True

    def _take_hundred(self) -> bool:
        low = self.low
        if self._current >= 100 or (self._words and self._last == "zero") or (low == 0 and self._current):
            return False
        self._current = (low or 1) * 100
        return True

    def _take_scale(self, size: int | None) -> bool:
        if size is None or (self._scale is not None and size >= self._scale):
            return False
        # French says "mille" without "un", also after millions.
        alone = size == 1000 and self._scale is not None and self._language != "en"
        if self._words and not self._current and not alone:
            return False
        self._total += (self._current or 1) * size
        self._current, self._scale = 0, size
        return True
