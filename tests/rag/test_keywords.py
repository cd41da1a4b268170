import pytest

from ingest.types import Language
from rag.keywords import KeywordIndex, KeywordText

TEXTS = [
    KeywordText(1, 10, "fr", "L'évaluation des élèves se fait à l'école chaque année."),
    KeywordText(2, 10, "fr", "Joseph Weizenbaum a décrit ELIZA en 1966."),
    KeywordText(3, 11, "en", "The evaluation of pupils was described by Weizenbaum."),
    KeywordText(4, 12, "en", "Oxygen is a chemical element with the symbol O."),
]


@pytest.fixture
def index() -> KeywordIndex:
    built = KeywordIndex()
    built.update(TEXTS)
    return built


def found(
    index: KeywordIndex, question: str, documents: list[int] | None = None, language: Language = "fr"
) -> list[int]:
    return [i for i, _ in index.search(question, language, 10, documents)]


def test_elision_accents_and_punctuation_do_not_hide_a_word(index: KeywordIndex) -> None:
    french = [10]
    assert found(index, "Qu'est-ce que l'évaluation ?", french) == [1]
    assert found(index, "qu’est-ce que l’Évaluation ?!", french) == [1]
    assert found(index, "élève") == [1]


def test_stems_join_the_forms_of_a_word(index: KeywordIndex) -> None:
    assert found(index, "evaluations of a pupil", language="en")[0] == 3


def test_names_are_found_across_languages(index: KeywordIndex) -> None:
    assert set(found(index, "Who was Weizenbaum?", language="en")) == {2, 3}


def test_a_word_that_differs_by_its_accents_alone_is_found_across_languages(index: KeywordIndex) -> None:
    assert set(found(index, "Qu'est-ce que l'évaluation ?")) == {1, 3}


def test_function_words_of_the_question_are_no_words_of_the_other_language(index: KeywordIndex) -> None:
    index.update([KeywordText(5, 13, "fr", "The Legend of Zelda est un jeu."), KeywordText(6, 14, "en", "Les Halles.")])
    assert found(index, "What is the symbol of oxygen?", language="en") == [4]
    assert found(index, "Où sont les halles ?") == [6]
    assert found(index, "Where is Zelda?", language="en") == [5]
    assert index.scores("Of the oxygen", "en", [4, 5]).keys() == {4}


def test_only_the_chosen_documents_are_searched(index: KeywordIndex) -> None:
    assert found(index, "Weizenbaum", [11]) == [3]
    assert found(index, "Weizenbaum", []) == []


@pytest.mark.parametrize("question", ["", "?", "((", 'text_fr:"', "AND OR NOT", "*", "le la les", "\\", "l'"])
def test_no_question_is_a_syntax_error(index: KeywordIndex, question: str) -> None:
    assert found(index, question) == []


def test_added_then_removed_leaves_no_trace(index: KeywordIndex) -> None:
    before = index.search("oxygen evaluation école", "fr", 10)
    index.update([KeywordText(9, 13, "en", "Oxygen again, and oxygen.")])
    assert 9 in found(index, "oxygen")
    index.update([], [9])
    assert index.search("oxygen evaluation école", "fr", 10) == before
