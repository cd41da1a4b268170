"""How far a source is, and what could not be read, in words."""

from dataclasses import replace

import pytest

from ingest.types import PageWarning
from rag.rows import DocumentRow
from ui.progress import page_ranges, progress_text, progress_value, seconds_left, warning_lines
from ui.texts import Texts

ROW = DocumentRow(
    id=1,
    notebook_id=1,
    sha256="",
    name="a.pdf",
    size=1,
    state="embedding",
    code="",
    details={},
    ticked=True,
    title="",
    language="en",
    pages=4,
    readable=4,
    warnings=(),
    extractor="",
    done=10,
    total=40,
    stage_started=100.0,
    received_at=90.0,
)


def test_the_time_left_follows_the_speed_so_far() -> None:
    assert seconds_left(ROW, 110.0) == 30.0
    assert progress_text(Texts("en"), ROW, 110.0) == "Preparing for search: 10 of 40 passages · about 30 s left"
    assert progress_text(Texts("en"), ROW, 150.0).endswith("about 2 min left")


@pytest.mark.parametrize("changes, now", [({"done": 0}, 110.0), ({}, 101.0)])
def test_no_time_is_told_before_it_can_be_known(changes: dict[str, int], now: float) -> None:
    assert seconds_left(replace(ROW, **changes), now) is None


def test_the_bar_never_goes_back() -> None:
    states = [("received", 0, 0), ("extracting", 0, 4), ("extracting", 4, 4), ("embedding", 0, 40), ("ready", 40, 40)]
    values = [progress_value(replace(ROW, state=state, done=done, total=total)) for state, done, total in states]

    assert values == sorted(values)
    assert (values[0], values[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(
    "numbers, expected",
    [
        ([3], "3"),
        ([3, 4, 5], "3–5"),
        ([9, 3, 4, 12], "3–4, 9 and 12"),
        (range(1, 40, 2), "1, 3, 5, 7, 9, 11, 13, 15, …"),
    ],
)
def test_pages_are_named_as_a_person_does(numbers: list[int], expected: str) -> None:
    assert page_ranges(Texts("en"), numbers) == expected


def test_each_kind_of_warning_is_one_sentence() -> None:
    warnings = [PageWarning(2, "NO_TEXT"), PageWarning(3, "NO_TEXT"), PageWarning(7, "BAD_PAGE")]

    assert warning_lines(Texts("fr"), warnings) == [
        "Les pages 3–4 sont des images\u00a0; la reconnaissance de texte n’est pas installée.",
        "La page 8 est abîmée et a été laissée de côté.",
    ]
