"""The words of the files hold in both languages."""

import re
import string
from pathlib import Path
from typing import get_args

import pytest

from rag.export import words
from rag.export.words import WORDS, place, word
from rag.notes import Origin
from rag.study.types import Difficulty
from rag.types import AnswerStatus, Located, Support, Verdict
from tests.rag.export.items import CHOICE, source

GROUPS = {
    "comparison": Verdict,
    "difficulty": Difficulty,
    "located": Located,
    "origin": Origin,
    "status": AnswerStatus,
    "support": Support,
    "type": ("matching", "several"),
}
SOURCES = "".join(path.read_text() for path in Path(words.__file__).parent.glob("*.py"))
SOURCES = re.sub(r"^WORDS: .*?^}$", "", SOURCES, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_the_same_things(key: str) -> None:
    english, french = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in WORDS[key])
    assert english == french


@pytest.mark.parametrize("key", WORDS)
def test_french_keeps_its_spaces(key: str) -> None:
    french = WORDS[key][1]
    assert not re.search(r"(?<!\u00a0)[:;?!»]|«(?!\u00a0)|'", french)


def test_every_value_has_its_words_and_no_key_is_idle() -> None:
    grouped = {f"{group}.{value}" for group, values in GROUPS.items() for value in get_args(values) or values}
    assert {key for key in WORDS if "." in key} == grouped
    assert [key for key in WORDS if "." not in key and not re.search(rf"""["']{key}["']""", SOURCES)] == []


def test_a_page_is_named_by_its_place_and_its_printed_number() -> None:
    assert place("fr", CHOICE.source) == "Cours d’été.pdf, p.\u00a04 (iv)"
    assert place("en", source("q", "A.pdf", 0, "1")) == "A.pdf, p.\u00a01"
    assert place("fr", source("q", "", 0, "1")) == "Ajoutée à la main"
    assert word("fr", "answer", "{oui}") == "Réponse\u00a0: {oui}"
