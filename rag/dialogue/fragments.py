"""A follow-up that is a part of a sentence ("And in French?"): it takes the place of its like in the last question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.language import fold
from ingest.types import Language
from rag.dialogue.articles import preposition, with_preposition
from rag.dialogue.words import LEAD, VERB, Part, names_in, noun_phrases, plain, question_word

LONGEST = 7
_ARTICLE = re.compile(r"^(?:le |la |les |l['’]|une? |the |an? )", re.IGNORECASE)
_ABOUT: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:what|how) about |what of |same (?:question |thing )?for ", re.IGNORECASE),
    "fr": re.compile(r"(?:qu['’]en est-il|même (?:question|chose)) (?=d|p)|quid (?=d)", re.IGNORECASE),
}
_LAST_FILLER = re.compile(r",? (?:then|now|instead|too|as well|alors|aussi|maintenant|dans ce cas)$", re.IGNORECASE)
_PREPOSITION: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(in|at|on|for|by|from|to|with|of|during|since|until|before|after|under|about|without) ", re.I),
    "fr": re.compile(
        r"((?:en|dans|pour|par|sur|avec|depuis|avant|après|pendant|sous|chez|sans|contre|vers|"
        r"de la|du|des|de|à la|aux|au|à)(?= )|(?:de l|d|à l)['’]) ?",
        re.IGNORECASE,
    ),
}
_PLACES: Mapping[Language, frozenset[str]] = {
    "en": frozenset({"in", "at", "on"}),
    "fr": frozenset({"en", "au", "aux", "à", "à la", "à l'", "dans"}),
}
_LANGUAGES_WORDS = """
french english german spanish italian latin greek chinese japanese arabic russian francais anglais allemand espagnol
italien latin grec chinois japonais arabe russe
"""
_LANGUAGES = frozenset(_LANGUAGES_WORDS.split())
# Nouns that say something of another thing: after "What is the population of France?" they replace "the population".
_RELATIONAL_WORDS = """
capital capitale population area superficie size taille role date name nom author auteur price prix cost cout speed
vitesse currency monnaie language langue advantage advantages avantage avantages disadvantage disadvantages drawback
drawbacks inconvenient inconvenients limit limits limite limites purpose but objectif goal fonction function
definition example examples exemple exemples cause causes consequence consequences effet effets effect effects origin
origine difference differences duree duration length longueur height hauteur weight poids color colour couleur
inventor inventeur founder fondateur meaning sens formula formule unit unite value valeur
"""
RELATIONAL = frozenset(_RELATIONAL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a sentence: the preposition before it, if any, and the noun with its article."""

    lead: str
    phrase: str
    text: str

    @property
    def head(self) -> str:
        """Return the first word of the noun, folded, without its article."""
        words = fold(_ARTICLE.sub("", self.phrase)).split()
        return words[0] if words else ""

    @property
    def relational(self) -> bool:
        """Tell whether it names something of another thing, as "the population" does."""
        return bool({self.head, self.head.removesuffix("s")} & RELATIONAL)


def fragment(text: str, language: Language, joined: bool) -> Fragment | None:
    """Read a question without its "and" as a fragment, or None when it is more than that.

    Without an "and" before it (``joined``), only what begins with a preposition is one: a name alone asks for itself.
    """
    about = _ABOUT[language].match(text)
    rest = _LAST_FILLER.sub("", text[about.end() :] if about else text)
    rest = re.sub(r"^(?:celle|celui|ceux|celles) (?=d)|^th(?:at|ose) (?=of )", "", rest, flags=re.IGNORECASE)
    word, _ = question_word(rest, language)
    if not rest or word or VERB[language].search(rest) or len(rest.split()) > LONGEST:
        return None
    found = _PREPOSITION[language].match(rest)
    if not (about or joined or found) or (found and found.end() == len(rest)):
        return None
    lead = " ".join(found.group(1).lower().replace("’", "'").split()) if found else ""
    phrase = rest[found.end() :] if found else rest
    if lead in ("du", "au"):
        phrase = f"le {phrase}"
    elif lead in ("des", "aux"):
        phrase = f"les {phrase}"
    elif lead.endswith(("la", "l'")):
        phrase = f"{lead.split()[-1]}{' ' if lead.endswith('a') else ''}{phrase}"
    if lead in ("for", "pour", "of") or (about and language == "fr"):
        return Fragment("", phrase, phrase)
    return Fragment(lead, phrase, rest)


