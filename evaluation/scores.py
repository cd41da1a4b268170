"""From a question and what was answered to the values that figures are made of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ingest
from evaluation.corpus import Place
from evaluation.data import Question
from evaluation.metrics import (
    Figure,
    calibration,
    exact_match,
    f1,
    figure,
    holds,
    median,
    percentile_95,
    risk_coverage,
    risk_coverage_area,
)
from evaluation.records import Record
from rag.cite import read_marks
from rag.facts import missing_from
from rag.quotes import find_quote
from rag.terms import names, words
from rag.verify import quoted_parts

TELLING_WORDS = 3
"""A text with fewer words that are neither names nor numbers is of no language."""

CURVE_POINTS = 20

Values = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with the values of its answer: none, one or several (one a citation) of each measure.

    ``wrong`` is 1 unless a gold answer is shown; ``unsupported`` are the numbers and names that no cited passage holds.
    """

    question: Question
    values: Values
    probability: float
    wrong: float
    unsupported: tuple[str, ...] = ()


def score(question: Question, record: Record, gold: Collection[Place], memory: str | None = None) -> Scored:
    """Measure an answer; ``gold`` are the pages that hold its passage, ``memory`` what the model said without them."""
    language = question.document_language
    answered = record["status"] != "not_found"
    values: dict[str, list[float]] = {"seconds": [record["seconds"]], "answered": [float(answered)]}
    shown = shows(question, record)
    if question.answerable:
        values |= _answerable(question, record, gold)
    else:
        kind = question.kind.removeprefix("unanswerable_")
        values |= {"refused": [float(not answered)], f"refused: {kind.replace('_', ' ')}": [float(not answered)]}
    if question.answerable and memory is not None:
        values["gold in memory"] = [float(holds(memory, question.answers, language))]
    unsupported = missing(record) if answered else ()
    if answered:
        own = outside(record)
        told = telling_words(own)
        values["unsupported"] = [float(bool(unsupported))]
        values["without words of a language"] = [float(told < TELLING_WORDS)]
        if told >= TELLING_WORDS:
            values["language"] = [float(ingest.detect(own) == question.language)]
        values["located"] = [float(c["located"] == "located") for c in record["citations"]]
    return Scored(question, values, record["probability"], float(not shown), unsupported)


def _answerable(question: Question, record: Record, gold: Collection[Place]) -> dict[str, list[float]]:
    answered, language = record["status"] != "not_found", question.document_language
    right = [_is_right(citation, question, gold) for citation in record["citations"]]
    values = {
        "exact match": [exact_match(record["answer"], question.answers, language) if answered else 0.0],
        "F1": [f1(record["answer"], question.answers, language) if answered else 0.0],
        "gold shown": [float(shows(question, record))],
        "gold in the text": [float(tells(question, record))],
        "false refusal": [float(not answered)],
        "citation recall": [float(any(right))],
        "gold retrieved": [float(any(tuple(place) in gold for place in record["retrieved"]))],
    }
    if answered:
        values["F1 when answered"] = values["F1"]
        values["gold shown when answered"] = values["gold shown"]
        values["citation precision"] = [sum(right) / max(1, len(right))]
        values["first citation right"] = [float(right[:1] == [True])]
    return values


def _is_right(citation: Record, question: Question, gold: Collection[Place]) -> bool:
    on_page = (citation["sha256"], citation["page_index"]) in gold
    return on_page or holds(citation["passage"], question.answers, question.document_language)


def shows(question: Question, record: Record) -> bool:
    """Tell whether a gold answer stands in the text shown or in a quote under it; a refusal shows none."""
    shown = " ".join([_text(record), *(citation["quote"] for citation in record["citations"])])
    return record["status"] != "not_found" and holds(shown, question.answers, question.document_language)


def tells(question: Question, record: Record) -> bool:
    """Tell whether a gold answer stands in the text itself, as far as it was not refused."""
    return record["status"] != "not_found" and holds(_text(record), question.answers, question.document_language)


def _text(record: Record) -> str:
    return read_marks(record["text"], ()).text


def missing(record: Record) -> tuple[str, ...]:
    """Return the numbers and names of the text that no cited passage holds."""
    sources = [citation["passage"] for citation in record["citations"]]
    return missing_from(_text(record), " ".join(sources))


def outside(record: Record) -> str:
    """Return what of the text is neither mark nor quote nor span of a source."""
    text = _text(record)
    spans = [*quoted_parts(text), *(citation["quote"] for citation in record["citations"]), record["answer"]]
    for span in sorted(spans, key=len, reverse=True):
        while place := find_quote(text, span):
            text = f"{text[: place[0]]} {text[place[1] :]}"
    return text


def telling_words(text: str) -> int:
    """Count the words that are neither names nor numbers."""
    own = {word for name in names(text) for word in words(name)}
    return sum(word not in own and not word.isdigit() for word in words(text))


def figures(scored: Iterable[Scored]) -> dict[str, Figure]:
    """Return every measure over some questions, and the area under their risk-coverage curve."""
    kept = list(scored)
    values: dict[str, list[float]] = {}
    for one in kept:
        for name, more in one.values.items():
            values.setdefault(name, []).extend(more)
    seconds = values.pop("seconds", [])
    found = {name: figure(series) for name, series in values.items()}
    found["risk-coverage area"] = risk_coverage_area([s.probability for s in kept], [s.wrong for s in kept])
    found["seconds, median"] = figure(seconds, median)
    found["seconds, 95th percentile"] = figure(seconds, percentile_95)
    return {name: value for name, value in found.items() if value is not None}


def by_source(scored: Iterable[Scored]) -> dict[str, dict[str, Figure]]:
    """Return the figures of the questions of each ``Question.origin``, by name."""
    groups: dict[str, list[Scored]] = {}
    for one in scored:
        groups.setdefault(one.question.origin, []).append(one)
    return {name: figures(ones) for name, ones in sorted(groups.items())}


def curves(scored: Sequence[Scored]) -> dict[str, Any]:
    """Return the risk-coverage curve at twenty coverages, and how often each probability held ("answerable")."""
    curve = risk_coverage([s.probability for s in scored], [s.wrong for s in scored])
    steps = sorted({round(len(curve) * (k + 1) / CURVE_POINTS) for k in range(CURVE_POINTS)} - {0})
    bins = calibration([s.probability for s in scored], [s.question.answerable for s in scored])
    return {
        "risk_coverage": [[round(part, 4) for part in curve[step - 1]] for step in steps],
        "calibration": [[round(b.probability, 4), round(b.share, 4), b.n] for b in bins],
    }
