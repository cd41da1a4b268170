"""Foreign text can be read on the screen and do nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.escape import JOINER, SPECIALS, escape, escape_answer, escape_label, one_line, visible

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/a.png)",
    "[click](javascript:alert(1))",
    "https://evil.example www.evil.example a@evil.example",
    "<https://evil.example>",
    ":material/delete: :red[x] :smile: :streamlit: :material_delete:",
    "$x^2$ and $$y$$",
    "# heading",
    "> quote",
    "- list\n* list\n1. list",
    "| a | b |\n|---|---|",
    "```\ncode\n```",
    "a -> b <- c >= d -- e",
    "text[^1]\n\n[^1]: note",
    "&lt;b&gt; &#60;",
    "~~gone~~ **bold** _it_ `code`",
    "a  \nb\\",
]


def shown(markdown: str) -> str:
    """Undo the escapes as a markdown reader does."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


def unescaped(markdown: str) -> set[str]:
    """Return the special characters that no backslash stands before."""
    return {c for c in re.sub(r"\\.", "", markdown) if c in SPECIALS}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_holds_no_mark_of_markdown(text: str) -> None:
    assert unescaped(escape(text)) == set()


@pytest.mark.parametrize(
    "pattern",
    [r"https?://", r"www\.", r"\w@\w", r":material", r":red\[", r":\w+:", r"->", r"<-", r">=", r"(^|\s)--(\s|$)"],
)
def test_patterns_replaced_after_parsing_are_broken(pattern: str) -> None:
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escape(" ".join(HOSTILE)))

    assert not re.search(pattern, text)


@given(st.text())
def test_any_text_is_shown_as_it_is_and_nothing_is_left_unescaped(text: str) -> None:
    markdown = escape(text)

    assert unescaped(markdown) == set()
    assert "\n" not in markdown
    assert shown(markdown) == one_line(text)


@given(st.text())
def test_an_answer_has_no_mark_but_its_own(text: str) -> None:
    lines = escape_answer(text).split("\n")

    assert set().union(*(unescaped(line.removeprefix("- ")) for line in lines)) == set()


def test_what_nobody_can_see_is_dropped() -> None:
    assert visible("a\u202eb\u200bc\U000e0041d\x00e\r\nf\tg") == "abcde\nf g"


def test_only_the_marks_of_citations_become_chips() -> None:
    assert escape_answer("In 1966 [1], see [2].", {1: ":blue-badge[1]"}) == "In 1966 :blue-badge[1], see \\[2\\]\\."


def test_paragraphs_line_ends_and_bullets_stay() -> None:
    assert escape_answer("One\ntwo\n\n- three\n• four") == "One  \ntwo\n\n- three\n- four"


@pytest.mark.parametrize("number", ["1", "007", "2024", "123456789"])
def test_a_number_with_a_bracket_opens_no_list(number: str) -> None:
    assert escape(f"{number}) x (1) 2)") == f"{number}\\) x (1) 2)"
    assert escape_answer(f"a\n{number}) x\n\n- {number}) y") == f"a  \n{number}\\) x\n\n- {number}\\) y"


def test_an_indented_line_is_not_code() -> None:
    assert escape_answer("    x = 1") == "x \\= 1"


@pytest.mark.parametrize(
    "name", ["LLM.pdf", "cours_llm-2 (v1.2).pdf", "R&D 50 %.pdf", "l'été, n° 3 = fin!.pdf", "a#b+c.pdf"]
)
def test_an_ordinary_name_is_read_aloud_as_it_is_written(name: str) -> None:
    assert escape_label(name) == name


@pytest.mark.parametrize("text", HOSTILE)
def test_no_mark_of_markdown_acts_in_a_label(text: str) -> None:
    label = escape_label(text)
    bare = re.sub(r"\\.", "", label)

    assert shown(label) == one_line(text)
    assert not re.search(r"[*`\[\]<~$]|https?:|:\w|^[#>|-]|&#?\w+;|\b_|_\b", bare)


@pytest.mark.parametrize("text", ["1. x", "12) x", "# x", "> x", "- x", "+ x", "_x_", "x _y_ z"])
def test_a_label_is_no_list_heading_or_emphasis(text: str) -> None:
    assert escape_label(text) != text
    assert shown(escape_label(text)) == text
