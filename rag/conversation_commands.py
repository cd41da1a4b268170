"""The commands of the command line that list conversations, and take them and what was judged in them away."""

import argparse
import sys
from collections.abc import Callable, Mapping

from rag import export_path
from rag.command_session import find_notebook, opened
from rag.conversations import find
from rag.errors import RagError
from rag.export_path import suffix_of
from rag.library import Library
from rag.rows import ConversationRow
from rag.settings import Settings


def conversation(settings: Settings, options: argparse.Namespace) -> int:
    """Write the questions and answers of a conversation, with their citations; without a file as Markdown."""
    export_path.check(options.export, "conversation")
    with opened(settings) as library:
        notebook = find_notebook(library, options.notebook)
        talks = library.conversations.rows(notebook.id)
        talk = None if options.list else _chosen(talks, options.conversation)
        rows = [row for row in library.conversation.answers(notebook.id, talk.id) if row.final] if talk else []
    if options.list:
        for number in talks:
            print(f"{number.title or '–'} ({_questions(number.questions)})")
        return 0
    if talk is None or not rows:
        print(f"Nothing was asked in {talk.title if talk and talk.title else notebook.name} yet.", file=sys.stderr)
        return 0
    from rag.export.conversation import write_conversation

    suffix = suffix_of(options.export) if options.export else "md"
    data = write_conversation(suffix, f"{notebook.name} – {talk.title}", rows, rows[-1].language)
    if options.export:
        export_path.write(options.export, data)
        print(f"{options.export}: {_questions(talk.questions)}.")
    else:
        print(data.decode("utf-8").rstrip("\n"))
    return 0


def feedback(settings: Settings, options: argparse.Namespace) -> int:
    """Write the judged answers of a notebook as questions to evaluate; without a file as lines of JSON."""
    export_path.check(options.export, "feedback")
    with opened(settings) as library:
        notebook = find_notebook(library, options.notebook)
        rows = [row for row in library.conversation.answers(notebook.id) if row.feedback]
    if not rows:
        print(f"No answer of {notebook.name} was judged yet.", file=sys.stderr)
        return 0
    from rag.export.feedback import write_feedback

    suffix = suffix_of(options.export) if options.export else "jsonl"
    data = write_feedback(suffix, rows, "en")
    if options.export:
        export_path.write(options.export, data)
        print(f"{options.export}: {len(rows)} answer{'' if len(rows) == 1 else 's'}.")
    else:
        print(data.decode("utf-8").rstrip("\n"))
    return 0


COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], int]] = {
    "conversation": conversation,
    "feedback": feedback,
}


def conversation_to_ask(library: Library, notebook_id: int, title: str | None) -> int | None:
    """Return the conversation of that title, begun when it is new; None, the newest, when no title is given."""
    if title is None:
        return None
    known = find(library.conversations.rows(notebook_id), title)
    return (known or library.conversations.start(notebook_id, title)).id


def _chosen(talks: list[ConversationRow], title: str | None) -> ConversationRow | None:
    """Return the conversation of that title, by default the newest. Raises RagError CONVERSATION_UNKNOWN."""
    if title is None:
        return talks[-1] if talks else None
    found = find(talks, title)
    if found is None:
        known = ", ".join(f'"{row.title}"' for row in talks if row.title) or "–"
        raise RagError("CONVERSATION_UNKNOWN", name=title, known=known)
    return found


def _questions(count: int) -> str:
    return f"{count} question{'' if count == 1 else 's'}"
