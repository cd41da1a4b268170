"""The checks that every item passes before it is shown: each is a small pure function, named by its fault."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from ingest.language import fold
from ingest.types import Language
from ingest.words import ENGLISH, FRENCH, SHARED
from rag.quotes import find_quote
from rag.study.types import OPTIONS, Item
from rag.terms import content_words, number_readings, number_values, numbers, spelled_numbers, stem, words
from rag.verify import without_quotes

GAP = "_____"
LONG_KEY = 1.5
"""A key this many times as long as the mean of the wrong options gives itself away."""
ONLY_LONG, LONGER_BY = 1.3, 6
"""Likewise one this many times, and so many characters, longer than the longest of them."""
ALIKE = 0.75
"""Stems that share this much (0..1) of their words are near-duplicates."""
PLAIN = 0.65
"""A passage with a smaller share (0..1) of plain words is mostly formula."""

_COLLECTIVE = re.compile(
    r"\b(?:all|none|any|both|neither|either|each) of (?:the )?(?:above|these|those|them|options|answers)\b|"
    r"\b(?:both|neither) [a-d] (?:and|nor) [a-d]\b|\b[a-d] (?:and|et|or|ou) [a-d]\b$|\ball (?:answers|options)\b|"
    r"\btoutes? (?:les|ces) (?:reponses|propositions|options|affirmations)\b|\b(?:toutes|tous|aucune?) (?:ci-dessus|"
    r"des (?:reponses|propositions|options|choix)|de ces|d'entre|les deux)|\bles (?:deux|trois|quatre) reponses\b|"
    r"\b(?:aucune|toutes) reponse"
)
_TEXT_EN = r"(?:texts?|documents?|pages?|passages?|excerpts?|extracts?|authors?|sources?|lectures?|slides?|handouts?)"
_TEXT_FR = (
    r"(?:textes?|documents?|pages?|passages?|extraits?|auteure?s?|sources?|cours|diapositives?|polycopies?|enonces?)"
)
_PART_EN = r"(?:figure|fig\.?|table|section|chapter|slide|page|equation|example|paragraph)"
_PART_FR = r"(?:figure|tableau|table|section|chapitre|diapositive|page|equation|exemple|paragraphe)"
_DEICTIC = re.compile(
    rf"\b(?:according to|based on|as \w+ in) (?:the|this) (?:\w+ )?(?:{_TEXT_EN}|{_PART_EN})\b|"
    rf"\b(?:in|from|of) (?:this {_TEXT_EN}|this {_PART_EN}|the (?:passage|excerpt|extract|lecture|slides?|handout))\b|"
    r"\b(?:mentioned|described|shown|seen|given|stated|defined|listed|as|see) (?:above|below)\b|"
    rf"\bthe (?:above|previous|following) (?:{_TEXT_EN}|{_PART_EN})\b|\b{_PART_EN} \d|"
    r"\bdoes (?:it|this|that|so)\b|"
    rf"\b(?:d'apres|selon|suivant) (?:l[ea]s?|l'|ce|cet|cette|ces) ?(?:{_TEXT_FR}|{_PART_FR})\b|"
    rf"\b(?:dans|de) (?:(?:ce|cet|cette|ces) (?:{_TEXT_FR}|{_PART_FR})|(?:le|l') ?(?:passage|extrait|enonce))\b|"
    r"\bci-(?:dessus|dessous|contre|apres|avant)\b|"
    rf"\b(?:l[ea]|l') ?{_PART_FR} (?:precedente?|suivante?)\b|\b{_PART_FR} \d"
)
_DEBRIS = re.compile(r"https?:|www\.|[\ue000-\uf8ff\ufffd]|\bhttps?\b")
_WRITTEN = re.compile(r"[^\W\d_]{2,}|[aàyô]", re.IGNORECASE)
_QUANTITY = re.compile(r"[+-]?\d[\d.,  ]*(?:%|[^\W\d_]{1,4})?")
_PUNCTUATION = " .,;:!?…()[]«»“”\"'’–—-"


def faults(item: Item, page_text: str, others: Sequence[Item]) -> list[str]:
    """Return the names of the checks that an item fails, sorted; empty when it passes.

    ``page_text`` is the normalised text of the page that it cites, ``others`` the items of its quiz beside it.
    """
    found = {name for name, fails in _ALONE.items() if fails(item)}
    found |= {name for name, fails in _ON_PAGE.items() if fails(item, page_text)}
    if any(is_near_duplicate(item, other) for other in others):
        found.add("duplicate")
    return sorted(found)


def is_empty(item: Item) -> bool:
    """Tell whether the stem, the answer, the quote or an option is blank, or a cloze without its gap."""
    sides = [option.text for option in item.options]
    if item.type == "matching":
        sides += [option.match for option in item.options]
    missing_gap = item.type == "cloze" and item.stem.count(GAP) != 1
    return missing_gap or not all(part.strip() for part in (item.stem, item.answer, item.source.quote, *sides))


def has_wrong_count(item: Item) -> bool:
    """Tell whether the options, or the right ones among them, are not as many as the type and the answer say."""
    right = [option.text for option in item.options if option.correct]
    count = len(item.options)
    if item.type in ("cloze", "short"):
        return bool(count) or item.answer not in item.accepted
    if item.type == "matching":
        return not 3 <= count == len(right) <= 8
    stated = item.answer.split(" | ") if item.type == "several" else [item.answer]
    fits = {
        "choice": count == OPTIONS and len(right) == 1,
        "true_false": count == 2 and len(right) == 1,
        "several": OPTIONS <= count <= 6 and 2 <= len(right) < count,
    }
    return not fits[item.type] or sorted(right) != sorted(stated)


def has_equal_options(item: Item) -> bool:
    """Tell whether two options are the same but for case, accents and punctuation; in a matching item, two sides."""
    texts = [_folded(option.text) for option in item.options]
    matches = [_folded(option.match) for option in item.options if option.match]
    return len(set(texts)) < len(texts) or len(set(matches)) < len(matches)


def has_collective_option(item: Item) -> bool:
    """Tell whether an option speaks of the others, as "all of the above" does."""
    return any(_COLLECTIVE.search(fold(option.text)) for option in item.options)


def has_long_key(item: Item) -> bool:
    """Tell whether its length gives the key away."""
    if item.type not in ("choice", "several"):
        return False
    right = [len(option.text) for option in item.options if option.correct]
    wrong = [len(option.text) for option in item.options if not option.correct]
    if not right or not wrong:
        return False
    key, longest = sum(right) / len(right), max(wrong)
    return key >= LONG_KEY * sum(wrong) / len(wrong) or (key >= ONLY_LONG * longest and key >= longest + LONGER_BY)


def gives_itself_away(item: Item) -> bool:
    """Tell whether the stem holds its answer, or a side of a pair the other side."""
    if item.type == "true_false":
        return False
    if item.type == "matching":
        return any(_holds(option.match, option.text) or _holds(option.text, option.match) for option in item.options)
    return any(_holds(item.stem, answer) for answer in (item.answer.split(" | ") if item.options else item.accepted))


def points_at_text(item: Item) -> bool:
    """Tell whether the stem needs a text before one's eyes ("according to the text", "ci-dessus")."""
    return bool(_DEICTIC.search(fold(item.stem)))


