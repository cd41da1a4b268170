"""Which sentences of a document may stand in a guide by themselves: whole, plain prose that points at nothing outside.

No parser is used: a sentence is judged by its letters, its marks, its first word and the words that point elsewhere.
What is wrongly kept out costs less than what is wrongly shown.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from ingest.language import fold
from ingest.types import Language
from rag.orders import is_order
from rag.study.aids.pointers import ELSEWHERE, INSIDE, LATE_POINTER, LINK, POINTER
from rag.study.aids.word_lists import OPENERS
from rag.study.material import Sentence
from rag.study.wording import is_finite
from rag.terms import content_words, words

Standing = Literal[0, 1, 2]
"""2: stands alone; 1: prose that leans on what is said before; 0: no prose, or about something not shown."""

SHORTEST, LONGEST = 35, 380
MIN_WORDS, MAX_WORDS = 6, 60
_LETTERS = 0.82
_SURELY_WHOLE = 10
"""A text of so many words that ends with a full stop has a verb, whether it is a known one or not."""


_BULLET = re.compile(r"^(?:[•◦▪▫‣●○■□◆►▶➢➤➔✓✔·*]|[–—-](?=\s)|=⇒|⇒|→)\s*")
_LABEL = re.compile(
    r"^(?:[A-ZÀ-ÖØ-Ý][^.:;!?–—]{1,58}?\s?[–—]\s?|(?:Remarque|Note|Remark|NB|N\.B\.|Rappel|Recall|D[ée]finition|"
    r"Definition|Theorem|Th[ée]or[èe]me|Propri[ée]t[ée]|Property)(?: \d[\d.]*)?\s?[:.]\s)(?=[A-ZÀ-ÖØ-Ý«“])"
)
_PAST = re.compile(r"[a-z]{3,}(?:a|it|ut|erent|irent|urent)")
_ENDS = re.compile(r"[.!…](?:\s?[»”\"’)\]])*(?:\s?\[\d{1,3}\])*$")
_QUESTION = re.compile(r"\?(?:\s?[»”\"’)])*$")

_FOREIGN = re.compile(
    r"[=<>{}|\\_@#^~→←↔⇒⇔−×÷±∓≤≥≠≈≃≡∝∞∈∉∋⊂⊆⊃⊇∪∩∧∨¬∀∃∂∇∑∏∫√∗⋅◦⟨⟩∥†‡©®™¯˜ˆ\ufffd\ue000-\uf8ff]|\$|https?:|www\.|\w\(\)|"
    r"--|\.{2,}|…\s\S|(?:^| )\. |[a-zà-öø-ÿ\d)][.!?](?:\[|[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ'’])|\[r[ée]f\b|"
    r"[a-zà-öø-ÿ],[A-Za-z]|,\s?\.|\s,\s?,|"
    r"(?:(?:^| )[^\W\d_]){4}(?: |$)|(?:\b\d[\d.,]*\s){3}|\b0x[0-9a-f]+\b|[;{]\s*$|\s\.$|(?:\b[A-Z]\.)+$"
)
_REFERENCE = re.compile(
    r"\bet al\b|\bISBN\b|\bdoi\b|\barxiv\b|\bpp?\.\s?\d|\bvol\.\s?\d|\bn[o°]\.?\s?\d+\s?\(|"
    r"\bproceedings\b|\bconference on\b|\buniversity press\b|\b(?:ed|ed)s?\.\)|\[[A-Z][\w-]*\d*\]|\bopen ?access\b|"
    r"^\[?\d+[\])]|^[A-Z][\w'’-]+, [A-Z]\.",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?:figure|fig|table|tableau|tab|algorithm|algorithme|listing|sch[ée]ma|source|cr[ée]dits?|photo|image|carte|"
    r"illustration|exhibit|box|encadr[ée]|exemple|example|ex|exercice|exercise|question|probl[èe]me|problem|homework|"
    r"devoir|todo|solution|corrig[ée]|[ée]tape|step|proof|preuve|d[ée]monstration|hint|"
    r"indication)s?\b\.?\s?(?:\d|[:.–—(-])",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"\bcopyrights?\b|\ball rights reserved\b|\btous droits reserves\b|\bpermission is (?:hereby )?granted\b|"
    r"\blicen[cs]ed? under\b|\bsous licence\b|\b(?:free documentation|public) license\b|\blast (?:updated|"
    r"modified)\b|"
    r"\bderniere mise a jour\b|\ba copy of (?:the|this) license\b|\ball (?:text|images?) (?:is|are) available\b|"
    r"\btable of contents\b|\btable des matieres\b|\bthis (?:manual|document|book|chapter|lecture|course) "
    r"(?:is|was|covers|describes|gives|presents)\b|\bce (?:cours|document|manuel|chapitre|polycopie)\b|"
    r"\b(?:ref|citation|source) necessaire\b|\bcitation needed\b|\bclick\b|\bcliquez\b|\be-?mail\b|\bcourriel\b"
)


def trimmed(sentence: Sentence) -> Sentence:
    """Return the sentence without the bullet or the label that stands before it; its place follows."""
    lead = 0
    if bullet := _BULLET.match(sentence.text):
        lead = bullet.end()
    if label := _LABEL.match(sentence.text[lead:]):
        lead += label.end()
    return replace(sentence, text=sentence.text[lead:], start=sentence.start + lead) if lead else sentence


def standing(text: str, language: Language, known: Iterable[str] = ()) -> Standing:
    """Grade how far a trimmed sentence stands by itself; ``known`` holds the folded names of its document."""
    if not is_prose(text, language):
        return 0
    folded = fold(text)
    if POINTER[language].match(folded) or ELSEWHERE.search(folded) or LATE_POINTER[language].match(folded):
        return 0
    leans = LINK[language].match(folded) or INSIDE[language].search(folded)
    verbless = len(text.split()) < _SURELY_WHOLE and not has_verb(text, language)
    return 1 if leans or verbless or not _opens_well(text, language, known) else 2


def is_prose(text: str, language: Language) -> bool:
    """Tell whether a text reads as one whole sentence: no formula, title, caption, reference, exercise or order."""
    count = len(text.split())
    if not (SHORTEST <= len(text) <= LONGEST and MIN_WORDS <= count <= MAX_WORDS and _ENDS.search(text)):
        return False
    if not _begins(text) or _FOREIGN.search(text) or _CAPTION.match(text) or _REFERENCE.search(text):
        return False
    letters = sum(char.isalpha() or char.isspace() for char in text) / len(text)
    if letters < _LETTERS or not _is_balanced(text) or _is_shouted(text):
        return False
    meaning = len(content_words(text))
    plain = len(words(text)) - meaning
    return (
        plain >= (1 if has_verb(text, language) else 2)
        and meaning >= 3
        and not _BOILERPLATE.search(fold(text))
        and not is_order(text)
    )


def has_verb(text: str, language: Language) -> bool:
    """Tell whether a text holds a verb, known or by its ending; bullets often have none."""
    found = words(text)
    return any(is_finite(word, language) for word in found) or (
        language == "fr" and any(_PAST.fullmatch(word) for word in found)
    )


def _begins(text: str) -> bool:
    first = text.lstrip("«“\"‘' \u00a0\u202f")[:1]
    return first.isupper()


def _is_balanced(text: str) -> bool:
    pairs = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))
    return all(text.count(opening) == text.count(closing) for opening, closing in pairs) and text.count('"') % 2 == 0


def _is_shouted(text: str) -> bool:
    tokens = [token for token in text.split() if any(char.isalpha() for char in token)]
    upper = sum(token.isupper() and len(token) > 1 for token in tokens)
    return upper > 0.35 * len(tokens)


def _opens_well(text: str, language: Language, known: Iterable[str]) -> bool:
    first = text.split()[0].strip("«“\"'’,(")
    if language == "en" or any(char.isupper() for char in first[1:]) or any(char.isdigit() for char in first):
        return True
    start = words(text)[0]
    return start in OPENERS or start in known
