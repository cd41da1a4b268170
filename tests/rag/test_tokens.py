"""Tokens spell the text that is kept, and make words whose probabilities are products."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.tokens import Word, cut_to, read_tokens, spell, words, write_tokens
from rag.types import Token

PIECES = st.lists(st.text("ab. \n\u00a0é", min_size=1, max_size=4))


def tokens(*texts: str) -> list[Token]:
    """Tokens whose probability is a half, a third, a quarter, ..."""
    return [Token(text, 1 / n, ((text, 1 / n),)) for n, text in enumerate(texts, start=2)]


def test_a_word_is_what_stands_between_spaces_and_its_probability_is_the_product() -> None:
    the, moun, tains, end = tokens("The", " moun", "tains", ".")
    first, second = words([the, moun, tains, end])
    assert (first, first.probability) == (Word("", "The", (the,)), 1 / 2)
    assert second == Word(" ", "mountains.", (moun, tains, end))
    assert second.probability == pytest.approx(1 / 3 / 4 / 5)


def test_a_token_of_space_belongs_to_the_word_after_it() -> None:
    one, breaks, two = tokens("One", "\n\n", "two")
    assert words([one, breaks, two]) == (Word("", "One", (one,)), Word("\n\n", "two", (breaks, two)))


def test_a_word_of_which_a_part_is_unknown_has_no_probability() -> None:
    (word,) = words([Token("mo", 0.5), Token("un")])
    assert word.probability is None


@given(PIECES)
def test_words_spell_the_text_and_hold_every_token_once(pieces: list[str]) -> None:
    found = words(tokens(*pieces))
    assert "".join(word.before + word.text for word in found) == "".join(pieces)
    assert [token for word in found for token in word.tokens] == tokens(*pieces)


@given(st.lists(st.from_regex(r"[ \n]{0,2}[ab.é]{0,3}", fullmatch=True).filter(bool)))
def test_where_spaces_begin_tokens_words_are_those_of_the_text(pieces: list[str]) -> None:
    found = words(tokens(*pieces))
    assert [word.text for word in found if word.text] == "".join(pieces).split()


@given(PIECES, st.integers(0, 12), st.integers(0, 12))
def test_cut_tokens_spell_exactly_what_is_kept(pieces: list[str], start: int, size: int) -> None:
    text = "".join(pieces)[start : start + size]
    kept = cut_to(tokens(*pieces), text)
    assert spell(kept) == text
    assert all(token.text for token in kept)


def test_a_token_that_is_cut_keeps_the_probability_of_the_whole() -> None:
    assert cut_to(tokens(" The", " sea", "\n"), "The sea") == (
        Token("The", 1 / 2, ((" The", 1 / 2),)),
        Token(" sea", 1 / 3, ((" sea", 1 / 3),)),
    )


def test_what_the_tokens_do_not_spell_has_none() -> None:
    assert cut_to(tokens("The", " sea"), "The sun") == ()
    assert cut_to(tokens("The"), "") == ()


def test_stored_tokens_come_back_with_five_digits() -> None:
    written = [Token("a", 0.123456789, ((" b", 1.23456789e-7), ("", 0.5))), Token("é")]
    assert read_tokens(write_tokens(written)) == (Token("a", 0.12346, ((" b", 1.2346e-7), ("", 0.5))), Token("é"))
    assert (write_tokens([]), read_tokens("")) == ("", ())


@pytest.mark.parametrize("alternative", ['["a"]', '["a", 0.5, 1]', '[0.5, "a"]', '["a", NaN]'])
def test_an_alternative_that_is_none_is_refused(alternative: str) -> None:
    text = f'{{"v": 1, "text": "", "tokens": [{{"text": "a", "alternatives": [{alternative}]}}]}}'
    with pytest.raises(ValueError, match=r"belong|is not"):
        read_tokens(text)
