"""Wrong answers: of the key's kind and form, near it, from its course where that has them, and true nowhere in it."""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ingest.language import fold
from ingest.types import Language
from rag.study.kinds import NAME_KINDS, Kind, shape
from rag.study.material import Sentence
from rag.study.pool import Candidate, Pool
from rag.study.roots import root
from rag.study.stems import Asked
from rag.study.variants import dates_near, numbers_near, respelled, years_near
from rag.study.wording import is_finite
from rag.terms import FUNCTION_WORDS, content_words, words

SYNONYM = 0.965
"""Terms nearer than this (cosine) may mean the same."""
RELATED = 0.93
"""Terms from far pages must be this near (cosine): what a course treats apart is no plausible answer."""
NEIGHBOURS = 0.06
"""The pages around a passage whose terms are of its subject, as a share of the document's, at least 2."""
SPELLING = 0.75
"""Names that share this much (0..1) of their letters may be spellings of one."""
TOLD = 0.5
"""An option that stands with this share (0..1) of the stem's words may be true there."""
_VOWEL = re.compile(r"[aeiouyhœ]")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong option and a sentence of the course that holds it, None where code made the value."""

    text: str
    sentence: Sentence | None = None


def choose(asked: Asked, pool: Pool, count: int, near: bool, rng: random.Random) -> list[Wrong]:
    """Return ``count`` wrong options, fewer when there are not so many; ``near`` takes the most alike."""
    if asked.kind == "year":
        return _values(asked, pool, years_near(asked.key, pool.candidates.get("year", ()), rng), count)
    if asked.kind == "number":
        return _values(asked, pool, numbers_near(asked, pool.candidates.get("number", ()), rng), count)
    if asked.kind == "date":
        return _values(asked, pool, dates_near(asked, pool.candidates.get("date", ()), rng), count)
    if asked.form == "meaning":
        options = _meanings(asked, pool)
    elif asked.form == "stands_for":
        options = [(2.0 - n / 10, Wrong(text)) for n, text in enumerate(respelled(asked.key, pool))]
        options += [(0.0, Wrong(a.long, a.statement.sentence)) for a in pool.abbreviations if a.long != asked.key]
    else:
        options = _scored(asked, pool, _alike(asked, pool, asked.kind))
    options = [(score, wrong) for score, wrong in options if is_wrong(wrong.text, asked, pool)]
    options.sort(key=lambda entry: (-entry[0], entry[1].text))
    first = 0 if near or asked.form == "stands_for" else min(2, max(0, len(options) - 2 * count))
    ranked = [wrong for _, wrong in options[first:]] + [wrong for _, wrong in options[:first]]
    return _distinct(ranked, count, asked)


def _values(asked: Asked, pool: Pool, ranked: Iterable[tuple[str, Sentence | None]], count: int) -> list[Wrong]:
    fit = (Wrong(text, sentence) for text, sentence in ranked if is_wrong(text, asked, pool))
    return _distinct(fit, count, asked)


def _distinct(ranked: Iterable[Wrong], count: int, asked: Asked) -> list[Wrong]:
    """Take options that differ from the key and each other, one of each group that shares its words."""
    taken: list[Wrong] = []
    for wrong in ranked:
        if all(not _are_variants(wrong.text, other) for other in (asked.key, *(o.text for o in taken))):
            taken.append(wrong)
        if len(taken) == count:
            break
    return taken


def _are_variants(one: str, other: str) -> bool:
    """Tell spellings of one thing: plural, abbreviation, a part of the other."""
    a, b = [root(w) for w in words(one)], [root(w) for w in words(other)]
    plain_a = {w for w in a if w not in FUNCTION_WORDS}
    plain_b = {w for w in b if w not in FUNCTION_WORDS}
    if not plain_a or not plain_b:
        return a == b
    initials = "".join(w[0] for w in words(one) if w not in FUNCTION_WORDS)
    others = "".join(w[0] for w in words(other) if w not in FUNCTION_WORDS)
    short = (len(a) > 1 and fold(other) == initials) or (len(b) > 1 and fold(one) == others)
    if one[:1].isupper() and SequenceMatcher(None, fold(one), fold(other)).ratio() >= SPELLING:
        return True
    return plain_a <= plain_b or plain_b <= plain_a or short


def _alike(asked: Asked, pool: Pool, kind: Kind) -> Iterator[Candidate]:
    own_shape, plural = shape(asked.key), is_plural(asked.key, asked.statement.language, pool)
    persons = {c.key for c in pool.candidates.get("person", ())}
    kinds: tuple[Kind, ...] = ("term", "name", "acronym", "organisation") if kind in ("term", "acronym") else (kind,)
    for candidate in (c for k in kinds for c in pool.candidates.get(k, ())):
        if shape(candidate.text) != own_shape or abs(len(candidate.key) - len(words(asked.key))) > 2:
            continue
        if kind not in NAME_KINDS and is_plural(candidate.text, asked.statement.language, pool) != plural:
            continue
        if own_shape == "proper" and kind in ("term", "name") and not _acts(candidate):
            continue
        if candidate.key in persons and kind != "person":
            continue
        same = all(s.language == asked.statement.language for s in candidate.sentences[:1])
        if same and fits(candidate, asked, pool) and (candidate.sentences or kind != "term"):
            yield candidate


def _acts(candidate: Candidate) -> bool:
    """Tell whether a name is somewhere followed by a verb, as who does something is."""
    last = re.escape(candidate.text)
    for sentence in candidate.sentences:
        match = re.search(rf"{last} ([\w’']+)", sentence.text)
        if match and is_finite(fold(match[1]), sentence.language):
            return True
    return False


def is_plural(text: str, language: Language, pool: Pool) -> bool:
    """Tell a plural by the course's articles, else by its ending."""
    term = pool.term(text)
    if term and language == "fr":
        return term.plural
    parts = words(text)
    head = parts[0] if language == "fr" else parts[-1]
    return len(head) > 3 and head[-1] in "sx" and not head.endswith(("ss", "is", "us", "ics"))


