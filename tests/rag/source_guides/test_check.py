"""A question is offered only if the notebook surely answers it, first of all from the page it was made from."""

import pytest

from rag.calibration import Calibrations
from rag.errors import Stopped
from rag.ground import Grounder
from rag.library import Library
from rag.notebook import add_document
from rag.retrieve import Retriever
from rag.source_guides.check import Check
from rag.source_guides.types import GuideQuestion
from rag.types import Citation
from tests.rag.examples import BY_COVERAGE, ELIZA, OXYGEN, alike, document
from tests.rag.fakes import BagEmbedder
from tests.rag.test_ground import NEVER

EMBEDDER = BagEmbedder()
QUESTION = "Who described ELIZA?"


@pytest.fixture
def check(library: Library) -> Check:
    return Check(Retriever(library.store, EMBEDDER), Grounder(EMBEDDER, Calibrations(alike(BY_COVERAGE), NEVER)))


def made_from(library: Library, document_id: int, page_index: int, text: str = QUESTION) -> GuideQuestion:
    row = library.store.document(document_id)
    assert row is not None
    return GuideQuestion(text, Citation(1, row.sha256, row.name, page_index, "", "ELIZA", 0, 5))


def test_it_passes_from_its_own_page_alone(library: Library, check: Check) -> None:
    notebook_id = library.store.create_notebook("n").id
    added = add_document(library, EMBEDDER, notebook_id, document("history.pdf", OXYGEN, ELIZA))
    other = add_document(library, EMBEDDER, notebook_id, document("other.pdf", "Bile helps to digest fat."))

    def passes(question: GuideQuestion, *document_ids: int) -> bool:
        return check.passes(notebook_id, question, "en", document_ids)

    assert passes(made_from(library, added, 1), added, other)
    assert not passes(made_from(library, added, 0), added, other), "it is answered from another page"
    assert not passes(made_from(library, other, 1), added, other), "it is answered from another source"
    assert not passes(made_from(library, added, 1), other), "nothing answers it"
    assert not passes(made_from(library, added, 1, "Which volcano erupted?"), added, other)


def test_what_asks_two_things_is_not_offered(library: Library, check: Check) -> None:
    notebook_id = library.store.create_notebook("n").id
    added = add_document(library, EMBEDDER, notebook_id, document("history.pdf", ELIZA))
    two = made_from(library, added, 0, "Who described ELIZA, and when?")
    assert not check.passes(notebook_id, two, "en", [added])


def test_it_gives_way_to_a_user_in_its_midst(library: Library, check: Check) -> None:
    notebook_id = library.store.create_notebook("n").id
    added = add_document(library, EMBEDDER, notebook_id, document("history.pdf", ELIZA))
    with pytest.raises(Stopped):
        check.passes(notebook_id, made_from(library, added, 0), "en", [added], lambda: True)
