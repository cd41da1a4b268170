"""The words that open a question, name something, or stand for what was said before; French and English."""

import re
from dataclasses import dataclass

from ingest.language import fold
from ingest.types import Language
from rag.terms import FUNCTION_WORDS

CAPITAL = r"(?![LDQNJMTSC]['’])[A-ZÀ-ÖØ-ÝŒ][\w&+#]*(?:-\w+)*"
_OF = r"(?:(?:de|du|des|of|van|von) |d['’])"
NAME = re.compile(rf"\b(?:{CAPITAL}|[a-z]+-?\d[\w-]*)(?: {_OF}?{CAPITAL}| \d[\w.]*\b)*")
"""A name of one word or several, as "Marie Curie", "UTF-8", "Université de Paris", "Python 3"."""

# Words that open a question or an order; their capital makes no name.
_OPENING_WORDS = """
explain describe give tell name list define compare show summarise summarize say write state mention is are was were
do does did has have had can could will would should may might must shall please yes no according explique expliquez
decris decrivez donne donnez cite citez dis dites definis definissez compare comparez resume resumez montre peux
pouvez peut existe indique nomme oui non mais donc alors selon
"""
_OPENING = frozenset(_OPENING_WORDS.split())
_EN_AUX = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|may)"
AUXILIARY: dict[Language, re.Pattern[str]] = {
    "en": re.compile(rf"{_EN_AUX}\b", re.IGNORECASE),
    "fr": re.compile(r"(?:est|sont|était|étaient|fut|furent|sera|seront|a|ont|avait|avaient|eut|peut|doit)\b"),
}
_EN_NOUN = rf"(?!(?:{_EN_AUX}|about|happens?|happened|makes?|made|causes?|caused)\b)[\w-]+"
_EN_WH = (
    r"(?:(?:in|at|on|by|from|to|for|with|of|until|since|during|about|under) )?"
    rf"(?:(?:what|which) (?:kinds?|types?|sorts?) of [\w-]+|(?:what|which) {_EN_NOUN}"
    rf"|how (?:many|much) {_EN_NOUN}|how (?:many|much|long|old|far|often|big|large|fast|high|tall|deep|heavy|well)"
    r"|whose [\w-]+|when|where|why|how|whom|who|what|which)\b"
)
_FR_PREPOSITION = (
    r"(?:(?:en|à|dans|de|par|pour|sur|avec|depuis|jusqu['’](?:à|en)|sous|chez|contre|vers|à partir de) |d['’])"
)
_FR_NOUN = r"(?!(?:est|sont|était|étaient|fut|furent|sera|seront|a|ont)\b)[\w-]+"
_FR_OF = r"(?: (?:de |d['’])(?!(?:l|la|les|ce|cette|son|sa|quoi|qui)\b)[a-zà-ÿ-]+)?"
_FR_WH = (
    rf"jusqu['’]où\b|{_FR_PREPOSITION}?(?:quel(?:le)?s? {_FR_NOUN}{_FR_OF}|combien d(?:e |['’])[\w-]+|combien|quand|où"
    r"|pourquoi|comment|qui est-ce qui|qu['’]est-ce qui|qu['’]est-ce que|qui|quoi|que|quel(?:le)?s?|lesquel(?:le)?s"
    r"|lequel|laquelle)\b(?!['’-])|qu['’]est-ce qu['’]|qu['’]"
)
_WH: dict[Language, re.Pattern[str]] = {
    "en": re.compile(_EN_WH, re.IGNORECASE),
    "fr": re.compile(_FR_WH, re.IGNORECASE),
}
CONNECTIVE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\W*(?:and|but|so|or|ok|okay|also)\b[, ]*(?:then |also |so )?", re.IGNORECASE),
    "fr": re.compile(
        r"\W*(?:et|mais|ou|donc|alors|ok|sinon)(?![-\w])[, ]*(?:alors |donc |sinon |aussi )?", re.IGNORECASE
    ),
}
VERB: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"\b(?:{_EN_AUX}|be|been|mean|means|work|works|use|uses|make|makes|happen|happens|tell|explain|give|say)\b|n['’]t\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:est|sont|était|étaient|fut|furent|sera|seront|a|ont|avait|avaient|peut|peuvent|doit|doivent|fait|font|sert|"
        r"servent|veut|signifie|désigne|utilise|marche|fonctionne|explique|donne|dis|existe|faut)\b|-t-|\w-(?:il|elle|on)\b",
        re.IGNORECASE,
    ),
}
_DETERMINERS: dict[Language, str] = {
    "en": r"(?:the|a|an)",
    "fr": r"(?:le|la|les|un|une|du|des|au|aux)",
}
_PHRASE_END = re.compile(
    r"\b(?:[\w-]+-(?:t-)?(?:il|elle|ils|elles|on)|used|made|called|built|written|utilisée?s?|appelée?s?)\b|[?.!,;:«»()\"“”]"
)

_EN_PHRASE_END = re.compile(rf"\b[a-z]{{3,}}ed\b|{_PHRASE_END.pattern}")

