"""From a question to numbered passages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from rag.library import Library
from rag.likelihood import WEIGHED
from rag.notebook import add_document
from rag.retrieve import CANDIDATES, PASSAGES, POOL, Retriever
from rag.types import Passage, Reading
from tests.rag.examples import ELIZA, OXYGEN, document
from tests.rag.fakes import BagEmbedder

EMBEDDER = BagEmbedder()


@pytest.fixture
def notebook_id(library: Library) -> int:
    return library.store.create_notebook("n").id


def test_a_passage_says_where_it_stands(library: Library, notebook_id: int) -> None:
    added = add_document(library, EMBEDDER, notebook_id, document("history.pdf", "Nothing here.", ELIZA))
    found = Retriever(library.store, EMBEDDER).retrieve(notebook_id, "Who described ELIZA?", [added])
    first = found.passages[0]
    page = library.store.page(added, first.page_index)
    assert page is not None
    assert (first.n, first.document_id, first.document, first.page_index, first.page_label, first.extractor) == (
        1,
        added,
        "history.pdf",
        1,
        "2",
        "text-1",
    )
    assert page.text[first.start : first.end] == first.text == ELIZA
    assert found.vector.tolist() == EMBEDDER.embed_query("Who described ELIZA?").tolist()


def test_scores_are_cosines_of_the_stored_vectors(library: Library, notebook_id: int) -> None:
    added = add_document(library, EMBEDDER, notebook_id, document("eliza.pdf", ELIZA))
    (passage,) = Retriever(library.store, EMBEDDER).retrieve(notebook_id, "ELIZA therapist", [added]).passages
    embedded = EMBEDDER.embed_query(f"eliza\n{ELIZA}")
    assert passage.score == pytest.approx(float(embedded @ EMBEDDER.embed_query("ELIZA therapist")), abs=1e-3)


def test_only_the_given_documents_are_searched(library: Library, notebook_id: int) -> None:
    first, second = (
        add_document(library, EMBEDDER, notebook_id, document(f"{name}.pdf", f"{ELIZA} Volume {name}."))
        for name in ("one", "two")
    )
    retriever = Retriever(library.store, EMBEDDER)
    for chosen in ([first], [second]):
        found = retriever.retrieve(notebook_id, "Who described ELIZA?", chosen)
        assert [passage.document_id for passage in found.passages] == chosen
    assert retriever.retrieve(notebook_id, "Who described ELIZA?", []).passages == ()


def test_a_removed_document_is_not_found_any_more(library: Library, notebook_id: int) -> None:
    added = add_document(library, EMBEDDER, notebook_id, document("eliza.pdf", ELIZA))
    retriever = Retriever(library.store, EMBEDDER)
    assert retriever.retrieve(notebook_id, "ELIZA", [added]).passages
    library.remove(added)
    assert retriever.retrieve(notebook_id, "ELIZA", [added]).passages == ()


def test_the_same_text_in_two_documents_is_one_passage(library: Library, notebook_id: int) -> None:
    ids = [add_document(library, EMBEDDER, notebook_id, document(f"{n}.pdf", ELIZA, OXYGEN)) for n in range(3)]
    found = Retriever(library.store, EMBEDDER).retrieve(notebook_id, "ELIZA oxygène", ids)
    assert sorted(passage.text for passage in found.passages) == sorted([ELIZA, OXYGEN])
    assert [passage.n for passage in found.passages] == [1, 2]


def test_at_most_k_passages_are_numbered_from_1(library: Library, notebook_id: int) -> None:
    words = ("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay", "kite", "lynx")
    pages = [f"The {word} lives in a {word} house with {word} food." for word in words]
    added = add_document(library, EMBEDDER, notebook_id, document("zoo.pdf", *pages))
    retriever = Retriever(library.store, EMBEDDER)
    assert [p.n for p in retriever.retrieve(notebook_id, "house food", [added]).passages] == list(
        range(1, PASSAGES + 1)
    )
    assert len(retriever.retrieve(notebook_id, "house food", [added], k=3).passages) == 3


def test_a_word_that_only_the_keyword_search_knows_is_found(library: Library, notebook_id: int) -> None:
    # The plural is another direction for the fake embedder and the same stem for the keyword search.
    pages = [f"Stone number {n} lies here." for n in range(60)] + ["A volcano erupts."]
    added = add_document(library, EMBEDDER, notebook_id, document("stones.pdf", *pages))
    found = Retriever(library.store, EMBEDDER).retrieve(notebook_id, "volcanoes", [added])
    # The first of each ranking are equal, so that it stands first or second.
    assert "A volcano erupts." in [passage.text for passage in found.passages[:2]]


def test_the_pool_is_what_the_design_asks_for() -> None:
    assert POOL >= 40
    assert CANDIDATES >= 20


def test_documents_still_being_read_are_counted(library: Library, notebook_id: int) -> None:
    added = add_document(library, EMBEDDER, notebook_id, document("eliza.pdf", ELIZA))
    waiting = library.store.receive(notebook_id, "later.pdf", "a" * 64, 10).document.id
    retriever = Retriever(library.store, EMBEDDER)
    assert retriever.retrieve(notebook_id, "ELIZA", [added, waiting]).unread == 1
    assert retriever.retrieve(notebook_id, "ELIZA", [added]).unread == 0


@dataclass
class WordReader:
    """Says that a passage answers when it holds a word; remembers how many passages it read."""

    word: str
    model_id: str = "word-1"
    read_passages: list[int] = field(default_factory=list)

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        self.read_passages.append(len(passages))
        return [Reading(50.0 if self.word in passage.text else -50.0, ()) for passage in passages]


def test_a_reader_reads_each_candidate_once_and_has_its_say(library: Library, notebook_id: int) -> None:
    pages = [f"The volcano {n} erupts." for n in range(40)] + ["A quiet stone near the volcano."]
    added = add_document(library, EMBEDDER, notebook_id, document("a.pdf", *pages))
    reader = WordReader("quiet")
    plain = Retriever(library.store, EMBEDDER).retrieve(notebook_id, "Which volcano is quiet?", [added])
    found = Retriever(library.store, EMBEDDER, {notebook_id: reader}.get).retrieve(
        notebook_id, "Which volcano is quiet?", [added]
    )
    assert found.passages[0].text == pages[-1]
    assert reader.read_passages == [CANDIDATES]
    assert len(found.readings) == len(found.passages) == PASSAGES
    assert [reading.answerable for reading in found.readings] == [50.0] + [-50.0] * (PASSAGES - 1)
    assert plain.readings == ()


@dataclass
class WordWeigher:
    """Finds a question likelier after a text with a word; remembers how many texts it read."""

    word: str
    model_id: str = "word-1"
    read: int = 0

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        self.read += 1
        return -10.0 if self.word in before else -900.0


@pytest.mark.parametrize("k", [1, PASSAGES])
def test_the_best_passages_are_weighed_and_ordered_anew(library: Library, notebook_id: int, k: int) -> None:
    pages = ["Volcano stone.", "Volcano stone, and stone.", "Volcano stone, a quiet one.", "Volcano stone, once more."]
    added = add_document(library, EMBEDDER, notebook_id, document("a.pdf", *pages, *(f"Lake {n}." for n in range(9))))
    usual = Retriever(library.store, EMBEDDER, {notebook_id: WordReader("Volcano")}.get)
    weigher = WordWeigher("quiet")
    found = usual.weighed_by(weigher).retrieve(notebook_id, "Which volcano stone?", [added], k)
    before = usual.retrieve(notebook_id, "Which volcano stone?", [added], k)
    assert weigher.read == WEIGHED + 1
    assert found.passages[0].text == pages[2] != before.passages[0].text
    assert [reading.gain for reading in found.readings] == ([890.0, 0.0, 0.0, 0.0] + [None] * (PASSAGES - 4))[:k]
    assert {reading.gain for reading in before.readings} == {None}


def test_without_a_reader_nothing_is_weighed(library: Library, notebook_id: int) -> None:
    added = add_document(library, EMBEDDER, notebook_id, document("a.pdf", "Stone."))
    weigher = WordWeigher("Stone")
    Retriever(library.store, EMBEDDER).weighed_by(weigher).retrieve(notebook_id, "Stone?", [added])
    assert weigher.read == 0


def test_without_candidates_nothing_is_read(library: Library, notebook_id: int) -> None:
    reader = WordReader("x")
    empty = add_document(library, EMBEDDER, notebook_id, document("a.pdf", "Stone."))
    library.remove(empty)
    assert (
        Retriever(library.store, EMBEDDER, {notebook_id: reader}.get).retrieve(notebook_id, "Stone?", [empty]).passages
        == ()
    )
    assert reader.read_passages == []


def test_a_french_question_finds_an_english_passage_among_french_ones(library: Library, notebook_id: int) -> None:
    french = [f"Qui est la personne numéro {n} qui a vu un volcan ?" for n in range(60)]
    ids = [
        add_document(library, EMBEDDER, notebook_id, document("fr.pdf", *french, language="fr")),
        add_document(library, EMBEDDER, notebook_id, document("en.pdf", ELIZA)),
    ]
    retriever, question = Retriever(library.store, EMBEDDER), "Qui a décrit ELIZA ?"
    found = retriever.candidates(notebook_id, question, EMBEDDER.embed_query(question), ids)
    assert [c.passage.text for c in found if c.crossed] == [ELIZA]


def test_between_languages_words_in_common_do_not_outweigh_nearness(library: Library, notebook_id: int) -> None:
    # "table" and "page" are words of both languages; to the fake embedder the second page is nearer.
    pages = ["A table on a page: the table, the page, and one more thing to sit at.", "ELIZA."]
    added = add_document(library, EMBEDDER, notebook_id, document("en.pdf", *pages))
    question = "Sur quelle page est la table d'ELIZA, et ELIZA elle-même, ELIZA ?"
    found = Retriever(library.store, EMBEDDER).retrieve(notebook_id, question, [added])
    assert [passage.text for passage in found.passages] == pages[::-1]


def test_equal_passages_come_in_the_order_of_their_ids(library: Library, notebook_id: int) -> None:
    pages = [f"{word} stands alone here." for word in ("Ant", "Bee", "Cat", "Dog", "Elk", "Fox")]
    added = add_document(library, EMBEDDER, notebook_id, document("zoo.pdf", *pages))
    for _ in range(2):
        found = Retriever(library.store, EMBEDDER).retrieve(notebook_id, "volcano", [added])
        assert [passage.page_index for passage in found.passages] == list(range(len(pages)))
