"""Quizzes, cards and guides as lines of text."""

from collections.abc import Iterator, Mapping, Sequence

from rag.study.rows import CardRow, DueCounts
from rag.study.types import Item, Point
from rag.types import Citation

_INDENT = "   "


def quiz_lines(items: Sequence[Item]) -> Iterator[str]:
    """Yield each item with its options, its answer and where it stands."""
    for number, item in enumerate(items, start=1):
        yield f"{number}. {_one_line(item.stem)}"
        yield from (f"{_INDENT}{line}" for line in _options(item))
        if item.hint:
            yield f"{_INDENT}Hint: {_one_line(item.hint)}"
        if item.explanation:
            yield f"{_INDENT}Why: {_one_line(item.explanation)}"
        yield f"{_INDENT}{_where(item.source)}"
        yield ""


def _options(item: Item) -> Iterator[str]:
    if item.type == "matching":
        yield from (f"{option.match} – {option.text}" for option in item.options)
        return
    for letter, option in zip("abcdefgh", item.options, strict=False):
        yield f"{'*' if option.correct else ' '} {letter}) {option.text}"
    if not item.options:
        yield f"Answer: {item.answer}"


def made_line(asked: int, planned: int, made: int, dropped: Mapping[str, int]) -> str:
    """Say how many items there are of those asked for, and what became of the others."""
    parts = [f"{made} of {asked} items made"]
    if planned < asked:
        parts.append(f"the sources have passages for {planned}")
    if dropped:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(dropped.items()))
        parts.append(f"{sum(dropped.values())} did not pass a check ({reasons})")
    return f"{'; '.join(parts)}."


def card_lines(cards: Sequence[CardRow], counts: DueCounts) -> Iterator[str]:
    """Yield the two sides of each card and where it comes from, then how many are due."""
    for card in cards:
        yield f"- {_one_line(card.front)}"
        yield f"  {_one_line(card.back)}" + (" (suspended)" if card.suspended else "")
        if card.source:
            yield f"  {_where(card.source)}"
    yield f"{counts.total} cards, {counts.due} due today."


def guide_lines(points: Sequence[Point], depth: int = 0) -> Iterator[str]:
    """Yield the points, each with its pages; what stands under another is indented."""
    for point in points:
        note = f"{_one_line(point.note)}: " if point.note and point.text else _one_line(point.note)
        pages = "".join(f" [{citation.document}, p. {citation.page_index + 1}]" for citation in point.citations)
        yield f"{'  ' * depth}- {note}{_one_line(point.text)}{pages}"
        yield from guide_lines(point.children, depth + 1)


def _where(citation: Citation) -> str:
    return f'{citation.document}, p. {citation.page_index + 1}: "{_one_line(citation.quote)}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
