"""The gaps of a statement: the parts that one filler alone fits, and a reader of the course should know."""

import re
from collections.abc import Iterator

from ingest.types import Language
from rag.study.keypoints import Statement
from rag.study.kinds import IN_WORDS, NAME_KINDS, VALUE_KINDS, Kind, Span
from rag.study.pool import Pool
from rag.study.roots import root
from rag.study.stems import ASKS, GAP, Asked, is_title, with_topic
from rag.study.wording import GENERAL, is_finite
from rag.terms import FUNCTION_WORDS, content_words, words

_SMALL_NUMBERS = IN_WORDS | {str(number) for number in range(2, 13)}
# Where a small number counts what something has; elsewhere ("two vertices that …") it is trivial.
_COUNTING = re.compile(
    r"\b(?:compos|form(?:é|ed)|compt|compren|comport|contien|contain|constitu|divisé|divided|poss[èe]d|consist|"
    r"has|have|made (?:up )?of|"
    r"types?|kinds|phases|étapes|steps|stages|layers|couches|sortes|existe|distingue|surmont|entouré|dur|last)"
)


def gaps(statement: Statement, pool: Pool, language: Language) -> Iterator[Asked]:
    """Yield the statement with a gap: values, then names, then terms, the weightiest first."""
    found = [span for span in pool.spans(statement) if _may_be_left_out(statement, span, pool)]
    if statement.gloss:
        return
    ranks: dict[Kind, int] = {"year": 0, "date": 0, "number": 1, "person": 1, "organisation": 2, "property": -1}
    found.sort(key=lambda span: (ranks.get(span.kind, 3), -_importance(span, pool), span.start))
    for span in found:
        text = statement.text
        gapped = text[: span.start] + GAP + text[span.end :]
        topic = statement.topic if not _gives(statement.topic, span.text) else ""
        if statement.topic and not topic:
            continue
        gapped = with_topic(gapped, topic, language)
        framed = gapped if language == statement.language else ASKS[language]["complete"].format(gapped)
        before, after = text[: span.start], text[span.end :]
        yield Asked("gap", framed, span.text, span.kind, statement, span.unit, before, after)


def _importance(span: Span, pool: Pool) -> float:
    term = pool.term(span.text)
    return term.count * (2 if term.in_heading else 1) * len(term.key) ** 0.5 if term else 1.0


def _gives(topic: str, key: str) -> bool:
    held = {root(word) for word in content_words(topic)}
    return bool(held & {root(word) for word in content_words(key)})


def _may_be_left_out(statement: Statement, span: Span, pool: Pool) -> bool:
    """Tell whether the gap has one filler: the part stands once, whole, not at the head, with enough around it."""
    text = statement.text
    before, after = words(text[: span.start]), words(text[span.end :])
    around = [word for word in (*before, *after) if word not in FUNCTION_WORDS]
    parts = words(span.text)
    if (
        len(before) < 2
        or len(around) < 6
        or {root(p) for p in parts if p not in FUNCTION_WORDS} & {root(w) for w in around}
    ):
        return False
    if text[span.end : span.end + 1] in ("-", "’", "'", "/", "_") or text[span.start - 1] in "-/_":
        return False
    if text[span.start - 1] == "(" and text[span.end : span.end + 1] == ")":
        return False
    if span.kind == "number" and before[-1] in ("les", "the", "ses", "leurs", "ces", "both", "its"):
        return False
    if span.kind == "property":
        return True
    if (
        span.kind == "number"
        and span.text.lower() in _SMALL_NUMBERS
        and not _COUNTING.search(text[max(0, span.start - 45) : span.end + 25])
    ):
        return False
    if span.kind in VALUE_KINDS:
        return not re.match(r" (?:premi|derni|autre|first|last|other|next|main|fois|times)", text[span.end :])
    if span.kind in NAME_KINDS or span.kind == "acronym":
        return _is_sure_name(text, span, pool) and not re.match(r" ?\(", text[span.end :])
    term = pool.term(span.text)
    if is_title(span.text, statement):
        return False
    return (
        term is not None
        and term.rare
        and _is_worth(term.count, term.in_heading, parts)
        and _is_bounded(before, after, text, span)
    )


def _is_sure_name(text: str, span: Span, pool: Pool) -> bool:
    """Tell whether a name's kind is known, it stands in no list and is not quoted; acronyms come again."""
    before, after = text[: span.start], text[span.end :]
    spelled = re.match(r" (?:[-–—(]|is short|stands)", after) or re.search(r"\((?:en anglais )?$", before)
    listed = (
        spelled
        or re.match(r",? (?:et |and )?[A-ZÀ-Ý][\w-]+ [A-ZÀ-Ý]|, [A-Z]\w* (?:ou|or|et|and) ", after)
        or re.search(r"[A-ZÀ-Ý][\w’'.-]*, [^,]+ (?:et|and|ou|or) $", before)
        or (re.search(r"[A-ZÀ-Ý][\w’'.-]*(?:,| et| and) $", before) and re.match(r"(?:,| et| and) [A-ZÀ-Ý]", after))
    )
    if listed or before[-1] in "\"“«'":
        return False
    if span.kind == "acronym":
        following = words(after)[:1]
        modifies = (
            after[:1] == " "
            and following
            and not (
                following[0] in FUNCTION_WORDS
                or following[0].isdigit()
                or is_finite(following[0], "fr")
                or is_finite(following[0], "en")
            )
        )
        return not modifies and any(
            c.count >= 3 for c in pool.candidates.get("acronym", ()) if c.key == words(span.text)
        )
    return span.kind == "person" or (span.kind == "organisation" and " " in span.text)


def _is_worth(count: int, in_heading: bool, parts: tuple[str, ...]) -> bool:
    plain = [word for word in parts if word not in FUNCTION_WORDS]
    if any(word in GENERAL for word in plain) and len(plain) < 2:
        return False
    return (len(plain) >= 2 and (count >= 3 or in_heading)) or (len(plain) == 1 and count >= 4 and in_heading)


def _is_bounded(before: tuple[str, ...], after: tuple[str, ...], text: str, span: Span) -> bool:
    """Tell whether a term is no part of a longer group: a small word or a mark stands on both sides."""
    closed = (
        not after
        or text[span.end] in ",;:.)"
        or after[0] in FUNCTION_WORDS
        or is_finite(after[0], "fr")
        or is_finite(after[0], "en")
    )
    linked = (
        bool(after) and after[0] in ("de", "d", "du", "des", "of", "en", "a", "au", "aux") and text[span.end] == " "
    )
    return closed and not linked and (before[-1] in FUNCTION_WORDS or text[span.start - 2 : span.start - 1] in ",;:(")
