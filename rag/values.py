"""Numbers, dates and units as values that compare across spellings: "1 000 km" is "mille kilomètres"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ingest.language import fold
from ingest.types import Language
from rag.dates import Date, agree, contradict, dates, marks
from rag.number_words import scale, spelled
from rag.units import currency_before, unit_after

Held = Literal["held", "loose", "missing"]

_SPACE = r"[ \u00a0\u202f\u2009]"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?<![^\W\d_][-\u2011])(?P<sign>[-\u2212](?=\d))?(?P<digits>\d{{1,3}}(?:(?:{_SPACE}|"
    rf"[’',.])\d{{3}})+(?!\d)(?:[.,]\d+)?|"
    r"\d+(?:[.,]\d+)?)(?P<suffix>(?:st|nd|rd|th|er|[èe]re|nde?|[èe]mes?|e)s?(?!\w)|s(?!\w))?"
)
_GLUED = re.compile(r"(?<=[\d])[-\u2013\u2212/:x×](?P<digits>\d+(?:[.,]\d+)?)|(?<=[^\W\d_]-)(?P<after>\d+)\b")
_CLOCK = re.compile(
    r"(?<![\d:,.])([01]?\d|2[0-4]) ?(?:h|:) ?([0-5]\d)(?![\d:])(?: ?(?P<half>[ap])\.?m\b\.?)?", re.IGNORECASE
)
_SCALE = re.compile(rf"{_SPACE}?(?P<word>[^\W\d_]+)(?!\w)")
_SHORT_SCALES = {"k": 10**3, "M": 10**6, "bn": 10**9, "Md": 10**9, "Mds": 10**9, "Mrd": 10**9}
_SHORT_SCALE = re.compile(rf"{_SPACE}?(?P<word>Mds?|Mrd|bn|M|k)(?={_SPACE}?[€$£]|$|{_SPACE}?d['’]euros|(?<=bn)\b)")
_ROMAN = re.compile(
    r"\b(?P<digits>[IVX]|[IVXLC]{2,})(?P<suffix>(?:er|re|[èe]mes?|ère|e|th)\b|(?=\s(?:si[eè]cle|centur)))"
)
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_RANGE = re.compile(rf"{_SPACE}?(?:-|–|to|à|au|et|and|ou|or)(?:{_SPACE}?(?:le|du|au|the))?{_SPACE}?", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"(?:^|[^\w-])[A-ZÀ-ÖØ-ÝŒ][\w-]*-$")
_DECADE = re.compile(r"ann[ée]es $")


@dataclass(frozen=True, slots=True)
class Value:
    """A number ``text[start:end]``: the decimals it may mean, its unit, and whether a source must hold it.

    ``parts`` are the numbers it may also be two of: "page 12 300 fois".
    """

    start: int
    end: int
    readings: frozenset[str]
    unit: str = ""
    required: bool = True
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Values:
    """All values of one text; ``marks`` are weekdays and eras by canonical name."""

    numbers: tuple[Value, ...]
    dates: tuple[Date, ...]
    marks: tuple[tuple[int, int, str], ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Return the places of the values that a source must hold."""
        return (
            *((number.start, number.end) for number in self.numbers if number.required),
            *((date.start, date.end) for date in self.dates),
            *((start, end) for start, end, _ in self.marks),
        )


@lru_cache(maxsize=4_000)
def values(text: str, language: Language | None = None) -> Values:
    """Read every value; without a language, both languages' readings count."""
    found_dates = tuple(dates(text, language))
    found_marks = tuple(marks(text))
    # "III", in "av. J.-C. III", and the 12 of "12 mars" are no numbers of their own.
    covered = [(d.start, d.end) for d in found_dates] + [(start, end) for start, end, _ in found_marks]
    numbers: list[Value] = []
    for value in (*_clocks(text), *_digits(text, language), *_romans(text), *_words(text, language)):
        if not any(value.start < end and start < value.end for start, end in covered):
            covered.append((value.start, value.end))
            numbers.append(value)
    numbers.sort(key=lambda value: value.start)
    return Values(tuple(_with_shared_units(text, numbers)), found_dates, found_marks)


def check_values(claimed: Values, source: Values, claim: str) -> list[tuple[str, Held]]:
    """Tell of each value of a claim, as written, how the source holds it.

    ``loose``: its parts stand apart, a date's day here and its year there, a number's unit elsewhere.
    """
    results = [(claim[v.start : v.end], _held_number(v, source)) for v in claimed.numbers if v.required]
    results += [(claim[d.start : d.end], _held_date(d, source)) for d in claimed.dates]
    known = {name for _, _, name in source.marks}
    results += [(claim[start:end], "held" if name in known else "missing") for start, end, name in claimed.marks]
    return results


def _held_number(value: Value, source: Values) -> Held:
    alike = [other for other in source.numbers if (other.readings | other.parts) & value.readings]
    if not value.unit:
        parts = {str(part) for date in source.dates for part in date.parts if part is not None}
        return "held" if alike or value.readings & parts else "missing"
    if any(other.unit == value.unit for other in alike):
        return "held"
    bare = [other for other in alike if not other.unit]
    return "loose" if bare and any(other.unit == value.unit for other in source.numbers) else "missing"


