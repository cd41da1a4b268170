from pathlib import Path

import pytest

from evaluation.corpus import passages, pdfs, retrieval
from evaluation.data import (
    ClosedBook,
    GoldPages,
    Question,
    choose,
    closed_book,
    crossed,
    documents,
    gold_pages,
    languages,
    passage_pages,
    questions,
    retrieval_set,
)
from ingest.types import Document, Page
from rag.errors import RagError


def test_contexts_are_the_pages_of_their_documents_in_order(tmp_path: Path) -> None:
    (tmp_path / "contexts_fr.jsonl").write_text(
        '{"context_id": "b", "doc_id": "d", "title": "Ponts", "text": "Deux.", "order": 1}\n'
        "\n"
        '{"context_id": "a", "doc_id": "d", "title": "Ponts", "text": "Un.", "order": 0}\n'
        '{"context_id": "c", "doc_id": "e", "title": "", "text": "Trois."}\n'
    )
    found, contexts = documents(tmp_path, "fr")
    assert found == [
        Document("d", "Ponts", (Page(0, "1", "Un."), Page(1, "2", "Deux.")), "Ponts", "fr"),
        Document("e", "e", (Page(0, "1", "Trois."),), "e", "fr"),
    ]
    assert contexts == {("d", 0): "a", ("d", 1): "b", ("e", 0): "c"}


def test_questions_keep_what_the_file_says(data: Path) -> None:
    assert questions(data, "fr")[1] == Question(
        "fr-2", "Combien pèse son tablier ?", "fr", ("1 200 tonnes",), "fr-pont-1", "fr-pont", True, False,
        "answerable", "made", "fr",
    )  # fmt: skip
    nowhere = questions(data, "en")[3]
    assert (nowhere.answerable, nowhere.context_id, nowhere.document_id) == (False, None, "")
    assert nowhere.kind == "unanswerable_off_corpus"


def test_training_questions_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "qa_fr.jsonl").write_text(
        '{"id": "a", "question": "Qui ?", "context_id": "c", "doc_id": "d", "lang": "fr",'
        ' "answers": [{"text": "Lui", "start": 3}], "unanswerable": false}\n'
        '{"id": "b", "question": "Où ?", "context_id": "c", "doc_id": "d", "lang": "fr", "answers": []}\n'
    )
    first, second = questions(tmp_path, "fr")
    assert (first.answers, first.specific, first.kind) == (("Lui",), True, "answerable")
    assert (second.answerable, second.kind) == (False, "unanswerable")


def test_crossed_questions_go_to_the_documents_language(data: Path) -> None:
    [question] = crossed(data, "en")
    assert (question.id, question.language, question.document_language) == ("x-en-3", "fr", "en")
    assert question.answers == ("noon",)


def test_closed_book_questions_are_grouped_by_popularity_else_by_source(data: Path) -> None:
    assert [item.group for item in closed_book(data, "en")] == ["rare (< 1,000 views)", "popular (≥ 10,000)"]
    [french] = closed_book(data, "fr")
    assert isinstance(french, ClosedBook)
    assert (french.group, french.question.answers) == ("quiz", ("Bleu",))


def test_sets_that_are_optional_may_be_missing(tmp_path: Path) -> None:
    assert crossed(tmp_path, "en") == closed_book(tmp_path, "en") == passage_pages(tmp_path) == []


def test_languages_are_those_with_both_files(data: Path, tmp_path: Path) -> None:
    assert languages(data) == ["en", "fr"]
    assert languages(data, "fr") == ["fr"]
    (tmp_path / "contexts_en.jsonl").touch()
    (tmp_path / "qa_fr.jsonl").touch()
    with pytest.raises(RagError, match="DATA_MISSING"):
        languages(tmp_path)


def test_gold_pages_and_the_pages_of_passages(data: Path) -> None:
    assert gold_pages(data)["fr-3"] == GoldPages("fr/ouvrages.pdf", frozenset({3}))
    assert (
        "Its founder was Ada Morn. She liked storms.",
        GoldPages("en/weather.pdf", frozenset({2})),
    ) in passage_pages(data)


def test_a_retrieval_folder_is_a_corpus_with_graded_queries(data: Path) -> None:
    found = retrieval_set(data / "retrieval_boats_en")
    assert found.documents[0] == Document("d1", "d1", (Page(0, "1", "The ferry of Lissen crosses at noon."),), "", "en")
    assert [(query.id, query.language) for query in found.queries] == [("q1", "en"), ("q2", "en")]
    assert found.gold == {"q1": {"d1": 1}, "q2": {"d2": 1}}
    assert retrieval(found).contexts == {("d1", 0): "d1", ("d2", 0): "d2"}


def test_a_corpus_reads_its_documents_when_asked(data: Path) -> None:
    corpus = passages(data, "fr")
    assert list(corpus.readers) == ["fr-pont", "fr-vin"]
    assert corpus.readers["fr-vin"]().title == "Vins"
    files, paths = pdfs(data)
    assert {path.name for path in paths.values()} == {"weather.pdf", "ouvrages.pdf"}
    assert [len(read().pages) for read in files.readers.values()] == [3, 3]


def test_a_choice_keeps_the_order_and_depends_on_the_seed_alone() -> None:
    items = list(range(100))
    chosen = choose(items, 10, 1)
    assert chosen == sorted(set(chosen)) == choose(items, 10, 1) != choose(items, 10, 2)
    assert choose(items, 0, 1) == choose(items, 100, 1) == items
