"""Streamed text is whole characters, and never holds what a stop string forbids."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from rag.detokenise import Detokeniser, StopCutter
from rag.types import Token


def from_bytes(ids: Sequence[int]) -> str:
    return bytes(ids).decode(errors="replace")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\N{REPLACEMENT CHARACTER}")))
def test_bytes_come_out_as_whole_characters(text: str) -> None:
    detokeniser = Detokeniser(from_bytes, list(b"prompt"))
    pieces = [piece for byte in text.encode() if (piece := detokeniser.add(byte, Token("")))]
    assert [piece.text for piece in pieces] == list(text)


def test_a_leading_space_survives_a_decoder_that_drops_it() -> None:
    words = ["▁Answer", "▁Ken", "▁Thompson"]
    detokeniser = Detokeniser(lambda ids: "".join(words[i] for i in ids).replace("▁", " ").removeprefix(" "), [0])
    assert [detokeniser.add(i, Token("")) for i in (1, 2)] == [Token(" Ken"), Token(" Thompson")]


def test_what_another_id_would_add_is_told_as_it_would_stand_there() -> None:
    words = ["▁Answer", "▁Ken", "▁Thompson"]
    detokeniser = Detokeniser(lambda ids: "".join(words[i] for i in ids).replace("▁", " ").removeprefix(" "), [0])
    assert detokeniser.would_add(2) == " Thompson"
    assert detokeniser.add(1, Token("")) == Token(" Ken")
    assert detokeniser.would_add(2) == " Thompson"


def test_an_id_that_completes_a_character_would_add_it() -> None:
    detokeniser = Detokeniser(from_bytes, list(b"caf"))
    first, second = "é".encode()
    assert detokeniser.would_add(first) == "\N{REPLACEMENT CHARACTER}"
    assert detokeniser.add(first, Token("")) is None
    assert detokeniser.would_add(second) == "é"


def test_a_character_of_several_tokens_has_their_joint_probability() -> None:
    detokeniser = Detokeniser(from_bytes)
    first, second = "é".encode()
    assert detokeniser.add(first, Token("", 0.5, (("x", 0.5),))) is None
    assert detokeniser.add(second, Token("", 0.4, (("y", 0.4),))) == Token("é", 0.2, (("x", 0.5),))


@given(
    st.lists(st.text("ab\n", min_size=1, max_size=4)),
    st.lists(st.text("ab\n", min_size=1, max_size=3), max_size=2),
)
def test_text_is_cut_at_the_first_stop_string_however_it_is_split(pieces: list[str], stop: list[str]) -> None:
    cutter, shown = StopCutter(stop), []
    for piece in pieces:
        shown += [token.text for token in cutter.add(Token(piece))]
        assert not any(text in "".join(shown) for text in stop)
        if cutter.stopped:
            break
    shown += [token.text for token in cutter.finish()]
    seen = "".join(pieces)
    # A stop string is looked for as soon as it can be seen, so of two that overlap the one complete first counts.
    ends = [seen.index(text) for text in stop if text in seen]
    assert seen.startswith("".join(shown))
    assert cutter.stopped == bool(ends)
    if len(stop) < 2:
        assert "".join(shown) == seen[: min(ends, default=len(seen))]


def test_what_may_begin_a_stop_string_is_held_back() -> None:
    cutter = StopCutter(["\nQuestion"])
    assert list(cutter.add(Token("yes\nQu"))) == []
    assert list(cutter.add(Token("ite"))) == [Token("yes\nQu"), Token("ite")]
