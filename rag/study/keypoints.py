"""Key sentences: prose that stands alone and states a fact or a definition."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.language import fold
from ingest.types import Language
from rag.study.material import Section, Sentence
from rag.study.roots import root
from rag.study.wording import (
    ALLOWED,
    GENERAL,
    OPENINGS,
    SUBORDINATORS,
    is_finite,
    pointers,
    pointing,
)
from rag.terms import FUNCTION_WORDS, content_words, words

if TYPE_CHECKING:
    from rag.study.pool import Pool

SHORTEST, LONGEST = 40, 300
MIN_WORDS, MAX_WORDS = 6, 48
_LABEL = re.compile(r"^(?P<label>[^\W\d_][^.:;–—=]{1,58}?) ?(?:[–—]|:(?= )) ?(?=[^\W\d_][’'a-zà-öø-ÿ ])")
ODD = re.compile(
    r" [+] |\b[xy]\d? [a-z+=]|[=<>{}\[\]|"
    r"\\_@#^~•→←↔⇒⇔∈∀∃∑∏∫√≤≥≠≈∼±×·∂∇∞□■●▪*\u2190-\u22ff\u0391-\u03a1\u03a3-\u03c9…\ufffd]|https?:|"
    r"www\.|\.\.|"
    r"[\w)]\.[A-Z][a-z]|\?|!|[a-z]\(|\([a-z]\)|\d\.\s[A-Z]|[a-z]{3,}\. [A-Z]|^\W*\d|"
    r"\b[a-zA-Z] [a-zA-Z] [a-zA-Z]\b|;.*;|--|\bdef\b|\(\)|"
    r"\.(?:py|exe|txt|com|org|fr)\b|[A-Z]{3,} [A-Z]{3,} [A-Z]{3,}|\u00a0?[:;]$|\b[ivx]+\)"
)
_REFERENCE = re.compile(
    r"\bet al\b|\b(?:pp?|vol)\. ?\d|\bISBN\b|\bdoi\b|\(\d{4}\)\.|\b(?:Figure|Fig|Table|Tableau|Exercice|Exercise|"
    r"Question|"
    r"Source|Copyright|Université|University of)\b.{0,3}\d|^\W*(?:Figure|Fig|Table|Tableau|Source|Copyright|"
    r"Exercice)\b|©"
)
_SYMBOL = re.compile(r"(?<![\w’'.-])(?!(?:[aàyôAÀIÉYO])(?![\w’']))[^\W\d_](?![\w’'.-])")
_QUOTES = re.compile(r"[“”\"]|[«»]")
DEFINITE = re.compile(r"^(?:(?:The|Le|La|Les) |L[’'])")
_IMPERSONAL = re.compile(
    r"\b[Ii]l (?:(?:est|était) \w+ (?:de |d[’']|que |qu[’'])|n[’']y a|faut|existe|y a|suffit|s[’']agit|"
    r"convient)\b|\bit is (?:possible|necessary|known)\b"
)
_THEN = re.compile(
    r"\b(?:at (?:the|that) (?:same )?time|same (?:time|year|period)|later|in turn|même (?:moment|époque|année)|"
    r"^(?:une? autre|l[’']autre|d[’']autres|another)|à (?:l[’']|cette )époque|plus tard|entre-?temps|meanwhile|"
    r"in the meantime|par la suite|alors|"
    r"auparavant)\b|\b(?-i:[A-Z])\.$",
    re.IGNORECASE,
)
_PRONOUNS: dict[Language, frozenset[str]] = {
    "en": frozenset(["he", "she", "it", "they", "its", "their", "his", "her"]),
    "fr": frozenset(["il", "ils", "elle", "elles", "son", "sa", "ses", "leur", "leurs"]),
}
# "a vertex … this vertex": what is pointed at stands in the sentence.
_REPEATED = re.compile(r"(\b(\w{4,})\b.*) (?:ce|cet|cette|ces|this|these|that|such) \2s?\b")
_NARRATED = re.compile(
    r"^(?:Par exemple|For (?:example|instance)|A priori|De façon imagée|Imagine)\b|"
    r"^(?:Le|La|Les) (?:plus|moins|second|autre)|"
    r"^The (?:latter|former|other|second|third|same)\b|"
    r"^[A-Z]\w+ons\b|^On (?:obtient|suppose|a |considère|note|va|peut (?:voir|remarquer|montrer)|voit|retrouve|"
    r"vient|cherche|veut|dresse|"
    r"remarque|en |compare|fait|pose|prend|lit|montre|commence|rencontre|se|s[’']|ne|n[’']|aurait|pourrait|"
    r"conclut|sait|"
    r"souhaite|voulait|trouve|rappelle|y )"
)
_NOTED = re.compile(
    r",? (?:souvent |généralement |parfois |often |usually )?(?:notée?s?|noted|denoted)(?: by)? [^\s,;.]{1,8}"
    r"(?: (?:ou|or|et|and)(?: parfois| sometimes)? [^\s,;.]{1,4})?(?:,|(?= (?:est|sont|is|are|indi)))"
)
# Words that tie a sentence to the one before and say nothing of themselves.
_ADDING = re.compile(
    r"(?<!but)(?<!mais) (?:également|cependant|toutefois|par contre|quant à (?:lui|elle)|also|however,?)"
    r"(?= (?!known|called|connue?|appelée?))"
)
_BEFORE_NOUN = frozenset(
    [
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "de",
        "d",
        "au",
        "aux",
        "ce",
        "cet",
        "cette",
        "ces",
        "en",
        "par",
        "sans",
        "tres",
        "bien",
        "plus",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
        "the",
        "a",
        "an",
        "of",
        "by",
        "to",
        "in",
        "unto",
        "chaque",
        "entre",
        "pour",
        "avec",
    ]
)
_CITED = re.compile(r" ?\[(?:\d{1,3}(?:, ?\d{1,3})*|citation needed)\]|\[citation needed\]|(?<=\w)\[\d\]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as it can be shown alone: ``text`` without label, opening word or reference marks, on one line.

    ``topic`` is the heading or title that says what it is about, "" where the sentence says so itself. A ``gloss`` is
    no sentence but an entry of a list, "term: meaning".
    """

    sentence: Sentence
    text: str
    topic: str = ""
    gloss: bool = False

    @property
    def language(self) -> Language:
        """Return the language of its document."""
        return self.sentence.language


