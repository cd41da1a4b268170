"""What a question asks for: its language and the kind of thing that answers it."""

import re
from typing import Literal

from ingest.language import fold
from rag.terms import names, number_values, spelled_numbers

Kind = Literal["number", "date", "person", "place", "other"]

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
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
    if kind in ("person", "place"):
        asked = {fold(name) for name in names(question)}
        return any(fold(name) not in asked for name in names(sentence))
    return True