def fits(candidate: Candidate, asked: Asked, pool: Pool) -> bool:
    """Tell whether an option agrees with the words beside the gap: elision, gender, "a" or "an"."""
    if not asked.before or asked.form != "gap":
        return True
    if candidate.kind == "place":
        word = asked.before.split()[-1]
        return any(f"{word} {candidate.text}" in sentence.text for sentence in candidate.sentences)
    before, first = asked.before.rstrip("« (“"), fold(candidate.text)[:1]
    vowel, key_vowel = bool(_VOWEL.match(first)), bool(_VOWEL.match(fold(asked.key)[:1]))
    if asked.statement.language == "en":
        counted = re.search(r"\ban?$", before, re.IGNORECASE)
        return (vowel == key_vowel and (candidate.kind != "term" or candidate.gender == "a")) if counted else True
    if before.endswith(("’", "'")):
        return vowel
    if re.search(r"\b(?:le|la|de|que|ne|se|du|au|ce)$", before, re.IGNORECASE) and vowel != key_vowel:
        return False
    term = pool.term(asked.key)
    if term is None or candidate.kind != "term":
        return True
    return bool(candidate.gender) and candidate.gender == term.gender if not term.plural else True


def _scored(asked: Asked, pool: Pool, candidates: Iterable[Candidate]) -> list[tuple[float, Wrong]]:
    scored = []
    document = asked.statement.sentence.document.id
    for candidate in candidates:
        nearness = pool.nearness(asked.key, candidate.text)
        if asked.kind in ("term", "acronym") and not (nearness < SYNONYM and _is_related(candidate, asked, nearness)):
            continue
        home = any(s.document.id == document for s in candidate.sentences)
        known = 0.03 * (candidate.in_heading or candidate.count >= 4)
        length = abs(len(candidate.text) - len(asked.key)) / max(len(asked.key), 12)
        sentence = _telling(candidate, pool)
        scored.append((nearness + 0.05 * home + known - 0.05 * length, Wrong(candidate.text, sentence)))
    return scored


def _is_related(candidate: Candidate, asked: Asked, nearness: float) -> bool:
    """Tell whether a term is of the key's subject: told of on the pages around it, or very near it."""
    own = asked.statement.sentence
    reach = max(2, own.document.pages * NEIGHBOURS)
    here = (s for s in candidate.sentences if s.document.id == own.document.id)
    return nearness >= RELATED or any(abs(s.page_index - own.page_index) <= reach for s in here)


def _telling(candidate: Candidate, pool: Pool) -> Sentence | None:
    """Return the sentence that tells most of a candidate: one that stands alone, else none."""
    told = [sentence for sentence in candidate.sentences if pool.statement(sentence)]
    return told[0] if told else (candidate.sentences[0] if candidate.sentences else None)


def _meanings(asked: Asked, pool: Pool) -> list[tuple[float, Wrong]]:
    own = next((d for d in pool.definitions if d.statement == asked.statement), None)
    found = []
    for other in pool.definitions:
        if own is None or _are_variants(other.term, own.term) or other.plural != own.plural:
            continue
        if other.statement.language != own.statement.language or other.past != own.past:
            continue
        if not 0.5 * len(own.meaning) <= len(other.meaning) <= 1.8 * len(own.meaning):
            continue
        if set(content_words(own.term)) & set(content_words(other.meaning)):
            continue
        nearness = pool.nearness(own.meaning, other.meaning)
        if nearness < SYNONYM:
            found.append((nearness, Wrong(other.meaning, other.statement.sentence)))
    return found


def is_wrong(option: str, asked: Asked, pool: Pool) -> bool:
    """Tell whether an option is surely wrong: not in the sentence or stem, and told of the stem in no passage."""
    text = f"{asked.statement.text} {asked.stem}" if asked.form != "meaning" else asked.stem
    if _holds(words(text), words(option)) or _are_variants(option, asked.key):
        return False
    if {fold(option), fold(asked.key)} in ({fold(a.short), fold(a.long)} for a in pool.abbreviations):
        return False
    key = {root(word) for word in (*content_words(asked.key), *content_words(option))}
    told = {root(word) for word in content_words(asked.statement.text)} - key
    if asked.form == "meaning":
        told = {root(word) for word in content_words(asked.stem)}
    return not is_told(told, option, pool)


def is_told(told: set[str], option: str, pool: Pool) -> bool:
    """Tell whether a sentence of the course holds an option with at least ``TOLD`` of some stems."""
    if not told:
        return False
    return any(len(told & pool.stems(n)) >= TOLD * len(told) for n in pool.holding(words(option)))


def _holds(whole: Sequence[str], part: Sequence[str]) -> bool:
    return any(tuple(whole[at : at + len(part)]) == tuple(part) for at in range(len(whole) - len(part) + 1))