def keypoints(section: Section, pool: "Pool") -> list[Sentence]:
    """Return the sentences of a section that stand alone, best first: about central terms, defining, with a value."""
    found = [
        (pool.weight(statement), statement.sentence) for s in section.sentences if (statement := pool.statement(s))
    ]
    return [
        sentence for _, sentence in sorted(found, key=lambda entry: (-entry[0], entry[1].page_index, entry[1].start))
    ]


@lru_cache(maxsize=20_000)
def plain(text: str, language: Language) -> str:
    """Return a sentence's own statement, or "" when it is no prose that stands alone."""
    text = _NOTED.sub("", _CITED.sub("", " ".join(text.split())))
    label = _LABEL.match(text)
    if label and len(text) - label.end() > SHORTEST // 2 and (text[label.end()].isupper() or _repeats(text, label)):
        text = text[label.end()].upper() + text[label.end() + 1 :]
    text = _ADDING.sub("", text)
    while opening := OPENINGS[language].match(text):
        rest = text[opening.end() :]
        text = rest[:1].upper() + rest[1:]
    return text if _is_prose(text, language) and _stands_alone(text, language) else ""


def _repeats(text: str, label: re.Match[str]) -> bool:
    """Tell whether the sentence behind a label begins with it: "Cycle: a cycle is …"."""
    begins = content_words(text[label.end() :])[:4]
    return set(content_words(label["label"])) <= set(begins)


def _is_prose(text: str, language: Language) -> bool:
    """Tell a whole plain sentence from a heading, a formula, an item, a caption, a reference or code."""
    count = len(text.split())
    if not (SHORTEST <= len(text) <= LONGEST and MIN_WORDS <= count <= MAX_WORDS):
        return False
    if not text[0].isupper() or not text.endswith(".") or text.endswith(("..", " .")) or text.isupper():
        return False
    if ODD.search(text) or _REFERENCE.search(text) or _SYMBOL.search(_initials(text)):
        return False
    balanced = text.count("(") == text.count(")") and text.count("«") == text.count("»") and text.count('"') % 2 == 0
    letters = sum(c.isalpha() or c in " ,.'’-" for c in text) / len(text)
    return balanced and letters > 0.88 and _has_main_verb(text, language) and _is_language(text, language)


