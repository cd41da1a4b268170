"""What was written here: answers stand in their passages, and translations are told from other passages."""

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from evaluation.data import LANGUAGES, documents, questions, rows
from ingest.language import detect
from ingest.types import Language
from training import written
from training.examples import Course
from training.rank import CROSSED_QUESTIONS
from training.split import held_out, origin, without_translation
from training.squad import Example

NAMES = ("contexts_fr", "qa_en", "qa_fr", "wrong_en")
WATT = Example("Who improved it?", "en", "Engine", "James Watt improved it.", "p1", "en-a", (("James Watt", 0),), "q1")
FRENCH = "James Watt l'améliora."


def write(folder: Path, **files: list[dict[str, object]]) -> Path:
    for name in NAMES:
        lines = [json.dumps(row) for row in files.get(name, [])]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = {"context_id": "translated-p1", "doc_id": "translated-en-a"}
    answer = [{"text": "James Watt", "start": 0}]
    return write(
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
    found = written.load([WATT], folder)
    assert [(e.question, e.language, e.passage, bool(e.answers)) for e in found] == [
        ("Qui l'a améliorée ?", "fr", FRENCH, True),
        ("Qui l'a vendue ?", "fr", FRENCH, False),
        ("Who sold it?", "en", WATT.passage, False),
    ]


def test_translated_questions_are_asked_of_both_passages(folder: Path) -> None:
    found = written.crossed([WATT], written.load([WATT], folder))
    assert [(e.question, e.passage, e.answers) for e in found] == [
        ("Qui l'a améliorée ?", WATT.passage, WATT.answers),
        (WATT.question, FRENCH, (("James Watt", 0),)),
    ]


def test_a_translation_is_never_shown_as_a_passage_that_does_not_answer(folder: Path) -> None:
    other = Example("Who sold it?", "en", "Shops", "Boulton sold it to improve.", "p2", "en-b", (("Boulton", 0),))
    asked = written.load([WATT], folder)[0]
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
    found, _ = documents(written.FOLDER, "fr")
    aside = [document.id for document in found if held_out(document.id)]
    assert {origin(name) for name in aside} == {"en-Steam_engine", "en-train-1a609050"}


def test_every_answer_stands_in_its_passage() -> None:
    passages = {row["context_id"]: row for row in rows(written.FOLDER / "contexts_fr.jsonl")}
    every = [row for lang in LANGUAGES for row in rows(written.FOLDER / f"qa_{lang}.jsonl")]
    asked = [row for row in every if row["context_id"] in passages]
    assert len(asked) > 5_000
    assert_answers_stand(asked, passages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_courses_is_asked_about_and_set_aside(language: Language) -> None:
    passages = {row["context_id"]: row for row in rows(written.COURSES / f"contexts_{language}.jsonl")}
    asked = list(rows(written.COURSES / f"qa_{language}.jsonl"))
    assert_answers_stand(asked, passages)
    assert len({row["id"] for row in asked}) == len(asked)
    assert all(held_out(row["doc_id"]) and passages[row["context_id"]]["doc_id"] == row["doc_id"] for row in asked)
    crossed = {row["id"]: row for row in rows(CROSSED_QUESTIONS)}
    other = [crossed[row["id"]] for row in asked if row["id"] in crossed]
    assert len(other) > 0.9 * len(asked)
    assert {row["lang"] for row in other} == set(LANGUAGES) - {language}


def assert_answers_stand(asked: Sequence[dict[str, Any]], passages: Mapping[str, dict[str, Any]]) -> None:
    for row in asked:
        text = passages[row["context_id"]]["text"]
        assert all(text[a["start"] :].startswith(a["text"]) for a in row["answers"]), row["id"]
    assert {row["context_id"] for row in asked} == passages.keys()


@pytest.mark.parametrize("name", NAMES)
def test_no_id_is_given_twice(name: str) -> None:
    key = "context_id" if name.startswith("contexts") else "id"
    assert not [
        n for n, count in Counter(row[key] for row in rows(written.FOLDER / f"{name}.jsonl")).items() if count > 1
    ]


def test_each_language_is_itself() -> None:
    found, _ = documents(written.FOLDER, "fr")
    assert all(detect(page.text) == "fr" for document in found for page in document.pages)
    for language in LANGUAGES:
        asked = questions(written.FOLDER, language)
        assert sum(detect(question.text) == language for question in asked) / len(asked) > 0.99
