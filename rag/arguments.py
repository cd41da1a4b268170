"""What can be said on the command line."""

import argparse
from pathlib import Path

DEFAULT_NOTEBOOK = "Lectern"

_EXAMPLES = """\
examples:
  python -m rag add slides.pdf notes.pdf --notebook "Networks"
  python -m rag ask "What does a router do?" --notebook "Networks"
  python -m rag ask "Que fait un routeur ?" --sources --json

Everything stays on this computer, under LECTERN_HOME (default: ~/.lectern/data).
Exit status: 0 done (also when nothing was found), 2 an input was refused, 1 an internal fault.
"""
_NEWEST = "default: the newest notebook"


def parser() -> argparse.ArgumentParser:
    """Build the parser; ``command`` of its result is one of add, ask, sources, remove, doctor, prepare."""
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
    return made


def _add_ask(ask: argparse.ArgumentParser) -> None:
    ask.add_argument("question", metavar="QUESTION")
    columns = ask.add_mutually_exclusive_group()
    columns.add_argument("--sources", action="store_true", help="answer only from the sources")
    columns.add_argument("--memory", action="store_true", help="answer only from the model's memory")
    columns.add_argument("--both", action="store_true", help="give both answers and compare them (the default)")
    ask.add_argument("--json", action="store_true", help="print one JSON object, described by rag/ask.schema.json")
    ask.add_argument("--notebook", metavar="NAME", help=_NEWEST)
