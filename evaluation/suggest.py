"""Questions made from a notebook's own sentences, so that the answer and its page are known. No model is asked.

A sentence gives a definition ("What is X?") where it defines something, else a gap ("Which year is missing in …?").
Such questions share their words with the sentence that answers them and none is without an answer: they are easier than
a person's and say nothing about refusals.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.language import fold, sentences
from ingest.types import Language, Page
from rag.evaluation_rows import NewQuestion
from rag.terms import FUNCTION_WORDS, words

SHORTEST, LONGEST = 45, 230
MIN_WORDS, MAX_ANSWER_WORDS = 8, 14
GAP = "(…)"
_APOSTROPHE = re.compile(r"[’']")

_CAPITAL = r"[A-ZÀ-ÖØ-ÝŒ]"
_YEAR = re.compile(r"(?<![\d.,/-])(?:1[0-9]|20)\d{2}(?![\d.,/%-]*\d|\s?%|\s[a-zà-öø-ÿ]+s\b)")
_NUMBER = re.compile(r"(?<![\w.,/-])\d{2,3}(?:[ \u00a0\u202f,.]\d{3})*(?:[.,]\d+)?(?=\s[a-zà-öø-ÿ]{3,}|\s?%)")
_NAME = re.compile(rf"(?<=[a-zà-öø-ÿ,] ){_CAPITAL}[\w’'-]+(?: (?:de |von |van |of )?{_CAPITAL}[\w’'-]+)+")
_TERM = re.compile(rf"(?<=[a-zà-öø-ÿ,] ){_CAPITAL}[\w-]{{3,}}(?! {_CAPITAL})")
_GAPS = (("name", _NAME), ("year", _YEAR), ("number", _NUMBER), ("name", _TERM))
_ASKED: dict[Language, dict[str, str]] = {
    "en": {
        "name": "Which name is missing in “{}”?",
        "year": "Which year is missing in “{}”?",
        "number": "Which number is missing in “{}”?",
    },
    "fr": {
        "name": "Quel nom manque dans «\u00a0{}\u00a0»\u00a0?",
        "year": "Quelle année manque dans «\u00a0{}\u00a0»\u00a0?",
        "number": "Quel nombre manque dans «\u00a0{}\u00a0»\u00a0?",
    },
}
_DEFINES: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"^(?P<subject>(?:(?:The|An|A) )?[\w’' -]{3,50}?) (?P<verb>is|are|means|refers to) "
        r"(?P<meaning>(?:an?|the|any|one) [^,;:()–—]+?)(?=[,;:(–—.]| (?:that|which|who|where|when|so)\b)"
    ),
    "fr": re.compile(
        r"^(?P<subject>(?:(?:Le|La|Les|Un|Une) |L['’])?[\w’' -]{3,50}?) (?P<verb>est|sont|désigne|désignent) "
        r"(?P<meaning>(?:une?|des|le|la|les|l['’]) ?[^,;:()–—]+?)"
        r"(?=[,;:(–—.]| (?:qui|que|qu['’]|dont|où|lorsque|afin)\b)"
    ),
}
_ARTICLES: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"^(?:The|An|A) "),
    "fr": re.compile(r"^(?:(?:Le|La|Les|Un|Une) |L['’])"),
}
# What stands for something said before: the sentence alone does not tell what it defines.
_POINTERS = """
it this that these those they he she we i you there here such one another both each some many most all what who il elle
ils elles ce cet cette ces cela ceci on nous vous je tel telle autre tout toute tous chacun first second third following
example exemple result step figure table chapter slide page but and or mais et goal idea aim purpose problem question
answer reason difference objectif idee probleme reponse raison
"""
_POINTING = frozenset(_POINTERS.split())


@dataclass(frozen=True, slots=True)
class Readable:
    """A source to ask about: its file name, its language and its pages."""

    name: str
    language: Language
    pages: Sequence[Page]


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    page: int
    document: str
    language: Language


def suggest(sources: Sequence[Readable], count: int, seed: int = 1) -> list[NewQuestion]:
    """Return at most ``count`` distinct questions, spread over sources and pages; the same for the same input."""
    found = list(_sentences(sources))
    times = Counter(_key(sentence.text) for sentence in found)
    once = [sentence for sentence in found if times[_key(sentence.text)] == 1]
    made = [question for sentence in once if (question := _question(sentence))]
    return _spread(_distinct(made), count, random.Random(seed))


def _sentences(sources: Sequence[Readable]) -> Iterator[_Sentence]:
    for source in sources:
        for page in source.pages:
            for start, end in sentences(page.text, source.language):
                text = " ".join(page.text[start:end].split())
                if _stands_alone(text):
                    yield _Sentence(text, page.index + 1, source.name, source.language)


def _stands_alone(text: str) -> bool:
    """Tell whether a text reads as one plain sentence, no heading, formula, list or code."""
    if not (SHORTEST <= len(text) <= LONGEST and text[0].isupper() and text.endswith(".")):
        return False
    letters = sum(c.isalpha() or c.isspace() for c in text) / len(text)
    odd = re.search(r"[=<>{}\[\]|\\_@#^~•→←…\"“”«»]|https?:|www\.|\.\.|\.[A-Z]|\d\.\s[A-Z]|^\W*\d", text)
    balanced = text.count("(") == text.count(")")
    return letters > 0.85 and not odd and balanced and len(text.split()) >= MIN_WORDS


def _question(sentence: _Sentence) -> NewQuestion | None:
    return _definition(sentence) or _gap(sentence)


def _definition(sentence: _Sentence) -> NewQuestion | None:
    match = _DEFINES[sentence.language].match(sentence.text)
    if match is None:
        return None
    subject, meaning = match["subject"].strip(), match["meaning"].strip()
    known = words(subject)
    length = len(meaning.split())
    plain = [word for word in known if word not in FUNCTION_WORDS]
    article = _ARTICLES[sentence.language].match(subject)
    pointing = _POINTING.intersection(known) or (known[0] in FUNCTION_WORDS and not article)
    if pointing or not 1 <= len(plain) <= 4 or len(known) > 6 or not 3 <= length <= MAX_ANSWER_WORDS:
        return None
    if set(plain) & set(words(meaning)):
        return None
    return _made(sentence, _asks_what(subject, match["verb"], sentence.language), meaning, "definition")


def _asks_what(subject: str, verb: str, language: Language) -> str:
    article = _ARTICLES[language].match(subject)
    first, *rest = subject.split()
    plain_start = article or (first[1:].islower() and rest and all(word.islower() for word in rest))
    named = subject[0].lower() + subject[1:] if plain_start else subject
    many = verb in ("are", "sont", "désignent")
    if language == "en":
        return f"What {'are' if many else 'is'} {named}?"
    if many:
        return f"Que sont {named}\u00a0?"
    joined = f"qu’{named}" if fold(named)[0] in "aeiouyh" and not named[0].isupper() else f"que {named}"
    return f"Qu’est-ce {joined}\u00a0?"


def _gap(sentence: _Sentence) -> NewQuestion | None:
    text = sentence.text
    for kind, pattern in _GAPS:
        found = [match for match in pattern.finditer(text) if _may_be_left_out(text, match)]
        if not found:
            continue
        match = found[-1]
        answer = match.group()
        gapped = (text[: match.start()] + GAP + text[match.end() :]).rstrip(".")
        return _made(sentence, _ASKED[sentence.language][kind].format(gapped), answer, "cloze")
    return None


def _may_be_left_out(text: str, match: re.Match[str]) -> bool:
    """Tell whether a name, year or number stands whole and once in its sentence."""
    before, after = text[: match.start()].split(), text[match.end() :].split()
    if not before or not _APOSTROPHE.split(before[-1].strip("(,"))[-1][:1].islower():
        return False  # the end of a longer name
    following = _APOSTROPHE.split(after[0])[-1][:1] if after else ""
    if text[match.end()] in "-’'_/" or following.isupper() or following.isdigit():
        return False  # the beginning of one
    answer = match.group()
    times = len(re.findall(rf"(?<!\w){re.escape(answer)}(?!\w)", text))
    return times == 1 and fold(answer) not in FUNCTION_WORDS and "--" not in answer


def _made(sentence: _Sentence, question: str, answer: str, kind: str) -> NewQuestion:
    return NewQuestion(
        question,
        sentence.language,
        (answer,),
        sentence.page,
        sentence.document,
        "definition" if kind == "definition" else "cloze",
    )


def _distinct(made: Iterable[NewQuestion]) -> list[NewQuestion]:
    """Keep the questions that have one answer: none that two sentences answer, none with its answer in it."""
    grouped: dict[str, list[NewQuestion]] = defaultdict(list)
    for question in made:
        if _key(question.expected[0]) not in _key(question.question):
            grouped[_key(question.question)].append(question)
    return [same[0] for same in grouped.values() if len(same) == 1]


def _spread(made: Sequence[NewQuestion], count: int, rng: random.Random) -> list[NewQuestion]:
    """Take sources in turns, and in each source its pages in turns, in a drawn order; return them in reading order."""
    order = {id(question): n for n, question in enumerate(made)}
    by_source: dict[str, list[NewQuestion]] = defaultdict(list)
    for question in rng.sample(list(made), len(made)):
        by_source[question.document].append(question)
    queues = [_by_page(group) for group in by_source.values()]
    chosen: list[NewQuestion] = []
    while len(chosen) < count and any(queues):
        chosen += [queue.pop(0) for queue in queues if queue]
    return sorted(chosen[:count], key=lambda question: order[id(question)])


def _by_page(group: Sequence[NewQuestion]) -> list[NewQuestion]:
    turns: Counter[int] = Counter()
    placed = []
    for question in group:
        placed.append((turns[question.page], question.kind != "definition", question))
        turns[question.page] += 1
    return [question for _, _, question in sorted(placed, key=lambda entry: entry[:2])]


def _key(text: str) -> str:
    return " ".join(words(text))
