"""A follow-up of a question word alone ("And when?", "Et pourquoi ?"): the last question, asked with that word."""

import re
from collections.abc import Mapping

from ingest.types import Language
from rag.dialogue.articles import elided
from rag.dialogue.mentions import short_answer
from rag.dialogue.words import AUXILIARY, plain, question_word
from rag.question import kind_of
from rag.types import Exchange

_FILLER: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:exactly|precisely|then|that|so|not|(?:was|is) that|did (?:that|it) happen|[, ])*", re.I),
    "fr": re.compile(
        r"(?:exactement|précisément|donc|alors|ça|cela|pas|(?:est|était)-ce|c['’](?:est|était)|[, ])*", re.I
    ),
}
_REVERSED = re.compile(r"c['’](?:est|était) (?=\w)", re.IGNORECASE)
_TRANSLATED = {
    "when": "quand", "where": "où", "why": "pourquoi", "how": "comment", "who": "qui", "since when": "depuis quand",
    "by whom": "par qui", "how many": "combien", "how much": "combien",
}  # fmt: skip
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fr": _TRANSLATED,
    "en": {french: english for english, french in reversed([*_TRANSLATED.items()])},
}
_TIME_OR_PLACE = re.compile(
    r"\b(?:year|date|day|month|century|decade|city|country|place|town|region|case|way|"
    r"année|date|jour|mois|siècle|ville|pays|lieu|endroit|région|époque|cas|façon|manière)s?$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?:how many|how much|which|what|combien d(?:e |['’])|quel(?:le)?s?) ?(.+)$", re.IGNORECASE)
_PASSIVE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:was|were|is|are)\b.*(?:ed|en|un|ought|ade|uilt)\b"),
    "fr": re.compile(r".*\b(?:été|est|sont|fut|furent)\b.*\w(?:é|i|u|it|is|rt)e?s?\b"),
}
_ASKS_HOW = frozenset({"why", "how", "when", "where", "pourquoi", "comment", "quand", "où"})
_PRESENT = re.compile(r"[a-z]+[^s\W]s\b")


def bare_word(text: str, language: Language) -> str:
    """Return the question word that is all a question says ("when", "en quelle année"), or nothing."""
    text = _REVERSED.sub("", text) if language == "fr" else text
    word, rest = question_word(text, language)
    if word.lower() in ("when", "why") and rest in ("is it", "was it"):
        rest = ""
    if not word or not _FILLER[language].fullmatch(rest) or word.lower() in ("que", "qu'", "qu’", "what", "which"):
        return ""
    if re.fullmatch(r"(?:quelle année|what year|which year|quel (?:mois|siècle)|what month)", word, re.IGNORECASE):
        return (
            f"{'en' if language == 'fr' and 'siècle' not in word else 'in' if language == 'en' else 'à'} {word}".lower()
        )
    return word.lower()


def reworded(word: str, language: Language, exchange: Exchange, asked_in: Language) -> str:
    """Ask a question, which is in the language ``asked_in``, again with another question word."""
    if language != asked_in:
        word = _WORDS[asked_in].get(word, word)
    before, rest = question_word(plain(exchange.question), asked_in)
    if not before:
        # "Does it …?", "Est-ce que …?": the word comes in front. Names keep their capital.
        first = rest.split(" ")[0]
        return f"{word} {first.lower() if first[1:].islower() and not _named(first) else first}{rest[len(first) :]}"
    if word in ("who", "qui") and _PASSIVE[asked_in].match(rest):
        word = "by whom" if asked_in == "en" else "par qui"
    answer = short_answer(exchange)
    made = (_english if asked_in == "en" else _french)(word, before.lower(), rest, answer)
    joint = "and" if asked_in == "en" else "et"
    return made or f"{plain(exchange.question)}, {joint} {word}"


def _named(word: str) -> bool:
    return not AUXILIARY["en"].fullmatch(word) and not re.fullmatch(
        r"est-ce|is|are|le|la|les|un|une|the|an?", word, re.I
    )


def _english(word: str, before: str, rest: str, answer: str) -> str:
    first, _, more = rest.partition(" ")
    if not rest:
        return ""
    if before in ("who", "what", "which") and re.fullmatch(r"is|are|was|were", first) and _copular(more):
        return f"{word} {first} {answer} {more}" if answer else ""
    if before in ("who", "what", "which") and re.fullmatch(r"is|are|was|were|has|have|had|can|could|will", first):
        return f"{word} {first} {answer} {more}" if before == "who" and answer else f"{word} {rest}" * (before != "who")
    if not AUXILIARY["en"].match(rest):  # what asks is the subject
        subject = answer if before in ("who", "what", "which") else _counted(before, answer)
        aux = "is" if _PRESENT.match(first) else "was"
        return f"{word} {aux} it that {subject} {rest}" if subject else ""
    return f"{word} {rest} {_thing(word, before, answer)}".strip()


def _thing(word: str, before: str, answer: str) -> str:
    """Return what a question without its word would lack: "7 bits" of "How many bits does it use?"."""
    return _counted(before, answer) if " " in before and word in _ASKS_HOW else ""


def _copular(more: str) -> bool:
    return bool(re.match(r"(?:the|an?|[A-Z])", more)) and not re.search(
        r"\b\w+(?:ed|en|wn|ade|uilt)(?: (?:for|by|in|at|on|to|as)\b.*)?$", more
    )


def _french(word: str, before: str, rest: str, answer: str) -> str:
    if re.fullmatch(r"quel(?:le)?s?", before) and AUXILIARY["fr"].match(rest):
        return f"{word} est-ce {elided('que', answer)}{answer} {rest}" if answer else ""
    if before in ("qui", "qui est-ce qui", "qu'est-ce qui", "qu’est-ce qui"):
        copular = re.match(r"(?:est|était|fut|sont) (?:le|la|l['’]|les|[A-Z])", rest)
        return (
            f"{word} est-ce {elided('que', answer)}{answer} {rest}"
            if answer and not (copular and kind_of(answer) == "definition")
            else ""
        )
    if re.match(r"qu['’]est-ce qu", before):
        return (
            f"{word} est-ce {elided('que', rest)}{rest}"
            if " " in rest and not re.match(r"(?:une?|la|le|l['’]|les|des) ?[\w-]+$", rest)
            else ""
        )
    return f"{word} {rest} {_thing(word, before, answer)}".strip()


def _counted(before: str, answer: str) -> str:
    """Return what was counted or chosen, with the answer's number where there is one: "7 bits"."""
    if _TIME_OR_PLACE.search(before):
        return ""
    found = _COUNTED.match(before)
    if found is None:
        return answer
    noun = found.group(1)
    return answer if noun in answer or (answer and not answer[:1].isdigit()) else f"{answer} {noun}".strip()
