"""Definitions and abbreviations that a sentence states: its term, and what it says that the term is."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from ingest.language import fold
from ingest.types import Language
from rag.study.keypoints import Statement, is_phrase
from rag.study.roots import root
from rag.study.wording import EMPTY_HEADINGS, is_finite, pointing
from rag.terms import FUNCTION_WORDS, content_words, words

MAX_MEANING_WORDS = 32
_SUBJECT = r"(?P<subject>[\w’'./+ -]{2,60}?)(?: ?\((?P<paren>[^()]{2,60})\))?"
_FORMS: dict[Language, tuple[re.Pattern[str], ...]] = {
    "en": (
        re.compile(
            rf"^(?:(?:The|An|A) )?(?:term |word )?[“\"]?{_SUBJECT}[”\"]?,? "
            r"(?P<verb>is|are|was|were|means|refers to|denotes|is defined as|are defined as|is called|consists of) "
            r"(?P<meaning>(?:an?|the|any|one of|how|when|what) .+)\.$"
        ),
    ),
    "fr": (
        re.compile(
            rf"^(?:(?:Le|La|Les|Un|Une|Du|Des) |L[’'])?(?:terme |mot )?(?:« ?)?{_SUBJECT}(?: ?»)?,? "
            r"(?P<verb>est|sont|était|étaient|fut|désigne|désignent|signifie|se définit comme|est définie? comme|"
            r"sont définie?s comme|consiste à|consiste en|correspond à|correspondent à|représente) "
            r"(?P<meaning>(?:(?:tout )?simplement |donc |alors |aussi )?(?:(?:une?|des|le|la|les|tout|toute)\b|l[’']|"
            r"[a-zé]+er\b|[a-z]+ir\b) ?.+)\.$"
        ),
        re.compile(
            r"^On (?:appelle|nomme) (?P<subject>[\w’' -]{3,50}?)(?: ?\((?P<paren>[^()]{2,60})\))? "
            r"(?P<meaning>(?:(?:une?|des|le|la|les|tout|toute)\b|l[’']) ?.+)\.$"
        ),
    ),
}
_GLOSS = re.compile(
    r"^(?P<subject>[^\W\d_][\w’'./+ -]{2,40}?)(?: ?\((?P<paren>[^()]{2,60})\))? ?[:–—] (?P<meaning>.+?)\.?$"
)
_THAT_IS = re.compile(r"^(?:c[’']est(?:-à-dire)?|ce sont|il s[’']agit de|it is|they are|i\.e\.,?) ", re.IGNORECASE)
_JOINING = frozenset("of a an un une de d du des la le l les en the and et par".split())  # noqa: SIM905
_VAGUE_WORDS = """
reason goal aim purpose idea result problem question answer case fact difference way advantage objectif but raison
idee probleme resultat reponse cas fait avantage consequence point interet solution choice choix objective
"""
_VAGUE = frozenset(_VAGUE_WORDS.split())
_SECOND = re.compile(r"\bbecame\b| (?:and|et|but|mais) (?:\w+ ){1,3}(?:is|was|are|were|est|sont|était|became)\b")
_SIMPLY = re.compile(r"^(?:tout simplement|simplement|simply|just|en fait|donc|alors|aussi|also) ")
_LABELS = frozenset(
    [
        "attention",
        "avantage",
        "avantages",
        "inconvenient",
        "inconvenients",
        "objectif",
        "but",
        "probleme",
        "principe",
        "methode",
        "auteur",
        "auteurs",
        "date",
        "etape",
        "step",
        "nb",
        "nota",
        "important",
        "reponse",
        "conseil",
        "astuce",
        "hypothese",
        "notation",
        "notations",
        "advantage",
        "advantages",
        "drawback",
        "goal",
        "aim",
        "problem",
        "idea",
        "author",
        "authors",
        "hint",
        "warning",
        "answer",
        "assumption",
        "setting",
        "settings",
        "version",
        "titre",
        "title",
        "mots",
        "keywords",
        "algorithm",
        "algorithme",
        "type",
        "types",
        "input",
        "output",
        "entree",
        "sortie",
        "donnees",
        "resultat",
        "result",
        "niveau",
        "duree",
    ]
)
_NOT_A_KIND = re.compile(
    r"^(?:the|an?|one of the|le|la|les|l[’']|une?|des)? ?(?:same|only|main|most|first|last|second|best|reason|"
    r"case|particular case|special case|cas particulier|goal|aim|"
    r"purpose|result|example|part of|number|fact|following|whole|latter|former|other|even|also|seul|seule|même|mêmes|"
    r"plus|moins|premier|première|élément|éléments|key|important|importante|major|component|signe|un des|une des|"
    r"dernier|dernière|cas|but|raison|résultat|exemple|fait|suivant|suivante|autre|"
    r"principal|principale|bon|bonne|peu|mieux|deuxième|second|seconde|des plus|besoin|possible|important)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:(?:the|an?|le|la|les|une?|des|du) |l[’'])", re.IGNORECASE)
_SHORT = re.compile(r"(?P<long>[^().;:]{6,90}) \((?P<short>[A-Z][A-Za-z0-9./-]{1,9})\)")
_LONG = re.compile(
    r"\b(?P<short>[A-Z][A-Z0-9-]{1,7}) ?\((?:en anglais |anglais |for |pour )?(?P<long>[A-ZÉa-z][^().;:,]{6,80})\)"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """``term`` without its article, as it is written within a sentence; ``meaning`` without its full stop.

    ``also`` are other spellings the sentence gives; ``verb`` is empty for the form "term: meaning".
    """

    statement: Statement
    term: str
    meaning: str
    verb: str = ""
    also: tuple[str, ...] = ()

    @property
    def plural(self) -> bool:
        """Tell whether it speaks of several."""
        return self.verb in ("are", "were", "sont", "étaient", "désignent", "correspondent à") or self.verb.startswith(
            "sont"
        )

    @property
    def past(self) -> bool:
        """Tell whether it speaks of what was."""
        return self.verb in ("was", "were", "était", "étaient", "fut")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """What a short form stands for, where a sentence gives both."""

    statement: Statement
    short: str
    long: str


def definition(statement: Statement, proper: Set[str]) -> Definition | None:
    """Return what a statement defines; None when it defines nothing that can be named alone.

    ``proper`` are the course's words with a capital of their own: other terms lose that of their sentence.
    """
    if statement.gloss:
        parts = gloss(statement.text, statement.language)
        return Definition(statement, _lowered(parts[0], statement.text, proper), parts[1]) if parts else None
    for match, subject, meaning in _defined(statement.text, statement.language):
        verb = match.groupdict().get("verb") or "est"
        return Definition(
            statement, _lowered(subject, statement.text, proper), meaning, verb, _also(match["paren"], subject)
        )
    return None


def defined_term(text: str, language: Language) -> str:
    """Return the term that a sentence defines, as it is written there without its article; "" when it defines none."""
    return next((subject for _, subject, _ in _defined(text, language)), "")


def _defined(text: str, language: Language) -> Iterator[tuple[re.Match[str], str, str]]:
    """Yield how a sentence defines something: the match of its form, the term, the meaning."""
    for form in _FORMS[language]:
        match = form.match(text)
        if match is None:
            continue
        subject, meaning = match["subject"].strip(" ,"), _SIMPLY.sub("", match["meaning"].strip())
        if _is_term(subject, language) and _is_meaning(meaning, subject, language):
            yield match, subject, meaning


def gloss(text: str, language: Language) -> tuple[str, str] | None:
    """Return the term and the meaning of an entry such as "Leaf: a node without children."."""
    match = _GLOSS.match(text)
    if match is None:
        return None
    subject, meaning = match["subject"].strip(), _THAT_IS.sub("", match["meaning"].strip(" ."))
    headed = subject[0].isupper() and words(subject)[0] not in EMPTY_HEADINGS | _LABELS
    if not headed or not _is_term(subject, language) or not is_phrase(meaning, language):
        return None
    verbal = any(is_finite(word, language) for word in words(subject))
    return (subject, meaning) if not verbal and _is_meaning(meaning, subject, language, 3) else None


def _is_term(subject: str, language: Language) -> bool:
    known = words(subject)
    plain = content_words(subject)
    if not known or known[0] in pointing(language) or known[0] in FUNCTION_WORDS or known[-1] in FUNCTION_WORDS:
        return False
    held = sum(word in FUNCTION_WORDS for word in known)
    if set(plain) <= _VAGUE:
        return False
    if len(known) > 1 and language == "fr" and known[0].endswith(("er", "ir", "oir")) and len(known[0]) > 5:
        return False
    if known[0].endswith(("ly", "ment")) or any(w in FUNCTION_WORDS and w not in _JOINING for w in known):
        return False
    return 1 <= len(plain) <= 4 and held <= 2 and len(subject) >= 3 and "," not in subject


def _is_meaning(meaning: str, subject: str, language: Language, shortest: int = 4) -> bool:
    """Tell whether a meaning is long enough, of a kind, and says the term by other words: its head at least."""
    plain = content_words(subject)
    head = plain[0] if language == "fr" else plain[-1]
    shared = {root(word) for word in content_words(meaning)} & {root(word) for word in plain}
    return (
        shortest <= len(meaning.split()) <= MAX_MEANING_WORDS
        and root(head) not in shared
        and len(shared) < len(set(plain))
        and not _NOT_A_KIND.match(meaning)
        and not _SECOND.search(meaning)
    )


def _lowered(subject: str, text: str, proper: Set[str]) -> str:
    """Return a term with the capital of the sentence's beginning taken off, if it is not its own."""
    first, _, rest = subject.partition(" ")
    titled = bool(rest) and all(word[0].isupper() for word in rest.split() if len(word) > 3)
    own = first in proper or not first[1:].islower()
    if not text.startswith(subject) or own or titled:
        return subject
    return subject[0].lower() + subject[1:]


