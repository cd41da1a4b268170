"""Calendar dates, French and English, as comparable values; weekdays and eras too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.types import Language

_MONTHS = (
    r"janvier|january|janv|jan", r"f[ée]vrier|february|f[ée]vr|feb", r"mars|march|mar", r"avril|april|avr|apr",
    r"mai|may", r"juin|june|jun", r"juillet|july|juil|jul", r"ao[uû]t|august|aug", r"septembre|september|sept|sep",
    r"octobre|october|oct", r"novembre|november|nov", r"d[ée]cembre|december|d[ée]c|dec",
)  # fmt: skip
_MONTH = "(?P<month>" + "|".join(f"(?:{names})" for names in _MONTHS) + r")\b\.?"
_LONG = "(?P<month>" + "|".join(part for names in _MONTHS for part in names.split("|")[:2]) + r")\b"
_DAY = r"(?P<day>[0-3]?\d)(?:er|st|nd|rd|th)?"
_FIRST = r"(?:(?P<first>[0-3]?\d)(?:er|st|nd|rd|th)?\s?(?:-|–|to|au|et|and|à|ou|or)\s?)?"
_YEAR = r"(?P<year>\d{4}|\d{3}(?= (?:av|apr|BC|AD)))(?!\d|[.,]\d)"
_FLAGS = re.IGNORECASE
_FORMS = (
    re.compile(r"(?<![\d/.-])(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?![\d-])"),
    re.compile(rf"(?<![\d.,]){_FIRST}{_DAY}(?: of)?\s{_MONTH}(?:,?\s(?:de |of )?{_YEAR})?", _FLAGS),
    re.compile(rf"\b{_MONTH}\s{_FIRST}{_DAY}(?![\d.,]\d|\d| ?%)(?:,?\s{_YEAR})?", _FLAGS),
    re.compile(rf"\b{_MONTH},?\s(?:de |of )?{_YEAR}", _FLAGS),
    re.compile(
        rf"(?<=\b)(?:in|en|of|since|until|by|from|de|depuis|d[ée]but|fin|mi|early|late|mid|and|et|au|à)[ -]{_LONG}",
        _FLAGS,
    ),
)
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\d/])")
_WEEKDAYS = (
    r"lundis?|mondays?", r"mardis?|tuesdays?", r"mercredis?|wednesdays?", r"jeudis?|thursdays?",
    r"vendredis?|fridays?", r"samedis?|saturdays?", r"dimanches?|sundays?",
)  # fmt: skip
_WEEKDAY = re.compile(r"\b(?:" + "|".join(f"({names})" for names in _WEEKDAYS) + r")\b", _FLAGS)
_ERA = re.compile(
    r"\b(?P<bc>av(?:ant|\.)?\s?(?:J(?:[ée]sus|\.)?[\s-]*C(?:hrist|\.|\b)|notre [èe]re)|B\.?C\.?(?:E\.?)?(?!\w)|"
    r"before Christ)|"
    r"\b(?P<ad>apr?(?:[èe]s|\.)?\s?J(?:[ée]sus|\.)?[\s-]*C(?:hrist|\.|\b)|A\.?D\.?(?!\w)|(?<!B)CE\b)"
)

Parts = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Date:
    """A date ``text[start:end]`` by its parts (year, month, day), None where not given.

    ``raw`` is set, and the parts empty, for one such as 3/4/1966 that two countries read differently.
    """

    start: int
    end: int
    parts: Parts
    raw: str = ""


def dates(text: str, language: Language | None = None) -> Iterator[Date]:
    """Yield the dates of a text, not in order, the fullest reading of each place first and none over another."""
    taken: list[tuple[int, int]] = []
    for match in _NUMERIC.finditer(text):
        taken.append(match.span())
        yield _numeric(match, language)
    for form in _FORMS:
        for match in form.finditer(text):
            found = match.groupdict()
            if any(match.start() < end and start < match.end() for start, end in taken) or _is_no_month(match):
                continue
            month = int(found["number"]) if found.get("number") else _month(found["month"])
            year = int(found["year"]) if found.get("year") else None
            days: list[int | None] = [int(found[key]) for key in ("day", "first") if found.get(key)] or [None]
            if not 1 <= month <= 12 or any(day is not None and not 1 <= day <= 31 for day in days):
                continue
            taken.append(match.span())
            for day in days:
                yield Date(match.start(), match.end(), (year, month, day))


def marks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield weekdays and eras as (start, end, canonical name)."""
    for match in _WEEKDAY.finditer(text):
        yield match.start(), match.end(), f"weekday {match.lastindex}"
    for match in _ERA.finditer(text):
        yield match.start(), match.end(), "before Christ" if match["bc"] else "after Christ"


def agree(claimed: Date, source: Date) -> bool:
    """Tell whether ``source`` gives every part that ``claimed`` gives, alike."""
    if claimed.raw or source.raw:
        return claimed.raw == source.raw
    return all(want is None or want == have for want, have in zip(claimed.parts, source.parts, strict=True))


def contradict(claimed: Date, source: Date) -> bool:
    """Tell whether both give a part, differently, or cannot be compared."""
    if claimed.raw or source.raw:
        return claimed.raw != source.raw
    pairs = zip(claimed.parts, source.parts, strict=True)
    return any(want is not None and have is not None and want != have for want, have in pairs)


def _numeric(match: re.Match[str], language: Language | None) -> Date:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first == second or (second <= 12 and (first > 12 or language == "fr")):
        return Date(match.start(), match.end(), (year, second, first))
    if first <= 12 < second:
        return Date(match.start(), match.end(), (year, first, second))
    return Date(match.start(), match.end(), (None, None, None), f"{first}/{second}/{year}")


def _month(name: str) -> int:
    folded = name.rstrip(".")
    return next(n for n, names in enumerate(_MONTHS, start=1) if re.fullmatch(names, folded, _FLAGS))


def _is_no_month(match: re.Match[str]) -> bool:
    # "It may 3 times", "marches", "de mars" the planet: English months have a capital, "may" and "mar" need a number.
    month = match.groupdict().get("month") or ""
    return month in ("may", "march", "mar", "sep", "dec", "jan", "jun", "jul", "oct", "nov", "feb", "apr", "aug")
