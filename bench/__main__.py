"""Measure Lectern's speed beside the naive pipeline, in one run: ``python -m bench [WHAT ...]``."""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

WHATS = {
    "extract": "full extraction of PDFs beside pypdf, per core; raw text apart",
    "embed": "embedding beside sentence-transformers in float32",
    "ingest": "PDF to searchable beside the whole naive pipeline",
    "generate": "grounded generation, 48 tokens, beside plain generate in float32",
    "retrieve": "retrieval over 100,000 chunks; reader and question apart",
    "update": "a PDF of 100 chunks comes and goes among 100,000",
    "decode": "tokens a second as a share of the measured memory bandwidth; torch and transformers suffice",
}
"""Each is the module of its name with ``measure``; ``all`` is everything but decode, which is for a GPU."""

_MODULES = {"ingest": "searchable"}


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for, print the table, write what was asked for; return the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    options = _parser().parse_args(words)
    if options.json:
        # Before minutes of measuring: a fresh clone has no build/.
        options.json.parent.mkdir(parents=True, exist_ok=True)
    if options.what == "decode":
        from bench import decode

        return decode.run(options, _spoken(words))
    return _run(options, _spoken(words))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:9} {text}" for name, text in WHATS.items()),
    )
    parser.add_argument("what", nargs="?", choices=[*WHATS, "all"], default="all")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="repeats of each side (default: 5)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    parser.add_argument("--table", type=Path, metavar="FILE", help="put the table between the marks of this Markdown")
    parser.add_argument(
        "--shape", choices=["real", "Gemma-3-270M", "Qwen3-4B", "tiny"], default="real", help="decode: which weights"
    )
    parser.add_argument("--prompt", type=int, default=1_024, metavar="N", help="decode: tokens read first")
    parser.add_argument("--tokens", type=int, default=128, metavar="N", help="decode: tokens written")
    return parser


def _run(options: argparse.Namespace, command: str) -> int:
    from bench import figures, machine
    from bench.stand import set_up
    from rag.errors import RagError

    chosen = [name for name in WHATS if name != "decode"] if options.what == "all" else [options.what]
    found: list[figures.Figure] = []
    try:
        for name in chosen:
            print(f"{name} …", file=sys.stderr)
            with set_up(max(1, options.repeats), options.device) as stand:
                about = machine.describe(command, stand.device.name)
                found += importlib.import_module(f"bench.{_MODULES.get(name, name)}").measure(stand)
    except RagError as error:
        print(error, file=sys.stderr)
        return 2
    report(options, about, f"{machine.sentence(about)}\n\n{figures.markdown(found)}", figures.as_json(found, about))
    return 0


def report(options: argparse.Namespace, about: dict[str, Any], table: str, content: dict[str, Any]) -> None:
    """Print the table; write it and the JSON where that was asked for."""
    from bench.figures import between_marks

    if options.json:
        options.json.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if options.table:
        text = options.table.read_text(encoding="utf-8")
        options.table.write_text(between_marks(text, table), encoding="utf-8")
    print(table)


def _spoken(words: list[str]) -> str:
    """Return the command as it would be said again, without places on this machine."""
    kept, skip = [], False
    for word in words:
        if skip or word in ("--json", "--table"):
            skip = not skip
            continue
        kept.append(word)
    return " ".join(["python -m bench", *kept])


if __name__ == "__main__":
    sys.exit(main())
