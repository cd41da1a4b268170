"""Headings and titles as the subject of a statement that does not name its own."""

import re
from collections.abc import Set

from ingest.language import fold
from rag.study.keypoints import DEFINITE, ODD
from rag.study.material import Sentence
from rag.study.wording import EMPTY_HEADINGS, GENERAL, is_finite
from rag.terms import FUNCTION_WORDS, content_words, words

MAX_TOPIC = 60
_COMPLETE = re.compile(
    r"^(?:(?:The|Le|La|Les) |L[’'])(?P<head>[^\W\d_]+)(?: [^\W\d_]+)? "
    r"(?:of (?:the )?|de (?:la |l[’'])?|d[’']|du |des )[^\W\d_]{4}"
)
_DEFINES = re.compile(
    r"^(?:(?:The|Le|La|Les) |L[’'])[^,.;:]{3,50} (?:is an?|are|est une?|sont des|désigne|consiste à|refers to|means) "
)


def topic_of(sentence: Sentence, text: str, proper: Set[str]) -> str:
    """Return the heading or title to put before a statement that does not name its subject, "" when it does.

    It does with a name among its first words (``proper`` are the course's words with their own capital) or with the
    title's words.
    """
    if _names_subject(text, proper) or _DEFINES.match(text) or _is_complete(text):
        return ""
    for title in (sentence.section, sentence.document.title):
        title = clean_title(title)
        if title and set(content_words(title)) & _with_plurals(text):
            return ""
    return clean_title(sentence.section) or clean_title(sentence.document.title)


def _names_subject(text: str, proper: Set[str]) -> bool:
    tokens = re.findall(r"[\w-]+", DEFINITE.sub("", text))[:7]
    inside = any(token[0].isupper() for token in tokens[1:])
    first = tokens[0] if tokens else ""
    if len(tokens) > 1 and not DEFINITE.match(text) and _is_bare_subject(first, tokens[1]):
        return True
    return inside or first in proper or not (first.islower() or first[1:].islower())


def _is_complete(text: str) -> bool:
    """Tell whether a subject has a complement, as in "the theory of graphs", and is no general word."""
    match = _COMPLETE.match(text)
    return match is not None and fold(match["head"]) not in GENERAL


def _is_bare_subject(first: str, second: str) -> bool:
    """Tell "Apple a simplifié" and "Packets are": a subject without an article that a verb follows at once."""
    verb = is_finite(fold(second), "fr") or is_finite(fold(second), "en")
    return verb and fold(first) not in FUNCTION_WORDS and not first.endswith(("ment", "ly"))


def clean_title(title: str) -> str:
    """Return a heading without its number, "" when it says nothing of a subject."""
    title = re.sub(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.|[a-zA-Z]\)|•|—|–|-) ", "", " ".join(title.split())).strip(" :.-–")
    title = re.sub(r" ?\(?\d+/\d+\)?$", "", title)
    plain_words = content_words(title)
    if re.search(r"\bcours\b|\bcourse\b|\blectures?\b|\buniversit", fold(title)):
        return ""
    if not plain_words or plain_words[0] in EMPTY_HEADINGS or not 3 <= len(title) <= MAX_TOPIC:
        return ""
    if ":" in title:
        head, _, tail = title.rpartition(":")
        title = tail.strip() if len(tail.split()) >= 2 and not tail.endswith(".") and "," not in tail else head.strip()
    if (
        ODD.search(title)
        or re.search(r"[^\w\s’',:()/&«»-]", title)
        or title.endswith((",", ";"))
        or len(plain_words) > 7
    ):
        return ""
    if _is_row(title):
        return ""
    if title.isupper() and len(title) > 6:
        title = title.capitalize()
    return title


def _is_row(title: str) -> bool:
    """Tell the head of a table, names without a small word between them, from a title."""
    tokens = words(title)
    return len(tokens) > len(set(tokens)) or (len(tokens) >= 5 and not FUNCTION_WORDS.intersection(tokens))


def _with_plurals(text: str) -> set[str]:
    found = set(content_words(text))
    return found | {word + "s" for word in found} | {word[:-1] for word in found if word[-1] in "sx"}
