"""The reader, the adapter and both are asked the same, and what they wrote is counted by hand."""

from pathlib import Path
from typing import Any

import pytest

from evaluation.records import Records
from rag.types import Generator, Prompt, Reading, Span, Token
from tests.training.test_adapter import EXAMPLES
from training.adapter_data import Ask, Sheet, sheets
from training.adapter_score import Case, Written, by_both, by_reader, cases, compare, figures, read, refusing
from training.squad import Example


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("in 1889 [2]", ("in 1889", 2)),
        ("in 1889[2]\nQuestion: more", ("in 1889", 2)),
        ("in 1889", ("in 1889", None)),
        ("ABSENT", ("", None)),
        ("", ("", None)),
    ],
)
def test_what_was_written_is_read(text: str, answer: tuple[str, int | None]) -> None:
    assert read(text) == answer


class FakeReader:
    model_id = "fake"

    def read(self, question: str, passages: Any, cancelled: Any = lambda: False) -> list[Reading]:
        return [Reading(-p.n, (Span(4, 10, -0.1),)) for p in passages]


class FakeGenerator:
    """Writes the same to every prompt, and is broken off at the one after the ``last``."""

    context_tokens, is_chat = 999, False

    def __init__(self, text: str, model_id: str = "fake", last: int = 999) -> None:
        self._text, self.model_id, self._last = text, model_id, last
        self.written = 0

    def count_tokens(self, text: str) -> int:
        return 1

    def stream(self, prompt: Prompt, **options: Any) -> Any:
        if self.written == self._last:
            raise KeyboardInterrupt
        self.written += 1
        yield Token(self._text)


def case(number: int | None = 1, who: Example = EXAMPLES[0]) -> Case:
    sheet: Sheet = next(sheet for sheet in sheets(EXAMPLES, 1) if len(sheet.passages) == 3)
    return Case(sheet, Ask(who, number))


def test_the_reader_answers_from_its_likeliest_passage() -> None:
    written = by_reader(case(), FakeReader())
    assert (written.answer, written.n, written.odds) == ("engine", 1, -1)


@pytest.mark.parametrize(
    ("text", "kept"), [("was built [1]", "was built"), ("in Paris [1]", "engine"), ("ABSENT", "engine")]
)
def test_both_keep_only_words_of_the_passage(text: str, kept: str) -> None:
    generator: Generator = FakeGenerator(text)
    assert by_both(case(), Written("engine", 1, 0.1, 2.0), generator).answer == kept
    assert by_both(case(), Written("", None, 0.1), generator).answer == ""


def test_the_threshold_refuses_one_answerable_question_in_ten() -> None:
    asked = [case() for _ in range(10)]
    kept = refusing(asked, [Written("a", 1, 0.1, float(n)) for n in range(10)])
    assert [w.answer for w in kept] == [""] + ["a"] * 9


def test_figures_of_three_questions() -> None:
    asked = [case(1), case(2), case(None, EXAMPLES[-1])]
    written = [Written("1900", 1, 0.5), Written("in 1900", 1, 0.5), Written("", None, 0.5)]
    found = figures(asked, written)
    language = asked[0].sheet.language
    got = {name: value["value"] if isinstance(value, dict) else value for name, value in found[language].items()}
    assert got == {
        "f1": pytest.approx((1 + 2 / 3) / 2, abs=1e-3),
        "exact": 0.5,
        "right_passage": 0.5,
        "false_refusal": 0.0,
        "refusal_adversarial": 1.0,
        "refusal_removed": None,
        "median_seconds": 0.5,
    }


def test_a_comparison_that_was_broken_off_writes_only_what_is_missing(tmp_path: Path) -> None:
    asked = cases(EXAMPLES, 4, 1)
    reader, whole = FakeReader(), FakeGenerator("was built [1]")
    expected = compare(asked, Records(tmp_path / "whole"), whole, reader)
    broken = FakeGenerator("was built [1]", last=5)
    with pytest.raises(KeyboardInterrupt):
        compare(asked, Records(tmp_path / "kept"), broken, reader)
    rest = FakeGenerator("was built [1]")
    found = compare(asked, Records(tmp_path / "kept"), rest, reader)
    assert without_seconds(found) == without_seconds(expected)
    assert (broken.written, rest.written) == (5, whole.written - 5)
    other = FakeGenerator("was built [1]", "another adapter")
    compare(asked, Records(tmp_path / "kept"), other, reader)
    assert other.written == whole.written


def without_seconds(measured: dict[str, Any]) -> dict[str, Any]:
    return {
        way: {of: {**by, "median_seconds": None} for of, by in languages.items()} for way, languages in measured.items()
    }


def test_without_a_reader_the_adapter_is_measured_alone(tmp_path: Path) -> None:
    assert compare(cases(EXAMPLES, 2, 1), Records(tmp_path / "kept"), FakeGenerator("ABSENT"), None).keys() == {
        "adapter"
    }


def test_cases_are_drawn_of_both_languages() -> None:
    drawn = cases(EXAMPLES, 4, 1)
    assert [case.sheet.language for case in drawn] == ["en"] * 4 + ["fr"] * 4
    assert {len(case.sheet.passages) for case in drawn} == {3}
