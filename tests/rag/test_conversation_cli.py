"""Conversations and feedback as a user of the command line has them."""

import json
from pathlib import Path

from rag.export_path import SUFFIXES
from rag.library import Library
from rag.settings import Settings
from tests.rag.terminal_user import Terminal


def test_a_conversation_is_taken_away(run: Terminal, tmp_path: Path) -> None:
    run("add", "numbers.pdf")
    assert run("conversation") == (0, "", "Nothing was asked in Lectern yet.\n")
    run("ask", "Which colour?")
    assert "Which colour?" in run("conversation")[1]
    for suffix in SUFFIXES["conversation"]:
        assert run("conversation", "--export", f"talk.{suffix}")[1] == f"talk.{suffix}: 1 question.\n"
        assert (tmp_path / f"talk.{suffix}").stat().st_size > 20


def test_a_question_is_asked_in_the_newest_conversation_or_in_that_of_a_title(run: Terminal) -> None:
    run("add", "numbers.pdf")
    run("ask", "Which colour?")
    run("ask", "Which sky?", "--conversation", "Week 1")
    run("ask", "Which sea?")
    run("ask", "Which wine?", "--conversation", "which COLOUR?")
    assert run("conversation", "--list")[1] == "Which colour? (2 questions)\nWeek 1 (2 questions)\n"
    newest, first = run("conversation")[1], run("conversation", "--conversation", "Which colour?")[1]
    assert "# Lectern – Week 1" in newest
    assert [title in newest for title in ("Which sky?", "Which sea?", "Which wine?")] == [True, True, False]
    assert "Which wine?" in first
    status, out, told = run("conversation", "--conversation", "Week 2")
    assert (status, out) == (2, "")
    assert '"Week 2"' in told
    assert '"Week 1"' in told


def test_what_was_judged_is_taken_away(run: Terminal, tmp_path: Path) -> None:
    run("add", "numbers.pdf")
    run("ask", "Which colour?")
    assert run("feedback") == (0, "", "No answer of Lectern was judged yet.\n")
    library = Library.open(Settings(home=tmp_path / "home", models=tmp_path / "models"))
    library.conversation.set_feedback(library.conversation.answers(1)[0].id, -1, "incomplete", "and the sea?")
    library.close()
    [line] = run("feedback")[1].splitlines()
    assert {"question": "Which colour?", "reason": "incomplete", "comment": "and the sea?"}.items() <= json.loads(
        line
    ).items()
    for suffix in SUFFIXES["feedback"]:
        assert run("feedback", "--export", f"judged.{suffix}")[1] == f"judged.{suffix}: 1 answer.\n"
        assert "incomplete" in (tmp_path / f"judged.{suffix}").read_text(encoding="utf-8-sig")
    assert run("feedback", "--export", "judged.pdf")[0] == 2
