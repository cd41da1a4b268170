"""The words, numbers and names of a text, in forms that can be compared across spellings."""

import re
from functools import lru_cache

from ingest.language import fold

WORD = re.compile(r"\w+(?:[-’'.&]\w+)*", re.UNICODE)
_PLAIN = re.compile(r"\w+")
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f\u2009’',.]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SPACES = re.compile(r"[ \u00a0\u202f\u2009’']")
NAME = re.compile(r"\b[A-ZÀ-ÖØ-ÝŒ][\w’'.&-]*\w|\b[A-ZÀ-ÖØ-ÝŒ]\b")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th|er|ere|re|e|eme|nde?)$")

_NUMBER_WORDS = {
    "zero": 0, "un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4,
    "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10,
    "ten": 10, "onze": 11, "eleven": 11, "douze": 12, "twelve": 12, "treize": 13, "thirteen": 13, "quatorze": 14,
    "fourteen": 14, "quinze": 15, "fifteen": 15, "seize": 16, "sixteen": 16, "vingt": 20, "twenty": 20, "trente": 30,
    "thirty": 30, "quarante": 40, "forty": 40, "cinquante": 50, "fifty": 50, "soixante": 60, "sixty": 60,
    "cent": 100, "hundred": 100, "mille": 1000, "thousand": 1000, "million": 10**6, "milliard": 10**9,
    "billion": 10**9,
}  # fmt: skip
_ARTICLES = {"un", "une", "one"}

_FUNCTION_WORDS = """
a about after all also an and any are as at be because been before between both but by can could did do does doing
down during each few for from further had has have having he her here hers him his how i if in into is it its just
me more most my no nor not of off on once only or other our out over own same she should so some such than that the
their them then there these they this those through to too under until up very was we were what when where which
while who whom whose why will with would you your many much au aux avec ce ces cet cette celui celle ceux celles
dans de des du elle elles en est et eu eux il ils je la le les leur leurs lui ma mais me meme mes moi mon ne nos
notre nous on ou par pas pour qu que quel quelle quelles quels qui quoi sa sans se ses son sont sur ta te tes toi
ton tu un une vos votre vous c d j l m n s t y ete etait etaient etre fut furent sera ont avait avaient avoir a-t-il
est-ce combien quand comment pourquoi lequel laquelle lesquels dont plus moins tres aussi ainsi donc car si entre
vers chez apres avant pendant depuis lors lorsque afin peut dit quel-le
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Return the folded words in order, elisions and hyphens cut."""
    return tuple(_PLAIN.findall(fold(text)))


@lru_cache(maxsize=20_000)
def content_words(text: str) -> tuple[str, ...]:
    """Return the folded words that carry meaning, in order."""
    return tuple(w for w in words(text) if w not in FUNCTION_WORDS and (len(w) > 1 or w.isdigit()))


def stem(word: str) -> str:
    """Cut a folded word to a prefix that most of its forms share, in French and English."""
    return word if len(word) <= 4 or word.isdigit() else word[: max(4, len(word) - 3)]


def number_readings(token: str) -> frozenset[str]:
    """Return the values a written number may have: "1 000" → 1000; "1,000" → 1000 or 1; "3,5" → 3.5."""
    plain = _SPACES.sub("", token)
    readings = {_decimal(plain.replace(",", "."))} if plain.count(",") + plain.count(".") <= 1 else set()
    if _GROUPED.fullmatch(plain) or not readings:
        readings.add(plain.replace(",", "").replace(".", ""))
    return frozenset(readings)


def _decimal(text: str) -> str:
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{part}" if part else whole


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers as written in digits, in order."""
    return tuple(match.group() for match in _NUMBER.finditer(text))


@lru_cache(maxsize=20_000)
def number_values(text: str) -> frozenset[str]:
    """Return every value that a number of ``text`` may have, in digits or in words."""
    values = {value for token in numbers(text) for value in number_readings(token)}
    for word in words(text):
        if word in _NUMBER_WORDS:
            values.add(str(_NUMBER_WORDS[word]))
        elif ordinal := _ORDINAL.match(word):
            values.add(ordinal.group(1))
    return frozenset(values)


def spelled_numbers(text: str) -> tuple[str, ...]:
    """Return the numbers written as words, articles apart."""
    return tuple(w for w in words(text) if w in _NUMBER_WORDS and w not in _ARTICLES)


def names(text: str) -> tuple[str, ...]:
    """Return the capitalised words that are no function words, each once, in order."""
    found = (match.group() for match in NAME.finditer(text))
    parts = (part for name in found for part in re.split(r"[’']", name))
    return tuple(dict.fromkeys(p for p in parts if p and p[0].isupper() and fold(p) not in FUNCTION_WORDS))
