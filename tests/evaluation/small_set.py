"""A small set of each kind, in both languages, small enough to answer by eye."""

import json
from pathlib import Path
from typing import Any

from tests.ingest.pdfs import draw, lines

PAGES = {
    "en": [
        ("en-rain-0", "en-rain", "Rain", "The station of Arvel measured 1203 millimetres in 1954."),
        ("en-rain-1", "en-rain", "Rain", "Its founder was Ada Morn. She liked storms."),
        ("en-boat-0", "en-boat", "Boats", "The ferry of Lissen crosses at noon."),
    ],
    "fr": [
        ("fr-pont-0", "fr-pont", "Ponts", "Le pont de Varenne fut construit par Louis Tessier en 1876."),
        ("fr-pont-1", "fr-pont", "Ponts", "Son tablier pèse 1 200 tonnes."),
        ("fr-vin-0", "fr-vin", "Vins", "Le cépage de Morgane donne un vin clair."),
    ],
}
QUESTIONS = {
    "en": [
        ("en-1", "What did the station of Arvel measure in 1954?", ["1203 millimetres"], "en-rain-0", "en-rain", True),
        ("en-2", "Who was its founder?", ["Ada Morn"], "en-rain-1", "en-rain", False),
        ("en-3", "When does the ferry of Lissen cross?", ["noon"], "en-boat-0", "en-boat", True),
        ("en-4", "Which colour has the moon of Saturn?", [], None, None, True),
    ],
    "fr": [
        ("fr-1", "Qui a construit le pont de Varenne ?", ["Louis Tessier"], "fr-pont-0", "fr-pont", True),
        ("fr-2", "Combien pèse son tablier ?", ["1 200 tonnes"], "fr-pont-1", "fr-pont", False),
        ("fr-3", "Quel vin donne le cépage de Morgane ?", ["clair"], "fr-vin-0", "fr-vin", True),
        ("fr-4", "Quelle est la capitale de l'Australie ?", [], None, None, True),
    ],
}
CROSSED = [
    ("x-en-3", "À quelle heure part le ferry de Lissen ?", "fr", ["noon"], "en-boat-0", "en-boat", "en"),
    ("x-fr-1", "Who built the bridge of Varenne?", "en", ["Louis Tessier"], "fr-pont-0", "fr-pont", "fr"),
]
CLOSED = [
    ("c-1", "Who founded the station of Arvel?", ["Ada Morn"], "en", "popqa", 12),
    ("c-2", "What is the capital of Australia?", ["Canberra"], "en", "popqa", 250_000),
    ("c-3", "Quelle est la couleur du ciel ?", ["Bleu"], "fr", "quiz", None),
]


def write(folder: Path) -> Path:
    """Write every set below ``folder`` and return it."""
    for language, found in PAGES.items():
        keys = ("context_id", "doc_id", "title", "text")
        rows = [dict(zip(keys, row, strict=True)) for row in found]
        _lines(folder / f"contexts_{language}.jsonl", [_page(row, language) for row in rows])
        _lines(folder / f"qa_{language}.jsonl", [_question(row, language) for row in QUESTIONS[language]])
    crossed = ("id", "question", "question_lang", "answers", "context_id", "doc_id", "document_lang")
    _lines(folder / "crossed.jsonl", [dict(zip(crossed, row, strict=True)) for row in CROSSED])
    closed = ("id", "question", "answers", "lang", "source", "popularity")
    _lines(folder / "closed_book.jsonl", [dict(zip(closed, row, strict=True)) for row in CLOSED])
    _retrieval(folder / "retrieval_boats_en")
    _pdfs(folder / "qa_pdfs")
    return folder


def _page(row: dict[str, Any], language: str) -> dict[str, Any]:
    return {**row, "lang": language, "source": "made", "order": int(row["context_id"][-1])}


def _question(row: tuple[Any, ...], language: str) -> dict[str, Any]:
    keys = ("id", "question", "answers", "context_id", "doc_id", "specific")
    kind = "answerable" if row[2] else "unanswerable_off_corpus"
    return {**dict(zip(keys, row, strict=True)), "lang": language, "source": "made", "kind": kind}


def _retrieval(folder: Path) -> None:
    passages = [("d1", "The ferry of Lissen crosses at noon."), ("d2", "The canoe of Orm is red.")]
    queries = [("q1", "When does the ferry of Lissen cross?"), ("q2", "Which colour has the canoe of Orm?")]
    _lines(folder / "corpus.jsonl", [{"_id": i, "title": "", "text": text} for i, text in passages])
    _lines(folder / "queries.jsonl", [{"_id": i, "text": text} for i, text in queries])
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n")


def _pdfs(folder: Path) -> None:
    for language, name in (("en", "weather"), ("fr", "ouvrages")):
        texts = [row[3] for row in PAGES[language]]
        path = folder / language / f"{name}.pdf"
        path.parent.mkdir(parents=True)
        path.write_bytes(draw(*(lines(text) for text in texts)))
    where = {"en": "en/weather.pdf", "fr": "fr/ouvrages.pdf"}
    gold, pages = [], []
    for language, found in PAGES.items():
        contexts = [row[0] for row in found]
        pages += [{"context_id": c, "file": where[language], "pages": [n]} for n, c in enumerate(contexts, start=1)]
        for question in QUESTIONS[language]:
            if question[3]:
                page = contexts.index(question[3]) + 1
                gold.append({"id": question[0], "file": where[language], "pages": [page], "answer_pages": [page]})
    _lines(folder / "manifest.jsonl", [{"file": file, "lang": language} for language, file in where.items()])
    _lines(folder / "gold.jsonl", gold)
    _lines(folder / "pages.jsonl", pages)


def _lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
