"""Questions that a sentence of the sources answers, made from the few forms that turn into a question without doubt.

The subject of the sentence is the subject of the question, the words after its verb are the answer: a definition gives
"What is X?", "X is used to …" gives "What is X used for?", "X was founded in 1966" gives "When was X founded?".
"""

import re
from collections.abc import Collection, Sequence

from ingest.language import fold
from ingest.types import Language
from rag.study.aids.aid import StudyAid
from rag.study.aids.definitions import defined_term
from rag.study.aids.lesson import Lesson
from rag.study.aids.question_forms import FORMS, Form
from rag.study.aids.timeline import date_of
from rag.study.aids.word_lists import NO_SUBJECTS, VERBS
from rag.study.types import Point
from rag.terms import FUNCTION_WORDS, NAME, content_words, words

MOST = 24
_MAX_SUBJECT = 7
_SPACE = "\u00a0"


_WORD = re.compile(r"(?<![\w’'-])[a-zà-öø-ÿœ]{2,}")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ]")
_HAPPENED = re.compile(
    r"^(?:In|On|En|Le|Dès)(?: (?:the )?(?P<when>[\w ]{0,16}?\b\d{4}))(?: (?P<more>et|and|à|to|"
    r"puis))?,? (?=\S+ \S+ \S+)"
)
_WHAT_HAPPENED: dict[Language, str] = {
    "en": "What happened {} {}?",
    "fr": "Que s’est-il passé {} {}\u00a0?",
}
_ARTICLE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"^(?:The|An?|Each|Every|All|Most) "),
    "fr": re.compile(r"^(?:(?:Les?|La|Une?|Des|Chaque|Tout|Toute) |L['’])"),
}
_NO_SUBJECT = re.compile(
    r"\b(?:which|who|that|whose|where|when|if|and then|but|because|qui|que|dont|ou|lorsque|quand|si|mais|car|"
    r"not|ne|n)\b|,"
)


def points(lesson: Lesson, language: Language) -> list[Point]:
    """Return questions in reading order: ``note`` the question in ``language``, ``text`` the sentence that answers."""
    names = own_names([sentence.text for sentence in lesson.material.sentences])
    found: list[Point] = []
    asked: set[tuple[str, ...]] = set()
    for statement in lesson.all():
        sentence = statement.sentence
        question = question_of(statement.text, sentence.language, language, names) if statement.standing == 2 else ""
        key = content_words(question)
        if question and key not in asked:
            asked.add(key)
            found.append(Point(statement.text, (sentence.cite(),), question))
    step = max(1.0, len(found) / MOST)
    return [found[int(n * step)] for n in range(min(MOST, len(found)))]


def own_names(texts: Sequence[str]) -> set[str]:
    """Return the folded words that sentences write with a capital only, within them."""
    small = {fold(word) for text in texts for word in _WORD.findall(text)}
    return {fold(match.group()) for text in texts for match in NAME.finditer(text) if match.start() > 1} - small


def question_of(text: str, source: Language, wanted: Language, names: Collection[str] = ()) -> str:
    """Return a question in ``wanted`` that a sentence in ``source`` answers, "" when it has none of the forms.

    ``names`` holds the folded words that its document writes with a capital only.
    """
    if term := defined_term(text, source):
        return _what_is(_sentence_case(term, names), term, text, source, wanted)
    if (match := _HAPPENED.match(text)) and (when := date_of(text, source)):
        before = {"en": ("in", "on"), "fr": ("en", "le")}[wanted][when.day > 0]
        return _WHAT_HAPPENED[wanted].format(before, when.name(wanted)) if when.span == 1 and not match["more"] else ""
    for form in FORMS[source]:
        match = form.pattern.match(text)
        if match and _is_subject(match["subject"], source) and len(content_words(match["rest"])) >= 2:
            if form.dated and not date_of(text, source):
                continue
            if wanted != source:
                bare = _bare(match["subject"], source, names)
                return form.crossed.format(bare=bare) if form.crossed else ""
            return _filled(form, match, source, names)
    return ""


