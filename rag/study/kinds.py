"""What may be asked of a sentence: its years, dates, numbers, names and acronyms, each with its kind and place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.language import fold
from ingest.types import Language
from rag.dates import dates
from rag.terms import FUNCTION_WORDS
from rag.values import values

Kind = Literal["year", "date", "number", "person", "place", "organisation", "name", "acronym", "property", "term"]
VALUE_KINDS: frozenset[Kind] = frozenset({"year", "date", "number"})
NAME_KINDS: frozenset[Kind] = frozenset({"person", "place", "organisation", "name"})

_CAPITAL = "A-ZÀ-ÖØ-ÝŒ"
_YEAR = re.compile(
    r"(?:\b(?:in|since|until|by|from|after|before|around|during|year|early|late|mid|and|to|en|depuis|dès|vers|avant|"
    r"après|et|à|an|année|début|fin|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|"
    r"décembre|January|February|March|April|May|June|July|August|September|October|November|December) |\(|l[’']an )"
    r"(?P<year>(?:1[0-9]|20)\d{2})(?![\w/]|[,.-]\d| ?[%°€$£]| [a-zà-öø-ÿ]+s\b|[’'])"
)
_DIGITS = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?")
_COUNTED = re.compile(r"[ \u00a0\u202f](?:de |d[’'])?(?P<noun>[a-zà-öø-ÿ][a-zà-öø-ÿ’'-]{2,})")
_UNIT_SIGN = re.compile(r"[ \u00a0\u202f]?(?:%|‰|°C?|€|\$|£)")
# "Figure 3", "layer 2", "X.25", "n = 3" and "3, 4 and 5" name things or stand in formulas.
_NUMBERED = re.compile(
    r"(?:\b(?:figure|fig|table|section|chapter|chapitre|page|p|layer|couche|version|level|niveau|type|equation|step|"
    r"étape|theorem|théorème|exercise|exercice|no|n°|part|partie|\d+)[.:]? ?|[=<>≤≥≈∼+×·*/^_(\[{-] ?"
    r"|\d, |\d (?:and|et|or|ou|to|à|au) |\b(?:between|entre) )$",
    re.IGNORECASE,
)
_NUMBERED_CASED = re.compile(rf"\b[{_CAPITAL}][\w.’'-]* ?$")
_GOES_ON = re.compile(r"[ \u00a0]?(?:[-–—×x=+*/^<>≤≥≈:]|to \d|à \d|and \d|et \d|or \d|ou \d|, \d)|[.,]\d")
_ACRONYM = re.compile(r"(?<![\w.-])(?:[A-Z]{2,7}s?|[A-Z]{2,6}-?\d{1,5}|[A-Z]{2,5}[-/][A-Z]{2,5})(?![\w’'-]|\.\w)")
_NAME = re.compile(
    rf"(?<![\w.-])[{_CAPITAL}][a-zà-öø-ÿ’']+(?:(?: (?:de |du |des |d[’']|von |van |of (?:the )?)?|-)"
    rf"[{_CAPITAL}][a-zà-öø-ÿ’'.-]*[a-zà-öø-ÿ])*"
)
_ORGANISED = re.compile(
    r"\b(?:universit|institut|corporation|company|compagnie|laborator|laboratoire|agency|agence|ministr|bank|banque|"
    r"inc\b|societ|société|academ|académ|department|département|council|conseil|committee|comité|organi[sz]ation|"
    r"association|party|parti\b|church|église|school|école|college|foundation|fondation|union|federation|fédération|"
    r"hospital|hôpital|court|cour\b|commission|centre|center|museum|musée|group|groupe|army|armée|force)",
    re.IGNORECASE,
)
_PLACE_BEFORE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:in|at|near|throughout|across|from) (?:the )?$"),
    "fr": re.compile(r"\b(?:à|en|au|aux|dans (?:le|la|les|l[’'])|près de) ?$"),
}
_PERSON_BEFORE = re.compile(
    r"\b(?:by|par|scientist|physicist|mathematician|engineer|president|king|queen|emperor|general|philosopher|"
    r"biologist|"
    r"chemist|professor|Dr|Mr|Mrs|Sir|physicien(?:ne)?|mathématicien(?:ne)?|ingénieur|président|roi|reine|empereur|"
    r"général|philosophe|biologiste|chimiste|professeur|chercheur|neurologue|historien(?:ne)?)\.? $",
    re.IGNORECASE,
)
_PERSON_AFTER = re.compile(
    r"^,? (?:\(\d{4}|said|wrote|argued|proposed|invented|discovered|developed|was born|died|believed|published|a écrit|"
    r"a proposé|a inventé|a découvert|est né|propose|écrit|découvre|invente|publie|affirme|montre)"
)
_SAID: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:is|are) (?:then )?(?:said to be|called) (?P<word>[a-z-]{4,})(?= (?:if|when|iff|because)\b|[.])"
    ),
    "fr": re.compile(
        r"\b(?:est|sont) (?:alors )?(?:dite?s?|qualifiée?s? de) (?P<word>[a-zà-öø-ÿ-]{4,})(?= (?:si|lorsqu|quand)|[.])|"
        r"\b[oO]n dit qu[e’'].{1,70}? (?:est|sont) (?P<other>[a-zà-öø-ÿ-]{4,})(?= (?:si|lorsqu|quand)\b)"
    ),
}
SPELLED: dict[Language, tuple[str, ...]] = {
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    "fr": ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
}
"""The numbers from 2 on that are written as words."""

IN_WORDS = frozenset((*SPELLED["en"], *SPELLED["fr"]))
_CALENDAR = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|"
    r"Wednesday|Thursday|Friday|Saturday|Sunday)\b|^[A-Z][a-z]+(?:ish|ese|ian|ians|ean|can|man|French|Dutch|Greek)$"
)
_GIVEN = """
adam alain alan albert alex alexander alexandre alfred alice andre andrew anne antoine arthur augustin barbara
benjamin bernard bill blaise bob bruce camille carl catherine charles christian christine christophe claude daniel
david denis donald dorothy edgar edmund edouard edward elisabeth elizabeth emile emma emmanuel eric ernest eugene
evariste ferdinand francis francois frank franz frederic friedrich galileo george georges gerard giovanni gottfried
grace gregor guillaume gustave guy hans harold harry heinrich helen henri henry herbert hubert hugo ian ignaz isaac
ivan jack jacques james jane jean jeanne jennifer joan johann john jonathan joseph julia julian julie karl katherine
kenneth kevin laurent lawrence leon leonard leonardo leonhard linda linus louis louise luc lucien ludwig marc marcel
margaret marguerite maria marie mark martin mary matthew maurice max michael michel nicolas niels nikola oliver
oscar patrick paul peter philip philippe pierre ralph raymond rene richard robert roger roland ronald rosalind
rudolf samuel sarah sigmund simon sophie stanley stephen steve steven sylvie theodore thomas tim timothy ulrich
victor vincent walter werner wilhelm william wolfgang yann yves yvonne
"""
_GIVEN_NAMES = frozenset(_GIVEN.split())


@dataclass(frozen=True, slots=True)
class Span:
    """A part ``text`` of a sentence, from ``start`` to ``end`` of it; ``unit`` is a number's unit or counted noun."""

    kind: Kind
    start: int
    end: int
    text: str
    unit: str = ""


