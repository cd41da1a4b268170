"""What a quiz is after it left and came back, and which files are refused."""

import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import RagError
from rag.export import json_file
from rag.export.carried import checked
from rag.export.quiz import FORMATS, MAX_BYTES, READERS, read_quiz, write_quiz
from rag.study.types import Item, Option
from tests.rag.export.items import ALL, CHOICE, CLOZE, MATCHING, SEVERAL, TRUE_FALSE
from tests.rag.export.nasty import items, texts

SCHEMA = json.loads((Path(json_file.__file__).parent / "quiz.schema.json").read_text())


def test_every_format_that_the_issue_names_is_there() -> None:
    assert set(FORMATS) == {"apkg", "xml", "gift", "csv", "json", "md", "pdf", "html"}
    assert all(known.suffix == suffix and known.mime and known.label_key for suffix, known in FORMATS.items())


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_items_of_all_types_come_back_whole(suffix: str, language: str) -> None:
    data = write_quiz(suffix, "Révision « été » / 1", ALL, language)
    name, read = read_quiz(f"a/b.{suffix.upper()}", data)
    assert read == list(ALL)
    # Anki keeps decks under names without straight quotes and colons; this one has neither.
    assert name == "Révision « été » / 1"


@settings(max_examples=60, deadline=None)
@given(made=st.lists(items(), min_size=1, max_size=2, unique_by=lambda item: item.id), name=texts())
def test_any_text_comes_back_whole(made: list[Item], name: str) -> None:
    for suffix in READERS:
        assert read_quiz(f"quiz.{suffix}", write_quiz(suffix, name, made, "fr"))[1] == made, suffix


@settings(max_examples=8, deadline=None)
@given(item=items(), name=texts())
def test_any_text_can_be_printed(item: Item, name: str) -> None:
    assert write_quiz("pdf", name, [item], "fr").startswith(b"%PDF-")
    assert write_quiz("md", name, [item], "fr").decode()
    assert "<script" not in write_quiz("html", name, [item], "fr").decode()


def test_a_quiz_without_a_name_takes_that_of_its_file() -> None:
    assert read_quiz("Chapitre 2.json", write_quiz("json", "", ALL, "fr"))[0] == "Chapitre 2"


def test_items_get_their_id_before_they_leave() -> None:
    assert read_quiz("q.gift", write_quiz("gift", "Q", [replace(CHOICE, id="")], "fr"))[1] == [CHOICE]


