"""The French questions written here: answers stand in their passages, and translations are told from other passages."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from evaluation.data import documents, questions, rows
from ingest.language import detect
from training import french
from training.examples import Course
from training.split import held_out, origin, without_translation
from training.squad import Example

NAMES = ("contexts_fr", "qa_fr", "qa_en", "wrong_en")
WATT = Example("Who improved it?", "en", "Engine", "James Watt improved it.", "p1", "en-a", (("James Watt", 0),), "q1")
FRENCH = "James Watt l'améliora."


def written(folder: Path, **files: list[dict[str, object]]) -> Path:
    for name in NAMES:
        lines = [json.dumps(row) for row in files.get(name, [])]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = {"context_id": "translated-p1", "doc_id": "translated-en-a"}
    answer = [{"text": "James Watt", "start": 0}]
    return written(
        tmp_path,
        contexts_fr=[{**place, "title": "Machine", "text": FRENCH}],
        qa_fr=[
            {**place, "id": "fr-q1", "question": "Qui l'a améliorée ?", "answers": answer},
            {**place, "id": "n0", "question": "Qui l'a vendue ?", "answers": []},
            {"context_id": "elsewhere", "id": "w0", "question": "?", "answers": []},
        ],
        wrong_en=[{"context_id": "p1", "id": "p1-n0", "question": "Who sold it?", "answers": []}],
    )


def test_questions_are_read_where_their_passage_is_known(folder: Path) -> None:
    found = french.load([WATT], folder)
    assert [(e.question, e.language, e.passage, bool(e.answers)) for e in found] == [
        ("Qui l'a améliorée ?", "fr", FRENCH, True),
        ("Qui l'a vendue ?", "fr", FRENCH, False),
        ("Who sold it?", "en", WATT.passage, False),
    ]


def test_translated_questions_are_asked_of_both_passages(folder: Path) -> None:
    found = french.crossed([WATT], french.load([WATT], folder))
    assert [(e.question, e.passage, e.answers) for e in found] == [
        ("Qui l'a améliorée ?", WATT.passage, WATT.answers),
        (WATT.question, FRENCH, (("James Watt", 0),)),
    ]


def test_a_translation_is_never_shown_as_a_passage_that_does_not_answer(folder: Path) -> None:
    other = Example("Who sold it?", "en", "Shops", "Boulton sold it to improve.", "p2", "en-b", (("Boulton", 0),))
    asked = french.load([WATT], folder)[0]
    course = Course([WATT, other, asked], lambda text: len(text.split()))
    for example in (WATT, asked):
        shown = {item.text for item in course.negatives(example, 40, random.Random(1)) if item.context != "Engine"}
        assert not shown & {WATT.passage, FRENCH}


def test_a_question_is_asked_over_no_translation_of_its_document() -> None:
    named = {"en-a": 1, "translated-en-a": 2, "en-b": 3}
    assert without_translation("en-a", named) == [1, 3]
    assert without_translation("translated-en-a", named) == [2, 3]
    assert without_translation("en-b", named) == [1, 2, 3]


def test_a_translation_is_set_aside_with_its_original() -> None:
    found, _ = documents(french.FOLDER, "fr")
    aside = [document.id for document in found if held_out(document.id)]
    assert {origin(name) for name in aside} == {"en-Steam_engine", "en-train-1a609050"}


def test_what_was_written_here_alone_is_all_taught() -> None:
    found = [document for document in documents(french.FOLDER, "fr")[0] if document.id.startswith("article-")]
    assert found
    assert {len(document.pages) for document in found} == {4}
    assert not any(held_out(document.id) for document in found)


def test_every_answer_stands_in_its_passage() -> None:
    passages = {row["context_id"]: row["text"] for row in rows(french.FOLDER / "contexts_fr.jsonl")}
    asked = [row for row in rows(french.FOLDER / "qa_fr.jsonl") if row["context_id"] in passages]
    assert len(asked) > 3000
    for row in asked:
        text = passages[row["context_id"]]
        assert all(text[a["start"] :].startswith(a["text"]) for a in row["answers"]), row["id"]
    assert {row["doc_id"] for row in asked} == {row["doc_id"] for row in rows(french.FOLDER / "contexts_fr.jsonl")}


@pytest.mark.parametrize("name", NAMES)
def test_no_id_is_given_twice(name: str) -> None:
    key = "context_id" if name == "contexts_fr" else "id"
    assert not [
        n for n, count in Counter(row[key] for row in rows(french.FOLDER / f"{name}.jsonl")).items() if count > 1
    ]


def test_the_translations_are_french() -> None:
    found, _ = documents(french.FOLDER, "fr")
    assert all(detect(page.text) == "fr" for document in found for page in document.pages)
    asked = questions(french.FOLDER, "fr")
    assert sum(detect(question.text) == "fr" for question in asked) / len(asked) > 0.98
