"""Normalised text reads well and knows where each character came from."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.normalise import NormalText, normalise
from ingest.pdf_child import matches
from ingest.vocabulary import Vocabulary

ALPHABET = st.characters(exclude_categories=["Cs"])
TRICKY = st.sampled_from("aeéœAI ﬁﬀ\xa0\u2009  ́̈´`¨¸cı\x02-\xad\u200b\ufeff\U000e0041\ue000\x00\ufffd가가\n\r\t°ÅΩ")


def plain(raw: str, vocabulary: Vocabulary | None = None) -> NormalText:
    """Normalise one line."""
    return normalise(raw, [(0, len(raw))], [""], (vocabulary or Vocabulary()).keeps_hyphen)


def two_lines(first: str, second: str, *seen: str, hyphenates: bool = True) -> str:
    """Join two lines of one paragraph in a document that holds the words ``seen`` too."""
    raw = first + second
    words = Vocabulary(Vocabulary.of(seen).words, hyphenates)
    return normalise(raw, [(0, len(first)), (len(first), len(raw))], ["", " "], words.keeps_hyphen).text


@given(
    st.lists(st.text(st.one_of(ALPHABET, TRICKY), max_size=40), max_size=6),
    st.lists(st.sampled_from(["", " ", "\n"]), min_size=6, max_size=6),
)
def test_every_character_knows_its_source(pieces: list[str], joints: list[str]) -> None:
    raw = "".join(pieces)
    ends = [sum(map(len, pieces[: n + 1])) for n in range(len(pieces))]
    spans = [(end - len(piece), end) for piece, end in zip(pieces, ends, strict=True)]
    found = normalise(raw, spans, joints[: len(pieces)], Vocabulary.of([raw]).keeps_hyphen)
    assert len(found.source) == len(found.text)
    assert unicodedata.is_normalized("NFC", found.text)
    assert all(-1 <= index < len(raw) for index in found.source)
    assert len(found.starts) == len(pieces)
    assert all(0 <= start <= len(found.text) for start in found.starts)
    assert "  " not in found.text
    assert found.text == found.text.strip(" \n")


@given(st.text(st.sampled_from("abcé è-'’.,;1239œŒ(«»)?!"), max_size=80))
def test_ordinary_text_comes_through_unchanged(raw: str) -> None:
    text = " ".join(raw.split())
    found = plain(text)
    assert found.text == text
    assert list(found.source) == list(range(len(text)))


@given(st.text(st.one_of(st.sampled_from("aeiouc ´¨ˆ˜¸`ﬁﬂﬀé"), TRICKY), max_size=60))
@example("\xc5\u0301\xb0\xb4")
def test_mapped_characters_are_what_the_page_holds(raw: str) -> None:
    found = plain(raw)
    wrong = [
        (char, raw[index])
        for char, index in zip(found.text, found.source, strict=True)
        if index >= 0 and not matches(raw[index], char)
    ]
    # Several marks on one letter, and Korean letters, compose across indices: such a passage has no highlight.
    assert all(unicodedata.normalize("NFD", char) != char for char, _ in wrong)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("e\ufb03cace et \ufb01ne", "efficace et fine"),
        ("l'œuvre de cœur", "l'œuvre de cœur"),
        ("un\xa0\u2009 espace\u202f!", "un espace !"),
        ("in\xadvi\u200bsible\U000e0041\ufeff", "invisible"),
        ("de\u0301ja\u0300 vu", "déjà vu"),
        ("´et´e fran¸cais, tr`es ˆıle na¨ıf", "été français, très île naïf"),
        ("re´el, e´te´", "réel, été"),
        ("the `code` of `a` quote", "the `code` of `a` quote"),
        ("\uf0b7 premier point", "• premier point"),
        ("a\x00b\x12c", "abc"),
        ("pour t 6= 1 et x 6∈ A, 3+3=6", "pour t ≠ 1 et x ∉ A, 3+3=6"),
    ],
)
def test_characters(raw: str, text: str) -> None:
    assert plain(raw).text == text


def test_a_ligature_points_both_letters_at_one_character() -> None:
    found = plain("a\ufb01n")
    assert (found.text, found.source) == ("afin", (0, 1, 1, 2))


def test_garbage_is_measured() -> None:
    assert plain("\ue001\ue002\ue003a").garbage == 0.75
    assert plain("sans faute").garbage == 0.0


@pytest.mark.parametrize(
    ("first", "second", "seen", "text"),
    [
        ("l'infor\x02", "mation circule", (), "l'information circule"),
        ("the pa-", "pers we read", (), "the papers we read"),
        ("un vis-à-", "vis étonnant", (), "un vis-à-vis étonnant"),
        ("il est peut-", "être là", (), "il est peut-être là"),
        ("a well-", "known fact", (), "a well-known fact"),
        ("un porte-", "parole", ("le porte-parole a dit",), "un porte-parole"),
        ("a coordi-", "nate", ("the coordinate is",), "a coordinate"),
        ("sous-", "traitance", ("la soustraitance",), "soustraitance"),
        ("Saint-", "Étienne", (), "Saint-Étienne"),
        ("COVID-", "19 est", (), "COVID-19 est"),
        ("viendra-t-", "il demain", (), "viendra-t-il demain"),
        ("1865–", "1871", (), "1865–1871"),
        ("fin de ligne", "suite", (), "fin de ligne suite"),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, seen: tuple[str, ...], text: str) -> None:
    assert two_lines(first, second, *seen) == text


def test_a_document_that_never_cuts_words_keeps_its_hyphens() -> None:
    assert two_lines("anti-", "orangiste", hyphenates=False) == "anti-orangiste"
    cut = "the infor-\nmation and the infor\x02mation and information"
    whole = "le porte-\nparole et le porte-parole\n" * 3
    assert Vocabulary.of([cut]).hyphenates
    assert not Vocabulary.of([whole]).hyphenates