def _held_date(date: Date, source: Values) -> Held:
    if any(agree(date, other) for other in source.dates):
        return "held"
    if date.raw:
        return "missing"
    near = [other for other in source.dates if other.parts[1] == date.parts[1] and not contradict(date, other)]
    year_elsewhere = date.parts[0] is None or any(str(date.parts[0]) in v.readings for v in source.numbers)
    fits = [other for other in near if date.parts[2] is None or other.parts[2] is not None]
    return "loose" if fits and year_elsewhere else "missing"


def _clocks(text: str) -> Iterator[Value]:
    for match in _CLOCK.finditer(text):
        hours = {int(match[1])}
        if (match["half"] or "").lower() == "p":
            hours = {int(match[1]) % 12 + 12}
        yield Value(match.start(), match.end(), frozenset(f"{hour}:{match[2]}" for hour in hours), "clock")


def _digits(text: str, language: Language | None) -> Iterator[Value]:
    for match in _NUMBER.finditer(text):
        sign = "-" if match["sign"] else ""
        readings = number_readings(match["digits"], language)
        end = match.end()
        size, scaled_end = _scale_after(text, end, language) if not match["suffix"] else (1, end)
        if size > 1:
            readings, end = frozenset(_times(reading, size) for reading in readings), scaled_end
        elif _DECADE.search(text[: match.start()].lower()) and len(match["digits"]) == 2:
            readings |= {f"19{match['digits']}"}
        unit, stop = unit_after(text, end)
        start = match.start()
        if not unit:
            unit, start = currency_before(text, match.start())
        parts = frozenset(decimal(part) for part in match["digits"].split(" ") if part.isdigit())
        signed = frozenset(sign + reading for reading in readings)
        yield Value(start, stop if unit else end, signed, unit, parts=parts - readings)
    yield from _glued(text, language)


def _glued(text: str, language: Language | None) -> Iterator[Value]:
    for match in _GLUED.finditer(text):
        digits = match["digits"] or match["after"]
        start, end = match.span("digits" if match["digits"] else "after")
        unit, stop = unit_after(text, end)
        # Part of a name such as GPT-2 is tested with the name.
        required = bool(match["digits"]) or not _NAME_BEFORE.search(text, 0, start)
        yield Value(start, stop if unit else end, number_readings(digits, language), unit, required)


def number_readings(token: str, language: Language | None = None) -> frozenset[str]:
    """Return the decimals a written number may mean: "1 000" → 1000; "1,000" → 1000, or 1 in French; "3,5" → 3.5."""
    plain = re.sub(rf"{_SPACE}|[’']", "", token)
    marks_in = plain.count(",") + plain.count(".")
    readings: set[str] = set()
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain)
    english_group = language == "en" and grouped and "," in plain
    if marks_in <= 1 and not english_group:
        readings.add(decimal(plain.replace(",", ".")))
    if (grouped and not (language == "en" and "." in plain)) or not readings:
        last = max(plain.rfind(","), plain.rfind("."))
        if grouped or plain[last] in plain[:last]:
            readings.add(decimal(re.sub(r"[.,]", "", plain)))
        else:
            readings.add(decimal(f"{re.sub(r'[.,]', '', plain[:last])}.{plain[last + 1 :]}"))
    return frozenset(readings)


def decimal(text: str) -> str:
    """Return a decimal without leading or trailing zeros."""
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{part}" if part else whole


def _times(reading: str, size: int) -> str:
    whole, _, part = reading.partition(".")
    zeros = len(str(size)) - 1
    digits = part.ljust(zeros, "0")
    return decimal(f"{whole}{digits[:zeros]}.{digits[zeros:]}")


def _scale_after(text: str, at: int, language: Language | None) -> tuple[int, int]:
    if short := _SHORT_SCALE.match(text, at):
        return _SHORT_SCALES[short["word"]], short.end("word")
    match = _SCALE.match(text, at)
    size = scale(fold(match["word"]), language) if match else None
    return (size, match.end()) if match and size else (1, at)


def _romans(text: str) -> Iterator[Value]:
    for match in _ROMAN.finditer(text):
        unit, stop = unit_after(text, match.end())
        yield Value(match.start(), stop if unit else match.end(), frozenset({str(_roman(match["digits"]))}), unit)


def _roman(digits: str) -> int:
    sizes = [_ROMAN_DIGITS[digit] for digit in digits]
    following = [*sizes[1:], 0]
    return sum(-size if size < after else size for size, after in zip(sizes, following, strict=True))


def _words(text: str, language: Language | None) -> Iterator[Value]:
    for word in spelled(text, language):
        unit, stop = unit_after(text, word.end)
        required = word.required or bool(unit)
        yield Value(word.start, stop if unit else word.end, frozenset({str(word.value)}), unit, required)


def _with_shared_units(text: str, numbers: Sequence[Value]) -> Iterator[Value]:
    """Give the first number of "5 to 10 km" or "XVIe et XVIIe siècles" the unit of the second."""
    shared: list[Value] = []
    for value in reversed(numbers):
        after = shared[-1] if shared else None
        if not value.unit and after and after.unit and _RANGE.fullmatch(text[value.end : after.start]):
            value = replace(value, unit=after.unit)
        shared.append(value)
    return reversed(shared)
