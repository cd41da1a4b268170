"""French articles with their prepositions: "de" + "le" is "du", "que" before a vowel is "qu'"."""

import re

_ARTICLE = re.compile(r"^(?:(le|la|les|un|une) |(l)['’])", re.IGNORECASE)
_SPLIT = {
    "du": ("de", "le "), "des": ("de", "les "), "de la": ("de", "la "), "de l'": ("de", "l'"), "au": ("à", "le "),
    "aux": ("à", "les "), "à la": ("à", "la "), "à l'": ("à", "l'"), "de": ("de", ""), "d'": ("de", ""),
    "à": ("à", ""), "en": ("en", ""), "d'un": ("de", "un "), "d'une": ("de", "une "),
}  # fmt: skip
_JOINED = {("de", "le"): "du ", ("de", "les"): "des ", ("à", "le"): "au ", ("à", "les"): "aux ", ("en", "le"): "au ",
           ("en", "les"): "aux ", ("en", "la"): "en ", ("en", "l"): "en "}  # fmt: skip
_VOWEL = re.compile(r"[aeiouyhàâéèêëîïôùûœ]", re.IGNORECASE)


def preposition(lead: str) -> str:
    """Return the preposition in what stands before a noun ("du" holds "de"), or nothing."""
    return _SPLIT.get(lead.lower().replace("’", "'").strip(), ("", ""))[0]


def with_preposition(word: str, phrase: str) -> str:
    """Put a preposition before a noun with or without its article: "de", "le Japon" → "du Japon"."""
    if not word:
        return phrase
    article = _ARTICLE.match(phrase)
    found = (article.group(1) or article.group(2)).lower() if article else ""
    if (word, found) in _JOINED and article:
        return _JOINED[word, found] + phrase[article.end() :]
    return f"{elided(word, phrase)}{phrase}"


def elided(word: str, following: str) -> str:
    """Return "de ", "que ", "le " or "la " as it stands before a word: "d'", "qu'", "l'" before a vowel."""
    if word in ("de", "que", "le", "la") and _VOWEL.match(following):
        return f"{word[:-1]}'"
    return f"{word} "
