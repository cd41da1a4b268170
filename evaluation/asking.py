"""Ask one question, as the app does, and record what came back."""

import time
from dataclasses import asdict
from typing import Any

from evaluation import highlight
from evaluation.data import Question
from evaluation.records import Record
from evaluation.session import Ready, Session
from rag.types import Citation, MemoryReady, PassagesFound, SourcedAnswer, SourcesReady

DEPTH = 20
"""Ranks that are measured."""


def ask_sources(session: Session, ready: Ready, question: Question) -> Record:
    """Ask the sources: all of the corpus when the question names its subject, else its document alone."""
    start = time.perf_counter()
    answer, seconds = SourcedAnswer("not_found", "", "", (), ()), 0.0
    retrieved: list[list[Any]] = []
    for event in ready.notebook.ask(question.text, document_ids=_ticked(ready, question), memory=False):
        if isinstance(event, PassagesFound):
            # A question of several parts is searched part by part.
            retrieved += [[p.sha256, p.page_index] for p in event.passages]
        elif isinstance(event, SourcesReady):
            answer, seconds = event.answer, time.perf_counter() - start
    return {
        "status": answer.status,
        "answer": answer.answer,
        "text": answer.text,
        "probability": _probability(answer),
        "citations": [_citation(session, ready, answer, citation) for citation in answer.citations],
        "retrieved": retrieved,
        "seconds": round(seconds, 3),
    }


def ask_pdfs(session: Session, ready: Ready, question: Question) -> Record:
    """Ask sources that are PDFs, and look at what is highlighted on the page of each citation."""
    record = ask_sources(session, ready, question)
    for citation in record["citations"]:
        row = session.library.store.document(ready.rows[citation["sha256"]])
        found: highlight.Highlight = "absent"
        if row is not None and citation["located"] == "located":
            found = highlight.check(session.library, row, citation)
        citation["highlight"] = found
        citation["located"] = "page_only" if found == "absent" else "located"
    return record


def _ticked(ready: Ready, question: Question) -> list[int]:
    if question.specific or question.document_id not in ready.rows:
        return list(ready.rows.values())
    return [ready.rows[question.document_id]]


def _probability(answer: SourcedAnswer) -> float:
    # Without a probability of its own an answer is as sure as its status.
    given = getattr(answer, "probability", None)
    return {"answered": 1.0, "partial": 0.5, "not_found": 0.0}[answer.status] if given is None else float(given)


def _citation(session: Session, ready: Ready, answer: SourcedAnswer, citation: Citation) -> dict[str, Any]:
    placed, _ = session.library.place(citation, ready.notebook.id)
    passage = next((p.text for p in answer.passages if p.n == citation.n), "")
    return {**asdict(placed), "passage": passage}


def ask_memory(session: Session, question: Question) -> Record:
    """Ask the model's memory alone."""
    asker, start, text = session.memory, time.perf_counter(), ""
    for event in asker.ask(question.text, document_ids=[], sources=False):
        if isinstance(event, MemoryReady):
            text = event.text
    return {"memory_text": text, "seconds": round(time.perf_counter() - start, 3)}


def rank(session: Session, ready: Ready, question: Question) -> Record:
    """Search the corpus, as for an answer but deeper."""
    start = time.perf_counter()
    found = session.services.retriever.retrieve(ready.notebook.id, question.text, _ticked(ready, question), k=DEPTH)
    return {
        "retrieved": [[p.sha256, p.page_index] for p in found.passages],
        "seconds": round(time.perf_counter() - start, 3),
    }
