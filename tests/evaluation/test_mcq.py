"""A generator whose first token is known: which options it picks, what is reported and what is kept."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from evaluation.mcq import Choice, choices, pick, prompt, summary
from rag.errors import RagError
from rag.library import Library
from rag.settings import Settings
from rag.types import Prompt, Sampling, Token
from tests.evaluation.conftest import Evaluate
from tests.evaluation.fakes import Builder

ROWS: list[dict[str, Any]] = [
    {"id": "1", "question": "2 + 2?", "options": ["3", "4", "5", "6"], "answer": [1], "lang": "en", "source": "sums"},
    {
        "id": "2",
        "question": "Pairs ?",
        "options": ["1", "2", "3", "4"],
        "answer": [1, 3],
        "lang": "fr",
        "source": "cas",
    },
]
ONE, TWO = (
    Choice(r["id"], r["question"], tuple(r["options"]), frozenset(r["answer"]), "", r["lang"], r["source"])
    for r in ROWS
)


class Lettered:
    """Gives the letters the probabilities that it is told."""

    model_id, context_tokens, is_chat = "lettered", 4096, False

    def __init__(self, *alternatives: tuple[str, float]) -> None:
        self.alternatives = alternatives
        self.prompts: list[Prompt] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        top: int = 0,
        sampling: Sampling | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Token]:
        assert (max_tokens, top > 4) == (1, True)
        self.prompts.append(prompt)
        yield Token(self.alternatives[0][0], self.alternatives[0][1], self.alternatives)


def test_the_likeliest_letter_is_picked_and_counted_however_it_is_written() -> None:
    order = [3, 1, 0, 2]
    assert pick(Lettered((" A", 0.5), ("B", 0.3)), ONE, order) == {3}
    assert pick(Lettered((" A", 0.4), ("B", 0.3), (" B", 0.2), ("The", 0.1)), ONE, order) == {1}
    assert pick(Lettered(("The", 0.9), ("Z", 0.1)), ONE, order) == frozenset()


def test_as_many_letters_are_taken_as_there_are_right_options() -> None:
    order = [0, 1, 2, 3]
    assert pick(Lettered(("D", 0.5), ("B", 0.3), ("A", 0.2)), TWO, order) == {1, 3}
    assert pick(Lettered(("D", 0.5)), TWO, order) == {3}


def test_the_prompt_shows_the_options_in_order_and_says_how_many_are_right() -> None:
    text = prompt(TWO, [3, 2, 1, 0]).completion
    assert text.endswith("Question: Pairs ? (2 bonnes réponses)\nA. 4\nB. 3\nC. 2\nD. 1\nRéponse:")
    assert "right answers" not in prompt(ONE, [0, 1, 2, 3]).completion


def test_accuracy_stands_beside_what_guessing_gives() -> None:
    (table,) = summary([(ONE, 1.0), (TWO, 0.0)]).tables
    assert table.columns["accuracy"]["all"].value == 0.5
    assert table.columns["accuracy"]["cas"].value == 0.0
    # One of four; two of four, six ways.
    assert table.columns["by guessing"]["sums"].value == pytest.approx(1 / 4)
    assert table.columns["by guessing"]["fr"].value == pytest.approx(1 / 6)
    assert set(table.columns["accuracy"]) == {"all", "en", "fr", "sums", "cas"}


def write(folder: Path, rows: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "mcq.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def kept(home: Path) -> str | None:
    library = Library.open(Settings(home=home, models=home))
    value = library.store.get_setting("mcq.lettered")
    library.close()
    return value


def test_a_whole_run_is_kept_for_the_quizzes(
    evaluate: Evaluate, builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LECTERN_HOME", str(tmp_path / "home"))
    builder.generator = Lettered(*((letter, 0.25) for letter in "ABCD"))
    folder = write(tmp_path / "data", ROWS)
    assert evaluate("mcq", "--limit", 1, folder=folder) == 0
    assert kept(tmp_path / "home") is None
    out = tmp_path / "out.json"
    assert evaluate("mcq", "--json", out, "--predictions", tmp_path / "p.jsonl", folder=folder) == 0
    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    score = sum(line["picked"] == line["right"] for line in lines) / 2
    found = json.loads(out.read_text())["measured"]["mcq"]
    assert found["accuracy"] == found["tables"]["Multiple choice"]["accuracy"]["all"]["value"] == score
    assert kept(tmp_path / "home") == str(score)


@pytest.mark.parametrize("change", [{"answer": []}, {"answer": [4]}, {"options": ["x"] * 9}, {"answer": "b"}])
def test_a_question_without_a_right_option_is_damaged(change: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(RagError) as raised:
        choices(write(tmp_path, [ROWS[0] | change]))
    assert raised.value.code == "DATA_DAMAGED"