def spans(text: str, language: Language) -> list[Span]:
    """Return the years, dates, numbers, acronyms and names of a sentence in order, none over another.

    A name at the head of the sentence counts only as a person's or with two words: any word has a capital there.
    """
    found: list[Span] = []
    for span in (
        *_properties(text, language),
        *_dates(text, language),
        *_years(text),
        *_numbers(text, language),
        *_acronyms(text),
        *_names(text, language),
    ):
        if not any(span.start < other.end and other.start < span.end for other in found):
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def _properties(text: str, language: Language) -> Iterator[Span]:
    """Yield what something is said to be under a condition: "a graph is said to be complete if …"."""
    for match in _SAID[language].finditer(text):
        group = "word" if match.groupdict().get("word") else "other"
        yield Span("property", *match.span(group), match[group])


def _dates(text: str, language: Language) -> Iterator[Span]:
    for date in dates(text, language):
        year, month, day = date.parts
        if month and (year or day) and not date.raw:
            written = text[date.start : date.end].rstrip(". ")
            yield Span("date", date.start, date.start + len(written), written, f"{bool(day)}{bool(year)}")


def _years(text: str) -> Iterator[Span]:
    for match in _YEAR.finditer(text):
        before = text[: match.start("year")]
        if re.search(r"années (?:\d{4} )?(?:et |à )?$", before) or re.search(r"^s\b", text[match.end("year") :]):
            continue
        if not re.search(r"\d[-–]$|[-–]\d{2,4}\b", before[-8:]):
            yield Span("year", *match.span("year"), match["year"])


