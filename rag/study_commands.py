"""The commands of the command line that make quizzes, cards and guides, and that take notes away."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ingest.language import detect
from ingest.types import Language
from rag import export_path
from rag.command_session import Work, find_notebook, opened, working
from rag.console import exit_status, note_lines
from rag.errors import RagError
from rag.export_path import suffix_of
from rag.library import Library
from rag.rows import NotebookRow
from rag.settings import Settings
from rag.source_guide_commands import notebook_overview, source_guide
from rag.study.aids.definitions import definitions
from rag.study.material import Material, gather
from rag.study.rows import GuideRow, QuizRow
from rag.study.types import Guide, Point, QuizRequest
from rag.study_console import card_lines, guide_lines, made_line, quiz_lines
from rag.study_report import cards_report, guide_report, quiz_report
from rag.terminal import status_line

INTERRUPTED_BY_USER = 130

Row = TypeVar("Row", QuizRow, GuideRow)


def quiz(settings: Settings, options: argparse.Namespace) -> int:
    """Make a quiz and print or write it; Ctrl-C ends the making and keeps what is good."""
    export_path.check(options.export, "quiz")
    with opened(settings) as library, working(library, options.build) as work:
        notebook = find_notebook(library, options.notebook)
        request = QuizRequest(
            options.count,
            options.types,
            options.difficulty,
            options.topic,
            _documents(library, notebook, options.documents),
            language=options.language,
            seed=options.seed,
        )
        quiz_id = library.make_quiz(notebook.id, request)
        row, ended = _made(
            lambda tell: library.wait_quiz(quiz_id, tell), lambda: library.quizzes.cancel(quiz_id), work, _quiz_progress
        )
        kept = [kept.item for kept in library.quizzes.items(quiz_id) if kept.state == "kept"]
        items = [replace(item, source=library.place(item.source, notebook.id)[0]) for item in kept]
    if row.code and not items:
        raise RagError(row.code, **row.details)
    said = made_line(request.count, row.planned, len(items), row.dropped)
    if options.export:
        from rag.export.quiz import write_quiz

        language = _language([item.language for item in items])
        export_path.write(options.export, write_quiz(suffix_of(options.export), row.name, items, language))
        print(f"{options.export}: {said}")
    elif options.json:
        print(json.dumps(quiz_report(notebook.name, request.count, row.dropped, items), ensure_ascii=False))
    else:
        print("\n".join([*quiz_lines(items), said]))
    return _status(row, ended)


def cards(settings: Settings, options: argparse.Namespace) -> int:
    """Make cards of the definitions in the ticked sources and of the notebook's quizzes; print or write all."""
    export_path.check(options.export, "cards")
    with opened(settings) as library:
        notebook = find_notebook(library, options.notebook)
        material = gather(library.store, notebook.id)
        quizzes = library.quizzes.rows(notebook.id)
        items = [kept.item for row in quizzes for kept in library.quizzes.items(row.id) if kept.state == "kept"]
        added = library.cards.add_items(notebook.id, items)
        added += library.cards.add_definitions(notebook.id, _definitions(material))
        counts = library.cards.counts(notebook.id, time.time())
        rows = [
            replace(card, source=library.place(card.source, notebook.id)[0]) if card.source else card
            for card in library.cards.rows(notebook.id)
        ]
    if not rows:
        raise RagError("NO_DEFINITIONS" if material.documents else "NO_SOURCES")
    if options.export:
        from rag.export.cards import write_cards

        language = _language([card.language for card in rows])
        export_path.write(options.export, write_cards(suffix_of(options.export), notebook.name, rows, language))
        print(f"{options.export}: {len(rows)} cards, {added} of them new.")
    elif options.json:
        print(json.dumps(cards_report(notebook.name, added, counts.due, rows), ensure_ascii=False))
    else:
        print("\n".join(card_lines(rows, counts)))
    return 0


def _definitions(material: Material) -> Sequence[Point]:
    try:
        return definitions(material)
    except RagError as error:
        # The quizzes may still give cards.
        if error.code != "STUDY_NO_TEXT":
            raise
        return ()