def _what_is(name: str, term: str, text: str, source: Language, wanted: Language) -> str:
    inside = re.search(rf"(?<=\S[ ’']){re.escape(term)}", text, re.IGNORECASE)
    name = inside.group() if inside else name
    quoted = re.match(rf"^(?:\w+ |[Ll]['’])?[“«]\s?{re.escape(term)}", text, re.IGNORECASE)
    if quoted and wanted == source:
        return f"What does “{name}” mean?" if source == "en" else f"Que signifie «\u00a0{name}\u00a0»\u00a0?"
    if wanted != source:
        return f"What is “{name}”?" if wanted == "en" else f"Qu’est-ce que «\u00a0{name}\u00a0»\u00a0?"
    start = re.match(rf"^(?P<subject>(?:{_ARTICLE[source].pattern[1:]})?){re.escape(term)}", text, re.IGNORECASE)
    # Behind a term that comes last ("a curve whose points are … is called …") the verb is not its own.
    many = start is not None and bool(
        re.search(r"\b(?:are|were|sont|étaient|furent|désignent)\b", text.partition(",")[0])
    )
    article = start["subject"] if start else ""
    person = re.search(r"\b(?:is|was|est|était|fut) (?:an?|une?|the|le|la) .{0,60}\bwho\b", text)
    if source == "en":
        subject = f"{article.lower()}{name}"
        return f"{'Who' if person else 'What'} {_copula_en(text, many)} {subject}?"
    subject = f"{article.lower()}{name}" if article else f"«\u00a0{name}\u00a0»"
    if many:
        return f"Que sont {subject}{_SPACE}?"
    joined = (
        f"qu’{subject}" if fold(subject)[0] in "aeiouyh" and article.lower() in ("un ", "une ") else f"que {subject}"
    )
    return f"Qu’est-ce {joined}{_SPACE}?"


def _copula_en(text: str, many: bool) -> str:
    past = re.search(r"\b(?:was|were)\b", text) and not re.search(r"\b(?:is|are|means|refers)\b", text)
    return {(False, False): "is", (True, False): "are", (False, True): "was", (True, True): "were"}[many, bool(past)]


def _filled(form: Form, match: re.Match[str], language: Language, names: Collection[str]) -> str:
    groups = {key: (value or "").strip() for key, value in match.groupdict().items()}
    subject = groups.pop("subject")
    article = _ARTICLE[language].match(subject)
    named = subject[0].lower() + subject[1:] if article else _sentence_case(subject, names)
    values = {
        **groups,
        "subject": named,
        "plain": re.sub(r"s$", "", groups.get("verb", "")),
        "serve": "servent" if re.match(r"(?:Les|Des) ", subject) else "sert",
        "of": re.sub(r"^les ", "des ", re.sub(r"^le ", "du ", f"{named}")),
        "pronoun": _pronoun(subject),
    }
    if "{pronoun}" in form.question and not values["pronoun"]:
        return ""
    question = re.sub(r" +", " ", form.question.format(**values)).replace(" ?", "?")
    question = re.sub(r"\bde (du|des) ", r"\1 ", question)
    return question if language == "en" else re.sub(r"\s*\?$", f"{_SPACE}?", question)


def _pronoun(subject: str) -> str:
    article = subject.split()[0]
    return {"Le": "il", "Un": "il", "La": "elle", "Une": "elle"}.get(article, "")


def _is_subject(subject: str, language: Language) -> bool:
    """Tell a noun with its article from a part of a sentence, by its words."""
    tokens = words(subject)
    plain = [word for word in tokens if word not in FUNCTION_WORDS]
    return (
        1 <= len(plain) <= _MAX_SUBJECT - 2
        and len(tokens) <= _MAX_SUBJECT
        and tokens[0] not in NO_SUBJECTS[language]
        and tokens[-1] not in FUNCTION_WORDS
        and not _NO_SUBJECT.search(fold(subject))
        and not any(word in VERBS for word in tokens)
        and subject.count("(") == subject.count(")")
    )


def _bare(subject: str, language: Language, names: Collection[str]) -> str:
    article = _ARTICLE[language].match(subject)
    return _sentence_case(subject[article.end() :] if article else subject, names)


def _sentence_case(name: str, names: Collection[str]) -> str:
    """Write a term within a sentence: with a small letter unless its first word is a name."""
    first = re.split(r"[\s’'-]", name)[0]
    named = any(_CAPITAL.match(word) for word in name.split()[1:]) or not first[1:].islower()
    return name if named or fold(first) in names else name[0].lower() + name[1:]


AID = StudyAid(
    "faq",
    {"en": "Questions and answers", "fr": "Questions et réponses"},
    "GUIDE_NO_QUESTIONS",
    points,
    weighed=False,
    instruction={
        "en": "Answer the question before each numbered sentence in one short sentence, from that sentence only.",
        "fr": "Réponds en une phrase courte à la question placée devant chaque phrase numérotée, d'après elle seule.",
    },
)
