import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.quotes import find_quote

TEXT = "Le cœur bat.\nL’Œuvre d'Émile Zola ; le cœur  bat encore, 12 fois."


@pytest.mark.parametrize(
    ("quote", "found"),
    [("emile zola", "Émile Zola"), ("l'oeuvre d’emile", "L’Œuvre d'Émile"), ("coeur bat encore", "cœur  bat encore"),
     ("2 fois", None), ("zo", None), ("", None), ("absent", None)],
)  # fmt: skip
def test_quotes_are_found_on_word_boundaries(quote: str, found: str | None) -> None:
    span = find_quote(TEXT, quote)
    assert (TEXT[slice(*span)] if span else None) == found


def test_of_several_the_nearest_is_taken() -> None:
    assert find_quote(TEXT, "le coeur bat", near=40) == (TEXT.index("le cœur  bat"), TEXT.index(" encore"))


@given(st.text(max_size=60), st.data())
def test_every_run_of_words_is_found_in_its_own_text(text: str, data: st.DataObject) -> None:
    words = text.split()
    if words and any(c.isalnum() for c in text):
        first = data.draw(st.integers(0, len(words) - 1))
        last = data.draw(st.integers(first, len(words) - 1))
        quote = " ".join(words[first : last + 1])
        span = find_quote(text, quote)
        assert span is None or 0 <= span[0] < span[1] <= len(text)
        if quote.isascii() and quote.isalnum():
            assert span is not None
