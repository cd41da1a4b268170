"""The terms of a course: word groups that stand as nouns, come often or in headings, and are not general."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.language import fold
from ingest.types import Language
from rag.study.material import Sentence
from rag.study.wording import GENERAL, is_finite
from rag.terms import FUNCTION_WORDS, words

MAX_TERM_WORDS = 5
_TOKEN = re.compile(r"[^\W\d_][\w.+-]*\w|[^\W\d_]|\d+|[^\w\s]", re.UNICODE)
_LINKS: dict[Language, frozenset[str]] = {"fr": frozenset({"de", "d", "du", "des", "a"}), "en": frozenset({"of"})}
_BEFORE: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        [
            "le",
            "la",
            "les",
            "l",
            "un",
            "une",
            "des",
            "du",
            "de",
            "d",
            "au",
            "aux",
            "cet",
            "cette",
            "ce",
            "ces",
            "chaque",
            "tout",
            "toute",
            "en",
            "par",
            "sur",
            "dans",
            "avec",
            "sans",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "a",
            "an",
            "each",
            "any",
            "every",
            "of",
            "in",
            "by",
            "for",
            "with",
            "on",
            "to",
            "from",
            "using",
            "as",
            "into",
            "between",
        ]
    ),
}
_NO_HEAD_WORDS = """
chaque tout toute tous certain certaine certains deux trois quatre cinq premier premiere premiers th citation table
figure one two three four five first second following below etc manque suivant suivante quelques many most pp http
https www given non veut juste aujourd hui remarque exemple example propos definition theoreme lemme principe notion
peu voici voila plupart jour jours mois siecle siecles century centuries
"""
_NO_HEAD = frozenset(_NO_HEAD_WORDS.split())
_GENDER = {
    "a": "a",
    "an": "a",
    "le": "m",
    "un": "m",
    "du": "m",
    "au": "m",
    "cet": "m",
    "la": "f",
    "une": "f",
    "cette": "f",
}
_PLURAL = frozenset({"les", "des", "aux", "ces"})


@dataclass(frozen=True, slots=True)
class Term:
    """A word group of the course; ``key`` are its folded words, ``gender`` is "m", "f" or "" where nothing tells.

    In English it is "a" for what is counted: it comes with "a" or "an".
    """

    text: str
    key: tuple[str, ...]
    count: int
    in_heading: bool
    gender: str = ""
    plural: bool = False


@dataclass
class _Seen:
    count: int = 0
    surfaces: Counter[str] = field(default_factory=Counter)
    genders: Counter[str] = field(default_factory=Counter)
    plurals: Counter[bool] = field(default_factory=Counter)
    bounded: int = 0


def terms(sentences: Sequence[Sentence], headings: Iterable[str], given: Iterable[str]) -> list[Term]:
    """Return the terms of the sentences, commonest first; ``given`` ones (defined, explained) count as they are."""
    seen: dict[tuple[str, ...], _Seen] = defaultdict(_Seen)
    for sentence in sentences:
        if "http" in sentence.text or "www." in sentence.text:
            continue
        _collect(sentence.text, sentence.language, seen)
    titles = {key for heading in headings for key in _groups(words(heading))}
    wanted = {words(text): text for text in given}
    found = []
    for key, group in seen.items():
        headed = key in titles
        if key in wanted or _is_term(key, group, headed):
            surface = wanted.get(key) or group.surfaces.most_common(1)[0][0]
            found.append(_term(surface, key, group, headed))
    found += [Term(text, key, 1, key in titles) for key, text in wanted.items() if key and key not in seen]
    return sorted(_maximal(found), key=lambda term: (-term.count * (1 + term.in_heading), term.key))


def _groups(tokens: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    for start in range(len(tokens)):
        for end in range(start + 1, min(len(tokens), start + MAX_TERM_WORDS) + 1):
            yield tokens[start:end]


def _collect(text: str, language: Language, seen: dict[tuple[str, ...], _Seen]) -> None:
    tokens = [(match.group(), fold(match.group())) for match in _TOKEN.finditer(text)]
    places = [(match.start(), match.end()) for match in _TOKEN.finditer(text)]
    links = _LINKS[language]
    for start in range(len(tokens)):
        before = tokens[start - 1][1] if start else ""
        if before in ("’", "'") and start > 1:
            before = tokens[start - 2][1]
        if not _is_plain(tokens[start][1]) or (
            start and before not in _BEFORE[language] and before.isalpha() and not _is_plain(before)
        ):
            continue
        end = start
        while end < len(tokens) and end - start < MAX_TERM_WORDS + 2:
            if _is_plain(tokens[end][1]):
                end += 1
                after = tokens[end][1] if end < len(tokens) else "."
                part = text[places[start][0] : places[end - 1][1]]
                _note(part, before, not _is_plain(after) or is_finite(after, language), seen)
            elif (tokens[end][1] in links or tokens[end][1] in ("’", "'", "la", "l")) and end > start:
                end += 1
            else:
                break


def _is_plain(token: str) -> bool:
    return token[:1].isalpha() and token not in FUNCTION_WORDS and len(token) > 1


def _note(part: str, before: str, bounded: bool, seen: dict[tuple[str, ...], _Seen]) -> None:
    key = words(part)
    if not 1 <= len(key) <= MAX_TERM_WORDS:
        return
    group = seen[key]
    group.count += 1
    group.surfaces[part] += 1
    group.bounded += bounded
    if before in _GENDER:
        group.genders[_GENDER[before]] += 1
        group.plurals[False] += 1
    elif before in _PLURAL:
        group.plurals[True] += 1


def _is_term(key: tuple[str, ...], group: _Seen, headed: bool) -> bool:
    """Tell a term from a chance group: it ends as a noun does, comes again or heads a page, and is not general."""
    if group.bounded < max(1, group.count * 0.4) or key[0] in FUNCTION_WORDS or key[-1] in FUNCTION_WORDS:
        return False
    plain = [word for word in key if word not in FUNCTION_WORDS]
    if len(plain) > 1 and any(word.endswith("ant") and len(word) > 6 for word in plain[1:]):
        return False  # "une chaîne de caractères représentant": a participle begins what is said of it.
    if plain[0] in _NO_HEAD or plain[-1] in _NO_HEAD:
        return False
    if all(word in GENERAL for word in plain) or len(plain[-1]) < 3 or len(plain) > 4:
        return False
    if any(is_finite(word, "fr") or is_finite(word, "en") or word.endswith(("ment", "ly")) for word in plain):
        return len(plain) > 1 and group.count >= 3 and not any(word.endswith(("ly",)) for word in plain)
    enough = 2 if len(plain) > 1 else 3
    named = all(text[0].isupper() for text in group.surfaces)
    if len(plain) == 1 and len(plain[0]) < 4 and not all(text.isupper() for text in group.surfaces):
        return False
    noun = sum(group.plurals.values()) >= 1 or len(plain) > 1 or named
    return noun and (group.count >= enough or (headed and group.count >= 2))


def _term(surface: str, key: tuple[str, ...], group: _Seen, headed: bool) -> Term:
    genders = group.genders.most_common(2)
    gender = genders[0][0] if genders and (len(genders) == 1 or genders[0][1] >= 3 * genders[1][1]) else ""
    plural = group.plurals[True] > group.plurals[False] or (not group.plurals and key[-1][-1] in "sx")
    return Term(_own_case(surface, group), key, group.count, headed, gender, plural)


def _own_case(surface: str, group: _Seen) -> str:
    """Return the spelling without the capital of a sentence's beginning where it is also written small."""
    small = [text for text in group.surfaces if text[0].islower()]
    return max(small, key=lambda text: (group.surfaces[text], text)) if small else surface


def _maximal(found: list[Term]) -> list[Term]:
    """Leave out the groups that come nearly only within a longer one."""
    longer: Counter[tuple[str, ...]] = Counter()
    for term in found:
        for part in set(_groups(term.key)) - {term.key}:
            longer[part] = max(longer[part], term.count)
    return [term for term in found if longer[term.key] < 0.8 * term.count]
