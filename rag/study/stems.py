"""What a statement may be asked: each question with its key, and the words around the key that an option must fit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.language import fold
from ingest.types import Language
from rag.study.defining import Definition
from rag.study.keypoints import Statement
from rag.study.kinds import Kind, Span, shape
from rag.study.pool import Pool
from rag.study.wording import is_finite
from rag.terms import FUNCTION_WORDS, content_words, words

GAP = "_____"
Form = Literal["term", "meaning", "stands_for", "who", "what", "when", "gap"]

ASKS: dict[Language, dict[str, str]] = {
    "en": {
        "term": "Which term matches this definition: “{}”?",
        "name": "Which name matches this description: “{}”?",
        "meaning": "What does the term “{}” mean?",
        "what_is": "What is {}?",
        "what_was": "What was {}?",
        "stands_for": "What does the abbreviation {} stand for?",
        "complete": "Complete: “{}”",
    },
    "fr": {
        "term": "Quel terme correspond à cette définition\u00a0: «\u00a0{}\u00a0»\u00a0?",
        "name": "Quel nom correspond à cette description\u00a0: «\u00a0{}\u00a0»\u00a0?",
        "meaning": "Que désigne le terme «\u00a0{}\u00a0»\u00a0?",
        "what_is": "Qu’est-ce que {}\u00a0?",
        "what_was": "Qu’était {}\u00a0?",
        "stands_for": "Que signifie le sigle {}\u00a0?",
        "complete": "Complétez\u00a0: «\u00a0{}\u00a0»",
    },
}
_WHEN_EN = re.compile(
    r"^(?P<subject>[^,;:()]{3,70}?) (?P<verb>was|were) (?P<done>(?:first |officially |originally |"
    r"finally )?\w+(?:ed|wn|lt|"
    r"un|nt|de|rn|en)\b[^,;:()]*?) ?(?:in|In) (?P<year>\d{4})(?P<rest>[^.]*)\.$"
)
_WHEN_FR = re.compile(
    r"^(?P<subject>[^,;:()]{3,70}?) (?P<verb>est|sont|a été|ont été|fut|furent) (?P<done>\w+(?:ée?s?|ie?s?|ue?s?|"
    r"te?s?|ise?s?)\b)"
    r"(?P<more>[^,;:()]*?) en (?P<year>\d{4})(?P<rest>[^.]*)\.$"
)
_WHAT = {
    ("en", False): "What",
    ("en", True): "Who or what",
    ("fr", False): "Qu’est-ce qui",
    ("fr", True): "Quelle organisation",
}
_COPULAS = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "have",
        "has",
        "had",
        "do",
        "est",
        "sont",
        "etait",
        "etaient",
        "a",
        "ont",
        "fut",
        "furent",
        "sera",
    ]
)
_PASSIVE = re.compile(
    r"^ (?:is|was) (?:\w+ly )?\w+(?:ed|wn|lt|en)\b|^ (?:est|était|a été|fut) (?:\w+ment )?\w+(?:é|it|is|u)\b"
)
_LONG_SUBJECT = 8
_FEMININE = re.compile(
    r"^(?:est|a été|fut|était|sera|peut être) (?:\w+ment )?\w+(?:ée|ie|ue|ive|elle|ale|euse|nte|ise|ite)\b"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its ``key``; ``before`` and ``after`` are the words around the gap that every option must fit."""

    form: Form
    stem: str
    key: str
    kind: Kind
    statement: Statement
    unit: str = ""
    before: str = ""
    after: str = ""
    accepted: tuple[str, ...] = ()


def defining(found: Definition, language: Language) -> Iterator[Asked]:
    """Yield the questions of a definition: for its term, then for its meaning."""
    asks, named = ASKS[language], shape(found.term) != "plain" or bool(re.search(r" [A-ZÀ-Ý]", found.term))
    meaning = found.meaning
    if len(content_words(meaning)) >= 4:
        frame = asks["name" if named else "term"]
        yield Asked("term", frame.format(meaning), found.term, "term", found.statement, accepted=found.also)
    if not set(content_words(found.term)) & set(content_words(meaning)):
        yield Asked("meaning", _asks_meaning(found, language), meaning, "term", found.statement)


def _asks_meaning(found: Definition, language: Language) -> str:
    asks = ASKS[language]
    if shape(found.term) != "plain" and language == found.statement.language and not found.plural:
        return asks["what_was" if found.past else "what_is"].format(found.term)
    return asks["meaning"].format(found.term)


def spelling_out(statement: Statement, pool: Pool, language: Language) -> Iterator[Asked]:
    """Yield what the abbreviations stand for that a statement explains."""
    for found in pool.abbreviations:
        if found.statement.sentence == statement.sentence:
            yield Asked("stands_for", ASKS[language]["stands_for"].format(found.short), found.long, "term", statement)


