"""Figures as tables to read and as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evaluation.metrics import Figure
from rag.errors import RagError

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def marks(name: str = "") -> tuple[str, str]:
    """Return the two lines between which a Markdown file holds the tables called ``name``."""
    return (f"<!-- {name} figures -->", f"<!-- end of {name} figures -->") if name else (BEGIN, END)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by measure, one column for each group of questions."""

    title: str
    columns: Mapping[str, Mapping[str, Figure]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command found; ``details`` go into the JSON only."""

    tables: Sequence[Table]
    details: Mapping[str, Any] = field(default_factory=dict)


def without_seconds(measured: Measured) -> Measured:
    """Leave out every measure of time: that of a run in which not all work was done anew tells nothing."""
    tables = [
        Table(
            table.title,
            {
                name: {measure: value for measure, value in figures.items() if not measure.startswith("seconds")}
                for name, figures in table.columns.items()
            },
        )
        for table in measured.tables
    ]
    return replace(measured, tables=tables)


def markdown(table: Table) -> str:
    """Return a table: a row a measure, in each cell the value and its interval; the last row counts the questions."""
    columns = {name: figures for name, figures in table.columns.items() if figures}
    measures = list(dict.fromkeys(measure for figures in columns.values() for measure in figures))
    rows = [[measure, *(_cell(measure, figures.get(measure)) for figures in columns.values())] for measure in measures]
    lines = [[table.title, *columns], *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    drawn = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([drawn[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *drawn[1:]])


def _cell(measure: str, figure: Figure | None) -> str:
    if figure is None:
        return "–"
    places = 2 if measure.startswith("seconds") else 3
    return f"{figure.value:.{places}f} [{figure.low:.{places}f}, {figure.high:.{places}f}] n={figure.n}"


def as_json(measured: Mapping[str, Measured], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything found, by command, table, column and measure."""
    return {
        **about,
        "measured": {
            command: {
                "tables": {
                    table.title: {
                        column: {measure: _rounded(figure) for measure, figure in figures.items()}
                        for column, figures in table.columns.items()
                    }
                    for table in found.tables
                },
                **found.details,
            }
            for command, found in measured.items()
        },
    }


def _rounded(figure: Figure) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(figure).items()}


def text(measured: Mapping[str, Measured], about: Mapping[str, Any]) -> str:
    """Return all tables in Markdown, with the date and the command that made them."""
    settings = about["settings"]
    head = f"{about['date']}, {settings['device']}, {settings['embedder']} and {settings['generator']}, by"
    tables = [markdown(table) for found in measured.values() for table in found.tables if any(table.columns.values())]
    return "\n\n".join([f"{head}\n`{about['command']}`:", *tables])


def about(command: str, data: Path, settings: Mapping[str, str]) -> dict[str, Any]:
    """Return what a report starts with; the folder of the data is named, not its place."""
    return {"date": datetime.now(UTC).date().isoformat(), "command": command, "data": data.name, "settings": settings}


def writable(*paths: Path | None) -> None:
    """Check, before a long run, that its results can be written, and make their folders. Raises RagError
    FILE_UNWRITABLE."""
    for path in paths:
        if path is not None:
            with _writing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.open("a", encoding="utf-8").close()


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a report. Raises RagError FILE_UNWRITABLE."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def write_text(path: Path, content: str) -> None:
    """Write a file. Raises RagError FILE_UNWRITABLE."""
    with _writing(path):
        path.write_text(content, encoding="utf-8")


def between_marks(path: Path, tables: str, name: str = "") -> str:
    """Return a Markdown file with the tables between its two marks. Raises RagError DATA_DAMAGED."""
    first, last = marks(name)
    try:
        before, begin, rest = path.read_text(encoding="utf-8").partition(first)
    except OSError as error:
        raise RagError("DATA_DAMAGED", path=str(path), reason=error.strerror or type(error).__name__) from error
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise RagError("DATA_DAMAGED", path=str(path), reason=f"it has no lines {first} and {last}")
    return f"{before}{first}\n{tables}\n{last}{after}"


def put_in(path: Path, tables: str, name: str = "") -> None:
    """Put the tables between the two marks of a Markdown file. Raises RagError DATA_DAMAGED or FILE_UNWRITABLE."""
    write_text(path, between_marks(path, tables, name))


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RagError("FILE_UNWRITABLE", path=str(path), reason=error.strerror or type(error).__name__) from error
