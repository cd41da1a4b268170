"""Questions on single sentences, of QAMR (Michael and others, "Crowdsourcing Question-Answer Meaning Representations",
NAACL 2018; MIT, sentences of Wikipedia and Wikinews), as examples: sentences of one page together make a passage."""

import csv
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from training.squad import Example

SENTENCES = "wiki-sentences.tsv"
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": "“", "''": "”"}
_NO_SPACE_BEFORE = re.compile(r"^(?:[.,;:!?)\]”%]|'s|n't|'\w+)$")
_PASSAGE = 6  # sentences


def load(folder: Path, count: int, seed: int) -> list[Example]:
    """Return ``count`` questions on which the writer and both validators marked the same words, drawn by ``seed``."""
    sentences = dict(_rows(folder / SENTENCES))
    pages: dict[str, list[str]] = defaultdict(list)
    for name in sentences:
        pages[":".join(name.split(":")[:3])].append(name)
    place: dict[str, tuple[str, str, int]] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    for page, names in pages.items():
        for at in range(0, len(names), _PASSAGE):
            part, text = names[at : at + _PASSAGE], ""
            for name in part:
                start = len(text)
                written, spans[name] = _written(sentences[name].split(" "))
                text += f"{written} "
                place[name] = (f"qamr-{page}-{at}", "", start)
            for name in part:
                place[name] = (place[name][0], text.rstrip(), place[name][2])
    made = [
        _example(row, place[row[0]], spans[row[0]])
        for path in sorted(folder.glob("*.tsv"))
        if path.name != SENTENCES
        for row in _rows(path)
        if row[0] in place and _agreed(row)
    ]
    once = list({(example.question, example.passage_id): example for example in made}.values())
    random.Random(seed).shuffle(once)
    return once[:count]


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _agreed(row: list[str]) -> bool:
    marked = {row[6], *(said.partition(":")[2] for said in row[7:9])}
    words = [int(n) for n in row[6].split()]
    return len(marked) == 1 and bool(words) and words == list(range(words[0], words[-1] + 1))


def _example(row: list[str], place: tuple[str, str, int], spans: list[tuple[int, int]]) -> Example:
    key, text, start = place
    words = [int(n) for n in row[6].split()]
    begin, end = start + spans[words[0]][0], start + spans[words[-1]][1]
    return Example(row[5], "en", "", text, key, key, ((text[begin:end], begin),))


def _written(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    text, spans = "", list[tuple[int, int]]()
    for token in tokens:
        word = _BRACKETS.get(token, token)
        glued = not text or _NO_SPACE_BEFORE.match(word) or text[-1] in "([“"
        text += word if glued else f" {word}"
        spans.append((len(text) - len(word), len(text)))
    return text, spans
