"""Items that weigh statements: true or false, which one is correct, which ones are."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.language import fold
from ingest.types import Language
from rag.study.distractors import choose, is_told
from rag.study.gaps import gaps
from rag.study.gate import has_equal_options, has_long_key
from rag.study.keypoints import Statement
from rag.study.kinds import VALUE_KINDS
from rag.study.phrases import FALSE, TRUE, explanation, place, quoted, say
from rag.study.pool import Pool
from rag.study.roots import root
from rag.study.stems import Asked, with_topic
from rag.study.types import BLOOM, OPTIONS, Difficulty, Item, ItemType, Option
from rag.study.wording import OPPOSITES, is_finite
from rag.terms import FUNCTION_WORDS, content_words, words

MAX_STATEMENT = 200
MAX_QUOTE = 900


@dataclass(frozen=True, slots=True)
class Falsified:
    """A statement with one part exchanged; ``value``: a number, year, date or name was."""

    statement: Statement
    text: str
    value: bool


def falsified(statement: Statement, pool: Pool, near: bool, rng: random.Random) -> Iterator[Falsified]:
    """Yield false versions of a statement: another value or name of its kind, or the opposite of a word."""
    for asked in gaps(statement, pool, statement.language):
        value = asked.kind in VALUE_KINDS or asked.kind in ("person", "organisation")
        if value and (wrong := choose(asked, pool, 1, near, rng)):
            yield Falsified(statement, f"{asked.before}{wrong[0].text}{asked.after}", True)
    if statement.gloss:
        return
    if pool.definition(statement):
        yield from _other_term(statement, pool, rng)
    yield from _turned(statement, pool)


def _other_term(statement: Statement, pool: Pool, rng: random.Random) -> Iterator[Falsified]:
    """Exchange the term that a statement defines for another one of the course that is defined too."""
    own = pool.definition(statement)
    if own is None:
        return
    asked = Asked("gap", "", own.term, "term", statement, before=statement.text[: statement.text.find(own.term)])
    defined = {d.term for d in pool.definitions}
    for wrong in choose(asked, pool, 8, True, rng):
        if wrong.text in defined and own.term in statement.text:
            yield Falsified(statement, statement.text.replace(own.term, wrong.text, 1), False)
            return


def _turned(statement: Statement, pool: Pool) -> Iterator[Falsified]:
    for one, other in OPPOSITES[statement.language]:
        for this, that in ((one, other), (other, one)):
            found = list(re.finditer(rf"(?<![\w’'-]){this}(?![\w’'-])", statement.text))
            if len(found) != 1 or re.search(rf"\b{that}\b", statement.text):
                continue
            match = found[0]
            text = f"{statement.text[: match.start()]}{that}{statement.text[match.end() :]}"
            rest = {root(word) for word in content_words(statement.text)} - {root(this)}
            if _can_turn(statement, this, match) and not is_told(rest, that, pool):
                yield Falsified(statement, text, False)


def _can_turn(statement: Statement, word: str, match: re.Match[str]) -> bool:
    """Leave out "more or less", "plus de", "ne … plus", "first name": there the word has no opposite."""
    before, after = statement.text[: match.start()], statement.text[match.end() :]
    if word in ("plus", "moins"):
        return not re.search(r"\b(?:ne|n[’']|de|en|au|le|la|les|non) ?[^.]{0,40}$", before) and bool(
            re.match(r" (?!de\b|d[’']|ou\b|tard|que\b)\w+ que\b", after)
        )
    if word in ("more", "less"):
        return bool(re.match(r" \w+ than\b", after))
    if word in ("first", "last", "before", "after", "avant", "après"):
        return bool(re.match(r" (?:\d{4}\b|(?:the|le|la|les) |l[’'])", after)) and word not in ("first", "last")
    return True


def true_or_false(
    statement: Statement, pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
) -> Item | None:
    """Return a statement to be judged, true or with one part exchanged; only what can be false is asked."""
    made = [f for f in falsified(statement, pool, difficulty != "easy", rng) if f.value == (difficulty == "easy")]
    if not made or len(statement.text) > MAX_STATEMENT + 40:
        return None
    is_true = rng.random() < 0.5
    text = with_topic(statement.text if is_true else made[0].text, statement.topic, statement.language)
    shown = quoted(text, language, len(text)) if language != statement.language else text
    quote, where = quoted(statement.text, language), place(statement.sentence, language)
    reasons = say(language, "states" if is_true else "other", quote=quote, place=where)
    options = (Option(TRUE[language], is_true, reasons), Option(FALSE[language], not is_true, reasons))
    stemmed = say(language, "true_false", shown)
    answer = TRUE[language] if is_true else FALSE[language]
    return _item(
        "true_false", stemmed, options, answer, statement, language, "easy" if difficulty == "easy" else "medium"
    )


def correct_statement(statement: Statement, pool: Pool, language: Language, rng: random.Random) -> Item | None:
    """Return four statements about one subject of which only the given one is as the course says."""
    about = _about(statement, pool)
    if about is None:
        return None
    subject, others = about
    wrong = _falsified_of(others, statement, subject, OPTIONS - 1, pool, rng)
    if len(wrong) < OPTIONS - 1:
        return None
    options = [_right(statement, language), *(_wrong(f, language) for f in wrong)]
    rng.shuffle(options)
    asked = say(language, "right_about", subject)
    item = _item("choice", asked, tuple(options), statement.text, statement, language, "hard")
    return None if has_long_key(item) or has_equal_options(item) else item


def several_statements(
    statement: Statement, pool: Pool, language: Language, difficulty: Difficulty, rng: random.Random
) -> Item | None:
    """Return four statements about one subject of which two that stand near each other are as the course says."""
    about = _about(statement, pool)
    if about is None:
        return None
    subject, others = about
    partner = next((other for other in others if _is_near(other, statement)), None)
    if partner is None:
        return None
    rest = [other for other in others if other != partner]
    wrong = _falsified_of(rest, statement, subject, OPTIONS - 2, pool, rng)
    if len(wrong) < OPTIONS - 2:
        return None
    options = [_right(statement, language), _right(partner, language), *(_wrong(f, language) for f in wrong)]
    rng.shuffle(options)
    answer = " | ".join(option.text for option in options if option.correct)
    item = _item(
        "several", say(language, "several_about", subject), tuple(options), answer, statement, language, "hard"
    )
    first, last = sorted((statement.sentence, partner.sentence), key=lambda s: s.start)
    page = next(p for p in pool.material.pages[first.document.id] if p.index == first.page_index)
    source = replace(item.source, quote=page.text[first.start : last.end], start=first.start, end=last.end)
    item = replace(item, source=source, explanation=explanation(first, source.quote, language))
    return None if has_long_key(item) or has_equal_options(item) else item


def _about(statement: Statement, pool: Pool) -> tuple[str, list[Statement]] | None:
    """Return what a statement speaks of and the others of its source that do too, the nearest first.

    That is a term or name among its first words, as the subject of a sentence is.
    """
    if statement.topic or statement.gloss or len(statement.text) > MAX_STATEMENT:
        return None
    own = statement.sentence
    for span in pool.spans(statement):
        if span.kind in VALUE_KINDS or len(words(statement.text[: span.start])) > 3:
            continue
        following = words(statement.text[span.end :])[:1]
        if following and following[0] not in FUNCTION_WORDS and not is_finite(following[0], statement.language):
            continue
        term = pool.term(span.text)
        subject = term.text if term and span.start == 0 else span.text
        others = [
            other
            for other in pool.statements
            if other.sentence.document.id == own.document.id
            and other.sentence != own
            and not (other.topic or other.gloss)
            and len(other.text) <= MAX_STATEMENT + 20
            and f" {' '.join(words(span.text))} " in f" {' '.join(words(other.text))} "
        ]
        others.sort(key=lambda o: (abs(o.sentence.page_index - own.page_index), abs(o.sentence.start - own.start)))
        if others:
            return subject, others
    return None


def _is_near(one: Statement, other: Statement) -> bool:
    """Tell whether two statements stand on one page, so near that one quote holds both, and are like long."""
    a, b = one.sentence, other.sentence
    near = a.page_index == b.page_index and max(a.end, b.end) - min(a.start, b.start) <= MAX_QUOTE
    return near and 0.55 <= len(one.text) / len(other.text) <= 1.8


def _falsified_of(
    statements: Sequence[Statement], key: Statement, subject: str, count: int, pool: Pool, rng: random.Random
) -> list[Falsified]:
    """Return false versions that still speak of the subject, one of each statement, of lengths like the key's."""
    found: list[Falsified] = []
    for statement in statements:
        if 0.5 <= len(statement.text) / len(key.text) <= 2:
            versions = falsified(statement, pool, True, rng)
            found += [made for made in versions if fold(subject) in fold(made.text)][:1]
        if len(found) == count:
            break
    return found


def _right(statement: Statement, language: Language) -> Option:
    quote, where = quoted(statement.text, language), place(statement.sentence, language)
    return Option(statement.text, True, say(language, "states", quote=quote, place=where))


def _wrong(made: Falsified, language: Language) -> Option:
    quote, where = quoted(made.statement.text, language), place(made.statement.sentence, language)
    return Option(made.text, False, say(language, "other", quote=quote, place=where))


def _item(
    type: ItemType,
    stemmed: str,
    options: tuple[Option, ...],
    answer: str,
    statement: Statement,
    language: Language,
    difficulty: Difficulty,
) -> Item:
    sentence = statement.sentence
    return Item(
        type=type,
        stem=stemmed,
        options=options,
        answer=answer,
        source=sentence.cite(),
        language=language,
        difficulty=difficulty,
        bloom=BLOOM[difficulty],
        hint=say(language, "hint_page", sentence.page_label or str(sentence.page_index + 1)),
        explanation=explanation(sentence, statement.text, language),
        section=sentence.section,
    )
