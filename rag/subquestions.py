"""Questions that ask two things: cut into questions of one thing each, and their answers joined."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.cite import number_by_citation
from rag.types import Citation, Passage, SourcedAnswer

_WH = (
    r"(?:quand|où|qui|combien|comment|pourquoi|dans quel(?:le)?s? \w+|en quelle année|à quelle date|"
    r"when|where|who|how (?:many|much|long|old|far|often)|how|why|in what year|in which \w+)"
)
_BOTH = re.compile(rf"^\W*({_WH})\s*,?\s+(?:et|and)\s+({_WH})\b(?=\s+\S)", re.IGNORECASE)
_ADDED = re.compile(rf"\s*[,;]?\s+(?:et|and)\s+(?:aussi\s+|also\s+)?({_WH})\b\s*([^?]*)\?*\s*$", re.IGNORECASE)
_ASKED = re.compile(rf"^\W*{_WH}\b\s*", re.IGNORECASE)
_APART = 100
"""More than the passages of an answer, so that those of two keep apart until they are joined; a mark has 3 digits."""


def subquestions(question: str) -> tuple[str, ...]:
    """Return the questions in ``question``, each complete in itself; itself alone when it asks one thing.

    "Who described ELIZA, and when?" asks "Who described ELIZA?" and "when described ELIZA?": the second is no good
    English, but it holds the words that search and reading need.
    """
    if both := _BOTH.match(question):
        rest = question[both.end() :]
        return f"{both.group(1)}{rest}", f"{both.group(2)}{rest}"
    added = _ADDED.search(question)
    if added is None or not _ASKED.match(question):
        return (question,)
    first = question[: added.start()].rstrip(" ,;")
    rest = added.group(2).strip() or _ASKED.sub("", first)
    return (f"{first} ?", f"{added.group(1)} {rest} ?") if rest else (question,)


def join(asked: Sequence[str], answers: Sequence[SourcedAnswer]) -> SourcedAnswer:
    """Join the answers to the parts of a question; the parts without one are named as missing."""
    found = [answer for answer in answers if answer.status != "not_found"]
    if not found:
        return answers[0]
    missing = tuple(part for part, answer in zip(asked, answers, strict=True) if answer.status == "not_found")
    numbers = _numbers(found)
    texts: list[str] = []
    citations: list[Citation] = []
    passages: dict[int, Passage] = {}
    for place, answer in enumerate(found):
        renumbered = _apart(answer, place, numbers)
        texts.append(renumbered.text)
        citations += renumbered.citations
        passages.update({passage.n: passage for passage in renumbered.passages})
    sure = not missing and all(answer.status == "answered" for answer in found)
    joined = SourcedAnswer(
        status="answered" if sure else "partial",
        answer="; ".join(answer.answer for answer in found),
        text="\n\n".join(texts),
        citations=_once(citations),
        passages=tuple(passages[n] for n in sorted(passages)),
        unread=max(answer.unread for answer in answers),
        probability=min((a.probability for a in answers if a.probability is not None), default=None),
        missing=(*missing, *(part for answer in found for part in answer.missing)),
        unsupported=tuple(sentence for answer in found for sentence in answer.unsupported),
        instead="; ".join(answer.instead for answer in found if answer.instead),
    )
    return number_by_citation(joined)


def _numbers(answers: Sequence[SourcedAnswer]) -> dict[tuple[str, int, int], int]:
    numbers: dict[tuple[str, int, int], int] = {}
    for place, answer in enumerate(answers):
        for passage in answer.passages:
            numbers.setdefault(_place(passage), place * _APART + passage.n)
    return numbers


def _place(passage: Passage) -> tuple[str, int, int]:
    return passage.sha256, passage.page_index, passage.start


def _apart(answer: SourcedAnswer, place: int, numbers: dict[tuple[str, int, int], int]) -> SourcedAnswer:
    new = {passage.n: numbers[_place(passage)] for passage in answer.passages}
    text = re.sub(r"\[(\d{1,3})\]", lambda mark: f"[{new.get(int(mark.group(1)), mark.group(1))}]", answer.text)
    return replace(
        answer,
        text=text,
        citations=tuple(replace(citation, n=new[citation.n]) for citation in answer.citations),
        passages=tuple(replace(passage, n=new[passage.n]) for passage in answer.passages),
    )


def _once(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citations))
