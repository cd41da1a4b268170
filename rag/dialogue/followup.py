"""A question that leans on the conversation, made complete in itself by rules, in French and English.

A question that says itself what it is about stays as it is: only what cannot be searched alone is changed, and only by
words of the conversation. In order: set phrases ("Tell me more"), a question word alone ("And when?"), a part of a
sentence ("And in French?"), pronouns ("Where was he born?").
"""

import re
from collections.abc import Mapping, Sequence

from ingest.language import detect, fold
from ingest.types import Language
from rag.dialogue import pronouns_en, pronouns_fr
from rag.dialogue.articles import with_preposition
from rag.dialogue.fragments import RELATIONAL, fragment, swapped
from rag.dialogue.mentions import PERSON, Mention, mentions, people_in, subject
from rag.dialogue.question_words import bare_word, reworded
from rag.dialogue.words import asked, plain, question_word, without_connective
from rag.question import kind_of
from rag.types import Exchange

_MORE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?:can you |could you |please )?(?:tell me more|(?:give )?(?:me )?more details?|more|go on|"
        r"continue|elaborate|"
        r"explain(?: (?:more|further|that|this|it|why that is))?|say more)(?: please| about (?:it|this|that))?",
        re.I,
    ),
    "fr": re.compile(
        r"(?:peux-tu |pouvez-vous )?(?:(?:dis|dites)[- ]m['’]en plus|"
        r"(?:donne(?:z|r)?(?:-moi)? )?(?:plus|davantage) de détails?|"
        r"en savoir plus|(?:développe|continue|précise|détaille|explique)[zr]?"
        r"(?:[- ]moi)?(?: mieux| davantage|[- ](?:le|la|cela|ça))?)"
        r"(?: s['’]il (?:te|vous) plaît)?",
        re.I,
    ),
}
_EXAMPLE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:(?:can you )?give (?:me )?)?(?:for example|an example|examples?|such as)(?: please)?", re.I),
    "fr": re.compile(r"(?:donne[zr]?(?:-moi)? )?(?:par exemple|un exemple|des exemples|quel exemple)", re.I),
}
_WHICH: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"which(?: ones?)?|(?:name|list) them|what are they|which are they", re.I),
    "fr": re.compile(r"le(?:squels)|lesquelles|lequel|laquelle|cite[rz]?-les|quel(?:le)?s sont-(?:ils|elles)", re.I),
}
_SURE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"really|are you sure(?: (?:about|of) (?:it|that))?|is (?:that|it) (?:true|so|right|correct)", re.I
    ),
    "fr": re.compile(
        r"vraiment|(?:tu es|es-tu|vous êtes|êtes-vous) sûre?s?(?: de (?:ça|cela|toi))?|"
        r"c['’]est (?:vrai|sûr)|est-ce vrai",
        re.I,
    ),
}
_RELATED: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?:what|which) (?:is|are|was|were) the (?P<noun>[\w-]+)", re.I),
    "fr": re.compile(r"quel(?:le)?s? (?:est|sont|était|étaient) (?:le |la |les |l['’])(?P<noun>[\w-]+)", re.I),
}
_SUBJECT_ALONE = re.compile(
    r"(?:he|she|him|it|her|them|they|this|that|lui|elle|eux|elles|ça|cela|celui-ci|celle-ci)", re.I
)
_OWNED = re.compile(r"(?:his|her|its|their) (?P<noun>[\w-]+(?: [\w-]+){0,2})", re.I)


def completed(question: str, language: Language, history: Sequence[Exchange]) -> str:
    """Return a question that can be searched without its conversation; itself when it can be as it is.

    ``history`` is what was asked and answered before, oldest first; ``language`` is that of the question.
    """
    text, joined = without_connective(plain(question), language)
    if not history or not text:
        return question
    for made in (
        _related(text, language, history),
        _said_more(text, language, history[-1]),
        _asked_by_word(text, language, history[-1]),
        _asked_by_part(text, language, joined, history),
    ):
        if made:
            return made
    replaced = (pronouns_fr if language == "fr" else pronouns_en).replaced(text, mentions(history))
    return question if replaced == text else asked(replaced, language)


