"""The table as a spreadsheet's own reader has it."""

import csv
import io

import pytest

from rag.errors import RagError
from rag.export.cards import write_cards
from rag.export.quiz import read_quiz, write_quiz
from rag.study.rows import CardRow
from tests.rag.export.items import ALL, CHOICE, CLOZE, with_stem


def rows(data: bytes, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def changed(data: bytes, number: int, **cells: str) -> bytes:
    """Return the table as a French spreadsheet saves it after a change."""
    table = rows(data, ";")
    table[number] |= cells
    saved = io.StringIO(newline="")
    writer = csv.DictWriter(saved, list(table[0]), delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(table)
    return saved.getvalue().encode()


def test_a_row_shows_the_whole_item() -> None:
    first, *_, last = rows(write_quiz("csv", "Été", ALL, "fr"), ";")
    assert first["quiz"] == "Été"
    assert first["stem"] == CHOICE.stem
    assert [first[f"option_{n}"] for n in range(1, 5)] == [option.text for option in CHOICE.options]
    assert first["right"] == "2"
    assert first["rationale_3"] == CHOICE.options[2].rationale
    assert (first["document"], first["page"], first["page_label"]) == ("Cours d’été.pdf", "4", "iv")
    assert first["quote"] == CHOICE.source.quote
    assert (last["option_2"], last["match_2"]) == ("Perú", "Lima = L")


def test_each_language_has_its_delimiter() -> None:
    assert rows(write_quiz("csv", "Q", ALL, "en"), ",")[1]["right"] == "1 | 2 | 4"
    assert write_quiz("csv", "Q", ALL, "fr").startswith(b"\xef\xbb\xbfquiz;type;")


@pytest.mark.parametrize("stem", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'quoted'"])
def test_no_cell_is_a_formula(stem: str) -> None:
    item = with_stem(CHOICE, stem)
    data = write_quiz("csv", "=cmd()", [item], "en")
    row = rows(data, ",")[0]
    assert row["stem"] == f"'{stem}"
    assert row["quiz"] == "'=cmd()"
    name, items = read_quiz("q.csv", data)
    assert (name, items) == ("=cmd()", [item])


def test_a_changed_question_is_read_as_edited() -> None:
    data = write_quiz("csv", "Q", [CHOICE, CLOZE], "fr")
    items = read_quiz("q.csv", changed(data, 0, stem="Quel gaz ?", right="1", option_4=""))[1]
    assert items[0].stem == "Quel gaz ?"
    assert items[0].answer == "l’azote"
    assert len(items[0].options) == 3
    assert items[0].options[2] == CHOICE.options[2]
    assert items[0].labels == ("needs_review", "edited")
    assert items[1] == CLOZE


def test_a_changed_answer_is_read_and_a_bad_one_refused() -> None:
    data = write_quiz("csv", "Q", [CLOZE, CHOICE], "fr")
    items = read_quiz("q.csv", changed(data, 0, accepted="the mitochondrion | mitochondria"))[1]
    assert items[0].accepted == ("the mitochondrion", "mitochondria")
    assert items[0].answer == "the mitochondrion"
    with pytest.raises(RagError, match="do not fit"):
        read_quiz("q.csv", changed(data, 1, right=""))


def test_cards_go_to_a_table_with_their_source() -> None:
    card = CardRow(1, 1, "k", "=Quel gaz ?", "le CO₂", "fr", CHOICE.source, "quiz", 0, 0, False, 0)
    row = rows(write_cards("csv", "Cours", [card], "fr"), ";")[0]
    assert row == {
        "front": "'=Quel gaz ?",
        "back": "le CO₂",
        "quote": CHOICE.source.quote,
        "source": "Cours d’été.pdf, p.\u00a04 (iv)",
    }
