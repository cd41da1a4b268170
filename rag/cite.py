"""From ``[n]`` marks and quotes to citations: what does not resolve is dropped, pages come from the passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.types import Citation, Passage, SourcedAnswer, Support

_JOIN = r"(?:[,;&]|-|–|et|and|à|to)"
_MARK = re.compile(
    rf"[\[【]\s*\^?(?:passages?|sources?)?\s*(\d{{1,3}}(?:\s*{_JOIN}\s*\d{{1,3}})*)\s*[\]】]", re.IGNORECASE
)
_RANGE = re.compile(r"(\d{1,3})(?:\s*(-|–|à|to)\s*(\d{1,3}))?")
_SINGLE_MARK = re.compile(r"\[(\d{1,3})\]")
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:!?…](?:\s|$))")


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence without its marks, the passage numbers it cited, and how many marks resolved to nothing."""

    text: str
    numbers: tuple[int, ...]
    dropped: int


def read_marks(sentence: str, known: Sequence[int]) -> Marked:
    """Take ``[n]``, ``[n, m]`` and ``[n-m]`` out of a sentence and keep the numbers of passages that were sent."""
    cited = [n for match in _MARK.finditer(sentence) for n in _numbers(match.group(1))]
    kept = tuple(dict.fromkeys(n for n in cited if n in known))
    plain = _SPACE_BEFORE.sub("", re.sub(r"\s{2,}", " ", _MARK.sub(" ", sentence))).strip()
    return Marked(plain, kept, sum(1 for n in cited if n not in known))


def _numbers(mark: str) -> list[int]:
    found: list[int] = []
    for match in _RANGE.finditer(mark):
        first = int(match[1])
        found += range(first, int(match[3]) + 1) if match[3] else (first,)
    return found


def cite_span(passage: Passage, start: int, end: int, support: Support) -> Citation:
    """Cite ``passage.text[start:end]``; the page comes from the passage."""
    return Citation(
        n=passage.n,
        sha256=passage.sha256,
        document=passage.document,
        page_index=passage.page_index,
        page_label=passage.page_label,
        quote=passage.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
        extractor=passage.extractor,
        support=support,
    )


def number_by_citation(answer: SourcedAnswer) -> SourcedAnswer:
    """Renumber passages so that the cited ones come first, in the order of the text; marks and citations follow.

    A number in brackets that is no passage's (a year, a reference) stays as it is.
    """
    known = [passage.n for passage in answer.passages]
    order = [int(match.group(1)) for match in _SINGLE_MARK.finditer(answer.text)]
    order = [n for n in order if n in known] + [citation.n for citation in answer.citations] + known
    new = {old: place for place, old in enumerate(dict.fromkeys(order), start=1)}
    return replace(
        answer,
        text=_SINGLE_MARK.sub(lambda match: f"[{new.get(int(match.group(1)), match.group(1))}]", answer.text),
        citations=tuple(replace(citation, n=new[citation.n]) for citation in answer.citations),
        passages=tuple(sorted((replace(p, n=new[p.n]) for p in answer.passages), key=lambda p: p.n)),
        left_out=tuple(sorted(new[n] for n in answer.left_out)),
    )
