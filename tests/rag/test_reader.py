"""The reader: what it is given, what it gives back, and what it refuses to load."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from rag.errors import ModelError, Stopped
from rag.reader import ANSWERS, MANIFEST, WEIGHTS, EncoderReader, context_of
from rag.reader_network import WORDS, Pairs, ReaderNetwork, best_spans, from_encoder, from_trained, quantised
from rag.types import Passage
from tests.rag.examples import ELIZA, OXYGEN, passage
from tests.tiny_models import CPU, save_encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def trained(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ship(from_encoder(encoder, 0.0), tmp_path_factory.mktemp("reader"))


def ship(network: ReaderNetwork, folder: Path) -> Path:
    import hashlib

    save_file(quantised(network.state_dict()), folder / WEIGHTS)
    sha256 = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps({"name": "tiny", "sha256": sha256}))
    return folder


@pytest.fixture(scope="module")
def reader(encoder: Path, trained: Path) -> EncoderReader:
    return EncoderReader(encoder, trained, CPU)


def test_a_pair_is_question_context_and_text_and_knows_where_the_text_stands(encoder: Path) -> None:
    pair = Pairs(encoder / "tokenizer.json").encode("Qui ?", "T", "a bc")
    # One token a byte here: <s>, five, </s> twice, the context, then the text.
    assert (pair.ids[0], pair.first) == (1, 9)
    assert pair.offsets == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert len(pair.ids) == pair.first + 4 + 1


def test_what_is_too_long_is_cut_and_never_answered_from(encoder: Path) -> None:
    pair = Pairs(encoder / "tokenizer.json").encode("q" * 100, "c" * 100, "t" * 1000)
    assert len(pair.ids) == 384
    assert pair.first == 1 + 64 + 2 + 32
    assert len(pair.offsets) == 384 - pair.first - 1


def test_probabilities_are_shared_among_the_texts_tokens_alone(encoder: Path) -> None:
    pairs = Pairs(encoder / "tokenizer.json")
    batch = [pairs.encode("Who?", "", text) for text in (ELIZA, "Bile.")]
    starts, ends, odds = from_encoder(encoder, 0.0).eval()(*pairs.marks.pad(batch))
    assert odds.shape == (2,)
    for side in (starts, ends):
        probabilities = side.exp()
        assert probabilities.sum(dim=1).tolist() == pytest.approx([1.0, 1.0], abs=1e-5)
        inside = probabilities[1, batch[1].first : batch[1].first + len(batch[1].offsets)]
        assert float(inside.sum()) == pytest.approx(1.0, abs=1e-5)


def test_spans_are_disjoint_best_first_and_no_longer_than_allowed() -> None:
    starts = np.log(np.array([0.6, 0.05, 0.3, 0.05], np.float32))
    ends = np.log(np.array([0.1, 0.5, 0.1, 0.3], np.float32))
    found = best_spans(starts, ends, longest=2, count=3)
    assert [(first, last) for first, last, _ in found] == [(0, 1), (2, 3)]
    assert [score for _, _, score in found] == pytest.approx([np.log(0.3), np.log(0.09)], abs=1e-5)


def test_weights_of_8_bits_answer_as_those_they_were_made_of(encoder: Path, trained: Path) -> None:
    whole, stored = from_encoder(encoder, 0.0).state_dict(), None
    stored = from_trained(encoder, trained / WEIGHTS, torch.float32).state_dict()
    assert set(stored) == set(whole)
    assert torch.equal(stored[WORDS], whole[WORDS])
    for name, value in stored.items():
        # At most half a step of 1/127 of the row's largest weight, and the rounding of float16.
        limit = whole[name].abs().amax(dim=-1, keepdim=True) / 127 if value.ndim > 1 else 0.01
        if not name.startswith(("span", "summary", "answers")):
            assert bool(((value - whole[name]).abs() <= limit + 1e-4).all()), name


def test_readings_come_in_the_order_of_the_passages_whatever_their_length(reader: EncoderReader) -> None:
    sources = [passage(1, "Bile."), passage(2, ELIZA), passage(3, OXYGEN, "fr"), passage(4, "x " * 300)]
    together = reader.read("Who described ELIZA?", sources)
    for source, reading in zip(sources, together, strict=True):
        (alone,) = reader.read("Who described ELIZA?", [source])
        assert alone.answerable == pytest.approx(reading.answerable, abs=1e-4)
        assert 0 < len(reading.spans) <= ANSWERS
        assert all(source.text[span.start : span.end].strip() for span in reading.spans)
        assert [s.score for s in reading.spans] == sorted((s.score for s in reading.spans), reverse=True)


def test_no_passage_no_reading_and_stop_is_heard(reader: EncoderReader) -> None:
    assert reader.read("Who?", []) == []
    with pytest.raises(Stopped):
        reader.read("Who?", [passage(1, ELIZA)], lambda: True)


def test_a_passage_without_a_word_has_no_answer(reader: EncoderReader) -> None:
    silent: Passage = passage(1, "… — …")
    (reading,) = reader.read("Who?", [silent])
    assert all(silent.text[span.start : span.end] not in ".,…" for span in reading.spans)


def test_the_context_is_title_and_section() -> None:
    assert context_of("LLM", "ELIZA") == "LLM – ELIZA"
    assert (context_of("", "ELIZA"), context_of("", "")) == ("ELIZA", "")


def test_weights_that_are_not_those_of_the_manifest_are_refused(encoder: Path, tmp_path: Path) -> None:
    folder = ship(from_encoder(encoder, 0.0), tmp_path)
    with (folder / WEIGHTS).open("ab") as out:
        out.write(b"\0")
    with pytest.raises(ModelError) as caught:
        EncoderReader(encoder, folder, CPU)
    assert caught.value.code == "MODEL_PACKAGE_DAMAGED"


@pytest.mark.parametrize("missing", [WEIGHTS, MANIFEST])
def test_a_folder_that_lacks_a_part_is_named(encoder: Path, tmp_path: Path, missing: str) -> None:
    folder = ship(from_encoder(encoder, 0.0), tmp_path)
    (folder / missing).unlink()
    with pytest.raises(ModelError) as caught:
        EncoderReader(encoder, folder, CPU)
    assert caught.value.code == "MODEL_NOT_FOUND"
    assert str(folder) in str(caught.value)
