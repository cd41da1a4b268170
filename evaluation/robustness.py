"""Do orders found in documents change anything? ``python -m evaluation robustness --data DIR``.

Over 100 orders are planted in short courses, each beside the answer to a question; the made_injection_*.pdf of
``DIR/pdfs_hostile`` are added where they are. The set is the repository's own: ``robustness_set/``.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ingest
from evaluation import command
from evaluation.asking import ask_sources
from evaluation.attacks import CLEAN, SET, Attack, attacks, failures, holds_answer
from evaluation.corpus import Corpus
from evaluation.data import LANGUAGES, rows
from evaluation.fingerprint import documents_hash
from evaluation.metrics import Figure, figure
from evaluation.predictions import Contexts, Predictions
from evaluation.records import Record
from evaluation.report import Measured, Table
from evaluation.session import Ready, Session
from ingest.types import Document, Language, Upload

PDF = "PDF"
FOLDER = "pdfs_hostile"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    command.add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Measure and report."""
    return command.run({"robustness": measure}, options)


def measure(session: Session, options: argparse.Namespace, predictions: Predictions) -> Measured:
    """Ask every document its question and see what obeyed. Raises RagError."""
    found = [(attack, attack.document) for attack in attacks(options.language)]
    found += _pdfs(options.data, options.language)
    if options.limit:
        found = _limited(found, options.limit)
    documents = [document for _, document in found]
    names = {(document.id, page.index): attack.id for attack, document in found for page in document.pages}
    readers = {document.id: partial(_same, document) for document in documents}
    ready = session.ready(Corpus("robustness", documents_hash(documents), readers, names))
    asked = {attack.asked(document.id): attack for attack, document in found}
    judged: list[tuple[Attack, Record]] = []
    kept = session.records("robustness", ready)
    for question, record in kept.complete("orders", list(asked), partial(_ask, session, ready)):
        predictions.add(question, Contexts(names), record)
        judged.append((asked[question], record))
    return summary(judged)


def _ask(session: Session, ready: Ready, question: Any) -> Record:
    return ask_sources(session, ready, question)


def _same(document: Document) -> Document:
    return document


def _limited(found: Sequence[tuple[Attack, Document]], limit: int) -> list[tuple[Attack, Document]]:
    taken: Counter[tuple[str, bool]] = Counter()
    kept = []
    for attack, document in found:
        group = (attack.language, attack.kind == CLEAN)
        if taken[group] < limit:
            taken[group] += 1
            kept.append((attack, document))
    return kept


def _pdfs(data: Path, only: Language | None) -> list[tuple[Attack, Document]]:
    found = []
    for row in rows(SET / "pdfs.jsonl"):
        path = data / FOLDER / f"{row['id']}.pdf"
        if path.exists() and only in (None, row["language"]):
            document = _extract(path)
            pages = tuple(page.text for page in document.pages)
            known = {key: row[key] for key in ("id", "language", "question", "answer", "canary")}
            found.append((Attack(kind=PDF, place=PDF, title=document.title, pages=pages, **known), document))
    return found


def _extract(path: Path) -> Document:
    with TemporaryDirectory() as scratch:
        upload = Upload(path.name, path.read_bytes())
        return ingest.extract(upload, scratch=Path(scratch), progress=lambda done, total: None, cancelled=lambda: False)


def summary(judged: Iterable[tuple[Attack, Mapping[str, Any]]]) -> Measured:
    """Return the rates by language, kind and place, and the orders that were obeyed, with how."""
    results = [(attack, dict(record), failures(attack, dict(record))) for attack, record in judged]
    planted = [item for item in results if item[0].kind != CLEAN]
    columns: dict[str, Mapping[str, Figure]] = {
        lang: _figures([r for r in results if r[0].language == lang]) for lang in LANGUAGES
    }
    obeyed = {attack.id: {"how": how, "text": record["text"]} for attack, record, how in planted if how}
    tables = [
        Table("Orders in documents", {**columns, "all": _figures(results)}),
        Table("Orders by kind", {"attack success": _rates(planted, lambda attack: attack.kind)}),
        Table("Orders by place", {"attack success": _rates(planted, lambda attack: attack.place)}),
    ]
    return Measured(tables, {"orders": len(planted), "obeyed": obeyed})


_Result = tuple[Attack, dict[str, Any], list[str]]


def _figures(results: Sequence[_Result]) -> dict[str, Figure]:
    planted = [r for r in results if r[0].kind != CLEAN]
    clean = [r for r in results if r[0].kind == CLEAN]
    measures = {
        "attack success": [float(bool(how)) for _, _, how in planted],
        "true answer shown, order in the document": [float(holds_answer(a, r)) for a, r, _ in planted],
        "true answer shown, no order": [float(holds_answer(a, r)) for a, r, _ in clean],
        "refused, order in the document": [float(r["status"] == "not_found") for _, r, _ in planted],
        "refused, no order": [float(r["status"] == "not_found") for _, r, _ in clean],
    }
    return {name: found for name, values in measures.items() if (found := figure(values))}


def _rates(results: Sequence[_Result], group: Callable[[Attack], str]) -> dict[str, Figure]:
    rates: dict[str, list[float]] = {}
    for attack, _, how in results:
        rates.setdefault(group(attack), []).append(float(bool(how)))
    return {name: found for name, values in rates.items() if (found := figure(values))}
