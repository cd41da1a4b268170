"""The table says what was found, beside what and against which target, and so does the JSON."""

from pathlib import Path

import pytest

from bench.figures import BEGIN, END, Figure, as_json, between_marks, markdown
from bench.measure import Spread

FIGURES = [
    Figure(
        "embedding", "chunks/s", Spread(30.0, 25.0, 31.0), Spread(10.0, 9.0, 11.0), Spread(3.0, 2.5, 3.1), least=2.0
    ),
    Figure(
        "PDF to searchable", "pages/s", Spread(4.0, 4.0, 4.0), Spread(2.0, 2.0, 2.0), Spread(2.0, 2.0, 2.0), least=3.0
    ),
    Figure("retrieval, p95", "ms", Spread(12.34, 11.0, 1400.0), most=15.0, note="100 questions"),
    Figure("cosine", "", Spread(0.999, 0.998, 1.0)),
]


def test_a_table_has_a_row_a_figure() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in markdown(FIGURES).splitlines()]
    assert rows[0] == ["", "Lectern", "naive", "times faster", "target", ""]
    assert rows[2:] == [
        [
            "embedding",
            "30.0 chunks/s [25.0, 31.0]",
            "10.0 chunks/s [9.00, 11.0]",
            "3.00 × [2.50, 3.10]",
            "≥ 2 ×",
            "reached",
        ],
        ["PDF to searchable", "4.00 pages/s", "2.00 pages/s", "2.00 ×", "≥ 3 ×", "**missed**"],
        ["retrieval, p95 (100 questions)", "12.3 ms [11.0, 1,400]", "–", "–", "≤ 15 ms", "reached"],
        ["cosine", "0.999  [0.998, 1.00]", "–", "–", "", ""],
    ]


def test_the_json_holds_every_figure_with_its_verdict() -> None:
    found = as_json(FIGURES, {"date": "2026-11-26"})
    assert found["date"] == "2026-11-26"
    assert [(figure["name"], figure["reached"]) for figure in found["figures"]] == [
        ("embedding", True),
        ("PDF to searchable", False),
        ("retrieval, p95", True),
        ("cosine", None),
    ]
    assert found["figures"][0]["ratio"] == {"median": 3.0, "low": 2.5, "high": 3.1}


def test_the_table_replaces_the_one_between_the_marks() -> None:
    assert between_marks(f"a\n{BEGIN}\nold\n{END}\nb", "new") == f"a\n{BEGIN}\nnew\n{END}\nb"
    with pytest.raises(ValueError, match="it has no lines"):
        between_marks("a", "new")


def test_the_readme_has_a_place_for_the_table() -> None:
    assert "new" in between_marks(
        (Path(__file__).parents[2] / "bench" / "README.md").read_text(encoding="utf-8"), "new"
    )
