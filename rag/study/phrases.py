"""What code says around the course's own words, in French and English: rationales, hints, explanations, statements."""

from ingest.language import fold
from ingest.types import Language
from rag.study.keypoints import plain
from rag.study.material import Sentence
from rag.study.stems import Asked
from rag.study.titles import clean_title
from rag.terms import FUNCTION_WORDS, words

MAX_QUOTE = 220
TRUE: dict[Language, str] = {"en": "True", "fr": "Vrai"}
FALSE: dict[Language, str] = {"en": "False", "fr": "Faux"}

_SAID: dict[Language, dict[str, str]] = {
    "en": {
        "says": "The course says: {quote} ({place}).",
        "elsewhere": "The course speaks of “{option}” elsewhere: {quote} ({place}).",
        "mentions": "The course speaks of “{option}” elsewhere ({place}).",
        "describes": "The course says this of something else: {quote} ({place}).",
        "not_said": "The course gives “{key}” here ({place}).",
        "states": "The course states it: {quote} ({place}).",
        "other": "The course says otherwise: {quote} ({place}).",
        "true_false": "True or false? {}",
        "right_about": "Which of these statements about “{}” is correct?",
        "right": "Which of these statements is correct?",
        "several_about": "Which of these statements about “{}” are correct?",
        "several": "Which of these statements are correct?",
        "several_gap": "Complete with every right answer: {}",
        "terms": "Match each term with its definition.",
        "shorts": "Match each abbreviation with what it stands for.",
        "hint_place": "Read again what stands under “{}”.",
        "hint_page": "Read page {} again.",
        "hint_letters": "It starts with “{}” and has {} words.",
        "hint_letter": "It starts with “{}” and has {} letters.",
        "hint_range": "The value lies between {} and {}.",
        "hint_out": "It is not “{}”.",
        "page": "p. {}",
    },
    "fr": {
        "says": "Le cours dit\u00a0: {quote} ({place}).",
        "elsewhere": "Le cours parle ailleurs de «\u00a0{option}\u00a0»\u00a0: {quote} ({place}).",
        "mentions": "Le cours parle ailleurs de «\u00a0{option}\u00a0» ({place}).",
        "describes": "Le cours le dit d’autre chose\u00a0: {quote} ({place}).",
        "not_said": "Le cours donne ici «\u00a0{key}\u00a0» ({place}).",
        "states": "Le cours l’affirme\u00a0: {quote} ({place}).",
        "other": "Le cours dit autre chose\u00a0: {quote} ({place}).",
        "true_false": "Vrai ou faux\u00a0? {}",
        "right_about": "Laquelle de ces affirmations sur «\u00a0{}\u00a0» est exacte\u00a0?",
        "right": "Laquelle de ces affirmations est exacte\u00a0?",
        "several_about": "Lesquelles de ces affirmations sur «\u00a0{}\u00a0» sont exactes\u00a0?",
        "several": "Lesquelles de ces affirmations sont exactes\u00a0?",
        "several_gap": "Complétez avec toutes les bonnes réponses\u00a0: {}",
        "terms": "Associez chaque terme à sa définition.",
        "shorts": "Associez chaque sigle à sa signification.",
        "hint_place": "Relisez ce qui est dit sous «\u00a0{}\u00a0».",
        "hint_page": "Relisez la page {}.",
        "hint_letters": "La réponse commence par «\u00a0{}\u00a0» et compte {} mots.",
        "hint_letter": "La réponse commence par «\u00a0{}\u00a0» et compte {} lettres.",
        "hint_range": "La valeur est comprise entre {} et {}.",
        "hint_out": "Ce n’est pas «\u00a0{}\u00a0».",
        "page": "p.\u00a0{}",
    },
}


def say(language: Language, phrase: str, *parts: str, **named: str) -> str:
    """Return a sentence of the frame, filled."""
    return _SAID[language][phrase].format(*parts, **named)


def quoted(text: str, language: Language, longest: int = MAX_QUOTE) -> str:
    """Return a text in the language's quotation marks, cut after ``longest`` characters at a word."""
    text = " ".join(text.split())
    if len(text) > longest:
        text = text[:longest].rsplit(" ", 1)[0] + "…"
    return f"«\u00a0{text}\u00a0»" if language == "fr" else f"“{text}”"


def place(sentence: Sentence, language: Language) -> str:
    """Return where a sentence stands: its page as printed."""
    return say(language, "page", sentence.page_label or str(sentence.page_index + 1))


def because_right(sentence: Sentence, text: str, language: Language) -> str:
    """Say why an option is right: the quote and its page."""
    return say(language, "says", quote=quoted(text, language), place=place(sentence, language))


def because_wrong(option: str, held: Sentence | None, asked: Asked, language: Language) -> str:
    """Say why an option is wrong: where the course speaks of it, or what the course gives in its place."""
    own = asked.statement.sentence
    if held is None or held == own:
        return say(language, "not_said", key=asked.key, place=place(own, language))
    where = place(held, language)
    if asked.form in ("meaning", "stands_for"):
        return say(language, "describes", quote=quoted(held.text, language), place=where)
    if not plain(held.text, held.language):
        return say(language, "mentions", option=option, place=where)
    return say(language, "elsewhere", option=option, quote=quoted(held.text, language), place=place(held, language))


def explanation(sentence: Sentence, text: str, language: Language) -> str:
    """Return the quote with its document and page."""
    return f"{quoted(text, language)} ({sentence.document.name}, {place(sentence, language)})"


def hint(asked: Asked, typed: bool, wrong: list[str], language: Language) -> str:
    """Return help that does not tell the answer: where to look, how it begins, between which values it lies."""
    sentence, key = asked.statement.sentence, asked.key
    if typed and asked.kind not in ("year", "number", "date"):
        parts = key.split()
        if len(parts) > 1:
            return say(language, "hint_letters", parts[0][0], str(len(parts)))
        return say(language, "hint_letter", key[0], str(len(key)))
    if typed and asked.kind == "year":
        first, last = (int(key) - 3) // 5 * 5, -(-(int(key) + 3) // 5) * 5
        return say(language, "hint_range", str(first), str(last))
    section = clean_title(sentence.section)
    told = {w for w in words(key) if w not in FUNCTION_WORDS} & set(words(section))
    if section and not told and len(section) <= 70 and fold(section) not in fold(asked.stem):
        return say(language, "hint_place", section)
    return say(language, "hint_page", sentence.page_label or str(sentence.page_index + 1))
