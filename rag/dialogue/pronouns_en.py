"""English pronouns that stand for something said before, replaced by it."""

import re
from collections.abc import Callable, Sequence

from rag.dialogue.mentions import Mention
from rag.dialogue.words import names_in, noun_phrases, question_word

_PRONOUN = re.compile(
    r"\b(?P<contracted>he|she|it|they|that)(?P<short>['’](?:s|re))\b"
    r"|\b(?P<owner>his|its|their|her)\b"
    r"(?= (?!(?:to|in|at|for|from|on|by|with|of|as|and|or|when|while|before|after)\b)\w)"
    r"|\b(?P<person>he|she|him|her)\b|\b(?P<thing>it)\b|\b(?P<many>they|them)\b|\bthe (?P<one>latter|former)\b",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"\b(?P<that>this|that|these|those)\b(?=$| (?:still|really|also|always|now|"
    r"mean|work|happen|help|matter|differ|called|used|important|useful|"
    r"possible|so|done|made|for|in|not)\b)",
    re.IGNORECASE,
)
_THIS_NOUN = re.compile(
    r"\b(?:this|that|these|those) "
    r"(?P<noun>(?!still|really|also|always|now|then|not|just)[a-z][\w-]+)\b(?! (?:is|are|was|were) )",
    re.IGNORECASE,
)
# The sources themselves, or what the question goes on to say.
_OWN_NOUNS_WORDS = """
document documents course chapter text page pages paper article lecture slide slides section file figure table case
time way kind type sort question year day week month morning reason
"""
_OWN_NOUNS = frozenset(_OWN_NOUNS_WORDS.split())
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be|are|does|did|will|would|makes?|made|find|finds) it (?:\w+ )?(?:\w+ )?"
    r"(?:to|that|if|when|for \w+ to|who)\b|"
    r"\bit (?:is|was|takes?|took|rains?|snows?|seems?|turns out|depends)\b|"
    r"\btakes? it\b|\b(?:does|did|will|would) it take\b|"
    r"\bit(?:['’]s| is| was) (?:\w+ )?(?:possible|necessary|important|true|useful|better|hard|easy|difficult)\b|"
    r"\bwhat time is it\b|\bis it (?:possible|true|necessary)\b|\bif it\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:author|scientist|student|teacher|person|man|woman|user|programmer|professor|king|queen|president|engineer|"
    r"inventor|researcher|people|someone|anyone|everyone)s?\b",
    re.IGNORECASE,
)


def replaced(text: str, said: Sequence[Mention]) -> str:
    """Return a question with its unbound pronouns replaced; unchanged where none is, or nothing fits."""
    done: set[str] = set()

    def put(found: re.Match[str]) -> str:
        kind = _kind(found)
        if kind in done or _bound(text, found.start(), kind) or (kind == "thing" and _is_expletive(text, found)):
            return found.group()
        mention = _antecedent(kind, said)
        if mention is None:
            return found.group()
        done.add(kind)
        return _form(found, mention.text)

    made = _PRONOUN.sub(put, text)
    return made if made != text else _demonstrated(text, said)


def _kind(found: re.Match[str]) -> str:
    word = found.group().lower()
    if re.match(r"(?:he|she|him|his|her)\b", word):
        return "person"
    return "many" if re.match(r"the(?:y|m|ir)\b", word) else "thing"


def _antecedent(kind: str, said: Sequence[Mention]) -> Mention | None:
    tests: dict[str, Sequence[Callable[[Mention], bool]]] = {
        "person": (lambda m: m.person, lambda m: m.named),
        "thing": (lambda m: not m.person and not m.plural, lambda m: not m.person),
        "many": (lambda m: m.plural, lambda m: not m.person, lambda m: True),
    }
    return next((mention for test in tests[kind] for mention in said if test(mention)), None)


def _form(found: re.Match[str], name: str) -> str:
    if found["owner"]:
        return f"{name}'s"
    if found["contracted"]:
        return f"{name} {'is' if found['short'][1:] == 's' else 'are'}"
    return name


def _bound(text: str, at: int, kind: str) -> bool:
    """Tell whether something before the pronoun, in the same question, is what it stands for."""
    word, rest = question_word(text, "en")
    start = len(text) - len(rest)
    before = text[start:at] if word else text[:at]
    if re.search(r"\bof $", before) and not names_in(before):
        return False
    if names_in(before):
        return True
    nouns = [phrase.text for phrase in noun_phrases(before, "en")]
    if re.search(r"\b(?:each|every|some|all|most|many|these|those|two|several) \w+", before):
        return True
    people = [noun for noun in nouns if _PEOPLE.search(noun)]
    return bool(people) if kind == "person" else len(nouns) > len(people)


def _is_expletive(text: str, found: re.Match[str]) -> bool:
    return any(match.start() <= found.start() < match.end() for match in _EXPLETIVE.finditer(text))


def _demonstrated(text: str, said: Sequence[Mention]) -> str:
    mention = _antecedent("thing", said)
    if mention is None:
        return text
    alone = _DEMONSTRATIVE.search(text)
    if (
        alone
        and not names_in(text[len(question_word(text, "en")[0]) : alone.start()])
        and not _conjunction(text, alone)
    ):
        return f"{text[: alone.start()]}{mention.text}{text[alone.end() :]}"
    noun = _THIS_NOUN.search(text)
    if noun is None or noun["noun"].lower() in _OWN_NOUNS or _conjunction(text, noun):
        return text
    word, rest = question_word(text, "en")
    if names_in(text[len(text) - len(rest) if word else 0 :]):
        return text
    shown = f"the {noun['noun']} {mention.text}" if mention.named and " " not in mention.text else mention.text
    return f"{text[: noun.start()]}{shown}{text[noun.end() :]}"


def _conjunction(text: str, found: re.Match[str]) -> bool:
    """Tell whether "that" joins sentences or opens a relative clause, as in "the model that describes"."""
    if not found.group().lower().startswith("that"):
        return False
    before = text[: found.start()].rstrip().rpartition(" ")[2].lower()
    return before not in {
        "is",
        "was",
        "does",
        "did",
        "do",
        "in",
        "of",
        "at",
        "for",
        "with",
        "about",
        "to",
        "by",
        "on",
        "from",
        "why",
        "how",
    }
