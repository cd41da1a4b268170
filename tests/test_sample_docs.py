"""``sample_docs/SOURCES.md`` is true of the files beside it."""

import hashlib
import re
from pathlib import Path

import pypdf
import pytest

FOLDER = Path(__file__).parents[1] / "sample_docs"
SOURCES = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
FREE = {"CC BY 4.0", "CC BY-SA 4.0", "CC BY-SA", "MIT"}
ROW = re.compile(
    r"^\| (?P<file>\S+\.pdf) \| (?P<title>[^|]+) \| (?P<language>fr|en) \| (?P<pages>\d+) \| (?P<licence>[^|]+?) \|"
    r" `(?P<sha256>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)
ROWS = {row["file"]: row for row in ROW.finditer(SOURCES)}


def test_every_sample_is_listed_and_no_other() -> None:
    assert sorted(ROWS) == sorted(path.name for path in FOLDER.glob("*.pdf"))


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_sample_is_the_file_that_is_described(name: str) -> None:
    row, path = ROWS[name], FOLDER / name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
    assert len(pypdf.PdfReader(path).pages) == int(row["pages"])
    assert row["licence"] in FREE
    assert f"**{name}**" in SOURCES.partition("## Where they come from")[2]


def test_both_languages_are_there() -> None:
    assert {row["language"] for row in ROWS.values()} == {"fr", "en"}
