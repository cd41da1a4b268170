"""The indexes in memory follow the database whatever happens to it."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.types import Language
from rag.database import Database
from rag.library import Library
from rag.notebook import add_document
from rag.search import Hit, Search
from rag.store import Store
from rag.types import Vectors
from tests.rag.examples import document
from tests.rag.fakes import BagEmbedder

EMBEDDER = BagEmbedder()
WORDS = ("liver", "bile", "volcano", "lava", "router", "packet", "oxygen", "atom")

changes = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "search"]), st.integers(0, 5), st.sampled_from(WORDS)),
    min_size=1,
    max_size=10,
)


def find(search: Search, notebook_id: int, question: str, document_ids: list[int], k: int = 50) -> tuple[Hit, ...]:
    vector = EMBEDDER.embed_query(question)
    return search.find(notebook_id, question, "en", vector, k, document_ids).hits


def add(library: Library, notebook_id: int, name: str, *pages: str, language: Language = "en") -> int:
    return add_document(library, EMBEDDER, notebook_id, document(name, *pages, language=language))


@given(changes)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_an_index_finds_what_a_fresh_one_finds(
    library: Library, plan: list[tuple[str, int, str]]
) -> None:
    notebook_id = library.store.create_notebook(f"n{len(library.store.notebooks())}").id
    kept, search = dict[int, int](), Search(library.store, EMBEDDER.dimension)
    for action, which, word in plan:
        if action == "add" and which not in kept:
            kept[which] = add(library, notebook_id, f"{which}.pdf", f"The {word} is number {which}.", "The liver.")
        elif action == "remove" and which in kept:
            library.remove(kept.pop(which))
        else:
            find(search, notebook_id, word, list(kept.values()))
    for word in WORDS:
        ids = list(kept.values())
        hits = find(search, notebook_id, word, ids)
        fresh = find(Search(library.store, EMBEDDER.dimension), notebook_id, word, ids)
        # What is deleted still counts in the word statistics of a segment, so that BM25 may differ, not the finds.
        assert [(h.id, h.cosine, h.bm25 > 0) for h in hits] == [(h.id, h.cosine, h.bm25 > 0) for h in fresh]


def test_only_the_given_documents_are_searched(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    first = add(library, notebook_id, "a.pdf", "The liver makes bile.")
    second = add(library, notebook_id, "b.pdf", "The liver is an organ.")
    search = Search(library.store, EMBEDDER.dimension)
    for chosen in ([first], [second], [first, second], []):
        hits = find(search, notebook_id, "liver", chosen)
        assert [hit.id for hit in hits] == library.store.ticked_chunk_ids(notebook_id, chosen)
        assert all(hit.bm25 > 0 for hit in hits)


def test_a_change_that_fails_half_way_is_made_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook_id = library.store.create_notebook("n").id
    search = Search(library.store, EMBEDDER.dimension)
    added = add(library, notebook_id, "a.pdf", "The liver makes bile.")
    with monkeypatch.context() as broken:
        broken.setattr("rag.keywords.KeywordIndex.update", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            find(search, notebook_id, "bile", [added])
    assert find(search, notebook_id, "bile", [added])[0].bm25 > 0


def test_a_removed_document_is_gone_at_once(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    removed = add(library, notebook_id, "a.pdf", "The liver makes bile.")
    search = Search(library.store, EMBEDDER.dimension)
    assert find(search, notebook_id, "liver", [removed])
    library.remove(removed)
    assert find(search, notebook_id, "liver", [removed]) == ()


def test_what_another_process_adds_is_found_at_once(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    search = Search(library.store, EMBEDDER.dimension)
    assert find(search, notebook_id, "liver", []) == ()
    beside = Library.open(library.settings)
    added = add(beside, notebook_id, "a.pdf", "The liver makes bile.")
    beside.close()
    assert find(search, notebook_id, "liver", [added])


def test_notebooks_do_not_see_each_other(library: Library) -> None:
    first, second = (library.store.create_notebook(name).id for name in "ab")
    ids = [add(library, notebook_id, "a.pdf", "The liver makes bile.") for notebook_id in (first, second)]
    search = Search(library.store, EMBEDDER.dimension)
    found = [{hit.id for hit in find(search, notebook_id, "liver", ids)} for notebook_id in (first, second)]
    assert found[0].isdisjoint(found[1])
    assert all(len(chunks) == 1 for chunks in found)


def test_the_words_of_the_title_are_found_too(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    added = add(library, notebook_id, "Hepatology.pdf", "It makes bile.")
    (hit,) = find(Search(library.store, EMBEDDER.dimension), notebook_id, "hepatology", [added])
    assert hit.bm25 > 0


def test_cosine_and_keywords_are_known_of_every_hit_however_it_was_found(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    pages = [f"Stone {n} lies here." for n in range(9)]
    added = add(library, notebook_id, "a.pdf", *pages, "The volcanoes erupt.")
    question = "volcano stone"
    hits = find(Search(library.store, EMBEDDER.dimension), notebook_id, question, [added], k=2)
    vectors = dict(zip(*library.store.chunk_vectors([hit.id for hit in hits]), strict=True))
    asked = EMBEDDER.embed_query(question)
    # The plural is another direction for the fake embedder, so that only the keywords find it.
    erupting = hits[-1]
    assert (len(hits), erupting.cosine, erupting.bm25 > 0) == (3, 0.0, True)
    for hit in hits:
        assert abs(hit.cosine - float(vectors[hit.id] @ asked)) < 1e-3  # half precision


def test_another_language_is_not_crowded_out(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    near = add(library, notebook_id, "near.pdf", *(f"ELIZA ELIZA {n}." for n in range(20)))
    far = add(library, notebook_id, "far.pdf", "ELIZA imite une personne qui soigne.", language="fr")
    hits = find(Search(library.store, EMBEDDER.dimension), notebook_id, "ELIZA", [near, far], k=3)
    assert [hit.language for hit in hits].count("fr") == 1


def test_rare_stems_weigh_more(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    added = add(library, notebook_id, "a.pdf", "The liver makes bile.", "The liver is an organ.", "A stone.")
    search = Search(library.store, EMBEDDER.dimension)
    weights = search.find(notebook_id, "liver bile volcano", "en", EMBEDDER.embed_query("x"), 9, [added]).weights
    # By hand, over three texts: log(1 + (3 - n + 0.5) / (n + 0.5)) for n = 2, 1 and 0.
    assert weights == pytest.approx({"liver": math.log(1.6), "bile": math.log(8 / 3), "volcano": math.log(8)})


class Watched(Store):
    """A store that tells which vectors are read."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.read: list[list[int]] = []

    def chunk_vectors(self, ids: Sequence[int]) -> tuple[list[int], Vectors]:
        if ids:
            self.read.append(list(ids))
        return super().chunk_vectors(ids)


def test_a_document_among_many_costs_what_it_holds(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    many = [add(library, notebook_id, f"{n}.pdf", f"Stone {n} lies here.", "A stone.") for n in range(6)]
    store = Watched(library.database)
    search = Search(store, EMBEDDER.dimension)
    assert len(find(search, notebook_id, "stone", many)) == 12
    first = [list(library.store.ticked_chunk_ids(notebook_id, many))]
    added = add(library, notebook_id, "new.pdf", "The volcano is a stone.")
    assert len(find(search, notebook_id, "stone", [*many, added])) == 13
    library.remove(many[0])
    assert len(find(search, notebook_id, "stone", [*many, added])) == 11
    assert store.read == [*first, library.store.ticked_chunk_ids(notebook_id, [added])]
