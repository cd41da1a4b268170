"""Whether an answer is right: choices exactly, typed answers across spellings, numbers by what they mean."""

import re
from collections.abc import Sequence

from ingest.language import fold
from rag.study.types import Item, answers
from rag.values import Values, values

TYPO_LETTERS = 6
PLURAL_LETTERS = 4

# Signs belong to a word: Na+ is not Na, C++ not C.
_WORD = re.compile(r"\w+[+#]*")
_LEADING = frozenset(["a", "an", "the", "le", "la", "les", "l", "un", "une", "des", "du", "de", "d"])
_INNER = frozenset(["the", "le", "la", "les", "l"])
_BESIDE_NUMBERS = _LEADING | frozenset(["in", "of", "en"])
# A letter in one of these makes another substance, not a typo: sulfate and sulfite.
_ENDINGS = frozenset(["ate", "ite", "ide", "ase", "ose", "ine", "ane", "ene", "yne"])


def is_right(item: Item, given: Sequence[str]) -> bool:
    """Tell whether ``given`` answers an item: its one typed text, the texts of the chosen options, or "left\\tright".

    Options must be exactly the right ones, and pairs all of them, either side first. Typed text may differ in case,
    accents, punctuation, articles and plural, in how a number is written, and by one typo in each long word.
    """
    if item.type == "matching":
        pairs = {frozenset((option.text, option.match)) for option in item.options}
        return {frozenset(pair.split("\t")) for pair in given} == pairs
    if item.options:
        return set(given) == set(answers(item))
    typed = " ".join(given)
    near = f"{item.stem} {item.source.quote} {item.explanation}"
    return any(_is_same(typed, accepted, near) for accepted in (item.answer, *item.accepted))


def _is_same(typed: str, accepted: str, near: str) -> bool:
    if typed.strip() and fold(typed).split() == fold(accepted).split():
        return True
    given, wanted = values(typed), values(accepted)
    if not wanted.spans:
        return _are_words(_words(typed), _words(accepted), frozenset(_words(near)))
    if not (_hold_alike(given, wanted) and len(given.spans) == len(wanted.spans)):
        return False
    left, right = (_beside(text, found) for text, found in ((typed, given), (accepted, wanted)))
    return left == right or _are_words(left, right, frozenset(_words(near)))


def _hold_alike(given: Values, wanted: Values) -> bool:
    """Compare every value both ways; a unit may be left out, not be another."""
    numbers = [[v for v in found.numbers if v.required] for found in (given, wanted)]
    for one, other in (numbers, numbers[::-1]):
        for value in one:
            alike = [v for v in other if v.readings & value.readings]
            if not any(v.unit == value.unit or not (v.unit and value.unit) for v in alike):
                return False
    dates = [sorted((str(date.parts), date.raw) for date in found.dates) for found in (given, wanted)]
    marks = [sorted(name for _, _, name in found.marks) for found in (given, wanted)]
    return dates[0] == dates[1] and marks[0] == marks[1]


def _beside(text: str, found: Values) -> list[str]:
    """Return the words of a text beside its values."""
    for start, end in sorted(found.spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return [word for word in _words(text) if word not in _BESIDE_NUMBERS]


def _words(text: str) -> list[str]:
    found = _WORD.findall(fold(text))
    while len(found) > 1 and found[0] in _LEADING:
        found = found[1:]
    return [word for n, word in enumerate(found) if word not in _INNER or n == len(found) - 1]


def _are_words(typed: Sequence[str], accepted: Sequence[str], near: frozenset[str]) -> bool:
    if not typed or not accepted:
        return False
    if "".join(typed) == "".join(accepted):
        return True
    pairs = zip(typed, accepted, strict=False)
    return len(typed) == len(accepted) and all(_is_word(one, other, near) for one, other in pairs)


def _is_word(typed: str, accepted: str, near: frozenset[str]) -> bool:
    if _singular(typed) == _singular(accepted):
        return True
    if not (accepted.isalpha() and typed.isalpha() and min(len(accepted), len(typed)) >= TYPO_LETTERS - 1):
        return False
    # Another word of the course, another beginning, or another ending of a name is no typo.
    if len(accepted) < TYPO_LETTERS or typed in near or typed[0] != accepted[0]:
        return False
    ends = {_singular(typed)[-3:], _singular(accepted)[-3:]}
    return not (len(ends) == 2 and ends <= _ENDINGS) and _is_one_slip(typed, accepted)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > PLURAL_LETTERS and word[-1] in "sx" else word


def _is_one_slip(one: str, other: str) -> bool:
    """Tell whether one letter is missing, added or another, or two neighbours are swapped."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[at:], other[at:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