def _also(paren: str | None, subject: str) -> tuple[str, ...]:
    if not paren:
        return ()
    other = re.sub(
        r"^(?:en anglais|anglais|ou|or|also called|also known as|aussi appelée?|noté|noted) ?:? ?", "", paren
    )
    return (other,) if 1 <= len(other.split()) <= 5 and fold(other) != fold(subject) else ()


def abbreviations(statement: Statement) -> list[Abbreviation]:
    """Return the short forms that a statement explains, told by their initials."""
    found = []
    for match in _SHORT.finditer(statement.text):
        if long := _spelled(match["long"], match["short"]):
            found.append(Abbreviation(statement, match["short"], long))
    for match in _LONG.finditer(statement.text):
        if _initials(match["long"]).endswith(match["short"].lower()) and len(match["short"]) > 2:
            found.append(Abbreviation(statement, match["short"], match["long"].strip()))
    return found


def _spelled(before: str, short: str) -> str:
    """Return the last words of ``before`` whose initials are the letters of ``short``."""
    letters = "".join(c for c in short.lower().rstrip("s") if c.isalnum())
    starts = [match.start() for match in re.finditer(r"(?<![\w’'/-])[\w’'/-]", before)]
    for start in reversed(starts):
        tail = before[start:]
        if len(letters) >= 2 and _initials(tail) == letters and words(tail)[0] not in FUNCTION_WORDS:
            return tail.strip()
    return ""


def _initials(text: str) -> str:
    parts = [part for part in re.split(r"[\s’'/-]+", fold(text)) if part and part not in FUNCTION_WORDS]
    return "".join(part[0] for part in parts)


def bare(text: str) -> str:
    """Return a text without its leading article."""
    return _ARTICLE.sub("", text)