def _said_more(text: str, language: Language, last: Exchange) -> str:
    about = subject(last)
    if _SURE[language].fullmatch(text):
        return last.question
    if _WHICH[language].fullmatch(text):
        return _which(last)
    if not about:
        return ""
    if _MORE[language].fullmatch(text):
        return f"Donne plus de détails sur {about}." if language == "fr" else f"Tell me more about {about}."
    if _EXAMPLE[language].fullmatch(text):
        of = with_preposition("de", about)
        return f"Donne un exemple {of}." if language == "fr" else f"Give an example of {about}."
    return ""


def _which(last: Exchange) -> str:
    """Ask which things they are, where the last question asked how many; else ask it again."""
    spoken = detect(last.question)
    word, rest = question_word(plain(last.question), spoken)
    counted = re.match(r"(?:how many|combien d(?:e |['’]))\s*(?P<noun>.+)", word, re.IGNORECASE)
    if counted is None:
        return last.question
    return asked(f"{'quels' if spoken == 'fr' else 'which'} {counted['noun']} {rest}", spoken)


def _asked_by_word(text: str, language: Language, last: Exchange) -> str:
    word = bare_word(text, language)
    spoken = detect(last.question)
    return asked(reworded(word, language, last, spoken), spoken) if word else ""


def _asked_by_part(text: str, language: Language, joined: bool, history: Sequence[Exchange]) -> str:
    said = mentions(history)
    part = fragment(text, language, joined)
    if part is None:
        return ""
    if _SUBJECT_ALONE.fullmatch(part.phrase):
        return _about_somebody(part.phrase, language, history)
    if owned := _owned(part.phrase, language, said):
        return asked(owned, language)
    last = history[-1]
    spoken = detect(last.question)
    if kind_of(last.question) == "person" and PERSON.fullmatch(part.phrase) and not people_in(last.question):
        return f"Qui est {part.phrase} ?" if language == "fr" else f"Who is {part.phrase}?"
    if part.relational and not part.lead and not re.search(r" (?:of|de|du|des) | d['’]", plain(last.question)):
        return _relation(part.phrase, language, said)
    made = swapped(part, last.question, spoken)
    return asked(made, spoken) if made else ""


def _about_somebody(pronoun: str, language: Language, history: Sequence[Exchange]) -> str:
    """Ask the last question of another one, of whom was spoken before it; else who or what that is."""
    last, said = history[-1], mentions(history)
    people = [mention for mention in said if mention.person]
    wanted = people if re.fullmatch(r"he|she|him|her|lui|elle|eux|elles", pronoun, re.IGNORECASE) and people else said
    if not wanted:
        return ""
    name = next((mention for mention in wanted if mention.text not in last.question), wanted[0])
    spoken = detect(last.question)
    if name.text not in last.question and name not in mentions(history[-1:]):
        part = fragment(name.text, spoken, True)
        if part and (made := swapped(part, last.question, spoken)):
            return asked(made, spoken)
    if language == "fr":
        return f"Qui est {name.text} ?" if name.person else f"Qu'est-ce que {name.text} ?"
    return f"Who is {name.text}?" if name.person else f"What is {name.text}?"


def _owned(phrase: str, language: Language, said: Sequence[Mention]) -> str:
    if language == "fr":
        return pronouns_fr.possession(phrase, said)
    found = _OWNED.fullmatch(phrase)
    return pronouns_en.replaced(f"what is {phrase}", said) if found and said else ""


def _related(text: str, language: Language, history: Sequence[Exchange]) -> str:
    """Say of what "What are the advantages?" asks."""
    found = _RELATED[language].fullmatch(text)
    noun = fold(found["noun"]) if found else ""
    said = mentions(history)
    if not said or not {noun, noun.removesuffix("s")} & RELATIONAL:
        return ""
    of = with_preposition("de", said[0].text) if language == "fr" else f"of {said[0].text}"
    return asked(f"{text} {of}", language)


def _relation(phrase: str, language: Language, said: Sequence[Mention]) -> str:
    if not said:
        return ""
    if language == "en":
        return asked(f"what {'are' if phrase.endswith('s') else 'is'} {phrase} of {said[0].text}", "en")
    plural, feminine = phrase.lower().startswith("les "), phrase.lower().startswith("la ")
    asks = "quels sont" if plural else "quelle est" if feminine else "quel est"
    return asked(f"{asks} {phrase} {with_preposition('de', said[0].text)}", "fr")
