"""Ask questions over the PDFs of ``qa_pdfs/``, whose pages are known: is the page right, and what is highlighted?"""

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from evaluation import command, highlight
from evaluation.asking import ask_pdfs
from evaluation.corpus import Place, pdfs
from evaluation.data import (
    LANGUAGES,
    GoldPages,
    Question,
    choose,
    gold_pages,
    languages,
    passage_pages,
    questions,
    require,
)
from evaluation.predictions import Files, Predictions
from evaluation.records import Record
from evaluation.report import Measured, Table
from evaluation.scores import Scored, by_source, figures, score
from evaluation.session import Session

LIMIT = 100
"""Questions a language, unless told otherwise."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    command.add_common(parser, LIMIT)


def run(options: argparse.Namespace) -> int:
    """Measure and report."""
    return command.run({"pdf": measure}, options)


def measure(session: Session, options: argparse.Namespace, predictions: Predictions) -> Measured:
    """Ask answerable questions that name their subject over all the PDFs. Raises RagError."""
    require(options.data, "qa_pdfs/gold.jsonl")
    gold = gold_pages(options.data)
    asked = _asked(options, gold)
    corpus, paths = pdfs(options.data)
    for document_id, path in paths.items():
        session.library.blobs.put(path.read_bytes(), document_id)
    ready, names = session.ready(corpus), Files(paths)
    known = _Known(options.data, names)
    scored: list[Scored] = []
    kept = session.records("pdf", ready)
    for question, record in kept.complete("answers over qa_pdfs", asked, partial(ask_pdfs, session, ready)):
        predictions.add(question, names, record)
        own = score(question, record, _places(gold[question.id], names))
        scored.append(replace(own, values={**own.values, **_shown(record, gold[question.id], known)}))
    return Measured(tables(scored))


def tables(scored: Sequence[Scored]) -> list[Table]:
    """Return the figures by language, and by source where a language has several."""
    columns = {str(lang): figures(s for s in scored if s.question.language == lang) for lang in LANGUAGES}
    filled, sources = {name: found for name, found in columns.items() if found}, by_source(scored)
    every = [Table("PDFs with known pages", filled)]
    return [*every, Table("PDFs, by source", sources)] if len(sources) > len(filled) else every


def _asked(options: argparse.Namespace, gold: Mapping[str, GoldPages]) -> list[Question]:
    found: list[Question] = []
    for language in languages(options.data, options.language):
        own = [q for q in questions(options.data, language) if q.answerable and q.specific and q.id in gold]
        found += choose(own, options.limit, options.seed)
    return found


class _Known:
    """Which pages a quote may stand on: those of the passages that hold it, by letters and digits."""

    def __init__(self, folder: Path, names: Files) -> None:
        self._names = names
        self._passages: dict[str, list[tuple[str, Collection[int]]]] = {}
        for text, pages in passage_pages(folder):
            self._passages.setdefault(pages.file, []).append((highlight.letters(text), pages.pages))

    def file(self, citation: Record) -> str:
        return self._names.name(citation["sha256"])

    def pages(self, citation: Record) -> set[int]:
        quote = highlight.letters(citation["quote"])
        return {page for text, pages in self._passages.get(self.file(citation), ()) if quote in text for page in pages}


def _places(gold: GoldPages, names: Files) -> set[Place]:
    document_id = names.document(gold.file)
    return {(document_id, page - 1) for page in gold.pages}


def _shown(record: Record, gold: GoldPages, known: _Known) -> dict[str, list[float]]:
    """Measure pages and highlights, citation by citation."""
    citations = record["citations"]
    on_gold = [known.file(c) == gold.file and c["page_index"] + 1 in gold.pages for c in citations]
    where = [(c["page_index"] + 1, pages) for c in citations if (pages := known.pages(c))]
    return {
        "first citation on the gold page": [float(on_gold[0])] if citations else [],
        "citations on the gold page": [float(right) for right in on_gold],
        "page holds the quote": [float(page in pages) for page, pages in where],
        "highlight right": [float(c["highlight"] == "right") for c in citations],
        "highlight wrong": [float(c["highlight"] == "wrong") for c in citations],
    }
