"""How often the generator picks the right options of the multiple-choice questions of ``mcq.jsonl``.

The options are lettered in an order drawn by seed. The letters are ranked by the probability that the model gives them
as the first token of its answer, and as many are taken as there are right options, which the prompt says; all of them
must be right. Quizzes let only a generator that is good at this check their items, so a whole run is kept in the home.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import Any

from evaluation import command
from evaluation.data import LANGUAGES, choose, parsed, require
from evaluation.metrics import Figure, figure
from evaluation.predictions import Predictions
from evaluation.progress import Progress
from evaluation.report import Measured, Table
from evaluation.session import Session
from ingest.types import Language
from rag.library import Library
from rag.prompt import fence
from rag.settings import Settings
from rag.types import Generator, Prompt, Token

LETTERS = "ABCDEFGH"
ALTERNATIVES = 200
"""First tokens looked at: a letter that is not among them has no probability."""

SUPPORT_WORDS = 300
MARKS = "mcq"

_SYSTEM: dict[Language, str] = {
    "en": "You answer multiple-choice questions. You write only letters.",
    "fr": "Tu réponds à des questions à choix multiple. Tu n'écris que des lettres.",
}
_WORDS: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Text", "Question", "Answer", "{} right answers"),
    "fr": ("Texte", "Question", "Réponse", "{} bonnes réponses"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with its options and the places of the right ones; ``support`` is a text to answer it from, or ""."""

    id: str
    question: str
    options: tuple[str, ...]
    right: frozenset[int]
    support: str
    language: Language
    source: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    command.add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Measure and report."""
    return command.run({"mcq": measure}, options, MARKS)


def measure(session: Session, options: argparse.Namespace, predictions: Predictions) -> Measured:
    """Ask every question once. Raises RagError."""
    require(options.data, "mcq.jsonl")
    generator = session.services.generator
    scored: list[tuple[Choice, float]] = []
    for choice in Progress("multiple choice").over(_chosen(options)):
        order = _order(choice, options.seed)
        picked = pick(generator, choice, order)
        right = float(picked == choice.right)
        scored.append((choice, right))
        predictions.line({"id": choice.id, "picked": sorted(picked), "right": sorted(choice.right), "score": right})
    found = summary(scored)
    if options.limit or options.language:
        command.tell("Only a run over all questions is kept for the quizzes.")
    elif scored:
        _keep(generator.model_id, found.details["accuracy"])
    return found


def _chosen(options: argparse.Namespace) -> list[Choice]:
    found = choices(options.data)
    groups = [(language, source) for language in LANGUAGES for source in dict.fromkeys(c.source for c in found)]
    kept = [[c for c in found if (c.language, c.source) == group] for group in groups]
    wanted = (options.language,) if options.language else LANGUAGES
    return [c for group in kept for c in choose(group, options.limit, options.seed) if c.language in wanted]


def choices(folder: Path) -> list[Choice]:
    """Read ``mcq.jsonl``. Raises RagError DATA_MISSING or DATA_DAMAGED."""
    return parsed(folder / "mcq.jsonl", _choice)


def _choice(row: dict[str, Any]) -> Choice:
    options, right = tuple(map(str, row["options"])), frozenset(map(int, row["answer"]))
    if not right or len(options) > len(LETTERS) or max(right) >= len(options):
        raise ValueError(f"answer {sorted(right)} of {len(options)} options")
    return Choice(row["id"], row["question"], options, right, row.get("support") or "", row["lang"], row["source"])


def _order(choice: Choice, seed: int) -> list[int]:
    order = list(range(len(choice.options)))
    random.Random(f"{seed} {choice.id}").shuffle(order)
    return order


def pick(generator: Generator, choice: Choice, order: Sequence[int]) -> frozenset[int]:
    """Return the options that the generator chooses when they are shown in ``order``."""
    tokens = generator.stream(prompt(choice, order), max_tokens=1, top=ALTERNATIVES)
    chances = _letters(next(iter(tokens), Token("")))
    ranked = sorted(range(len(order)), key=lambda place: (-chances.get(LETTERS[place], 0.0), place))
    return frozenset(order[place] for place in ranked[: len(choice.right)] if LETTERS[place] in chances)


def _letters(first: Token) -> Mapping[str, float]:
    chances: dict[str, float] = defaultdict(float)
    for text, chance in first.alternatives:
        if (letter := text.strip(" \n\t▁.:()*")) in LETTERS and letter:
            chances[letter] += chance
    return chances


def prompt(choice: Choice, order: Sequence[int]) -> Prompt:
    """Ask for the letters of the right options, shown in ``order``, and say how many they are when several."""
    text, ask, answer, several = _WORDS[choice.language]
    count = len(choice.right)
    lines = [f"{text}: {fence(' '.join(choice.support.split()[:SUPPORT_WORDS]))}"] if choice.support else []
    lines.append(f"{ask}: {fence(choice.question)}" + (f" ({several.format(count)})" if count > 1 else ""))
    lines += [f"{LETTERS[place]}. {fence(choice.options[option])}" for place, option in enumerate(order)]
    user = "\n".join([*lines, f"{answer}:"])
    return Prompt(_SYSTEM[choice.language], user, f"{_SYSTEM[choice.language]}\n\n{user}")


def summary(scored: Sequence[tuple[Choice, float]]) -> Measured:
    """Return accuracy and what guessing would give: over all, by language, and by source."""
    groups = {"all": list(scored)}
    groups |= {language: [row for row in scored if row[0].language == language] for language in LANGUAGES}
    sources = dict.fromkeys(choice.source for choice, _ in scored)
    groups |= {source: [row for row in scored if row[0].source == source] for source in sources}
    columns: dict[str, dict[str, Figure]] = {"accuracy": {}, "by guessing": {}}
    for name, rows in groups.items():
        _put(columns["accuracy"], name, (right for _, right in rows))
        _put(columns["by guessing"], name, (1 / comb(len(c.options), len(c.right)) for c, _ in rows))
    whole = columns["accuracy"].get("all")
    return Measured([Table("Multiple choice", columns)], {"accuracy": round(whole.value, 4) if whole else None})


def _put(column: dict[str, Figure], name: str, values: Iterable[float]) -> None:
    if found := figure(list(values)):
        column[name] = found


def _keep(model_id: str, accuracy: float) -> None:
    # Where the app looks: the cache of the evaluation is a home of its own.
    library = Library.open(Settings.from_environment())
    try:
        library.models.keep_mcq_score(model_id, library.models.default, accuracy)
    finally:
        library.close()
    command.tell(f"Kept for the quizzes: {model_id} has an accuracy of {accuracy:.3f}.")