def test_json_is_as_its_schema_says() -> None:
    quiz = json.loads(write_quiz("json", "Q", ALL, "en"))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(quiz, SCHEMA)
    del quiz["items"][0]["source"]["quote"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(quiz, SCHEMA)


def test_json_with_fields_of_a_later_program_is_read() -> None:
    quiz = json.loads(write_quiz("json", "Q", ALL, "en"))
    quiz["items"][0] |= {"later": 1}
    assert read_quiz("q.json", json.dumps(quiz).encode())[1] == list(ALL)


def _json(**changed: object) -> bytes:
    return json.dumps(json.loads(write_quiz("json", "Q", ALL, "en")) | changed).encode()


def _without(item: Item, **changed: object) -> bytes:
    quiz = json.loads(write_quiz("json", "Q", [item], "en"))
    quiz["items"][0] |= changed
    return json.dumps(quiz).encode()


def _source(field: str, value: object) -> dict[str, object]:
    return {**json.loads(_json())["items"][0]["source"], field: value}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("q.txt", b"x", "none of"),
        ("quiz", b"x", "without an ending"),
        ("q.json", b"x" * (MAX_BYTES + 1), "larger than"),
        ("q.json", b"{", "Expecting"),
        ("q.json", b"\xff", "UTF-8"),
        ("q.json", b"[" * 100_000, "deep"),
        ("q.json", b"[]", "no quiz"),
        ("q.json", _json(items={}), "malformed"),
        ("q.json", _json(items=[]), "no question"),
        ("q.json", _json(version="1"), "version"),
        ("q.json", _json(items=[1]), "malformed"),
        ("q.json", _without(CHOICE, options=[]), "do not fit"),
        ("q.json", _without(CHOICE, stem="  "), "empty"),
        ("q.json", _without(CHOICE, type="essay"), "essay"),
        ("q.json", _without(CHOICE, stem="x" * 60_000), "too long"),
        ("q.json", _without(CLOZE, answer=" "), "do not fit"),
        ("q.json", _without(CHOICE, source=_source("start", -1)), "malformed"),
        ("q.json", _without(CHOICE, source=_source("sha256", "../x")), "malformed"),
        ("q.xml", b"<quiz>", "damaged"),
        ("q.xml", b"<quiz/>", "no question"),
        ("q.xml", b"<quiz><question type='essay'><name/></question></quiz>", "question 1 was not written"),
        ("q.xml", b"<!DOCTYPE q [<!ENTITY a 'b'>]><quiz>&a;</quiz>", "damaged"),
        ("q.gift", b"::a::[html]b{=c}", "not written by Lectern"),
        ("q.gift", b"", "no question"),
        ("q.csv", b"stem,type\na,choice\n", "row 1 was not written"),
        ("q.csv", b"", "no question"),
        ("q.apkg", b"PK", "zip"),
        ("q.apkg", b"", "zip"),
    ],
)  # fmt: skip
def test_other_files_are_refused_with_a_reason(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(RagError) as caught:
        read_quiz(name, data)
    assert caught.value.code == "QUIZ_FILE"
    assert reason in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(
    suffix=st.sampled_from(sorted(READERS)), cut=st.integers(0, 10_000), put=st.binary(max_size=6), keep=st.booleans()
)
def test_damage_gives_items_or_a_reason(suffix: str, cut: int, put: bytes, keep: bool) -> None:
    data = write_quiz(suffix, "Q", [CHOICE, CLOZE], "fr")
    at = cut % len(data)
    damaged = data[:at] + put + (data[at + len(put) :] if keep else b"")
    read: list[Item] = []
    with suppress(RagError):
        read = read_quiz(f"q.{suffix}", damaged)[1]
    assert all(checked(item) == item for item in read)


def test_an_item_listed_twice_is_refused() -> None:
    data = write_quiz("json", "Q", [CHOICE, CHOICE], "en")
    with pytest.raises(RagError, match="listed twice"):
        read_quiz("q.json", data)


@pytest.mark.parametrize("suffix", ["xml", "gift", "csv"])
def test_a_newer_note_is_told_apart(suffix: str) -> None:
    data = write_quiz(suffix, "Q", [CHOICE], "fr")
    newer = data.replace(b'"v": 1', b'"v": 2').replace(b'""v"": 1', b'""v"": 2')
    assert newer != data
    with pytest.raises(RagError) as caught:
        read_quiz(f"q.{suffix}", newer)
    assert caught.value.code == "QUIZ_FILE_NEWER"


def test_a_newer_json_is_told_apart() -> None:
    with pytest.raises(RagError) as caught:
        read_quiz("q.json", _json(version=2))
    assert caught.value.code == "QUIZ_FILE_NEWER"


@pytest.mark.parametrize(
    "item",
    [
        replace(CHOICE, options=(Option("a", True), Option("b", True))),
        replace(SEVERAL, options=(Option("a", False), Option("b", False))),
        replace(TRUE_FALSE, options=(*TRUE_FALSE.options, Option("c", False))),
        replace(MATCHING, options=(Option("a", True), Option("b", True))),
        replace(CLOZE, options=(Option("a", True),)),
        replace(CHOICE, options=(Option("a", True), *(Option(str(n), False) for n in range(26)))),
    ],
)
def test_options_must_fit_the_type(item: Item) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        checked(item)


def test_a_bomb_in_a_deck_is_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", b"\0" * 60_000_000)
    with pytest.raises(RagError, match="too large"):
        read_quiz("q.apkg", packed.getvalue())
