"""True and false sentences about passages: light rewordings, and the same with one fact changed."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.language import fold, sentences
from ingest.types import Language
from rag.terms import content_words, names, number_values
from training.squad import Example

TRUE_KINDS = ("own words", "clauses exchanged", "a part", "spelt otherwise", "question and answer")
FALSE_KINDS = ("number", "name", "unit", "date", "negation", "another passage", "another answer")
"""``another answer``: a question's words with the answer of another question on the same passage. No letter tells it
from a true sentence; what a reader finds does (``training/agreement.py``)."""

_MIN_WORDS = 6
_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,4}(?![\w.,/%-])")
_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_UNITS = (
    ("km", "kg"), ("kilomètres", "litres"), ("kilometres", "litres"), ("kilometers", "liters"), ("mètres", "tonnes"),
    ("miles", "acres"), ("%", "km"), ("percent", "years"), ("per cent", "years"), ("ans", "jours"), ("years", "days"),
    ("jours", "siècles"), ("days", "weeks"), ("mois", "heures"), ("months", "hours"), ("habitants", "euros"),
    ("euros", "dollars"), ("heures", "années"), ("hours", "centuries"),
)  # fmt: skip
_SPELT = (
    (r"(?<=\d) ?%", {"fr": " pour cent", "en": " per cent"}),
    (r"(?<=\d)[ \u00a0\u202f,](?=\d{3}\b)", {"fr": "\u202f", "en": ","}),
    (r"\bkm\b", {"fr": "kilomètres", "en": "kilometres"}),
    (r"\b(?:and|et)\b", {"fr": "ainsi que", "en": "as well as"}),
    (r"\b(?:also|également|aussi)\b ?", {"fr": "", "en": ""}),
)
_NEGATED = {
    "en": ((r"\b(is|was|are|were|has been|had|can|could|will|would|may)\b(?! not)", r"\1 not"),),
    "fr": (
        (r"\b(est|était|sont|étaient|fut|sera|peut|doit|permet|devient|reste)\b(?! pas)", r"ne \1 pas"),
        (r"\b(a|avait|ont|avaient)\b(?= \w+(?:é|u|i|it|is)\b)", r"n'\1 pas"),
    ),
}
_ASKS = re.compile(
    r"^(?:(?:in|on|at|to|for|from|by|with|of|à|de|en|dans|par|pour|sur|avec|depuis) )?(?:what|which|who|whom|whose|"
    r"when|where|why|"
    r"how (?:many|much|long)|how|quelles?|quels?|qui|que|qu['’]est-ce qu(?:e|i|['’])|où|quand|combien de?|comment|"
    r"pourquoi|qu['’])"
    r"\s*(?:est-ce qu(?:e|['’]))?\s*(?:did|does|do|is|was|are|were|est|sont|était|fut)?\s*",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence said of a passage; ``kind`` is how it was made, ``question`` what it answers, if anything."""

    kind: str
    sentence: str
    passage: str
    language: Language
    title: str = ""
    question: str = ""

    @property
    def true(self) -> bool:
        """Tell whether the passage supports the sentence."""
        return self.kind in TRUE_KINDS


def pairs(examples: Sequence[Example], limit: int, seed: int) -> list[Pair]:
    """Make pairs from at most ``limit`` passages of each language (0: all), two sentences and two questions each."""
    draw = random.Random(seed)
    found: list[Pair] = []
    for language in ("en", "fr"):
        own = [example for example in examples if example.language == language]
        by_passage: dict[str, list[Example]] = defaultdict(list)
        for example in own:
            by_passage[example.passage_id].append(example)
        chosen = sorted(by_passage)
        draw.shuffle(chosen)
        strangers = sorted({name for example in own for name in names(example.title) if len(name) > 3})
        for key in chosen[: limit or None]:
            asked = by_passage[key]
            others = [name for name in strangers if fold(name) not in fold(asked[0].title)]
            found += _of_sentences(asked[0], others, draw)
            found += _of_questions(asked, draw)
            found += _of_neighbour(asked[0], own, draw)
    return found


def answer_pairs(examples: Sequence[Example], seed: int) -> list[Pair]:
    """Make right and wrong answers to two questions of every passage."""
    draw = random.Random(seed)
    by_passage: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_passage[example.passage_id].append(example)
    return [pair for key in sorted(by_passage) for pair in _of_questions(by_passage[key], draw)]


