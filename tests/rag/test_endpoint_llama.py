"""A real engine behind the protocol: llama.cpp's own server, with the bundled model, answers a notebook's question."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from rag.choice import ModelChoice
from rag.endpoint.address import read_address
from rag.endpoint.connect import connect
from rag.endpoint.server import Server, estimate_tokens
from rag.library import Library
from rag.tokens import spell
from tests import llama_server
from tests.rag.examples import ELIZA
from tests.rag.test_endpoint_notebook import Desk

SAMPLES = sorted((Path(__file__).parents[2] / "sample_docs").glob("*.pdf"))

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with llama_server.serve(llama_server.write_gguf(tmp_path_factory.mktemp("llama"))) as address:
        yield address


def test_a_question_gets_both_answers_and_the_probability_of_every_word(library: Library, url: str) -> None:
    desk = Desk(library, ModelChoice("endpoint", llama_server.ALIAS, url))
    row = desk.ask()
    assert (row.state, row.code) == ("done", "")
    assert row.model_id.startswith(f"{llama_server.ALIAS}@127.0.0.1:")
    assert row.sourced is not None
    assert row.sourced.status == "answered"
    assert {(citation.document, citation.quote in ELIZA) for citation in row.sourced.citations} == {("eliza.pdf", True)}
    assert row.memory_text
    assert spell(row.memory_tokens) == row.memory_text
    for token in row.memory_tokens:
        assert token.probability is not None
        assert 0 < token.probability <= 1
        chances = [chance for _, chance in token.alternatives]
        assert len(chances) == 5
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) <= 1.0001
        assert token.probability == pytest.approx(chances[0]), "greedy: the likeliest of the alternatives was written"


def test_asked_again_it_answers_the_same(library: Library, url: str) -> None:
    desk = Desk(library, ModelChoice("endpoint", llama_server.ALIAS, url))
    assert desk.ask().memory_text == desk.ask().memory_text


def test_an_estimate_of_tokens_errs_on_the_safe_side_on_every_sample_page(url: str) -> None:
    generator = connect(Server(read_address(url))).generator
    pages = [page.get_textpage().get_text_bounded() for path in SAMPLES for page in pypdfium2.PdfDocument(path)]
    counted = [(estimate_tokens(text), generator.count_tokens(text)) for text in pages]
    assert len(counted) == 83
    assert [pair for pair in counted if pair[0] < pair[1]] == []
    assert sum(estimated for estimated, _ in counted) < 1.6 * sum(count for _, count in counted)