# A thing that English names without an article: "What is packet switching?", "How does gradient descent work?".
_BARE = re.compile(
    r"\W*(?:what (?:is|are)|(?:how|why|when) (?:does|do|did)|what does) "
    r"(?P<subject>(?!(?:the|an?|it|they|this|that|these|his|her|its|their|you|we|one)\b)"
    r"[a-z][\w-]*(?: [a-z][\w-]*){0,2}?)"
    r"(?: (?:work|works|mean|happen|help|matter|differ|used|called|made|good|important|do|for|in|from|to|with|by|on)\b"
    r".*)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A name or a noun phrase ``text[start:end]`` of a question; ``lead`` is the article or preposition before it."""

    text: str
    start: int
    end: int
    lead: str = ""

    @property
    def full(self) -> str:
        """Return the phrase with its article, as a subject has it."""
        article = _ARTICLES.get(self.lead.lower().replace("’", "'").strip(), "")
        return f"{article}{self.text}"


_ARTICLES = {
    "du": "le ", "des": "les ", "de la": "la ", "de l'": "l'", "au": "le ", "aux": "les ", "à la": "la ", "à l'": "l'",
    "le": "le ", "la": "la ", "les": "les ", "l'": "l'", "un": "un ", "une": "une ", "d'un": "un ", "d'une": "une ",
    "the": "the ", "a": "a ", "an": "an ",
}  # fmt: skip
LEAD = re.compile(
    r"(?:\b(?:de la|à la|du|des|de|au|aux|à|le|la|les|un|une|en|the|a|an) |\b(?:de l|à l|l|d)['’]|\bd['’]une? )$",
    re.IGNORECASE,
)


def question_word(text: str, language: Language) -> tuple[str, str]:
    """Split a question into what asks ("In which year", "À quoi") and the rest; ("", text) where nothing asks."""
    stripped = text.lstrip(" «“\"'¿")
    found = _WH[language].match(stripped)
    return (found.group(), stripped[found.end() :].strip()) if found else ("", stripped)


def without_connective(text: str, language: Language) -> tuple[str, bool]:
    """Return a question without a first "and" or "et", and whether there was one."""
    found = CONNECTIVE[language].match(text)
    rest = text[found.end() :] if found else text
    return (rest, True) if found and rest.strip(" ?!.…\u00a0\u202f") else (text, False)


def plain(text: str) -> str:
    """Return a question without the marks at its end."""
    return " ".join(text.split()).rstrip(" ?!.…\u00a0\u202f")


def asked(text: str, language: Language) -> str:
    """Return words as a question: a capital, one space, the mark of the language."""
    line = plain(text)
    return f"{line[:1].upper()}{line[1:]}{' ?' if language == 'fr' else '?'}"


def names_in(text: str) -> list[Part]:
    """Return the names of a question or an answer, in order."""
    found: list[Part] = []
    for match in NAME.finditer(text):
        start, words = match.start(), match.group().split(" ")
        while words and _opens(words[0], text, start):
            start += len(words[0]) + 1
            words = words[1:]
        if words:
            found.append(_part(text, start, match.end()))
    return found


def _opens(word: str, text: str, start: int) -> bool:
    folded = fold(word)
    if folded in FUNCTION_WORDS:
        return not (len(word) > 1 and word.isupper())
    return not text[:start].strip(" «“\"'") and folded in _OPENING


# "commutation de paquets", "machine à vapeur", "apprentissage par renforcement": one thing, its second noun bare.
_COMPLEMENT = re.compile(r" (?:(?:de|à|par|sans) |d['’])(?P<noun>[^\W\d_A-ZÀ-ÖØ-Ý][\w-]+)")


def noun_phrases(text: str, language: Language) -> list[Part]:
    """Return the phrases of an article and at most three words, names or not, in order."""
    pattern = re.compile(rf"\b{_DETERMINERS[language]} |\b(?:[ld]|qu)['’](?:une? )?", re.IGNORECASE)
    found = [_part(text, *bare.span("subject"))] if language == "en" and (bare := _BARE.match(text)) else []
    for match in pattern.finditer(text):
        start = match.end()
        end = _phrase_end(text, start, language)
        if end > start:
            found.append(_part(text, start, end))
    return found


def _phrase_end(text: str, start: int, language: Language) -> int:
    stop = (_PHRASE_END if language == "fr" else _EN_PHRASE_END).search(text, start)
    limit = stop.start() if stop else len(text)
    end = start
    for count, word in enumerate(re.finditer(r"[\w-]+", text[start:limit])):
        folded = fold(word.group())
        if count == 3 or folded in FUNCTION_WORDS or AUXILIARY[language].fullmatch(word.group()):
            break
        if text[end + (count > 0) : start + word.start()].strip():
            break
        end = start + word.end()
    complement = _COMPLEMENT.match(text, end, limit) if language == "fr" and end > start else None
    return complement.end() if complement and fold(complement["noun"]) not in FUNCTION_WORDS else end


def _part(text: str, start: int, end: int) -> Part:
    lead = LEAD.search(text[:start])
    return Part(text[start:end], start, end, lead.group() if lead else "")
