"""A reader of GIFT by the rules of Moodle's documentation, for the tests alone; it knows nothing of Lectern's notes."""

import re
from dataclasses import dataclass, field
from typing import Literal

_PLACES = {":": "\ue001", "#": "\ue002", "=": "\ue003", "{": "\ue004", "}": "\ue005", "~": "\ue006", "n": "\ue007"}
_BACKSLASH = "\ue000"
_SHARE = re.compile(r"%(-?\d{1,3}(?:\.\d+)?)%")


@dataclass
class GiftAnswer:
    text: str
    share: float
    feedback: str = ""


@dataclass
class GiftQuestion:
    """A question as Moodle would have it; texts are HTML where the format is "html"."""

    kind: Literal["choice", "several", "true_false", "short", "matching"]
    title: str
    text_format: str
    text: str
    answers: list[GiftAnswer] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    feedback: str = ""


def read(text: str) -> tuple[str, list[GiftQuestion]]:
    """Return the category and the questions; blocks are parted by blank lines, comments are skipped."""
    category, questions = "", []
    lines = ["" if line.strip().startswith("//") else line for line in text.split("\n")]
    for block in re.split(r"\n[ \t]*\n", "\n".join(lines)):
        if block.strip().startswith("$CATEGORY:"):
            category = block.strip().removeprefix("$CATEGORY:").strip()
        elif block.strip():
            questions.append(_question(_hidden(block.strip())))
    return category, questions


def _hidden(text: str) -> str:
    """Put escaped characters out of sight of the grammar."""
    return re.sub(r"\\([\\:#={}~n])", lambda found: _PLACES.get(found[1], _BACKSLASH), text)


def _seen(text: str) -> str:
    for character, place in _PLACES.items():
        text = text.replace(place, "\n" if character == "n" else character)
    return text.replace(_BACKSLASH, "\\").strip()


def _question(block: str) -> GiftQuestion:
    _, title, rest = block.split("::", 2)
    stem, _, tail = rest.partition("{")
    body, _, after = tail.partition("}")
    assert not after.strip(), "text after the answers makes it a missing word"
    text_format, stem = _formatted(stem.strip())
    answers, _, feedback = body.rpartition("####") if "####" in body else (body, "", "")
    question = GiftQuestion("short", _seen(title), text_format, _seen(stem), feedback=_seen(feedback))
    _answers(question, answers.strip())
    return question


def _formatted(text: str) -> tuple[str, str]:
    found = re.match(r"\[(html|moodle|plain|markdown)\]", text)
    return (found[1], text[found.end() :]) if found else ("moodle", text)


def _answers(question: GiftQuestion, text: str) -> None:
    assert text, "no answer makes it an essay"
    assert text[0] != "#", "a hash makes it numerical"
    if "~" in text:
        question.kind = "choice" if "=" in text else "several"
        question.answers = [_answer(part) for part in re.split(r"(?=[=~])", text) if part.strip()]
    elif "=" in text and "->" in text:
        question.kind = "matching"
        parts = [part.partition("->") for part in text.split("=") if part.strip()]
        question.pairs = [(_seen(left), _seen(right)) for left, _, right in parts]
    elif text.partition("#")[0].strip() in ("T", "TRUE", "F", "FALSE"):
        question.kind = "true_false"
        word, wrong, right = (*text.split("#"), "", "")[:3]
        truth = word.strip().startswith("T")
        question.answers = [
            GiftAnswer("true", 100.0 * truth, _seen(right if truth else wrong)),
            GiftAnswer("false", 100.0 * (not truth), _seen(wrong if truth else right)),
        ]
    else:
        question.answers = [_answer(part) for part in re.split(r"(?==)", text) if part.strip()]


def _answer(text: str) -> GiftAnswer:
    share, text = (100.0 if text[0] == "=" else 0.0), text[1:].strip()
    if found := _SHARE.match(text):
        share, text = float(found[1]), text[found.end() :]
    answer, _, feedback = text.partition("#")
    return GiftAnswer(_seen(answer), share, _seen(feedback))
