"""Definitions in the text: sentences of a few certain forms that say what a term means, French and English."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.language import fold
from ingest.types import Language
from rag.study.aids.lesson import Statement, read
from rag.study.aids.word_lists import NO_TERMS
from rag.study.material import Material
from rag.study.types import Point
from rag.terms import FUNCTION_WORDS, content_words, stem, words

MAX_TERM_WORDS = 5
MIN_MEANING_WORDS = 3

_TERM = r"[«“]?\s?[\w’'./+-]+(?: [\w’'./+-]+){0,6}?(?: ?\([^()]{2,80}\))?\s?[»”]?"
_QUALIFIED = r"(?:, [^,]{3,60},)?"
_EN_IS = r"(?:is|are|was|were)(?: \w+ly)?"
_FR_IS = r"(?:est|sont|était|étaient|fut|furent)(?: \w+ment| aussi| donc)?"
_KIND_EN = (
    r"(?:an?|any|one of (?:the|a)|the (?:process|set|study|science|name|term|part|branch|ability|number|rate|amount|"
    r"ratio|point|state|practice|art|act|sum|difference|smallest|largest|first|capital|collection|measure|method|"
    r"technique|use|region|period|condition|theory|most \w+ \w+|\w+est (?!is|in|of|to)\w+|average|quantity|"
    r"value|product|result|"
    r"movement|transfer|change|loss|production|formation|mechanism|principle|property|distance|time|length|area|"
    r"volume|mass|force|energy|body|branch|field|application|language|protocol|standard|\w+ion|\w+ment))\b"
)
_KIND_FR = (
    r"(?:une?|des|l['’](?:ensemble|[ée]tude|art|action|op[ée]ration|unit[ée]|[ée]cart|[ée]nergie|organe|intervalle|"
    r"inverse|aptitude|acte|[\w]+tion|[\w]+ment|[\w]+age)|l[ae] (?:science|processus|passage|nom|"
    r"plus \w+ (?!avec|en|de|dans)\w+|partie|branche|"
    r"capacit[ée]|nombre|rapport|quantit[ée]|mesure|somme|diff[ée]rence|forme|premi[èe]re?|capitale|m[ée]thode|fait|"
    r"degr[ée]|vitesse|dur[ée]e|distance|propri[ée]t[ée]|th[ée]orie|ph[ée]nom[èe]ne|moyenne|produit|r[ée]sultat|"
    r"mouvement|"
    r"technique|principe|force|masse|surface|point|lieu|moment|période|[\w]+tion|[\w]+ment|[\w]+age|[\w]+ième|"
    r"[\w]+té)|"
    r"les (?:premiers|premières)\w*)\b"
)
_FORMS: dict[Language, tuple[re.Pattern[str], ...]] = {
    "en": (
        re.compile(rf"^(?P<term>(?:(?:The|An?) )?{_TERM}){_QUALIFIED} {_EN_IS} (?P<meaning>{_KIND_EN} .+)$"),
        re.compile(
            rf"^(?P<term>(?:(?:The|An?) )?(?:term |word |name )?{_TERM}){_QUALIFIED} (?:refers? to|denotes?|"
            r"stands? for|designates?|is (?:defined|understood) as|means|describes|indicates (?=how|the|at|"
            r"whether)) ?(?P<meaning>.+)$"
        ),
        re.compile(
            rf"^(?:We call|One calls|By|The (?:term|word)) (?P<term>{_TERM}),? (?:we mean|is meant|means|refers to) "
            r"(?P<meaning>.+)$"
        ),
        re.compile(
            rf"^(?P<meaning>(?:An?|The|Any) .{{12,}}) (?:is|are) (?:called|known as|termed|named|referred to as) "
            rf"(?:an? |the )?(?P<term>{_TERM})\.$"
        ),
    ),
    "fr": (
        re.compile(
            rf"^(?P<term>(?:(?:Le|La|Les|Une?|Des) |"
            rf"L['’])?{_TERM}){_QUALIFIED} {_FR_IS} (?P<meaning>{_KIND_FR}[ '’].+)$"
        ),
        re.compile(
            rf"^(?P<term>(?:(?:Le|La|Les|Une?|Des) |L['’])?(?:terme |mot |nom )?{_TERM}){_QUALIFIED} (?:désigne(?:nt)?|"
            r"signifie(?:nt)?|consiste(?:nt)? (?:à|en)|se définit comme|est définie? comme|renvoie à|(?:indique|"
            r"mesure)(?:nt)? (?=si |comment |à quel|la (?:vitesse|quantité|proportion)|le (?:nombre|degré|taux)))"
            r" ?(?P<meaning>.+)$"
        ),
        re.compile(
            rf"^On (?:appelle|nomme|désigne par|entend par|définit) (?:(?:le |la |les |une? )|l['’])?"
            rf"(?P<term>[«“]? ?{_TERM} ?[»”]?),? (?P<meaning>(?:une?|le|la|les|des|l['’]|toute?|tout|ce|comme)\b.+)$"
        ),
        re.compile(
            rf"^(?P<meaning>(?:Le|La|Les|Une?|L['’]).{{12,}}) (?:s['’]appelle(?:nt)?|(?:est|sont) (?:appelée?s?|"
            rf"nommée?s?|"
            rf"dénommée?s?)|porte le nom (?:de |d['’])) ?(?:le |la |les |une? |l['’])?(?P<term>{_TERM})\.$"
        ),
        re.compile(rf"^(?P<term>(?:(?:Le|La|Les|Une?) |L['’])?{_TERM}), c['’]est-à-dire (?P<meaning>.{{20,}})$"),
    ),
}
_ADJECTIVE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"^An? (?P<noun>[\w -]{3,30}?) is (?:said to be|called) (?P<adjective>[a-z-]{4,24}) (?:if|"
        r"when) (?P<meaning>.+)$"
    ),
    "fr": re.compile(
        r"^(?:On dit qu['’])?[Uu]ne? (?P<noun>[\w -]{3,30}?) est (?:dite?|appelée?)? ?(?P<adjective>[\w-]{4,24}) "
        r"(?:si|lorsqu['’]?e?|quand) (?P<meaning>.+)$"
    ),
}
_GLOSS = re.compile(r"^(?P<term>[A-ZÀ-ÖØ-Ýa-zà-öø-ÿ][\w’' ()/-]{2,48}?)\s?(?:[:–—]|--)\s(?P<meaning>[^:]+)$")
_GLOSS_KIND: dict[Language, re.Pattern[str]] = {
    "en": re.compile(rf"^{_KIND_EN}", re.IGNORECASE),
    "fr": re.compile(rf"^{_KIND_FR}|^(?:ensemble|processus|action|étude|science|personne|ce qui)\b", re.IGNORECASE),
}
_ARTICLE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"^(?:the|an?|any|term|word|name) ", re.IGNORECASE),
    "fr": re.compile(r"^(?:(?:les?|la|une?|des|terme|mot|nom|de|du) |(?:l|d)['’])", re.IGNORECASE),
}
_ACRONYM = re.compile(r"[A-Z][\w-]{1,9}$")
_QUOTES = " «»“”\"'\u00a0\u202f,"
_NO_TERM: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:is|are|was|were|has|have|had|can|may|must|does|do|will|if|when|where|which|who|that|there|for|"
        r"after|before|"
        r"from|with|during|since|used|not|\w+ed (?:in|by|to|at))\b|['’]s \w+ \w+"
    ),
    "fr": re.compile(
        r"\b(?:est|sont|etait|a|ont|avait|peut|doit|fait|si|quand|qui|que|dont|ou|lorsque|ne|pas|il|elle|on|"
        r"pour|apres|"
        r"avant|avec|pendant|depuis|pres|comprend|comprennent|permet|contient|utilise|utilises?|dans|sur)\b"
    ),
}
_INFINITIVE = re.compile(r"\w{2,}(?:er|ir|oir|dre|tre|ant)\b")
_JUDGED = re.compile(
    r"^(?:\S+ ){0,5}(?:important|importante?s?|essentiel\w*|essential|key|major|competent|problem|probleme|"
    r"problems|challenge|"
    r"guess|compromise|compromis|preoccupation|issue|enjeu|succes|success|time|fois|result of|resultat d\S*|"
    r"good|better|"
    r"best|meilleure?s?|bonne?s?|bon|mauvais\w*|bad|pity|matter)\b"
)


def definitions(material: Material) -> list[Point]:
    """Return what the sources define, in reading order: ``note`` the term, ``text`` the sentence that defines it.

    The first definition of a term counts. Raises RagError STUDY_NO_TEXT.
    """
    return [point for point, _ in defined(read(material).all())]


def defined(statements: list[Statement]) -> Iterator[tuple[Point, Statement]]:
    """Yield a point for each statement that defines a term not defined before, with the statement."""
    seen: set[tuple[str, ...]] = set()
    for statement in statements:
        text = statement.text
        # A line of a glossary leans on nothing, though its label looks like a link.
        firm = statement.standing == 2 or _GLOSS.match(text)
        term = defined_term(text, statement.sentence.language) if firm else ""
        key = base(term)
        if key and key not in seen:
            seen.add(key)
            sentence = statement.sentence
            yield Point(statement.text, (sentence.cite(),), term), replace(statement)


def defined_term(text: str, language: Language) -> str:
    """Return the term that a sentence defines, "" when it defines none that is certain."""
    for form in _FORMS[language]:
        if (match := form.match(text)) and (term := _term(match["term"], match["meaning"], language)):
            return term
    if match := _ADJECTIVE[language].match(text):
        noun, adjective = match["noun"].strip(), match["adjective"]
        return _term(f"{adjective} {noun}" if language == "en" else f"{noun} {adjective}", match["meaning"], language)
    match = _GLOSS.match(text)
    if match and _GLOSS_KIND[language].match(match["meaning"]):
        return _term(match["term"], match["meaning"], language)
    return ""


def _term(raw: str, meaning: str, language: Language) -> str:
    """Return the bare term, "" when it is a pointer, too long, too general, judged only, or explained by itself."""
    term = raw.strip(_QUOTES)
    bare = True
    while article := _ARTICLE[language].match(term):
        term, bare = term[article.end() :].strip(_QUOTES), False
    name, _, aside = term.partition("(")
    name = re.sub(r"\s*/[^/]+/\s*$", "", name).strip(_QUOTES)
    tokens = words(name)
    plain = [word for word in tokens if word not in FUNCTION_WORDS and len(word) > 1]
    folded = fold(name)
    if not plain or len(tokens) > MAX_TERM_WORDS + 2 or len(plain) > MAX_TERM_WORDS - 1:
        return ""
    if tokens[0] in FUNCTION_WORDS or tokens[-1] in FUNCTION_WORDS or plain[0] in NO_TERMS or tokens[0].isdigit():
        return ""
    if _NO_TERM[language].search(folded) or (language == "fr" and bare and _INFINITIVE.match(folded)):
        return ""
    meant = content_words(meaning)
    if len(words(meaning)) < MIN_MEANING_WORDS or _JUDGED.match(fold(meaning)):
        return ""
    if {stem(word) for word in plain} <= {stem(word) for word in meant[: len(plain)]}:
        return ""
    short = aside.rstrip(") ")
    return _cased(f"{name} ({short})" if _ACRONYM.match(short) else name)


def _cased(term: str) -> str:
    """Write a term as a heading of its own: its first letter in upper case."""
    return term if any(char.isupper() for char in term[1:2]) else term[0].upper() + term[1:]


def base(term: str) -> tuple[str, ...]:
    """Return the folded content words of a term, all as in the singular."""
    return tuple(word.rstrip("sx") if len(word) > 3 else word for word in content_words(term))