def guide(settings: Settings, options: argparse.Namespace) -> int:
    """Make a study aid and print or write it; without a kind, say what a source or the notebook is about."""
    if options.kind is None:
        return (source_guide if options.document else notebook_overview)(settings, options)
    export_path.check(options.export, "guide")
    with opened(settings) as library, working(library, options.build) as work:
        notebook = find_notebook(library, options.notebook)
        chosen = _documents(library, notebook, options.documents)
        guide_id = library.make_guide(notebook.id, options.kind, options.language, chosen)
        row, ended = _made(
            lambda tell: library.wait_guide(guide_id, tell),
            lambda: library.guides.cancel(guide_id),
            work,
            _guide_progress,
        )
        made = row.guide and replace(row.guide, points=_placed(library, notebook.id, row.guide.points))
    if row.code and made is None:
        raise RagError(row.code, **row.details)
    if made is not None:
        _print_guide(options, notebook, made)
    return _status(row, ended)


def _print_guide(options: argparse.Namespace, notebook: NotebookRow, made: Guide) -> None:
    if options.export:
        from rag.export.guide import write_guide

        export_path.write(options.export, write_guide(suffix_of(options.export), made, notebook.name))
        print(f"{options.export}: {options.kind} of {notebook.name}.")
    elif options.json:
        print(json.dumps(guide_report(notebook.name, made), ensure_ascii=False))
    else:
        print("\n".join(guide_lines(made.points)))


def notes(settings: Settings, options: argparse.Namespace) -> int:
    """List the notes of a notebook, or write them with their citations."""
    export_path.check(options.export, "notes")
    with opened(settings) as library:
        notebook = find_notebook(library, options.notebook)
        rows = [
            replace(row, citations=tuple(library.place(citation, notebook.id)[0] for citation in row.citations))
            for row in library.notes.rows(notebook.id)
        ]
    if not rows:
        print(f"There are no notes in {notebook.name} yet.", file=sys.stderr)
        return 0
    if not options.export:
        print("\n\n".join("\n".join(note_lines(row)) for row in rows))
        return 0
    from rag.export.notes import write_notes

    language = detect("\n".join(row.text for row in rows))
    export_path.write(options.export, write_notes(suffix_of(options.export), notebook.name, rows, language))
    print(f"{options.export}: {len(rows)} note{'' if len(rows) == 1 else 's'}.")
    return 0


COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], int]] = {
    "quiz": quiz,
    "cards": cards,
    "guide": guide,
    "notes": notes,
}


def _made(
    wait: Callable[[Callable[[Row], None]], Row],
    cancel: Callable[[], None],
    work: Work,
    progress: Callable[[Row], str],
) -> tuple[Row, bool]:
    """Wait until it is made, telling a terminal how far it is; return it, and whether Ctrl-C ended it."""
    ended = False
    with status_line(sys.stderr) as show:

        def tell(row: Row) -> None:
            work(row)
            show(progress(row))

        try:
            final = wait(tell)
        except KeyboardInterrupt:
            ended = True
            cancel()
            final = wait(tell)
    return final, ended


def _quiz_progress(row: QuizRow) -> str:
    if row.state == "waiting":
        return "Quiz: waiting"
    dropped = sum(row.dropped.values())
    return f"Quiz: {row.done} of {row.planned or row.request.count} items" + (f", {dropped} dropped" if dropped else "")


def _guide_progress(row: GuideRow) -> str:
    return f"{row.kind.capitalize()}: " + ("waiting" if row.state == "waiting" else f"{row.done} %")


def _status(row: QuizRow | GuideRow, ended: bool) -> int:
    if ended:
        print("Interrupted: what was made until then is kept.", file=sys.stderr)
        return INTERRUPTED_BY_USER
    if row.code:
        print(RagError(row.code, **row.details), file=sys.stderr)
    return exit_status(row.code)


def _documents(library: Library, notebook: NotebookRow, names: Sequence[str]) -> tuple[int, ...]:
    """Return the sources of those names, in their order. Raises RagError SOURCE_UNKNOWN."""
    rows = library.store.documents(notebook.id)
    for name in names:
        if name not in {row.name for row in rows}:
            raise RagError("SOURCE_UNKNOWN", name=name, known=", ".join(row.name for row in rows) or "–")
    return tuple(row.id for row in rows if row.name in names)


def _placed(library: Library, notebook_id: int, points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(
        replace(
            point,
            citations=tuple(library.place(citation, notebook_id)[0] for citation in point.citations),
            children=_placed(library, notebook_id, point.children),
        )
        for point in points
    )


def _language(found: Sequence[Language]) -> Language:
    """Return the language of most, for the words of a file that are not theirs."""
    return "fr" if 2 * found.count("fr") > len(found) else "en"
