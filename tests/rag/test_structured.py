"""Whatever the weights are, a generator that is held to the schema of an item writes an item."""

import json
from pathlib import Path

import pytest

from rag.errors import GenerationError
from rag.generate import TransformersGenerator
from rag.study.parse import FIELDS, SCHEMA, WRONG, parse
from rag.types import Prompt
from tests.tiny_models import CPU, save_generator


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TransformersGenerator:
    """A chat model with random weights and a token a byte."""
    folder: Path = tmp_path_factory.mktemp("models") / "tiny"
    generator = TransformersGenerator(str(save_generator(folder, chat=True)), CPU, "tiny")
    generator.context_tokens = 1000
    return generator


def short_schema() -> str:
    """The schema of an item with texts of 2 to 12 characters: a random model ends them only where it must."""
    schema = json.loads(SCHEMA)
    texts = schema["properties"]
    for field in (*(texts[name] for name in FIELDS if name != "wrong"), texts["wrong"]["items"]):
        field.update(minLength=2, maxLength=12)
    return json.dumps(schema)


def test_a_random_model_writes_a_whole_item(tiny: TransformersGenerator) -> None:
    text = tiny.structured("Write an item.", "About bile.", short_schema(), 400)
    item = json.loads(text)
    assert list(item) == list(FIELDS)
    assert len(item["wrong"]) == WRONG
    assert all(2 <= len(value) <= 12 for value in (*item["wrong"], *(item[name] for name in FIELDS if name != "wrong")))


def test_an_item_in_our_own_schema_begins_with_its_quote_and_is_cut_at_the_limit(tiny: TransformersGenerator) -> None:
    text = tiny.structured("Write an item.", "About bile.", SCHEMA, 40)
    assert text.startswith(('{"quote":"', '{"quote": "'))
    assert 20 < len(text) <= 40


def test_asking_twice_gives_the_same(tiny: TransformersGenerator) -> None:
    assert len({tiny.structured("", "Bile.", short_schema(), 60) for _ in range(2)}) == 1


def test_what_is_written_freely_is_not_touched(tiny: TransformersGenerator) -> None:
    prompt = Prompt("", "Bile.", "Bile.")
    before = "".join(token.text for token in tiny.stream(prompt, max_tokens=24))
    tiny.structured("", "Bile.", short_schema(), 20)
    assert "".join(token.text for token in tiny.stream(prompt, max_tokens=24)) == before


def test_a_schema_that_is_none_is_told(tiny: TransformersGenerator) -> None:
    with pytest.raises(GenerationError, match="GENERATION"):
        tiny.structured("", "Bile.", '{"type": "no such type"}', 20)


def test_stopping_ends_it(tiny: TransformersGenerator) -> None:
    assert len(tiny.structured("", "Bile.", SCHEMA, 400, lambda: True)) < 100


def test_an_item_in_the_schema_is_read() -> None:
    fields = {"quote": "Bile is made by the liver.", "question": "Which organ makes bile?", "right": "The liver"}
    written = parse(json.dumps({**fields, "wrong": ["A", "B", "C"], "why": "So.", "hint": "Under it."}))
    assert (written.right, written.wrong) == ("The liver", ("A", "B", "C"))