def swapped(part: Fragment, question: str, language: Language) -> str:
    """Put a fragment in the place of its like in a question; without one, add it at the end."""
    text = plain(question)
    word, rest = question_word(text, language)
    start = len(text) - len(rest) if word else 0
    if part.lead:
        return _beside(part, text, start, language)
    names = [name for name in names_in(text) if name.start >= start or not word]
    phrases = noun_phrases(text, language)
    if names_in(part.phrase) or part.phrase[:1].isdigit():
        place = _like(part, names) or _last(phrases)
        if place and part.phrase[:1].isupper() and any(_inside(place, phrase) for phrase in phrases):
            return f"{text[: place.start]}{part.phrase}{text[place.end :]}"  # "the CYCLADES network"
        if place and language == "fr" and any(_inside(place, phrase) for phrase in phrases):
            return f"{text[: place.start]}{_ARTICLE.sub('', part.phrase)}{text[place.end :]}"  # "la norme ASCII"
    elif part.relational and _possessed(phrases, text):
        place = _possessed(phrases, text)
    else:
        common = [phrase for phrase in phrases if not _holds(phrase, names)]
        place = _last(common)
        if place is None or (names and place == _possessed(phrases, text)):
            place = _last(names) or place
    return _put(part, text, place) if place else ""


def _beside(part: Fragment, text: str, start: int, language: Language) -> str:
    """Replace what stands behind the same preposition, or a place by a place; else add the fragment."""
    same = _PLACES[language] if part.lead in _PLACES[language] else frozenset({part.lead})
    if preposition(part.lead) == "de":
        same = frozenset({"de", "du", "des", "de la", "de l'", "d'"})
    behind = [found for found in (_behind(phrase, text, same) for phrase in noun_phrases(text, language)) if found]
    alike = "|".join(sorted((re.escape(word).replace("'", "['’]") for word in same), key=len, reverse=True))
    behind += [
        found.span()
        for found in re.finditer(
            rf"(?<![\w-])(?:{alike})(?: |(?<=['’]))(?:(?:the|le|la|les|an?|une?) )?[\w+#.-]+(?-i:(?: [A-Z\d][\w-]*)*)",
            text,
            re.IGNORECASE,
        )
        if found.start() >= start
    ]
    if behind:
        first, end = max(behind, key=lambda span: (span[0], span[1]))
        return f"{text[:first]}{part.text}{text[end:]}"
    names = [name for name in names_in(text) if name.start >= start]
    own = names_in(part.phrase) and fold(part.phrase) not in _LANGUAGES
    if own and len(names) == 1 and _acronym(names[0].text) == _acronym(part.phrase):
        return _put(part, text, names[0])
    return f"{text} {part.text}"


def _behind(phrase: Part, text: str, words: frozenset[str]) -> tuple[int, int] | None:
    """Return where a phrase stands with its preposition, if that is one of the words."""
    start = phrase.start - len(phrase.lead)
    if phrase.lead.lower().replace("’", "'").strip() in words:
        return start, phrase.end
    before = text[:start].rstrip().rpartition(" ")[2]
    return (start - len(before) - 1, phrase.end) if before.lower() in words else None


def _like(part: Fragment, names: Sequence[Part]) -> Part | None:
    """Return the name that looks most like the fragment, the first among equals."""
    short = [name for name in names if _acronym(name.text) == _acronym(part.phrase)]
    return next(iter(short or names), None)


def _acronym(text: str) -> bool:
    return sum(char.isupper() or char.isdigit() for char in text.split()[-1]) > 1


def _last(parts: Sequence[Part]) -> Part | None:
    return parts[-1] if parts else None


def _possessed(phrases: Sequence[Part], text: str) -> Part | None:
    """Return the first phrase that an "of" or "de" follows."""
    return next((p for p in phrases if re.match(r" (?:of|de|du|des) | d['’]", text[p.end :])), None)


def _inside(name: Part, phrase: Part) -> bool:
    """Tell whether a name is one word of a phrase with others."""
    return phrase.start <= name.start and name.end <= phrase.end and phrase.text != name.text


def _holds(phrase: Part, names: Sequence[Part]) -> bool:
    return any(phrase.start <= name.start and name.end <= phrase.end for name in names)


def _put(part: Fragment, text: str, place: Part) -> str:
    lead = LEAD.search(text[: place.start])
    start = lead.start() if lead else place.start
    word = preposition(lead.group()) if lead else ""
    phrase = part.phrase
    made = f"{text[:start]}{with_preposition(word, phrase)}{text[place.end :]}"
    return _agreeing(made, phrase)


def _agreeing(text: str, phrase: str) -> str:
    """Let "Quelle est" agree with the noun that follows it now."""
    found = re.match(r"(quel(?:le)?s?) (est|sont|était|étaient) ", text, re.IGNORECASE)
    if found is None or not text[found.end() :].startswith(phrase):
        return text
    forms = {"le": "quel est", "la": "quelle est", "les": "quels sont"}
    form = forms.get(phrase.split(" ")[0].lower(), found.group().strip())
    if found.group(2) in ("était", "étaient"):
        form = form.replace("est", "était").replace("sont", "étaient")
    return f"{form} {text[found.end() :]}"
