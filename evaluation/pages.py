"""Ask questions whose pages are known: is the right page cited, and is the quote highlighted on it?"""

import random
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ingest
from evaluation.data import Question, questions, rows
from evaluation.progress import Progress
from ingest.language import fold
from ingest.types import Document, Upload
from rag import locate
from rag.library import Library
from rag.notebook import Notebook
from rag.services import build_services
from rag.types import AnswerReady, Citation, MemoryReady, SourcedAnswer, SourcesReady

IMAGE_WIDTH = 900


@dataclass(frozen=True, slots=True)
class _Answer:
    sourced: SourcedAnswer
    memory: str
    timings: dict[str, float]


def run(library: Library, data: Path, limit: int, seed: int, memory: bool) -> dict[str, Any]:
    """Read ``qa_pdfs/`` and ask ``limit`` answerable, specific questions, half of each language, over all of it."""
    gold = {row["id"]: row for row in rows(data / "qa_pdfs" / "gold.jsonl")}
    services = build_services(library.settings, library.store)
    notebook = Notebook(library, services, library.store.create_notebook("qa_pdfs").id)
    found: dict[str, tuple[Path, Document]] = {}
    paths = sorted((data / "qa_pdfs").glob("*/*.pdf"))
    for path in Progress("documents").over(paths):
        document = _extract(path)
        notebook.add(document)
        found[document.id] = (path, document)
    results = [
        _row(question, gold[question.id], _ask(notebook, question, memory), found)
        for question in Progress("questions").over(_sample(data, gold, limit, seed))
    ]
    return {"questions": len(results), **_summary(results), "rows": results}


def _extract(path: Path) -> Document:
    with tempfile.TemporaryDirectory() as scratch:
        upload = Upload(path.name, path.read_bytes())
        return ingest.extract(upload, scratch=Path(scratch), progress=lambda done, total: None, cancelled=lambda: False)


def _sample(data: Path, gold: dict[str, Any], limit: int, seed: int) -> list[Question]:
    chosen: list[Question] = []
    for language in ("en", "fr"):
        pool = [q for q in questions(data, language) if q.answerable and q.specific and q.id in gold]
        chosen += random.Random(seed).sample(pool, min(limit // 2, len(pool)))
    return chosen


def _ask(notebook: Notebook, question: Question, memory: bool) -> _Answer:
    sourced, said, timings = SourcedAnswer("not_found", "", "", (), ()), "", {}
    for event in notebook.ask(question.text, memory=memory):
        if isinstance(event, SourcesReady):
            sourced = event.answer
        elif isinstance(event, MemoryReady):
            said = event.text
        elif isinstance(event, AnswerReady):
            timings = event.timings
    return _Answer(sourced, said, timings)


def _row(
    question: Question, gold: dict[str, Any], given: _Answer, found: dict[str, tuple[Path, Document]]
) -> dict[str, Any]:
    sourced = given.sourced
    right = [_on_gold_page(citation, gold, found) for citation in sourced.citations]
    shown = fold(" ".join([sourced.text, *(citation.quote for citation in sourced.citations)]))
    return {
        "id": question.id,
        "language": question.language,
        "status": sourced.status,
        "answer": sourced.answer,
        "gold": list(question.answers),
        "first_right": bool(right) and right[0],
        "any_right": any(right),
        "citations": len(right),
        "located": sum(_located(citation, found) for citation in sourced.citations),
        "gold_shown": any(fold(answer) in shown for answer in question.answers),
        "retrieved": any(_on_gold_page(passage, gold, found) for passage in sourced.passages),
        "timings": given.timings,
    }


def _on_gold_page(place: Any, gold: dict[str, Any], found: dict[str, tuple[Path, Document]]) -> bool:
    path, _ = found[place.sha256]
    return f"{path.parent.name}/{path.name}" == gold["file"] and place.page_index + 1 in gold["pages"]


def _located(citation: Citation, found: dict[str, tuple[Path, Document]]) -> bool:
    path, document = found[citation.sha256]
    marks = locate.characters(document.pages[citation.page_index], [(citation.start, citation.end)])
    with tempfile.TemporaryDirectory() as scratch:
        image = ingest.render_page(
            path,
            citation.page_index,
            width=IMAGE_WIDTH,
            highlights=[number for number, _ in marks],
            expected="".join(character for _, character in marks),
            scratch=Path(scratch),
        )
    return bool(image.boxes)


def _summary(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {language: _figures([row for row in results if row["language"] == language]) for language in ("en", "fr")}


def _figures(results: Sequence[dict[str, Any]]) -> dict[str, float]:
    answered = [row for row in results if row["status"] != "not_found"]
    citations = sum(row["citations"] for row in answered)
    return {
        "asked": len(results),
        "answered": len(answered),
        "gold_page_retrieved": _share(row["retrieved"] for row in results),
        "first_citation_on_right_page": _share(row["first_right"] for row in answered),
        "any_citation_on_right_page": _share(row["any_right"] for row in answered),
        "gold_answer_shown": _share(row["gold_shown"] for row in answered),
        "citations_located": round(sum(row["located"] for row in answered) / max(1, citations), 4),
        "seconds_to_first_word": _median(row["timings"].get("sources_first_word", 0.0) for row in results),
        "seconds_to_memory": _median(row["timings"].get("memory", 0.0) for row in results),
        "seconds_total": _median(row["timings"].get("total", 0.0) for row in results),
    }


def _share(values: Any) -> float:
    kept = list(values)
    return round(sum(kept) / len(kept), 4) if kept else 0.0


def _median(values: Any) -> float:
    return float(round(statistics.median(list(values) or [0.0]), 3))