def _initials(text: str) -> str:
    return re.sub(r"\b[A-Z]\. ?(?=[A-Z])|\bvitamin[e]? [A-Z]\b|\bl[’']|\b[Aa] ", "", text)


def _has_main_verb(text: str, language: Language) -> bool:
    """Tell whether there are more finite verbs than clauses that hang on another."""
    tokens = _marked(text)
    verbs = [at for at in range(len(tokens)) if _is_verb(tokens, at, language)]
    hanging = [at for at, word in enumerate(tokens) if at and word in SUBORDINATORS[language]]
    return bool(verbs) and (not hanging or verbs[0] < hanging[0] or len(verbs) > len(hanging))


def _marked(text: str) -> tuple[str, ...]:
    """Return the folded words, "à" and "où" kept apart from "a" and "ou"."""
    return words(re.sub(r"\b[oO]ù\b", "wherein", re.sub(r"\b[àÀ]\b", "unto", text)))


def _is_verb(tokens: Sequence[str], at: int, language: Language) -> bool:
    """Tell a finite verb from a noun of the same form, which follows an article or a preposition."""
    if at and tokens[at - 1] in _BEFORE_NOUN:
        return False
    word = tokens[at]
    plural = language == "fr" and at and len(word) > 4 and word.endswith("ent") and not word.endswith("ment")
    return is_finite(word, language) or bool(plural and tokens[at - 1][-1] in "sxe")


def _first_verb(text: str, language: Language) -> int:
    tokens = _marked(text)
    return next((at for at in range(1, len(tokens)) if _is_verb(tokens, at, language)), len(tokens))


def _is_language(text: str, language: Language) -> bool:
    """Tell whether it has the function words of prose: a list of names has none."""
    tokens = words(text)
    return sum(word in FUNCTION_WORDS for word in tokens) >= 0.2 * len(tokens)


def _stands_alone(text: str, language: Language) -> bool:
    """Tell whether no word of a sentence points at another sentence, a figure, the author or the reader."""
    tokens = words(_REPEATED.sub(r"\1 \2", ALLOWED.sub(" ", text)))
    first = fold(re.split(r"[\s’'-]", text)[0].strip(',.«“("'))
    if first in pointing(language) or not tokens or pointers(language).intersection(tokens[:200]):
        return False
    if _NARRATED.match(text) or _THEN.search(text):
        return False
    # A pronoun before the first verb has its noun in another sentence.
    personal = _IMPERSONAL.sub(" ", text)
    return not _PRONOUNS[language].intersection(words(personal)[: _first_verb(personal, language)])


def points_back(text: str, before: str, title: str, language: Language) -> bool:
    """Tell whether a sentence starts with "the" thing that the text before it has named, or that nothing names.

    "The network was built" after "MERIT is a network" points back; "The packets are …" under "Packet switching" does
    not, nor does a subject with a complement or a name.
    """
    definite = bool(DEFINITE.match(text))
    verb = _first_verb(text, language)
    subject = words(text)[definite:verb]
    named = any(part[0].isupper() for part in re.split(r"[ ’'-]", text)[1:verb] if part)
    if named or {"of", "de", "d", "du", "des", "that", "which", "qui", "que", "dont", "for", "between"} & set(subject):
        return False
    said = {root(word) for word in subject if word not in FUNCTION_WORDS}
    if said & {root(word) for word in content_words(title)}:
        return False
    general = {root(word) for word in subject if word in GENERAL}
    return said <= general or (definite and bool(said & {root(word) for word in content_words(before)}))


def is_phrase(text: str, language: Language, shortest: int = 3) -> bool:
    """Tell a plain group of words without a sentence's verb, formula or reference: the meaning in a list of terms."""
    count = len(text.split())
    plain_text = not (ODD.search(text) or _REFERENCE.search(text) or _SYMBOL.search(_initials(text)))
    letters = sum(c.isalpha() or c in " ,.'’-()" for c in text) / max(len(text), 1)
    pointed = pointers(language).intersection(words(ALLOWED.sub(" ", text)))
    balanced = text.count("(") == text.count(")")
    return (
        shortest <= count <= 30
        and plain_text
        and letters > 0.9
        and balanced
        and not pointed
        and not _has_main_verb(text, language)
    )
