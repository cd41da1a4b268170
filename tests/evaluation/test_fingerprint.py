import os
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.fingerprint import (
    ANSWERING_CODE,
    HASHED_BYTES,
    ROOT,
    answering_key,
    code_hash,
    documents_hash,
    reading_key,
)
from ingest.types import Document, Page
from rag.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", models=tmp_path / "models")


def test_the_same_settings_have_the_same_keys(settings: Settings, tmp_path: Path) -> None:
    moved = replace(settings, home=tmp_path / "elsewhere")
    assert reading_key(settings, "data") == reading_key(moved, "data")
    assert answering_key(settings, "corpus", "CPU") == answering_key(moved, "corpus", "CPU")


def test_other_data_models_or_devices_have_other_keys(settings: Settings) -> None:
    keys = [
        answering_key(settings, "corpus", "CPU"),
        answering_key(settings, "other", "CPU"),
        answering_key(settings, "corpus", "GPU"),
        answering_key(replace(settings, generator="some/model"), "corpus", "CPU"),
        answering_key(replace(settings, adapter="bundled"), "corpus", "CPU"),
        answering_key(replace(settings, reader="off"), "corpus", "CPU"),
    ]
    assert len(set(keys)) == len(keys)
    read = [
        reading_key(settings, "data"),
        reading_key(settings, "more"),
        reading_key(replace(settings, embedder="x/y"), "data"),
    ]
    assert len(set(read)) == len(read)


def test_a_generator_changes_nothing_of_how_documents_are_read(settings: Settings) -> None:
    assert reading_key(settings, "data") == reading_key(replace(settings, generator="some/model"), "data")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"12")
    return folder


def test_weights_trained_anew_are_another_model_though_they_are_as_many(settings: Settings, own: Path) -> None:
    for part in ("generator", "adapter", "reader", "embedder"):
        (own / "model.safetensors").write_bytes(b"12")
        mine = replace(settings, **{part: str(own)})
        before = answering_key(mine, "corpus", "CPU"), reading_key(mine, "data")
        (own / "model.safetensors").write_bytes(b"21")
        after = answering_key(mine, "corpus", "CPU"), reading_key(mine, "data")
        assert (after[0] == before[0], after[1] == before[1]) == (False, part != "embedder")


def test_the_same_weights_written_again_are_the_same_model(settings: Settings, own: Path) -> None:
    mine = replace(settings, reader=str(own))
    before = answering_key(mine, "corpus", "CPU")
    os.utime(own / "model.safetensors", (1, 1))
    assert answering_key(mine, "corpus", "CPU") == before


def test_a_large_file_is_known_by_its_size_and_time(settings: Settings, own: Path) -> None:
    mine = replace(settings, generator=str(own))
    os.truncate(own / "model.safetensors", HASHED_BYTES + 1)
    keys = {answering_key(mine, "corpus", "CPU")}
    os.utime(own / "model.safetensors", (1, 1))
    keys.add(answering_key(mine, "corpus", "CPU"))
    os.truncate(own / "model.safetensors", HASHED_BYTES + 2)
    os.utime(own / "model.safetensors", (1, 1))
    assert len(keys | {answering_key(mine, "corpus", "CPU")}) == 3


def test_a_model_in_a_file_is_known_by_it_and_by_no_place(settings: Settings, own: Path) -> None:
    keys = [answering_key(replace(settings, generator="model.gguf"), "corpus", "CPU")]
    for folder, content in (("a", b"1"), ("b", b"1"), ("a", b"2")):
        path = own / folder / "model.gguf"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        keys.append(answering_key(replace(settings, generator=str(path)), "corpus", "CPU"))
    assert keys[1] == keys[2]
    assert len(set(keys)) == 3


def test_what_judges_a_highlight_counts_for_what_is_recorded() -> None:
    judging = [f"evaluation/{path.name}" for path in (ROOT / "evaluation").glob("highlight*.py")]
    assert {"evaluation/asking.py", *judging} <= set(ANSWERING_CODE)
    assert all((ROOT / name).exists() for name in ANSWERING_CODE)


def test_code_calibration_and_weights_count_and_notes_do_not(tmp_path: Path) -> None:
    places = ("rag", "trained")
    for name in ("rag/rank.py", "rag/calibration.json", "trained/reader/model.safetensors", "trained/reader/CARD.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    known = {code_hash(places, tmp_path)}
    for name in ("rag/rank.py", "rag/calibration.json", "trained/reader/model.safetensors"):
        (tmp_path / name).write_text("2")
        code_hash.cache_clear()
        known.add(code_hash(places, tmp_path))
    assert len(known) == 4
    (tmp_path / "trained/reader/CARD.md").write_text("2")
    code_hash.cache_clear()
    assert code_hash(places, tmp_path) in known


def test_every_word_of_a_document_counts() -> None:
    one = Document("d", "d", (Page(0, "1", "Le pont."),), "Ponts", "fr")
    other = replace(one, pages=(Page(0, "1", "Le  pont."),))
    hashes = {documents_hash([one]), documents_hash([other]), documents_hash([replace(one, title="Pont")])}
    assert len(hashes) == 3
