"""French pronouns that stand for something said before, replaced by it."""

import re
from collections.abc import Sequence

from rag.dialogue.articles import elided, with_preposition
from rag.dialogue.mentions import Gender, Mention
from rag.dialogue.words import names_in, noun_phrases, question_word

_CLITICS = r"(?:(?:ne|se|le|la|les|lui|leur|y|en) |[nsl]['’])*"
_INVERTED = re.compile(
    rf"(?P<clitics>{_CLITICS})(?P<verb>[\w'’]+)-(?:t-)?(?P<pronoun>il|elle|ils|elles)\b(?P<rest>.*)$", re.IGNORECASE
)
_IMPERSONAL = re.compile(
    r"\b(?:y (?:a|avait|aura)|faut|fallait|faudrait|existe|existait|agit|agissait|suffit|convient|arrive|pleut|passe|"
    r"reste|semble)-(?:t-)?il\b|\b(?:peut|doit|pourrait)-il (?:y|exister)\b|"
    r"\best-il (?:\w+ )?(?:possible|nécessaire|vrai|important|utile|préférable|question|difficile|facile|interdit)\b|"
    r"\bil (?:y|faut|fallait|existe|existait|s['’]agit|suffit|pleut|semble|est (?:\w+ )?(?:possible|nécessaire|vrai|"
    r"important|utile|difficile|facile))\b",
    re.IGNORECASE,
)
_BEFORE_VERB = re.compile(r"(?P<que>\bqu['’])?\b(?<!-)(?<!t-)(?P<pronoun>ils?|elles?)\b(?!-)(?= \w| ?$)", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?P<word>avec|pour|de|par|chez|selon|d['’]après|à|contre|sur|sans|après|avant|d['’])(?: |(?<=['’]))"
    r"(?P<pronoun>lui|elle|eux|elles|cela|ça|ce dernier|cette dernière|celui-ci|celle-ci)\b",
    re.IGNORECASE,
)
_OWNER = re.compile(r"\b(?P<owner>son|sa|ses|leurs?) (?P<noun>[\w-]+)(?P<more>(?: [\w-]+){0,2}$)?", re.IGNORECASE)
_NO_NOUN = re.compile(r"(?:a|ont|est|sont|avait|avaient|donne|permet|permettent|ai|as|faut|arrive|manque)$")
_OBJECT = re.compile(
    r"^(?P<before>(?:qui|quand|où|comment|pourquoi|quel(?:le)?s? \w+|qu['’]est-ce qui)"
    r"(?: est-ce (?:qui|que|qu['’]))? ?(?:on )?)"
    r"(?:(?P<elided>l)['’]|(?P<word>le|la|les) )(?P<aux>a|ont|avait|avaient|aura|auront|eut)(?:-t-on)?"
    r"(?P<adverb>(?: (?:jamais|déjà|aussi|bien|vraiment))*) (?P<participle>\w+)",
    re.IGNORECASE,
)
_OBJECT_PRESENT = re.compile(
    r"^(?P<before>qui|comment on|pourquoi on|quand on|où on) (?:l['’]|(?P<word>le|la|les) )(?P<verb>\w+)"
    r"(?=$| (?:en|à|au|dans|pour|avec|par|aujourd))",
    re.IGNORECASE,
)
_OBJECT_INFINITIVE = re.compile(
    r"^(?P<before>comment|pourquoi|où|quand|faut-il|peut-on|comment peut-on|comment faire pour) "
    r"(?:l['’]|(?P<word>le|la|les) )(?P<verb>\w+(?:er|ir|oir|re))\b(?= |$)",
    re.IGNORECASE,
)
_OF_IT = re.compile(
    r"^(?P<before>qui|quel(?:le)?s?|combien|quand|où|pourquoi|comment) en (?P<verb>est|sont|était|fut|furent|a) ",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\b(?P<this>cela|ça|ceci|celui-ci|celle-ci|ceux-ci|celles-ci|ce dernier|cette dernière)\b(?! (?:va|fait que))",
    re.IGNORECASE,
)
_THIS_NOUN = re.compile(
    r"(?<![-\w])(?P<this>ce|cet|cette|ces) (?P<noun>(?!qui|que|qu|dont|dernier|sont|sera|fut|n)[a-zà-ÿ][\w-]+)\b",
    re.IGNORECASE,
)
_OWN_NOUNS_WORDS = """
document documents cours chapitre texte page pages article polycopié diapositive section fichier figure tableau cas
type genre sorte fois moment jour semaine mois année question heure temps manière façon derniers dernières point sujet
"""
_OWN_NOUNS = frozenset(_OWN_NOUNS_WORDS.split())
_ARTICLES = {"ce": "le", "cet": "le", "cette": "la", "ces": "les"}


def replaced(text: str, said: Sequence[Mention]) -> str:
    """Return a question with its unbound pronouns replaced; unchanged where none is, or nothing fits."""
    if not said:
        return text
    for rule in (_inversion, _subject, _stressed, _object, _of_it, _possessive, _demonstrative):
        made = rule(text, said)
        if made != text:
            return made
    return text


def _fitting(pronoun: str, said: Sequence[Mention]) -> Mention:
    """Return what a pronoun stands for: the likeliest that its gender and number do not contradict."""
    word = pronoun.lower()
    gender: Gender = "f" if word.startswith("elle") else "m" if word in ("il", "ils", "lui", "eux") else ""
    plural = word in ("ils", "elles", "eux", "leur", "leurs")
    agreeing = [m for m in said if not (gender and m.gender and gender != m.gender)]
    if plural:
        return next((m for m in agreeing if m.plural), (agreeing or [*said])[0])
    return next((m for m in agreeing if not m.plural), (agreeing or [*said])[0])


def _free(text: str, at: int) -> bool:
    """Tell whether nothing before a place of the question could be what a pronoun there stands for."""
    word, rest = question_word(text, "fr")
    start = len(text) - len(rest) if word else 0
    before = text[start:at]
    return not names_in(before) and not noun_phrases(before, "fr")


def _inversion(text: str, said: Sequence[Mention]) -> str:
    word, rest = question_word(text, "fr")
    found = _INVERTED.match(rest)
    if found is None or _IMPERSONAL.search(rest):
        return text
    name = _fitting(found["pronoun"], said).text
    verb, after = f"{found['clitics']}{found['verb']}", found["rest"]
    head = f"{word} " if word and not word.endswith(("'", "’")) else word
    if word.lower() in ("que", "qu'", "qu’"):
        done = re.match(r" (\w+)(.*)$", after) if re.fullmatch(r"(?:a|ont|avait|est|sont)", found["verb"]) else None
        return f"{head}{verb} {done.group(1)} {name}{done.group(2)}" if done else f"{head}{verb} {name}{after}"
    if (not after.strip() and " " not in word) or (word.lower() == "qui" and found["verb"] in ("est", "était", "sont")):
        return f"{head}{verb} {name}{after}"
    verb = verb if word else f"{verb[:1].lower()}{verb[1:]}"
    pronoun = rest[found.end("verb") : found.start("rest")]
    made = f"{head}{name} {verb}{pronoun}{after}"
    return _with_object(made, name, said)


def _with_object(text: str, name: str, said: Sequence[Mention]) -> str:
    """Replace "l'" in "X l'a-t-il publié" as well, where something else was spoken of."""
    found = re.search(r" l['’]((?:a|ont|avait)-(?:t-)?(?:ils?|elles?) \w+)", text)
    other = next((mention.text for mention in said if not mention.person and mention.text != name), "")
    return f"{text[: found.start()]} {found.group(1)} {other}{text[found.end() :]}" if found and other else text


def _subject(text: str, said: Sequence[Mention]) -> str:
    found = _BEFORE_VERB.search(text)
    before = text[: found.start()] if found else ""
    if found is None or _IMPERSONAL.search(text) or re.search(rf"(?:{_PREPOSITION_WORDS})$", before, re.IGNORECASE):
        return text
    if not _free(text, found.start()):
        return text
    name = _fitting(found["pronoun"], said).text
    lead = elided("que", name) if found["que"] else ""
    return f"{before}{lead}{name}{text[found.end() :]}"


_PREPOSITION_WORDS = r"\b(?:avec|pour|de|par|chez|selon|après|contre|sur|sans|avant|et|ou|que) |d['’]"


def _stressed(text: str, said: Sequence[Mention]) -> str:
    found = _PREPOSITION.search(text)
    if found is None or not _free(text, found.start()):
        return text
    word = found["word"].lower().replace("’", "'")
    name = _fitting(found["pronoun"], said).text
    lead = with_preposition({"d'": "de"}.get(word, word), name)
    return f"{text[: found.start()]}{lead}{text[found.end() :]}"


def _object(text: str, said: Sequence[Mention]) -> str:
    things = [mention for mention in said if not mention.person] or [*said]
    plural = "les" if re.search(r"\bles ", text) else "le"
    found = _OBJECT.match(text)
    if found and not names_in(found["before"]):
        name = _fitting("ils" if plural == "les" and found["word"] == "les" else "", things).text
        # Behind its verb the object does not agree with it any more: "l'a publiée", "a publié la norme".
        participle = re.sub(r"(?<=[éiust])es?$|(?<=é)s$", "", found["participle"])
        verb = f"{found['aux']}{found['adverb']} {participle}"
        return f"{found['before'].rstrip()} {verb} {name}{text[found.end() :]}"
    present = _OBJECT_PRESENT.match(text) or _OBJECT_INFINITIVE.match(text)
    if present is None:
        return text
    name = _fitting("ils" if present["word"] == "les" else "", things).text
    return f"{present['before']} {present['verb']} {name}{text[present.end() :]}"


def _of_it(text: str, said: Sequence[Mention]) -> str:
    found = _OF_IT.match(text)
    if found is None:
        return text
    name = with_preposition("de", _fitting("", said).text)
    return f"{found['before']} {found['verb']} {text[found.end() :]} {name}"


def _possessive(text: str, said: Sequence[Mention]) -> str:
    found = _OWNER.search(text)
    if found is None or _NO_NOUN.match(found["noun"]) or not _free(text, found.start()):
        return text
    if re.search(r"\b(?:le|la|un|du|ce|au) $", text[: found.start()], re.IGNORECASE):  # "le son" is a noun
        return text
    owner = found["owner"].lower()
    name = with_preposition("de", _fitting("leur" if owner.startswith("leur") else "", said).text)
    article = _article(owner, found["noun"], text[: found.start()])
    return f"{text[: found.start()]}{article}{found['noun']}{found['more'] or ''} {name}{text[found.end() :]}"


def _article(owner: str, noun: str, before: str) -> str:
    if owner in ("ses", "leurs"):
        return "les "
    feminine = owner == "sa" or (
        owner == "leur"
        and (re.search(r"\bquelle ", before, re.IGNORECASE) or re.search(r"(?:tion|té|ure|ence|ance|ée|ie)$", noun))
    )
    return elided("la" if feminine else "le", noun)


def possession(text: str, said: Sequence[Mention]) -> str:
    """Make a question of a noun and its owner alone: "sa capitale" → "quelle est la capitale de la France"."""
    found = re.fullmatch(
        r"(?P<owner>son|sa|ses|leurs?) (?P<noun>[\w-]+)(?P<more>(?: [\w-]+){0,2})", text, re.IGNORECASE
    )
    if found is None or not said:
        return ""
    owner = found["owner"].lower()
    article = _article(owner, found["noun"], "")
    asks = "quels sont" if article == "les " else "quelle est" if owner == "sa" or article == "la " else "quel est"
    name = with_preposition("de", _fitting("", said).text)
    return f"{asks} {article}{found['noun']}{found['more']} {name}"


def _demonstrative(text: str, said: Sequence[Mention]) -> str:
    found = _THIS.search(text)
    if found and _free(text, found.start()):
        return f"{text[: found.start()]}{_fitting('', said).text}{text[found.end() :]}"
    noun = _THIS_NOUN.search(text)
    if noun is None or noun["noun"].lower() in _OWN_NOUNS or not _free(text, noun.start()):
        return text
    word, rest = question_word(text, "fr")
    if names_in(text[len(text) - len(rest) if word else 0 :]):
        return text
    mention = _fitting("", [m for m in said if not m.person] or [*said])
    article = _ARTICLES[noun["this"].lower()]
    shown = (
        f"{elided(article, noun['noun'])}{noun['noun']} {mention.text}"
        if mention.named and " " not in mention.text
        else mention.text
    )
    return _contracted(text[: noun.start()], shown) + text[noun.end() :]


def _contracted(before: str, phrase: str) -> str:
    lead = re.search(r"\b(de|à) $", before)
    return f"{before[: lead.start()]}{with_preposition(lead.group(1), phrase)}" if lead else f"{before}{phrase}"