def direct(statement: Statement, pool: Pool, language: Language) -> Iterator[Asked]:
    """Yield who, what and when, where the sentence can be turned into a question safely: in its own language."""
    if language != statement.language or statement.topic or statement.gloss:
        return
    text = statement.text
    for form in (_who, _what):
        if asked := form(statement, pool.spans(statement), pool):
            yield asked
    match = (_WHEN_EN if language == "en" else _WHEN_FR).match(text)
    if (
        match
        and not re.search(r"\d{4}", match["subject"] + match["rest"])
        and len(match["subject"].split()) <= _LONG_SUBJECT
        and _dates_its_verb(match["done"] + (match.groupdict().get("more") or ""))
    ):
        key = match["year"]
        stemmed = _when_en(match) if language == "en" else _when_fr(match)
        yield Asked("when", stemmed, key, "year", statement, before=text[: match.start("year")])


def _dates_its_verb(between: str) -> bool:
    """Tell whether a year so far behind the verb still is the verb's: nothing else between could have happened then."""
    return len(between.split()) <= 8 and not re.search(
        r"\b(?:for|of|responsible|that|who|which|then|whose|after|before|qui|que|dont|après|avant|alors|responsables?)\b",
        between,
    )


def _when_en(match: re.Match[str]) -> str:
    rest = match["rest"] if not re.match(r",| and| but", match["rest"]) else ""
    return f"In which year {match['verb']} {small(match['subject'])} {match['done']}{rest}?"


def _when_fr(match: re.Match[str]) -> str:
    rest = match["rest"] if not re.match(r",| et| mais", match["rest"]) else ""
    return f"En quelle année {match['verb']} {match['done']} {small(match['subject'])}{match['more']}{rest}\u00a0?"


def small(subject: str) -> str:
    """Return a sentence's subject as it is written within a sentence."""
    first = subject.split()[0]
    article = fold(re.split("[’']", first)[0]) in FUNCTION_WORDS
    return subject[0].lower() + subject[1:] if article else subject


def _who(statement: Statement, found: list[Span], pool: Pool) -> Asked | None:
    text = statement.text
    first = next((span for span in found if span.start == 0 and span.kind == "person"), None)
    if first is None or not _predicate(text[first.end :], statement.language):
        return None
    mark = "?" if statement.language == "en" else "\u00a0?"
    stemmed = f"{'Who' if statement.language == 'en' else 'Qui'}{text[first.end : -1]}{mark}"
    return Asked("who", stemmed, first.text, "person", statement)


def _what(statement: Statement, found: list[Span], pool: Pool) -> Asked | None:
    """Ask for the subject where it is a term or name alone, with a predicate that does not agree with its gender."""
    text, language = statement.text, statement.language
    article = re.match(r"(?:The|An?|Le|La|Une?) |L[’']", text)
    start = article.end() if article else 0
    span = next((s for s in found if s.start == start and s.kind in ("term", "acronym", "organisation", "name")), None)
    if (
        span is None
        or is_title(span.text, statement)
        or not _predicate(text[span.end :], language)
        or len(content_words(text[span.end :])) < 5
    ):
        return None
    named = span.kind != "acronym" and shape(span.text) == "proper" and not re.search(r"\d|[a-z][A-Z]", span.text)
    if language == "fr" and named and span.kind != "organisation":
        return None
    rest, verb = text[span.end : -1], words(text[span.end :])[0]
    if pool.definition(statement) or (verb in _COPULAS and not _PASSIVE.match(rest)):
        return None
    if language == "fr" and (
        _FEMININE.match(rest.strip()) or verb.endswith("ent") or verb in ("sont", "ont", "peuvent")
    ):
        return None
    mark = "?" if language == "en" else "\u00a0?"
    key = span.text if span.kind != "term" else _within(span.text, pool)
    return Asked("what", f"{_WHAT[language, named]}{rest}{mark}", key, span.kind, statement)


def is_title(key: str, statement: Statement) -> bool:
    """Tell whether a key is but a word of the document's title: whoever reads the title knows it."""
    sentence = statement.sentence
    parts, title = words(key), words(f"{sentence.document.title} {sentence.document.name}")
    return len(parts) == 1 and parts[0] in title


def _predicate(rest: str, language: Language) -> bool:
    tokens = words(rest)
    second = re.search(
        r"[:;]|, (?:mais|but|and|et|while|whereas|alors|or|ou|so|donc|which|ce qui)\b| (?:but|mais)\b| (?:and|"
        r"et) (?:it|he|she|they|its|the|il|elle|le|la|les) ",
        rest,
    )
    if len(tokens) > 1 and tokens[0].endswith("ed") and tokens[1] in ("by", "as"):
        return False
    return rest[:1] == " " and bool(tokens) and is_finite(tokens[0], language) and not second


def _within(text: str, pool: Pool) -> str:
    term = pool.term(text)
    return term.text if term else text


def with_topic(text: str, topic: str, language: Language) -> str:
    """Put what a statement is about before it."""
    mark = "\u00a0:" if language == "fr" else ":"
    return f"{topic}{mark} {text}" if topic else text
