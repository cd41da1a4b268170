"""The timeline: what happened when, each event with the sentence that tells it.

A year counts when a word of time stands before it or it opens a life or a reign; not one that only names a reference, a
standard or a quantity.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.language import fold
from ingest.types import Language
from rag.dates import dates
from rag.study.aids.aid import StudyAid
from rag.study.aids.lesson import Lesson
from rag.study.types import Point

MOST = 60
_THIS_CENTURY = 2_100

_BC = r"(?:\s?(?P<bc>av(?:ant|\.)?\s?(?:J(?:ésus|\.)?[\s-]*C(?:hrist|\.)?|notre ère)|B\.?C\.?(?:E\.?)?\b))?"
_YEAR = r"(?P<year>[1-9]\d{2,3}|20\d{2})"
_BEFORE = (
    r"in|since|until|till|by|from|to|after|before|during|around|circa|c\.|about|between|and|of|early|late|mid|"
    r"year|spring|"
    r"summer|autumn|fall|winter|en|depuis|dès|vers|avant|après|jusqu['’]en|jusqu['’]à|entre|et|à|de|fin|début|mi|an|"
    r"l['’]an|année|printemps|été|automne|hiver|partir de|courant|circa|envers"
)
_YEARS = re.compile(
    rf"(?:\b(?:{_BEFORE})[ -](?:the |l['’]année |l['’]été |de )?|^|, )"
    rf"{_YEAR}(?![\d%°]|[.,]\d|\s?[%°€$]|[-–/](?!\d{{2,4}}\b)|['’]){_BC}", re.IGNORECASE,
)  # fmt: skip
_RANGE = re.compile(r"(?<![\d.,])(?P<year>1\d{3}|20\d{2})\s?[–-]\s?(?P<last>1\d{3}|20\d{2}|\d{2})(?![\d.,])")
_DECADE = re.compile(
    r"\b(?:the |les |des |aux )?(?:(?:early|late|mid)[ -])?(?:ann[ée]es )?(?P<year>1[1-9]\d0|20[0-2]0)(?P<s>s\b)?",
    re.IGNORECASE,
)
_CENTURY = re.compile(
    r"\b(?:(?P<roman>[XVI]{1,5})(?:e|ème|er|ᵉ)\ssiècle|(?P<number>\d{1,2})(?:st|nd|rd|th)[ -]century)" + _BC,
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"^\s(?:octets?|bytes?|bits?|caract[èe]res?|characters?|points?|km|kg|m|mm|cm|g|habitants|inhabitants|people|"
    r"personnes|hommes|men|soldats|soldiers|troops|euros?|dollars?|francs?|tonnes?|tons?|fois|times|ans|years|"
    r"mots|words|"
    r"pages|exemplaires|copies|morts|dead|students|étudiants|users|nodes|MHz|GHz|Hz|[a-z]{3,}s)\b"
)
_NAMED = re.compile(
    r"(?:\b(?:RFC|ISO|IEEE|Windows|Office|version|v|page|p|no|n°|article|section|chapter|chapitre|figure|table|"
    r"code|model|"
    r"modèle|type|cs|level|room|salle|of about|some)[ .]?)$",
    re.IGNORECASE,
)
_ROMAN = {"I": 1, "V": 5, "X": 10}
_MONTHS: dict[Language, str] = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A date to sort by: ``year`` is negative before Christ; ``month`` and ``day`` are 0 where not given.

    ``span`` is how many years it stands for: 1, 10 for a decade, 100 for a century; ``last`` the end of a range, or 0.
    """

    year: int
    month: int = 0
    day: int = 0
    span: int = 1
    last: int = 0

    def name(self, language: Language) -> str:
        """Write the date as a reader of the language does."""
        if self.span == 100:
            return _century(self.year, language)
        era = {"en": " BC", "fr": " av. J.-C."}[language] if self.year < 0 else ""
        year = f"{abs(self.year)}{era}"
        if self.span == 10:
            return f"{year}s" if language == "en" else f"années {year}"
        if self.last:
            return f"{year}–{self.last}"
        if not self.month:
            return year
        month = _MONTHS[language].split()[self.month - 1]
        if not self.day:
            return f"{month} {year}"
        day = "1er" if language == "fr" and self.day == 1 else str(self.day)
        return f"{day} {month} {year}"


