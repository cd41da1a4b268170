"""The indexes in memory follow the database whatever happens to it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.library import Library
from rag.notebook import add_document
from rag.search import Search
from tests.rag.examples import document
from tests.rag.fakes import BagEmbedder

EMBEDDER = BagEmbedder()
WORDS = ("liver", "bile", "volcano", "lava", "router", "packet", "oxygen", "atom")
Ranking = list[tuple[int, float]]

changes = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "search"]), st.integers(0, 5), st.sampled_from(WORDS)),
    min_size=1,
    max_size=10,
)


def both(search: Search, notebook_id: int, question: str, document_ids: list[int]) -> tuple[Ranking, Ranking]:
    vector = EMBEDDER.embed_query(question)
    dense = search.dense(notebook_id, vector, 50, document_ids)
    return dense, search.keywords(notebook_id, question, 50, document_ids)


def add(library: Library, notebook_id: int, name: str, *pages: str) -> int:
    return add_document(library, EMBEDDER, notebook_id, document(name, *pages))


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
            both(search, notebook_id, word, list(kept.values()))
    for word in WORDS:
        ids = list(kept.values())
        dense, keyword = both(search, notebook_id, word, ids)
        fresh_dense, fresh_keyword = both(Search(library.store, EMBEDDER.dimension), notebook_id, word, ids)
        assert dense == fresh_dense
        # What is deleted still counts in the word statistics of a segment, so that scores may differ, not the finds.
        assert {i for i, _ in keyword} == {i for i, _ in fresh_keyword}


def test_only_the_given_documents_are_searched(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    first = add(library, notebook_id, "a.pdf", "The liver makes bile.")
    second = add(library, notebook_id, "b.pdf", "The liver is an organ.")
    search = Search(library.store, EMBEDDER.dimension)
    for chosen in ([first], [second], [first, second], []):
        dense, keyword = both(search, notebook_id, "liver", chosen)
        allowed = set(library.store.ticked_chunk_ids(notebook_id, chosen))
        assert {i for i, _ in dense} == allowed
        assert {i for i, _ in keyword} == allowed


def test_a_removed_document_is_gone_at_once(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    removed = add(library, notebook_id, "a.pdf", "The liver makes bile.")
    search = Search(library.store, EMBEDDER.dimension)
    assert all(both(search, notebook_id, "liver", [removed]))
    library.remove(removed)
    assert both(search, notebook_id, "liver", [removed]) == ([], [])


def test_what_another_process_adds_is_found_at_once(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    search = Search(library.store, EMBEDDER.dimension)
    assert both(search, notebook_id, "liver", []) == ([], [])
    beside = Library.open(library.settings)
    added = add(beside, notebook_id, "a.pdf", "The liver makes bile.")
    beside.close()
    assert all(both(search, notebook_id, "liver", [added]))


def test_notebooks_do_not_see_each_other(library: Library) -> None:
    first, second = (library.store.create_notebook(name).id for name in "ab")
    ids = [add(library, notebook_id, "a.pdf", "The liver makes bile.") for notebook_id in (first, second)]
    search = Search(library.store, EMBEDDER.dimension)
    found = [{i for i, _ in both(search, notebook_id, "liver", ids)[0]} for notebook_id in (first, second)]
    assert found[0].isdisjoint(found[1])
    assert all(len(chunks) == 1 for chunks in found)


def test_the_words_of_the_title_are_found_too(library: Library) -> None:
    notebook_id = library.store.create_notebook("n").id
    added = add(library, notebook_id, "Hepatology.pdf", "It makes bile.")
    _, keyword = both(Search(library.store, EMBEDDER.dimension), notebook_id, "hepatology", [added])
    assert len(keyword) == 1
