"""What was said before that a pronoun may stand for: the last short answer, then what the questions name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.language import detect
from ingest.types import Language
from rag.dialogue.words import Part, names_in, noun_phrases
from rag.question import kind_of
from rag.types import Exchange

Gender = Literal["", "m", "f"]

LONGEST = 5
"""Words of an answer that may stand for a pronoun; a longer one is a sentence."""

_FEMININE = {"la", "une", "de la", "à la", "d'une"}
_MASCULINE = {"le", "un", "du", "au", "d'un"}
_PLURAL = {"les", "des", "aux"}
_LEADING = re.compile(
    r"^(?:(?P<le>au|du) |(?P<les>aux|des) |(?:à|en|in|at|by|par|de|from|on|chez|dans|to|for|with|avec|pour) |d['’])"
)
_ARTICLE = re.compile(r"(?:(le|la|les|un|une|the|an?) |l['’])", re.IGNORECASE)
_REASON = re.compile(r"\W*(?:why|how|pourquoi|comment)\b", re.IGNORECASE)
_CUT = re.compile(r"\s*(?:[,;:(\n]|\. |\s(?:en|in|on|le|since|depuis) \d).*$", re.DOTALL)
_MASCULINE_END = re.compile(r"(?<!beth)(?<!ah)[^aeyé]$", re.IGNORECASE)
# Who is asked of where no word says it: a name of several words without digits or abbreviations is taken for a person.
PERSON = re.compile(
    r"[A-ZÀ-ÖØ-Ý][a-zà-ÿ'’-]+(?: (?:de|van|von|du) | [A-Z]\. | )(?:[A-ZÀ-ÖØ-Ý][\w'’-]*[a-zà-ÿ](?: |$))+"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that was spoken of, with its article; ``named`` tells a name from a common noun."""

    text: str
    person: bool = False
    named: bool = True
    gender: Gender = ""
    plural: bool = False


def mentions(history: Sequence[Exchange]) -> list[Mention]:
    """Return what was spoken of, the likeliest to be spoken of again first."""
    people = {found.text for exchange in history if (found := _answered(exchange)) and found.person}
    return [found for exchange in reversed(history) for found in _of(exchange, people)]


def subject(exchange: Exchange) -> str:
    """Return what a question is about: the first name in it, else the last thing, else its answer, else nothing."""
    asked = [*_questioned(exchange, set())]
    named = [found for found in asked if found.named]
    answer = _answered(exchange)
    first = (named or asked or ([answer] if answer else []))[:1]
    return first[0].text if first else ""


def short_answer(exchange: Exchange) -> str:
    """Return the answer where it is a few words, without a mark at its end; else nothing."""
    words = exchange.answer.strip(" .;,!?")
    return words if 0 < len(words.split()) <= LONGEST else ""


def people_in(question: str) -> list[str]:
    """Return the names of a question that look like those of people."""
    return [part.text for part in names_in(question) if PERSON.fullmatch(part.text)]


def _of(exchange: Exchange, people: set[str]) -> Iterator[Mention]:
    answer = _answered(exchange)
    if answer:
        yield answer
    yield from _questioned(exchange, people)


def _answered(exchange: Exchange) -> Mention | None:
    kind = kind_of(exchange.question)
    if kind in ("number", "date"):
        return None
    words = _CUT.sub("", exchange.answer.strip(" .«»“”\"'"))
    bare = _LEADING.sub(lambda found: "le " if found["le"] else "les " if found["les"] else "", words).strip()
    names = names_in(bare)
    if bare != words and not names and not _ARTICLE.match(bare):
        return None  # "à pointer", "with care": no thing
    words = bare
    if len(words.split()) > LONGEST:
        asked = {part.text for part in names_in(exchange.question)}
        new = [part.text for part in names if part.text not in asked]
        return Mention(new[0], kind == "person") if new and kind in ("person", "place") else None
    if not words or words[0].isdigit() or (kind == "definition" and not names):
        return None
    if not names and (_REASON.match(exchange.question) or (names_in(exchange.question) and not _ARTICLE.match(words))):
        return None
    person = (kind == "person" and bool(names)) or (bool(PERSON.match(words)) and kind != "place")
    article = _ARTICLE.match(words)
    lead = article.group(1) or "" if article else ""
    return Mention(words, person, bool(names), _gender(lead, words, person), lead in _PLURAL)


def _questioned(exchange: Exchange, people: set[str]) -> Iterator[Mention]:
    language = detect(exchange.question)
    names, phrases = names_in(exchange.question), noun_phrases(exchange.question, language)
    for part in names:
        around = [phrase for phrase in phrases if phrase.start <= part.start and part.end <= phrase.end]
        if around:
            yield _mention(around[0], False, True, language)
        else:
            yield _mention(part, part.text in people or bool(PERSON.match(part.text)), True, language)
    for phrase in reversed(phrases):
        if not any(phrase.start <= part.start and part.end <= phrase.end for part in names):
            yield _mention(phrase, False, False, language)


def _mention(part: Part, person: bool, named: bool, language: Language) -> Mention:
    lead = part.lead.lower().replace("’", "'").strip()
    text = part.text if person else part.full
    plural = lead in _PLURAL or (language == "en" and not named and part.text.endswith("s") and lead == "the")
    return Mention(text, person, named, _gender(lead, text, person), plural)


def _gender(lead: str, text: str, person: bool) -> Gender:
    if lead in _FEMININE:
        return "f"
    if lead in _MASCULINE:
        return "m"
    # A first name that ends so is a man's far more often than not; the contrary cannot be told.
    return "m" if person and _MASCULINE_END.search(text.split()[0]) else ""
