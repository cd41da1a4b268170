"""Items on a sheet of Markdown, for a person to judge one by one."""

import random
from collections.abc import Iterable, Sequence

from evaluation.data import LANGUAGES
from evaluation.records import Record

_HEAD = (
    "# Items to judge\n\nFor each: could a teacher use it as it is? Open the page; put a cross before what holds, and "
    "name the fault.\n"
)


def sheet(quizzes: Sequence[Record], count: int, seed: int) -> str:
    """Return ``count`` items of some quizzes, half of them French, drawn by seed, each with its key, quote and page."""
    drawn = _drawn(quizzes, count, seed)
    return "\n".join(
        [_HEAD, *(_entry(number, document, item) for number, (document, item) in enumerate(drawn, start=1))]
    )


def _drawn(quizzes: Sequence[Record], count: int, seed: int) -> list[tuple[str, Record]]:
    by_language = {
        language: [
            (quiz["document"], row["item"]) for quiz in quizzes for row in quiz["items"] if quiz["language"] == language
        ]
        for language in LANGUAGES
    }
    wanted = {"fr": min(count // 2, len(by_language["fr"]))}
    wanted["en"] = min(count - wanted["fr"], len(by_language["en"]))
    draw = random.Random(seed)
    return [entry for language in LANGUAGES for entry in draw.sample(by_language[language], wanted[language])]


def _entry(number: int, document: str, item: Record) -> str:
    source = item["source"]
    quote = " ".join(source["quote"].split())
    lines = [
        f"## {number}. {item['type']}, {item['difficulty']}, {item['language']}",
        "",
        item["stem"],
        "",
        *_options(item),
        f"Key: {item['answer']}",
        "",
        f"> {quote}",
        "",
        f"{document}, page {source['page_index'] + 1}. Explanation: {item['explanation']} Hint: {item['hint']}",
        "",
        "[ ] usable as it is   fault:",
        "",
    ]
    return "\n".join(lines)


def _options(item: Record) -> Iterable[str]:
    for option in item["options"]:
        pair = f"{option['match']} – " if option["match"] else ""
        mark = "x" if option["correct"] else " "
        yield f"- [{mark}] {pair}{option['text']}"
    if item["options"]:
        yield ""