def is_in_other_language(item: Item) -> bool:
    """Tell whether the stem, quotes apart, or the hint is in the other language."""
    return any(_speaks_other(without_quotes(text), item.language) for text in (item.stem, item.hint))


def lacks_quote(item: Item, page_text: str) -> bool:
    """Tell whether the quote does not stand on the page where the source says."""
    source = item.source
    if source.located != "located" or not find_quote(page_text, source.quote, source.start):
        return True
    return _folded(page_text[source.start : source.end]) != _folded(source.quote)


def lacks_number(item: Item, page_text: str) -> bool:
    """Tell whether a number of the key is missing in the quote; for a matching item, on the page."""
    if item.type == "true_false":
        return False
    if item.type == "matching":
        return _has_other_number(" ; ".join(f"{option.text} ; {option.match}" for option in item.options), page_text)
    return _has_other_number(item.answer, item.source.quote)


def holds_debris(item: Item) -> bool:
    """Tell whether the stem or an option holds an address, an unreadable glyph or a bracket without its partner."""
    texts = [item.stem, item.answer, *(part for option in item.options for part in (option.text, option.match))]
    return any(_DEBRIS.search(text) or text.count("(") != text.count(")") for text in texts)


def is_formula(item: Item) -> bool:
    """Tell whether the passage is mostly formula glyphs."""
    return is_mostly_formula(item.source.quote)


