"""Decks as Anki itself imports and shows them."""

import re
import sqlite3
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from rag.errors import RagError
from rag.export.cards import write_cards
from rag.export.quiz import read_quiz, write_quiz
from rag.study.rows import CardRow
from tests.rag.export.items import ALL, CHOICE, CLOZE, MATCHING, SEVERAL, SHORT, TRUE_FALSE

anki_collection = pytest.importorskip("anki.collection", reason="Anki publishes no package for this machine")


class Anki:
    """A collection of Anki in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.collection = anki_collection.Collection(str(folder / "collection.anki2"))

    def take(self, data: bytes) -> tuple[int, int, int]:
        """Import a deck; return how many notes are new, changed and duplicates."""
        path = self.folder / "deck.apkg"
        path.write_bytes(data)
        options = anki_collection.ImportAnkiPackageOptions(merge_notetypes=True)
        request = anki_collection.ImportAnkiPackageRequest(package_path=str(path), options=options)
        log = self.collection.import_anki_package(request).log
        return len(log.new), len(log.updated), len(log.duplicate)

    def sides(self) -> list[tuple[str, str]]:
        """Return both sides of every card as HTML, in the order in which new cards come."""
        cards = [self.collection.get_card(number) for number in self.collection.find_cards("", order="c.due")]
        rendered = [card.render_output() for card in cards]
        return [(found.question_text, found.answer_text) for found in rendered]


@pytest.fixture
def anki(tmp_path: Path) -> Anki:
    return Anki(tmp_path)


def test_a_second_import_adds_nothing(anki: Anki) -> None:
    assert anki.take(write_quiz("apkg", "Été : 1", ALL, "fr"))[0] == len(ALL)
    new, _, _ = anki.take(write_quiz("apkg", "Été : 1", ALL, "fr"))
    assert new == 0
    assert anki.collection.note_count() == len(ALL)
    assert anki.collection.card_count() == len(ALL)
    decks = [deck.name for deck in anki.collection.decks.all_names_and_ids()]
    assert "Été ꞉ 1" in decks


def test_an_edited_item_changes_its_note_and_adds_none(anki: Anki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_700_000_000.0)
    anki.take(write_quiz("apkg", "Q", [CHOICE], "fr"))
    monkeypatch.setattr("time.time", lambda: 1_700_000_100.0)
    new, changed, _ = anki.take(write_quiz("apkg", "Q", [replace(CHOICE, stem="Quel gaz ?")], "fr"))
    assert (new, changed) == (0, 1)
    assert "Quel gaz ?" in anki.sides()[0][0]


def test_every_type_asks_in_front_and_answers_behind(anki: Anki) -> None:
    anki.take(write_quiz("apkg", "Q", ALL, "fr"))
    choice, several, true_false, cloze, short, matching = anki.sides()
    for (front, back), item in zip((choice, several, true_false, cloze, short, matching), ALL, strict=True):
        assert item.source.quote.split(" ")[0] in back
        assert item.source.quote.split(" ")[-1].rstrip(".") in back
        assert item.source.document.replace("&", "&amp;") in back.replace("&#x27;", "'")
        assert "<blockquote>" not in front
        assert "sha256" not in front + back
    assert re.findall(r"<li>(.*?)</li>", choice[0]) == [
        "l’azote", "le dioxyde de carbone", "l’hélium &lt;He&gt;", "\\(CO_2 + H_2O\\)",
    ]  # fmt: skip
    assert "B. le dioxyde de carbone" in choice[1]
    assert "B. C’est ce que dit la page." in choice[1]
    assert "\\(CO_2\\)" in choice[1]
    assert "p.\u00a04 (iv)" in choice[1]
    assert "<summary>Indice</summary>Pensez à la photosynthèse.</details>" in choice[0]
    assert all(f"{letter}. {number}" in several[1] for letter, number in (("A", 2), ("B", 3), ("D", 5)))
    assert "A. Vrai" in true_false[1]
    assert "_____" in cloze[0]
    assert "The mitochondrion is the powerhouse" in cloze[1]
    assert "1789" not in short[0]
    assert "1789" in short[1]
    assert matching[0].count("<ol") == 2
    assert "1 – B. Paris" in matching[1]


def test_what_anki_exports_comes_back(anki: Anki, tmp_path: Path) -> None:
    anki.take(write_quiz("apkg", "Révision", ALL, "fr"))
    path, limit = str(tmp_path / "out.apkg"), None
    for legacy in (True, False):
        options = anki_collection.ExportAnkiPackageOptions(legacy=legacy)
        anki.collection.export_anki_package(out_path=path, options=options, limit=limit)
        if legacy:
            items = read_quiz("out.apkg", Path(path).read_bytes())[1]
            assert sorted(items, key=lambda item: item.id) == sorted(ALL, key=lambda item: item.id)
        else:
            with pytest.raises(RagError, match="Support older Anki versions"):
                read_quiz("out.apkg", Path(path).read_bytes())


def test_a_question_edited_in_anki_is_read_as_edited(anki: Anki, tmp_path: Path) -> None:
    anki.take(write_quiz("apkg", "Q", [CHOICE], "fr"))
    note = anki.collection.get_note(anki.collection.find_notes("")[0])
    note["Question"] = "Quel&nbsp;gaz &amp; pourquoi ?"
    anki.collection.update_note(note)
    assert _exported(anki, tmp_path).stem == "Quel\u00a0gaz & pourquoi ?"
    note["Answer"] = "A"
    anki.collection.update_note(note)
    with pytest.raises(RagError, match="were changed in Anki"):
        _exported(anki, tmp_path)


def _exported(anki: Anki, folder: Path):  # type: ignore[no-untyped-def]
    path = folder / "out.apkg"
    options = anki_collection.ExportAnkiPackageOptions(legacy=True)
    anki.collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return read_quiz("out.apkg", path.read_bytes())[1][0]


def test_flashcards_keep_their_identity(anki: Anki) -> None:
    cards = [
        CardRow(1, 1, "item 1", "Quel gaz ?\n– a", "\\(CO_2\\) <b>", "fr", CHOICE.source, "quiz", 0, 0, False, 0),
        CardRow(2, 1, "hand 1", "Front", "Back", "en", None, "hand", 0, 0, False, 0),
    ]  # fmt: skip
    assert anki.take(write_cards("apkg", "Cours", cards, "fr"))[0] == 2
    assert anki.take(write_cards("apkg", "Cours", cards, "fr"))[0] == 0
    (front, back), by_hand = anki.sides()
    assert "Quel gaz ?<br>– a" in front
    assert "\\(CO_2\\) &lt;b&gt;" in back
    assert "Cours d’été.pdf, p.\u00a04 (iv)" in back
    assert "Added by hand" in by_hand[1]
    # The quiz that the card came from is another note.
    assert anki.take(write_quiz("apkg", "Cours", [CHOICE], "fr"))[0] == 1


def test_a_deck_holds_nothing_but_the_deck() -> None:
    with zipfile.ZipFile(BytesIO(write_quiz("apkg", "Q", [CLOZE, MATCHING, SEVERAL, SHORT, TRUE_FALSE], "en"))) as deck:
        assert sorted(deck.namelist()) == ["collection.anki2", "media"]
        assert deck.read("media") == b"{}"


def test_a_deck_that_never_ends_is_refused() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE col (decks TEXT); INSERT INTO col VALUES ('{}');"
        "CREATE VIEW notes AS "
        "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS flds FROM n;"
    )
    connection.commit()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("collection.anki2", connection.serialize())
    with pytest.raises(RagError, match="not Anki’s"):
        read_quiz("q.apkg", packed.getvalue())