def _numbers(text: str, language: Language) -> Iterator[Span]:
    for value in values(text, language).numbers:
        match = _DIGITS.search(text, value.start, value.end)
        written = match.group() if match else text[value.start : value.end].split()[0]
        start = match.start() if match else value.start
        end = start + len(written)
        if _is_named_number(text, start, end) or (match and re.fullmatch(r"(?:1[0-9]|20)\d{2}", written)):
            continue
        counted = _COUNTED.match(text, end)
        noun = fold(counted["noun"]) if counted else ""
        if match is None and written.lower() not in IN_WORDS:
            continue
        if value.unit and value.unit != "clock":
            yield Span("number", start, end, written, value.unit)
        elif _UNIT_SIGN.match(text, end):
            yield Span("number", start, end, written, text[end : end + 2].strip())
        elif noun and noun not in FUNCTION_WORDS and noun[-1] in "sx" and (match or value.required):
            yield Span("number", start, end, written, noun)


def _is_named_number(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 25) : start]
    return bool(
        start == 0
        or text[start - 1] not in " \u00a0\u202f(~≈’'$€£"
        or _NUMBERED.search(before)
        or _NUMBERED_CASED.search(before)
        or _GOES_ON.match(text, end)
    )


def _acronyms(text: str) -> Iterator[Span]:
    for match in _ACRONYM.finditer(text):
        if not re.fullmatch(r"[IVXLC]+", match.group()):
            yield Span("acronym", *match.span(), match.group())


def _names(text: str, language: Language) -> Iterator[Span]:
    for match in _NAME.finditer(text):
        name = match.group().rstrip("’'.-")
        if name.endswith(("’s", "'s")):
            name = name[:-2]
        start, end = match.start(), match.start() + len(name)
        opens = start == 0 or text[start - 2 : start] in (". ", ": ", "« ", "? ", "! ") or text[start - 1] in '«“"('
        kind = name_kind(text, start, end, language)
        parts = name.split()
        first = fold(re.split("[’']", parts[0])[0])
        if _CALENDAR.match(name) or first in FUNCTION_WORDS or (opens and kind != "person" and len(parts) < 2):
            continue
        following = text[end : end + 1]
        if len(name) > 3 and following not in ("-", "_", "/") and not following.isalnum():
            yield Span(kind, start, end, name)


def name_kind(text: str, start: int, end: int, language: Language) -> Kind:
    """Tell a person from an organisation and a place by given names, titles and the words around; "name" if unsure."""
    name, before, after = text[start:end], text[:start], text[end:]
    parts = name.split()
    if _ORGANISED.search(name):
        return "organisation"
    if fold(parts[0]).split("-")[0] in _GIVEN_NAMES and len(parts) >= 2:
        return "person"
    if len(parts) in (2, 3) and (_PERSON_BEFORE.search(before) or _PERSON_AFTER.match(after)):
        return "person"
    if _PLACE_BEFORE[language].search(before) and len(parts) <= 3:
        return "place"
    return "name"


def shape(text: str) -> Literal["acronym", "proper", "mixed", "plain"]:
    """Tell "ATM" from a name, all of whose long words have a capital, a term with a name in it, and a plain term."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) >= 2 and " " not in text and all(c.isupper() for c in letters):
        return "acronym"
    long = [part for part in re.split(r"[ ’'-]", text) if len(part) > 3] or [text]
    if text[:1].isupper() and all(not part[0].islower() for part in long):
        return "proper"
    return "mixed" if any(part[:1].isupper() for part in long) else "plain"