def points(lesson: Lesson, language: Language) -> list[Point]:
    """Return the events by date: ``note`` the date in ``language``, ``text`` the sentence."""
    found: list[tuple[When, int, Point]] = []
    for place, statement in enumerate(lesson.all()):
        sentence = statement.sentence
        if statement.standing == 2 and (when := date_of(statement.text, sentence.language)):
            found.append((when, place, Point(statement.text, (sentence.cite(),), when.name(language))))
    found.sort(key=lambda event: event[:2])
    step = max(1.0, len(found) / MOST)
    kept = [found[int(n * step)] for n in range(min(MOST, len(found)))]
    return [point for _, _, point in kept]


def date_of(text: str, language: Language) -> When | None:
    """Return the first date of an event that a sentence gives, the fullest reading of it; None when there is none."""
    return min(_found(text, language), key=lambda entry: (entry[0], entry[1].span, -entry[1].day), default=(0, None))[1]


def _found(text: str, language: Language) -> Iterator[tuple[int, When]]:
    taken: list[tuple[int, int]] = []
    for date in dates(text, language):
        year, month, day = date.parts
        if year and month and not date.raw:
            taken.append((date.start, date.end))
            yield date.start, When(year, month, day or 0)
    for start, end, when in _looser(text):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield start, when


def _looser(text: str) -> Iterator[tuple[int, int, When]]:
    for match in _CENTURY.finditer(text):
        number = int(match["number"]) if match["number"] else _roman(match["roman"].upper())
        before = -1 if match["bc"] else 1
        if 1 <= number <= 21:
            yield match.start(), match.end(), When(before * (100 * (number - (before > 0)) + (before > 0)), span=100)
    for match in _RANGE.finditer(text):
        first, last = int(match["year"]), int(match["last"])
        last = last if last > 99 else first // 100 * 100 + last
        if first < last:
            yield match.start(), match.end(), When(first, last=last)
    for match in _DECADE.finditer(text):
        if match["s"] or "ann" in fold(match.group()):
            yield match.start(), match.end(), When(int(match["year"]), span=10)
    for match in _YEARS.finditer(text):
        start, end = match.span("year")
        year = int(match["year"]) * (-1 if match["bc"] else 1)
        plain = year > 999 or match["bc"] or re.search(r"\b(?:an|year|en|in)\s$", text[:start], re.IGNORECASE)
        other = _UNIT.match(text[end:]) or _NAMED.search(text[:start]) or _is_reference(text, start, end)
        if year < _THIS_CENTURY and plain and not other:
            yield start, match.end(), When(year)


def _is_reference(text: str, start: int, end: int) -> bool:
    """Tell whether a year stands alone in brackets, or after a name in them: "(2016)", "(Smith, 2016)"."""
    before, after = text[:start].rpartition("(")[2], text[end:].partition(")")[0]
    inside = "(" in text[:start] and ")" in text[end:] and ")" not in before and "(" not in after
    return inside and bool(re.fullmatch(r"(?:[A-ZÀ-Ý][\w.&’' -]*,? ?)?", before)) and len(after) < 3


def _roman(text: str) -> int:
    values = [_ROMAN[char] for char in text]
    return sum(-v if n + 1 < len(values) and v < values[n + 1] else v for n, v in enumerate(values))


def _century(year: int, language: Language) -> str:
    number = (abs(year) + 99) // 100
    if language == "en":
        ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number not in (11, 12, 13) else 0, "th")
        return f"{number}{ending} century{' BC' if year < 0 else ''}"
    tens, ones = divmod(number, 10)
    roman = "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
    return f"{roman}{'er' if number == 1 else 'e'} siècle{' av. J.-C.' if year < 0 else ''}"


AID = StudyAid(
    "timeline",
    {"en": "Timeline", "fr": "Frise chronologique"},
    "GUIDE_NO_DATES",
    points,
    weighed=False,
    instruction={
        "en": "Say in one short sentence what happened, for each numbered sentence, with its date.",
        "fr": "Dis en une phrase courte ce qui s'est passé, pour chaque phrase numérotée, avec sa date.",
    },
)
