"""What a command found: figures with their targets, as a Markdown table and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.measure import Spread

BEGIN, END = "<!-- speed figures -->", "<!-- end of speed figures -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: Lectern beside the naive pipeline, in ``unit``.

    ``ratio`` says how many times faster Lectern is; ``least`` is the ratio to reach, ``most`` a bound on ``ours``.
    """

    name: str
    unit: str
    ours: Spread
    naive: Spread | None = None
    ratio: Spread | None = None
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Tell whether the median reaches its target; None where there is none."""
        if self.least is not None:
            return self.ratio is not None and self.ratio.median >= self.least
        return None if self.most is None else self.ours.median <= self.most


def markdown(figures: Sequence[Figure]) -> str:
    """Return the table, columns padded."""
    rows = [["", "Lectern", "naive", "times faster", "target", ""], *(_row(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def _row(figure: Figure) -> list[str]:
    target = f"≥ {figure.least:g} ×" if figure.least is not None else ""
    target = f"≤ {figure.most:g} {figure.unit}" if figure.most is not None else target
    verdict = {True: "reached", False: "**missed**", None: ""}[figure.reached]
    name = f"{figure.name} ({figure.note})" if figure.note else figure.name
    naive = _cell(figure.naive, figure.unit) if figure.naive else "–"
    return [
        name,
        _cell(figure.ours, figure.unit),
        naive,
        _cell(figure.ratio, "×") if figure.ratio else "–",
        target,
        verdict,
    ]


def _cell(spread: Spread, unit: str) -> str:
    middle, low, high = (_short(value) for value in (spread.median, spread.low, spread.high))
    return f"{middle} {unit}" if low == high else f"{middle} {unit} [{low}, {high}]"


def _short(value: float) -> str:
    """Write three digits that count."""
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{places}f}"


def as_json(figures: Sequence[Figure], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything found, with what it was found on."""
    return {**about, "figures": [{**asdict(figure), "reached": figure.reached} for figure in figures]}


def between_marks(text: str, tables: str) -> str:
    """Put the tables between the two marks of a Markdown text. Raises ValueError when it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"it has no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"
