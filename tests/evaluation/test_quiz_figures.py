"""Figures worked out by hand from a handful of quizzes."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from evaluation.quiz_figures import LECTERN, ONE_PROMPT, summary
from evaluation.quiz_sheet import sheet
from tests.rag.study.items import choice, typed


def row(item: Any, **found: Any) -> dict[str, Any]:
    good = {"faults": [], "position": 1, "longest": False, "located": True, "repeated": False}
    return {"item": asdict(item), **good, "picked": item.answer, "right": True, "true": [], **found}


def quiz(maker: str, *rows: dict[str, Any], language: str = "en", asked: int = 5, **more: Any) -> dict[str, Any]:
    told = {"document": "a.pdf", "kind": "choice", "sections": 0, "dropped": {}, "refused": "", "seconds": 0.0}
    return {**told, "maker": maker, "language": language, "asked": asked, "items": list(rows), **more}


CLOZE = typed("cloze", "The _____ turns bits into sounds.", "modem", n=2)
QUIZZES = [
    quiz(
        LECTERN,
        row(replace(choice(), section="One"), position=2, longest=True),
        row(replace(choice(), section="Two"), position=4, right=False, true=["Vinton Cerf"]),
        row(replace(CLOZE, section="Two"), position=None, longest=None, repeated=True),
        sections=3,
        dropped={"blind": 2, "duplicate": 1},
        seconds=6.0,
    ),
    quiz(LECTERN, row(choice("fr"), located=False), language="fr", asked=2, sections=8, seconds=4.0),
    quiz(LECTERN, language="fr", refused="STUDY_NO_TEXT"),
    quiz(ONE_PROMPT, row(choice(), faults=["key_long"], right=False), asked=4, dropped={"unreadable": 3}, seconds=2.0),
]


def value(table: int, column: str, measure: str) -> tuple[float, int]:
    found = summary(QUIZZES).tables[table].columns[column][measure]
    return pytest.approx(found.value), found.n


def test_both_makers_are_counted_over_what_was_asked_for() -> None:
    assert value(0, LECTERN, "made, of those asked for") == (4 / 7, 7)
    assert value(0, "Lectern fr", "made, of those asked for") == (1 / 2, 2)
    assert value(0, ONE_PROMPT, "made, of those asked for") == (1 / 4, 4)


def test_sections_are_counted_of_those_that_the_number_allows() -> None:
    # Two of three sections by five items; one of eight by two.
    assert value(0, LECTERN, "sections covered") == ((2 / 3 + 1 / 2) / 2, 2)
    assert "sections covered" not in summary(QUIZZES).tables[0].columns[ONE_PROMPT]


def test_keys_are_placed_among_choices_alone() -> None:
    assert value(0, LECTERN, "key stands first") == (1 / 3, 3)
    assert value(0, LECTERN, "key stands second") == (1 / 3, 3)
    assert value(0, LECTERN, "key stands third") == (0.0, 3)
    assert value(0, LECTERN, "key is longest") == (1 / 3, 3)


def test_items_are_measured_one_by_one() -> None:
    assert value(0, LECTERN, "passes the gate") == (1.0, 4)
    assert value(0, ONE_PROMPT, "passes the gate") == (0.0, 1)
    assert value(0, LECTERN, "repeats another") == (1 / 4, 4)
    assert value(0, LECTERN, "quote on its page") == (3 / 4, 4)
    assert value(0, LECTERN, "key found in the notebook") == (3 / 4, 4)
    # Three choices of three wrong options each.
    assert value(0, LECTERN, "wrong option true") == (1 / 9, 9)
    # 6 s for three items, 4 s for one.
    assert value(0, LECTERN, "seconds an item") == (3.0, 2)


def test_types_and_reasons_stand_apart() -> None:
    assert value(1, "cloze", "repeats another") == (1.0, 1)
    assert value(1, "choice", "key found in the notebook") == (2 / 3, 3)
    # Four kept, three dropped.
    assert value(2, "share", "blind") == (2 / 7, 7)


def test_details_name_what_a_person_should_look_at() -> None:
    details = summary(QUIZZES).details[LECTERN]
    assert (details["asked"], details["made"], details["dropped"]) == (7, 4, {"blind": 2, "duplicate": 1})
    assert [found["true"] for found in details["true_options"]] == [["Vinton Cerf"]]
    assert [found["type"] for found in details["repeated"]] == ["cloze"]
    assert [found["document"] for found in details["not_located"]] == ["a.pdf"]
    assert summary(QUIZZES).details[ONE_PROMPT]["faults"] == {"key_long": 1}
    assert [found["refused"] for found in details["quizzes"]] == ["", "", "STUDY_NO_TEXT"]


def test_half_of_the_sheet_is_french_where_there_are_so_many() -> None:
    french = [row(replace(choice("fr"), stem=f"Question {n} ?")) for n in range(5)]
    english = [row(replace(choice(), stem=f"Question {n}?")) for n in range(5)]
    quizzes = [quiz(LECTERN, *french, language="fr"), quiz(LECTERN, *english)]
    text = sheet(quizzes, 4, seed=1)
    assert text.count(", fr\n") == text.count(", en\n") == 2
    assert text.count("- [x] Paul Baran") == 4
    assert "> Paul Baran described packet switching in 1964 at the RAND Corporation." in text
    assert text == sheet(quizzes, 4, seed=1) != sheet(quizzes, 4, seed=2)
    assert sheet(quizzes[:1], 4, seed=1).count("## ") == 2
    assert sheet(quizzes[1:], 4, seed=1).count("## ") == 4
