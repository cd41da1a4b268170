"""Both languages say the same things, and every code has a sentence."""

import re
import string
from pathlib import Path
from typing import get_args

import pytest

from evaluation.run_figures import NAMES, Verdict
from ingest.errors import REFUSALS
from ingest.types import PageWarning
from rag.errors import MESSAGES
from rag.evaluation_rows import RunState
from ui.texts import Texts, catalogue

ROOT = Path(__file__).parents[2]
EVALUATED = (
    "evaluation.state_",
    "evaluation.verdict_",
    "evaluation.way_",
    "plots.",
    *(f"evaluation.{name}" for name in (*NAMES, "rows_csv", "rows_jsonl", "figures_json")),
)
STUDIED = (
    "guide.kind_",
    "guide.told_",
    "guide.language_",
    "guide.state_",
    "cards.view_",
    "cards.way_",
    "cards.rating_",
    "cards.in_",
    "files.",
)
QUIZZED = tuple(
    f"quiz.{stem}"
    for stem in (
        *("way_", "type_", "difficulty_", "bloom", "language_", "format_", "state_", "dropped_", "view_", "label_"),
        *("mode", "feedback", "rename_quiz", "drop_quiz", "true", "false", "cancel", "resume", "redo", "remove"),
        *("restore", "right", "wrong"),
    )
)
# Keys that the code puts together.
BUILT = (
    "sources.warning_",
    "sources.language_",
    "sources.extracting",
    "sources.embedding",
    "viewer.",
    "notebook.",
    "answering.length_",
    "answering.style_",
    "notes.origin_",
    "notes.keep_",
    "models.",
    "languages.",
    "reword.",
    "conversation.",
    "version.",
    "feedback.",
    "source_guide.state_",
    *EVALUATED,
    *STUDIED,
    *QUIZZED,
)
KEYS = sorted(catalogue("en"))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert sorted(catalogue("fr")) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_name_the_same_values(key: str) -> None:
    if key.endswith("_one"):
        # A language may write the number one out.
        assert places(catalogue("en")[key]) - {"n"} == places(catalogue("fr")[key]) - {"n"}
    else:
        assert places(catalogue("en")[key]) == places(catalogue("fr")[key])


@pytest.mark.parametrize("key", KEYS)
def test_no_line_of_french_begins_with_a_mark_or_ends_with_an_opening_quote(key: str) -> None:
    assert not re.search(r" [:;?!»](?![\w:])|« ", catalogue("fr")[key]), "a no-break space (U+00A0) belongs there"


@pytest.mark.parametrize("code", sorted({**REFUSALS, **MESSAGES}))
def test_every_code_has_a_french_sentence(code: str) -> None:
    assert catalogue("fr")[f"errors.{code}"] != catalogue("en")[f"errors.{code}"]


def test_every_warning_has_a_sentence_for_one_page_and_for_many() -> None:
    codes = get_args(PageWarning.__annotations__["code"])

    assert {f"sources.warning_{code}{end}" for code in codes for end in ("", "_one")} <= set(KEYS)


def test_every_verdict_and_state_of_a_run_has_its_words() -> None:
    wanted = {f"evaluation.verdict_{verdict}" for verdict in get_args(Verdict)}
    wanted |= {f"evaluation.state_{state}" for state in get_args(RunState)}

    assert wanted <= set(KEYS)


def test_every_text_is_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "ui").glob("*.py"))
    stems = {key.removesuffix("_one") for key in KEYS if not key.startswith("errors.")}
    unused = {key for key in stems if f'"{key}"' not in source and f"'{key}'" not in source}

    assert {key for key in unused if not any(key.startswith(stem) for stem in BUILT)} == set()


def test_a_value_is_shown_literally() -> None:
    assert Texts("en")("sources.receipts_one", name="a_[b](c)") == "Received: a\\_\\[b\\](c)"


def test_a_value_that_an_old_row_lacks_hides_no_sentence() -> None:
    assert Texts("en").error("TOO_LARGE", {"name": "a"}) == "a is larger than …\\. Split it and add the parts.".replace(
        "\\.", "."
    )


def test_a_language_is_named_in_the_language_of_the_page() -> None:
    codes = ("en", "FR", "tlh")
    assert [Texts("en").language_names(codes), Texts("fr").language_names(codes)] == [
        "English, French, tlh", "anglais, français, tlh",
    ]  # fmt: skip


def test_an_unknown_code_is_told() -> None:
    assert "NEW\\_CODE" in Texts("en").error("NEW_CODE", {})


@pytest.mark.parametrize("language, n, expected", [("en", 0, "0 pages"), ("en", 1, "1 page"), ("fr", 0, "0 page")])
def test_counting_follows_the_language(language: str, n: int, expected: str) -> None:
    assert Texts(language).count("app.pages", n) == expected
