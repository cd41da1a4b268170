"""The facts of a sentence that can be tested by the letter: numbers, dates, units and proper names."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from ingest.language import fold
from ingest.types import Language
from ingest.words import ENGLISH, FRENCH
from rag.terms import FUNCTION_WORDS, NAME, WORD, stem, words
from rag.values import Held, check_values, values

_ENDINGS = ("s", "es", "e", "x", "ne", "nes")
_NAME_WINDOW = 3
"""A whole name's parts stand at most this many words apart in a source: "Marie et Pierre Curie"."""

_OPENING_WORDS = """
according actually again along although among another around besides certain consequently despite even every finally
first furthermore generally hence historically however indeed initially instead later many meanwhile moreover most
nevertheless next no nobody nothing one originally otherwise overall part previously several similarly since sometimes
still subsequently then therefore thus today together two typically unlike upon usually whereas whether while within
without yes yet
alors ainsi apres auparavant aujourd aucun aucune autre autres avant beaucoup cela cependant certains certaines chacun
chacune chaque contrairement deux egalement enfin ensuite environ finalement grace jamais lorsque malgre neanmoins non
oui outre parallelement parfois parmi personne plusieurs pourtant premierement presque puis puisque quelques rien seul
seule seulement souvent suite surtout tous toutefois tout toute toutes initialement
"""
_OPENERS = FRENCH | ENGLISH | FUNCTION_WORDS | frozenset(_OPENING_WORDS.split())
_START = re.compile(r"(?:^|(?<=[.!?:;]\s)|(?<=\n))[\s\W_]*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source lacks of a sentence's facts; ``loose`` ones it holds only in parts that stand apart."""

    missing: tuple[str, ...]
    loose: tuple[str, ...]
    held: tuple[str, ...]


def check_facts(
    claim: str, source: str, language: Language | None = None, source_language: Language | None = None
) -> Facts:
    """Look up every number, date, unit and proper name of ``claim`` in ``source``."""
    claimed = values(claim, language)
    found = [*check_values(claimed, values(source, source_language), claim)]
    found += _check_names(claim, source, claimed.spans)
    by_outcome: dict[str, dict[str, None]] = {"held": {}, "loose": {}, "missing": {}}
    for written, outcome in found:
        by_outcome[outcome][written] = None
    return Facts(*(tuple(by_outcome[outcome]) for outcome in ("missing", "loose", "held")))


def missing_from(text: str, source: str) -> tuple[str, ...]:
    """Return the numbers, dates, units and names of ``text`` that ``source`` does not hold."""
    return check_facts(text, source).missing


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    end: int
    text: str
    opens: bool


@dataclass(frozen=True, slots=True)
class _Known:
    order: tuple[str, ...]
    every: Set[str]
    compact: Set[str]
    plain_stems: Set[str]


@lru_cache(maxsize=500)
def _known(source: str) -> _Known:
    order = words(source)
    compact = frozenset("".join(words(match.group())) for match in WORD.finditer(source))
    plain = frozenset(stem(fold(word)) for word in re.findall(r"\b[^\W\d_A-ZÀ-ÖØ-Ý][^\W\d_]+", source))
    return _Known(order, frozenset(order), compact, plain)


def _check_names(claim: str, source: str, taken: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, Held]]:
    known = _known(source)
    found = [name for name in _names(claim) if not any(name.start < end and start < name.end for start, end in taken)]
    last: _Name | None = None
    for name in found:
        if not _holds(known, name):
            yield name.text, "missing"
            last = None
            continue
        whole = last is not None and claim[last.end : name.start] == " "
        if whole and last is not None and not _near(known, last.text, name.text):
            yield f"{last.text} {name.text}", "loose"
        yield name.text, "held"
        last = name


def _names(text: str) -> Iterator[_Name]:
    openings = {match.end() for match in _START.finditer(text)}
    for match in NAME.finditer(text):
        at = match.start()
        for part in re.split(r"([’'])", match.group()):
            if part[:1].isupper() and not _is_plain(part, opens := at in openings):
                yield _Name(at, at + len(part), part, opens)
            at += len(part)


def _is_plain(part: str, opens: bool) -> bool:
    folded = fold(part)
    return folded in FUNCTION_WORDS or (opens and folded in _OPENERS)


def _holds(known: _Known, name: _Name) -> bool:
    parts = words(name.text)
    if "".join(parts) in known.compact:
        return True
    if any(character.isdigit() for character in name.text):
        # GPT-3 is not held by a text on GPT-2 with 3 layers.
        return False
    if all(_holds_part(known.every, part) for part in parts):
        return True
    # The first word of a sentence has its capital in any case: "Described by" rewords "describes".
    return name.opens and len(name.text) > 4 and stem(fold(name.text)) in known.plain_stems


def _holds_part(every: Set[str], part: str) -> bool:
    # A stem would take Weizenberg for Weizenbaum; only plural and feminine endings may differ.
    shorter = (part.removesuffix(ending) for ending in _ENDINGS)
    return (
        part in every
        or any(part + ending in every for ending in _ENDINGS)
        or any(len(word) >= 4 and word in every for word in shorter)
    )


def _near(known: _Known, first: str, second: str) -> bool:
    heads, tails = words(first), words(second)
    places = [n for n, word in enumerate(known.order) if heads and _holds_part({word}, heads[-1])]
    others = [n for n, word in enumerate(known.order) if tails and _holds_part({word}, tails[0])]
    return any(abs(a - b) <= _NAME_WINDOW for a in places for b in others) or not places or not others
