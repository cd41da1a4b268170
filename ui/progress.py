"""What is being done to a source, how far it is and what could not be read. Pure: no widget is drawn here."""

from collections.abc import Sequence

from ingest.types import PageWarning
from rag.rows import DocumentRow
from ui.texts import Texts

# Reading is the first part of the bar and preparing the search the rest: it takes about three times as long.
READING_SHARE = 0.25
# A time left is a guess until this much has been seen of a stage.
SEEN_SECONDS = 1.5
PAGES_NAMED = 8


def progress_value(row: DocumentRow) -> float:
    """Return how much of a source is done, 0..1."""
    part = min(row.done / row.total, 1.0) if row.total else 0.0
    match row.state:
        case "extracting":
            return READING_SHARE * part
        case "embedding":
            return READING_SHARE + (1 - READING_SHARE) * part
        case "received":
            return 0.0
        case _:
            return 1.0


def progress_text(texts: Texts, row: DocumentRow, now: float) -> str:
    """Return the stage with counts and, once it can be told, the time left of it."""
    if row.state == "received":
        return texts("sources.received")
    if not row.total:
        return texts(f"sources.{row.state}_start")
    body = texts(f"sources.{row.state}", done=row.done, total=row.total)
    left = seconds_left(row, now)
    if left is None:
        return body
    if left < 60:
        return f"{body} · {texts('sources.left_seconds', n=max(1, round(left)))}"
    return f"{body} · {texts('sources.left_minutes', n=round(left / 60))}"


def seconds_left(row: DocumentRow, now: float) -> float | None:
    """Return the time left of the running stage at the speed so far, or None while too little was seen."""
    elapsed = now - row.stage_started
    if not row.done or not row.stage_started or elapsed < SEEN_SECONDS:
        return None
    return elapsed / row.done * max(row.total - row.done, 0)


def warning_lines(texts: Texts, warnings: Sequence[PageWarning]) -> list[str]:
    """Return one sentence for each kind of page that could not be used."""
    lines = []
    for code in dict.fromkeys(warning.code for warning in warnings):
        numbers = [warning.index + 1 for warning in warnings if warning.code == code]
        lines.append(texts.count(f"sources.warning_{code}", len(numbers), pages=page_ranges(texts, numbers)))
    return lines


def facts(texts: Texts, row: DocumentRow) -> list[str]:
    """Return what there is to know of a readable source, a line each."""
    language = texts.plain(f"sources.language_{row.language}")
    size = f"{max(row.size, 50_000) / 1e6:.1f}"
    lines = [texts("sources.size", size=size.replace(".", ",") if texts.language == "fr" else size, language=language)]
    if row.readable == row.pages:
        lines.append(texts.count("sources.all_readable", row.pages, pages=row.pages))
    else:
        lines.append(texts("sources.coverage", readable=row.readable, pages=row.pages))
    return lines + [f":material/warning: {line}" for line in warning_lines(texts, row.warnings)]


def page_ranges(texts: Texts, numbers: Sequence[int]) -> str:
    """Return page numbers as a person writes them: "3–9, 12 and 15"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    if len(parts) > PAGES_NAMED:
        parts = [*parts[:PAGES_NAMED], "…"]
        return ", ".join(parts)
    return ", ".join(parts[:-1]) + texts.plain("sources.and") + parts[-1] if len(parts) > 1 else "".join(parts)