def is_mostly_formula(text: str) -> bool:
    """Tell whether fewer than ``PLAIN`` of the parts of a text are words or plain quantities."""
    parts = [part.strip(_PUNCTUATION) for part in text.split()]
    parts = [part for part in parts if part]
    plain = sum(_is_plain(part) for part in parts)
    return bool(parts) and plain < PLAIN * len(parts)


def is_near_duplicate(item: Item, other: Item) -> bool:
    """Tell whether two items ask nearly the same, or ask for the same words of the same passage."""
    mine, theirs = _asked(item), _asked(other)
    if mine and len(mine & theirs) >= ALIKE * len(mine | theirs):
        return True
    here, there = item.source, other.source
    same_place = (here.sha256, here.page_index) == (there.sha256, there.page_index)
    overlap = same_place and here.start < there.end and there.start < here.end
    return overlap and _folded(item.answer) == _folded(other.answer) and item.type == other.type


def _has_other_number(text: str, source: str) -> bool:
    held = number_values(source)
    written = [number_readings(token) for token in numbers(text)]
    written += [number_values(word) for word in spelled_numbers(text)]
    return any(not readings & held for readings in written)


def _asked(item: Item) -> set[str]:
    pairs = [option.text for option in item.options] if item.type == "matching" else []
    asked = " ".join((item.stem.replace(GAP, " "), *pairs))
    return {stem(word) for word in content_words(asked)} or set(words(asked))


def _folded(text: str) -> str:
    # Signs alone, such as "+" and "-", are told apart by themselves.
    return " ".join(words(text)) or "".join(fold(text).split())


def _holds(text: str, answer: str) -> bool:
    whole, part = words(text), words(answer)
    if part and any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1)):
        return True
    meant = {stem(word) for word in content_words(answer)}
    return bool(meant) and meant <= {stem(word) for word in content_words(text)}


def _speaks_other(text: str, language: Language) -> bool:
    own, other = (FRENCH, ENGLISH) if language == "fr" else (ENGLISH, FRENCH)
    spoken = [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in SHARED]
    foreign = sum(word in other for word in spoken)
    return foreign >= 2 and foreign > sum(word in own for word in spoken)


def _is_plain(part: str) -> bool:
    if any(unicodedata.category(character) in ("Sm", "Co", "Cn", "So") for character in part):
        return False
    if _QUANTITY.fullmatch(part):
        return True
    # A word, or several that an apostrophe, a hyphen or a slash ties.
    return all(_WRITTEN.fullmatch(piece) or len(piece) == 1 for piece in re.split(r"['’/-]", part)) and bool(
        _WRITTEN.search(part)
    )


_ALONE: dict[str, Callable[[Item], bool]] = {
    "all_of_the_above": has_collective_option,
    "debris": holds_debris,
    "empty": is_empty,
    "formula": is_formula,
    "key_long": has_long_key,
    "language": is_in_other_language,
    "options_alike": has_equal_options,
    "refers_to_text": points_at_text,
    "right_count": has_wrong_count,
    "stem_has_answer": gives_itself_away,
}
_ON_PAGE: dict[str, Callable[[Item, str], bool]] = {
    "number_not_in_passage": lacks_number,
    "quote_not_found": lacks_quote,
}
CHECKS = tuple(sorted((*_ALONE, *_ON_PAGE, "duplicate")))
"""The names that ``faults`` may return."""

REASONS = tuple(sorted((*CHECKS, "blind", "unreadable", "unsupported")))
"""Why an item may be dropped: a check of the gate, ``blind`` when who answers it from its passage without the key finds
another answer; ``unreadable`` when what a model wrote is no item, ``unsupported`` when its key has a number or name
that the passage has not, both after one repair."""
