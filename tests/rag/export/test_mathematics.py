r"""Mathematics reaches other programs as \( \), money stays money."""

import pytest

from rag.export.markup import as_html, as_markdown, from_html, legible
from rag.export.mathematics import Piece, pieces, without_marks


@pytest.mark.parametrize(
    ("text", "maths"),
    [
        ("\\(a<b\\) et \\[c\\]", [Piece("a<b", "inline"), Piece("c", "display")]),
        ("où $x_1^2$ vaut", [Piece("x_1^2", "inline")]),
        ("soit $n$ fini", [Piece("n", "inline")]),
        ("$$\\int_0^1 f$$", [Piece("\\int_0^1 f", "display")]),
        ("it costs $5 and then $10", []),
        ("between $5-$ and more", []),
        ("\\$x_1$", []),
        ("US$1=2$", []),
        ("$PATH and $HOME", []),
    ],
)
def test_formulas_are_told_from_money(text: str, maths: list[Piece]) -> None:
    found = list(pieces(text))
    assert [piece for piece in found if piece.maths] == maths


def test_html_escapes_within_formulas_too() -> None:
    assert as_html("si $a<b_1$\n& <b>") == "si \\(a&lt;b_1\\)<br>&amp; &lt;b&gt;"
    assert from_html("<p>si&nbsp;a<br/>b</p><p>&lt;c&gt;</p>") == "si\u00a0a\nb\n<c>"


def test_markdown_leaves_formulas_alone_and_escapes_the_rest() -> None:
    assert as_markdown("a*b_c \\(x_1*y\\) [d](e) <f>") == "a\\*b\\_c $x_1*y$ \\[d\\](e) &lt;f>"
    assert as_markdown("1. un\n- deux\n# trois") == "1\\. un  \n\\- deux  \n\\# trois"


def test_paper_shows_formulas_as_typed() -> None:
    assert without_marks("soit \\(x_1\\), $$y$$") == "soit x_1, y"


def test_what_no_file_takes_is_left_out() -> None:
    assert legible("a\x00b\x0bc\ud800d\ufffee\r\nf\tg") == "abcde\nf\tg"
