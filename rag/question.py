"""What a question asks for: its language and the kind of thing that answers it."""

import re
from typing import Literal

from ingest.language import fold
from rag.terms import content_words, names, number_values, spelled_numbers, stem

Kind = Literal["number", "date", "person", "place", "definition", "other"]

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "definition",
        re.compile(
            r"\bqu'?est[- ]ce qu(?:e|')|\bc'est quoi\b|\bdefini(?:s|r|ssez|tion)\b|\bque (?:signifie|designe)\b|"
            r"\bdefine\b|"
            r"^\W*what (?:is|are) (?!.*\bof\b)(?:an? |the )?(?:[\w'-]+ ?){1,3}\W*$|\bwhat does [\w' -]+ mean\b"
        ),
    ),
    (
        "date",
        re.compile(
            r"\bquand\b|\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b|"
            r"\b(?:quelle|quel)s? (?:\w+ )?(?:annee|date|jour|mois|siecle|epoque|periode|heure)s?\b|\bdepuis quand\b"
        ),
    ),
    (
        "number",
        re.compile(
            r"\bcombien\b|\bhow (?:many|much|long|far|old|high|tall|large|big|fast)\b|"
            r"\bwhat (?:percent|percentage|number|proportion|share|portion|amount|size|temperature)|"
            r"\bquel(?:le)?s? (?:est |sont |etait |etaient )?(?:l[ea']s? |l )?(?:nombre|pourcentage|taux|part|prix|"
            r"proportion|population|superficie|taille|hauteur|longueur|montant|age|duree|distance|vitesse|temperature)\b"
        ),
    ),
    (
        "person",
        re.compile(
            r"\bwho\b|\bwhom\b|\bwhose\b|^\W*qui\b|\b(?:de|a|par|avec|pour|chez) qui\b|\bqui (?:a|est|fut|etait|ont)\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"\bwhere\b|^\W*(?:d[' ])?ou\b|\b(?:what|which|quel|quelle|quels|quelles) "
            r"(?:city|country|region|town|place|state|ville|pays|endroit|lieu|continent|fleuve)"
        ),
    ),
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d{2})\b|\b[ivx]+e\b|\bsiecle|\bcentury|\d(?:st|nd|rd|th)\b|"
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december|"
    r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b"
)
_COPULA = re.compile(
    r"\b(?:est|sont|designent?|signifient?|consistent?|is|are|means?|refers?|denotes?)\b|\s[–—:]\s|\s?:\s", re.UNICODE
)


def kind_of(question: str) -> Kind:
    """Tell what kind of thing would answer a French or English question."""
    folded = fold(question)
    return next((kind for kind, pattern in _PATTERNS if pattern.search(folded)), "other")


def could_answer(kind: Kind, sentence: str, question: str) -> bool:
    """Tell whether a sentence holds a thing of that kind that the question does not already name."""
    if kind == "date":
        return bool(_DATE.search(fold(sentence)))
    if kind == "number":
        return bool(number_values(sentence) - number_values(question)) or bool(spelled_numbers(sentence))
    if kind == "definition":
        return _defines(sentence, question)
    if kind in ("person", "place"):
        asked = {fold(name) for name in names(question)}
        return any(fold(name) not in asked for name in names(sentence))
    return True


def _defines(sentence: str, question: str) -> bool:
    # "X is …", "X – …", "X : …" with a word of the question in X.
    subject = _COPULA.split(fold(sentence), maxsplit=1)
    asked = {stem(word) for word in content_words(question)}
    return len(subject) == 2 and bool(asked & {stem(word) for word in content_words(subject[0][:80])})
