"""What can be said on the command line."""

import argparse
from pathlib import Path
from typing import get_args

from rag.export_path import SUFFIXES
from rag.study.types import BLOOM, MAX_ITEMS, MIN_ITEMS, GuideKind, ItemType, QuizLanguage

DEFAULT_NOTEBOOK = "Lectern"

_EXAMPLES = """\
examples:
  python -m rag add slides.pdf notes.pdf --notebook "Networks"
  python -m rag ask "What does a router do?" --notebook "Networks"
  python -m rag ask "Que fait un routeur ?" --sources --json
  python -m rag ask "And when?" --conversation "Week 1"
  python -m rag ask "What does a router do?" --model Qwen/Qwen3-4B-Instruct-2507
  python -m rag quiz --count 20 --types choice,cloze --language fr --export quiz.apkg
  python -m rag guide --kind summary --export summary.docx
  python -m rag guide --document slides.pdf --json

Everything stays on this computer, under LECTERN_HOME (default: ~/.lectern/data).
Exit status: 0 done (also when nothing was found, or fewer items than asked), 2 an input was refused, 1 an internal
fault, 130 interrupted: what was made until then is kept.
"""
_TYPES: tuple[str, ...] = get_args(ItemType)
_NEWEST = "default: the newest notebook"


def parser() -> argparse.ArgumentParser:
    """Build the parser; ``command`` of its result is the name of a command."""
    made = argparse.ArgumentParser(
        prog="python -m rag",
        description="Ask your course PDFs, on this computer.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = made.add_subparsers(required=True, dest="command", metavar="COMMAND", title="commands")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")

    add = command("add", "add PDF files to a notebook, which is made when it is new")
    add.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add.add_argument("--notebook", metavar="NAME", help=f'{_NEWEST}, or "{DEFAULT_NOTEBOOK}" when there is none')
    _add_ask(command("ask", "ask a question, in French or English"))
    sources = command("sources", "list the sources of a notebook")
    sources.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    remove = command("remove", "remove a source from a notebook")
    remove.add_argument("source", metavar="SOURCE", help="its file name, as the command sources lists it")
    remove.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    doctor = command("doctor", "check versions, model files, device, database and disk")
    doctor.add_argument("--json", action="store_true", help="print one JSON array")
    command("prepare", "prepare the bundled models, once")
    _add_quiz(command("quiz", "make a quiz, every item with its page"))
    _add_cards(command("cards", "make flashcards of definitions and quizzes, and list them"))
    _add_guide(command("guide", "make a study aid, or say what a source or the notebook is about"))
    notes = command("notes", "list the notes of a notebook, or take them away with their citations")
    notes.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    notes.add_argument("--export", type=Path, metavar="FILE", help=_formats("notes"))
    talk = command("conversation", "take the questions and answers of a conversation away, or list them")
    _add_conversation(talk)
    feedback = command("feedback", "take the judged answers of a notebook away, as questions to evaluate")
    feedback.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    feedback.add_argument("--export", type=Path, metavar="FILE", help=_formats("feedback"))
    return made


def _add_conversation(conversation: argparse.ArgumentParser) -> None:
    conversation.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    which = conversation.add_mutually_exclusive_group()
    which.add_argument("--conversation", metavar="TITLE", help="default: the newest conversation of the notebook")
    which.add_argument("--list", action="store_true", help="list the conversations, the newest last")
    conversation.add_argument("--export", type=Path, metavar="FILE", help=_formats("conversation"))


def _add_ask(ask: argparse.ArgumentParser) -> None:
    ask.add_argument("question", metavar="QUESTION")
    columns = ask.add_mutually_exclusive_group()
    columns.add_argument("--sources", action="store_true", help="answer only from the sources")
    columns.add_argument("--memory", action="store_true", help="answer only from the model's memory")
    columns.add_argument("--both", action="store_true", help="give both answers and compare them (the default)")
    ask.add_argument("--json", action="store_true", help="print one JSON object, described by rag/ask.schema.json")
    ask.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    ask.add_argument(
        "--model",
        metavar="MODEL",
        help="ask another model, for this question alone: one that was used here, a folder or a GGUF file, an id that "
        "is on this computer, or URL#MODEL of a server, to which passages then go (default: the one that is chosen)",
    )
    ask.add_argument(
        "--conversation",
        metavar="TITLE",
        help="ask in the conversation of this title, which is begun when it is new (default: the newest)",
    )


def _add_quiz(quiz: argparse.ArgumentParser) -> None:
    quiz.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    quiz.add_argument("--count", type=int, default=10, metavar="N", help=f"{MIN_ITEMS} to {MAX_ITEMS} (default: 10)")
    quiz.add_argument(
        "--types", type=_types, default=("choice",), metavar="TYPE,…", help=f"of {','.join(_TYPES)} (default: choice)"
    )
    quiz.add_argument("--difficulty", choices=tuple(BLOOM), help="default: a mixture")
    quiz.add_argument("--topic", default="", metavar="WORDS", help="only what the sources say of this")
    quiz.add_argument("--seed", type=int, default=1, metavar="N", help="another number gives another quiz (default: 1)")
    _add_language(quiz)
    _add_documents(quiz)
    _add_output(quiz, "quiz")


def _add_cards(cards: argparse.ArgumentParser) -> None:
    cards.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    _add_output(cards, "cards")


def _add_guide(guide: argparse.ArgumentParser) -> None:
    what = guide.add_mutually_exclusive_group()
    what.add_argument("--kind", choices=get_args(GuideKind), help="a study aid of the ticked sources")
    what.add_argument("--document", metavar="SOURCE", help="what one source is about, with questions it answers")
    guide.add_argument("--notebook", metavar="NAME", help=_NEWEST)
    _add_language(guide)
    _add_documents(guide)
    _add_output(guide, "guide")


def _add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--language", choices=get_args(QuizLanguage), default="document", help="default: that of each source"
    )


def _add_documents(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--documents", nargs="+", default=(), metavar="SOURCE", help="file names, as the command sources lists them"
    )


def _add_output(command: argparse.ArgumentParser, kind: str) -> None:
    output = command.add_mutually_exclusive_group()
    output.add_argument(
        "--json", action="store_true", help=f"print one JSON object, described by rag/{kind}.schema.json"
    )
    output.add_argument("--export", type=Path, metavar="FILE", help=_formats(kind))


def _formats(kind: str) -> str:
    return f"write a file that ends with {', '.join(SUFFIXES[kind])}"


def _types(text: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if unknown := [name for name in chosen if name not in _TYPES]:
        raise argparse.ArgumentTypeError(f"unknown type {unknown[0]!r}: choose from {', '.join(_TYPES)}")
    return chosen
