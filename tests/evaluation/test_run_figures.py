"""The figures of a user's run, worked out by hand."""

import csv
import io
import json
from dataclasses import replace

import pytest

from evaluation.question_file import read_questions
from evaluation.run_export import COLUMNS, csv_rows, figures_json, json_rows
from evaluation.run_figures import Beside, figures, rank, verdict
from rag.evaluation_rows import EvaluationItem, EvaluationRun
from rag.types import Citation, Passage


def passage(n: int, document: str, page: int, text: str = "Nothing.") -> Passage:
    return Passage(n, 1, "ab" * 32, document, page - 1, str(page), "", text, 0, len(text), 0.5)


def citation(document: str, page: int, quote: str) -> Citation:
    return Citation(1, "ab" * 32, document, page - 1, str(page), quote, 0, len(quote))


ITEM = EvaluationItem(
    id=1, run_id=1, position=0, question="Who described ELIZA?", language="en", expected=("Joseph Weizenbaum",),
    page=2, document="a.pdf", kind="", state="done", status="answered", answer="Joseph Weizenbaum",
    text="Joseph Weizenbaum. [1]", citations=(citation("a.pdf", 2, "It was Joseph Weizenbaum."),),
    passages=(passage(1, "b.pdf", 2), passage(2, "a.pdf", 2)), memory_text="Alan Turing.", probability=0.9,
    seconds=2.0, code="", details={},
)  # fmt: skip
REFUSED = replace(ITEM, status="not_found", answer="", text="", citations=(), probability=0.1, seconds=1.0)
ABSENT = replace(REFUSED, expected=(), page=0, document="", memory_text="")

VERDICTS = {
    "right": ITEM,
    "shown": replace(ITEM, answer="a scientist of that time"),
    "quoted": replace(ITEM, answer="Alan Turing", text="Alan Turing. [1]"),
    "partly": replace(ITEM, answer="Weizenbaum", text="Weizenbaum", citations=()),
    "wrong": replace(ITEM, answer="Alan Turing", text="Alan Turing", citations=()),
    "refused_wrong": REFUSED,
    "refused_right": ABSENT,
    "unexpected": replace(ITEM, expected=()),
    "error": replace(ITEM, state="error", status=""),
    "waiting": replace(ITEM, state="asking", status=""),
}


@pytest.mark.parametrize("expected", VERDICTS)
def test_every_question_has_a_verdict(expected: str) -> None:
    assert verdict(VERDICTS[expected]) == expected


def test_the_rank_is_that_of_the_page_or_where_none_is_named_of_the_answer() -> None:
    assert rank(ITEM) == 2
    assert rank(replace(ITEM, document="")) == 1
    assert rank(replace(ITEM, page=9)) is None
    found = (passage(1, "c.pdf", 1), passage(2, "c.pdf", 2), passage(3, "c.pdf", 3, "By JOSEPH WEIZENBAUM himself."))
    assert rank(replace(ITEM, page=0, passages=found)) == 3


def test_figures_are_those_worked_out_by_hand() -> None:
    found = figures(
        [VERDICTS[name] for name in ("right", "partly", "wrong", "refused_wrong", "refused_right", "error")]
    )
    values = {name: (one.value, one.n) if one else None for name, one in found.figures.items()}

    assert values == {
        "answer_f1": ((1 + 2 / 3 + 0 + 0) / 4, 4),
        "answer_exact": (1 / 4, 4),
        "gold_shown": (1 / 4, 4),
        "page_cited": (1 / 3, 3),
        "refused_right": (1.0, 1),
        "refused_wrong": (1 / 4, 4),
        "memory_right": (0.0, 4),
        "seconds": (2.0, 5),
    }
    assert (found.recall, found.recall_n) == ((0.0, 1.0), 4)
    assert found.beside == Beside(both=0, sources=1, memory=0, neither=3)
    assert [(b.probability, b.share, b.n) for b in found.reliability] == [
        (pytest.approx(0.1), 1 / 2, 2),
        (pytest.approx(0.9), 1.0, 3),
    ]
    assert found.risk == ((1 / 3, 1 / 3), (2 / 3, 1 / 3), (1.0, 1 / 3))
    low, high = found.figures["gold_shown"].low, found.figures["gold_shown"].high
    assert 0 <= low <= 0.25 <= high <= 1


def test_what_no_question_tells_is_no_figure() -> None:
    found = figures([replace(ABSENT, probability=None)])

    assert {name for name, one in found.figures.items() if one} == {"refused_right", "seconds"}
    assert (found.recall, found.reliability, found.risk, found.beside) == ((), (), (), None)
    assert figures([]).figures["seconds"] is None


RUN = EvaluationRun(1, 1, "q.csv", "upload", "key", (1,), True, "done", "", {}, "scripted", 1.0, 2, 2, 0, 3.0)
HOSTILE = ("=1+1", "+33 1", "-1", "@SUM(A1)", "\t=1", "|calc", "%0A=1")


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_the_csv_is_a_formula(text: str) -> None:
    quoted = (citation(text, 1, text),)
    item = replace(
        ITEM, question=text, expected=(text,), document=text, answer=text, text=text, memory_text=text, citations=quoted
    )
    [row] = rows(csv_rows([item]))

    assert all(not value.startswith(("=", "+", "-", "@", "\t", "\r", "|", "%")) for value in row.values())
    assert row["given"] == f"'{text}"


def test_an_exported_run_can_be_asked_again_as_it_is() -> None:
    asked = read_questions("q.csv", csv_rows([ITEM, ABSENT]), ["a.pdf"], 500).questions
    again = read_questions("q.jsonl", json_rows([ITEM, replace(ABSENT, question="And?")]), ["a.pdf"], 500).questions

    assert [(q.question, q.expected, q.page, q.document) for q in asked] == [
        (ITEM.question, ITEM.expected, 2, "a.pdf"),
        (ITEM.question, (), 0, ""),
    ]
    assert [(q.question, q.expected, q.page) for q in again] == [(ITEM.question, ITEM.expected, 2), ("And?", (), 0)]


def test_every_row_and_figure_leaves() -> None:
    [row] = rows(csv_rows([ITEM]))
    [line] = [json.loads(text) for text in json_rows([ITEM]).decode().splitlines()]
    packed = json.loads(figures_json(RUN, figures([ITEM])))

    assert tuple(row) == COLUMNS == tuple(line)
    assert (row["verdict"], row["cited"], row["retrieved"]) == ("right", "a.pdf:2", "b.pdf:2 | a.pdf:2")
    assert line["retrieved"] == ["b.pdf:2", "a.pdf:2"]
    assert (packed["model"], packed["figures"]["answer_exact"]["value"], packed["recall"]) == ("scripted", 1.0, [0, 1])