def _of_sentences(example: Example, strangers: Sequence[str], draw: random.Random) -> Iterator[Pair]:
    text, language = example.passage, example.language
    spans = [span for span in sentences(text, language) if len(text[slice(*span)].split()) >= _MIN_WORDS]
    for start, end in draw.sample(spans, min(2, len(spans))):
        sentence = text[start:end]
        made = [
            ("own words", sentence),
            *_reworded(sentence, language),
            *_changed(sentence, text, language, strangers, draw),
        ]
        yield from (Pair(kind, said, text, language, example.title) for kind, said in made)


def _reworded(sentence: str, language: Language) -> Iterator[tuple[str, str]]:
    parts = sentence.rstrip(".").split(", ")
    quoted = re.search(r"[«»“”\"]", sentence)
    if len(parts) > 1 and not quoted:
        yield "clauses exchanged", _capital(", ".join([*parts[1:], parts[0]])) + "."
        longest = max(parts, key=len)
        if len(longest.split()) >= _MIN_WORDS:
            yield "a part", _capital(longest) + "."
    spelt = sentence
    for pattern, by_language in _SPELT:
        spelt = re.sub(pattern, by_language[language], spelt)
    if spelt != sentence and not quoted:
        yield "spelt otherwise", spelt


def _changed(
    sentence: str, passage: str, language: Language, strangers: Sequence[str], draw: random.Random
) -> Iterator[tuple[str, str]]:
    known = number_values(passage)
    if match := _NUMBER.search(sentence):
        value = int(match.group())
        other = next(n for n in range(value + draw.randint(1, 9), value + 999) if str(n) not in known)
        yield "number", sentence[: match.start()] + str(other) + sentence[match.end() :]
    for unit, wrong in _UNITS:
        if match := re.search(rf"(?<=\d)\s?{unit}(?!\w)", sentence):
            yield "unit", f"{sentence[: match.start()]} {wrong}{sentence[match.end() :]}"
            break
    for place, month in enumerate(_MONTHS[language]):
        if re.search(rf"\d {month}\b|\b{month} \d", sentence):
            yield "date", sentence.replace(month, _MONTHS[language][(place + 5) % 12], 1)
            break
    own = [name for name in names(sentence)[1:] if len(name) > 3 and "." not in name]
    others = [name for name in strangers if fold(name) not in fold(passage)]
    if own and others:
        yield "name", re.sub(rf"\b{re.escape(draw.choice(own))}\b", draw.choice(others), sentence)
    for pattern, negated in _NEGATED[language]:
        if re.search(pattern, sentence) and not re.search(r"\bnot?\b|\bn['’e]\b|\bsans\b|\bnever\b", sentence):
            yield "negation", re.sub(pattern, negated, sentence, count=1)
            break


def _of_questions(asked: Sequence[Example], draw: random.Random) -> Iterator[Pair]:
    answered = [example for example in asked if example.answers]
    for example in draw.sample(answered, min(2, len(answered))):
        own, place = example.answers[0][0], (example.passage, example.language, example.title, example.question)
        yield Pair("question and answer", _statement(example.question, own), *place)
        said = set(content_words(own))
        others = [o.answers[0][0] for o in answered if not said & set(content_words(o.answers[0][0]))]
        if others:
            yield Pair("another answer", _statement(example.question, draw.choice(others)), *place)


def _of_neighbour(example: Example, own: Sequence[Example], draw: random.Random) -> Iterator[Pair]:
    near = [o for o in own if o.document_id == example.document_id and o.passage_id != example.passage_id]
    if near:
        other = draw.choice(near)
        spans = sentences(other.passage, other.language)
        said = [t for a, b in spans if len((t := other.passage[a:b]).split()) >= _MIN_WORDS]
        if said:
            yield Pair("another passage", draw.choice(said), example.passage, example.language, example.title)


def _statement(question: str, answer: str) -> str:
    # "Which cycle describes steam engines?" and "Rankine" become "cycle describes steam engines: Rankine."
    rest = _ASKS.sub("", question.strip().rstrip("? \u00a0\u202f"))
    return f"{rest}: {answer.strip(' .')}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
