"""Chunks are exact pieces of one page, whole sentences where they can be, and never too large to embed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import Chunk, ChunkSettings, Document, Page, chunk, context_line

SMALL = ChunkSettings(max_tokens=128, overlap_tokens=16)


def words(text: str) -> int:
    """Count words, a newline being one too."""
    return len(text.split()) + text.count("\n")


def characters(text: str) -> int:
    """Count every third character: a tokeniser that sees no words."""
    return -(-len(text) // 3)


def document(*texts: str, title: str = "Cours", headings: tuple[tuple[int, str], ...] = ()) -> Document:
    pages = tuple(Page(n, str(n + 1), text, (), "", headings) for n, text in enumerate(texts))
    return Document("0" * 64, "cours.pdf", pages, title=title, language="fr")


def check(doc: Document, chunks: list[Chunk], count: object, limit: int) -> None:
    """Assert what holds for all chunks."""
    assert callable(count)
    for part in chunks:
        assert doc.pages[part.page_index].text[part.start : part.end] == part.text
        assert count(f"{context_line(doc, part)}\n{part.text}") <= limit
        assert part.text == part.text.strip()
    for page in doc.pages:
        covered = {i for c in chunks if c.page_index == page.index for i in range(c.start, c.end)}
        lost = [char for i, char in enumerate(page.text) if i not in covered and char.isalnum()]
        assert not lost


SENTENCE = st.sampled_from(
    [
        "La loi d'Ohm.",
        "U = R I",
        "Une phrase un peu plus longue que les autres, avec une suite.",
        "oui",
        "a" * 700,
        "x " * 300,
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(SENTENCE, max_size=60), max_size=3),
    st.sampled_from([" ", "\n"]),
    st.sampled_from([words, characters]),
)
def test_chunks_are_exact_whole_and_within_budget(pages: list[list[str]], glue: str, count: object) -> None:
    doc = document(*(glue.join(page).strip() for page in pages))
    assert callable(count)
    check(doc, chunk(doc, SMALL, count), count, SMALL.max_tokens)


def test_repeated_lines_do_not_confuse_the_cursor() -> None:
    doc = document("\n".join(["Même ligne répétée ici."] * 200))
    chunks = chunk(doc, SMALL, words)
    check(doc, chunks, words, SMALL.max_tokens)
    assert [c.start for c in chunks] == sorted({c.start for c in chunks})
    assert len(chunks) <= 12


def test_a_page_that_fits_is_one_chunk() -> None:
    doc = document("Titre\n• un point\n• deux points", "Autre page.")
    assert [c.text for c in chunk(doc, SMALL, words)] == ["Titre\n• un point\n• deux points", "Autre page."]


def test_chunks_begin_at_headings_and_carry_them() -> None:
    body = " ".join(f"Phrase numéro {n} du texte." for n in range(14))
    text = f"1 Ondes\n{body}\n2 Optique\n{body}"
    doc = document(text, headings=((0, "1 Ondes"), (text.index("2 Optique"), "2 Optique")))
    chunks = chunk(doc, SMALL, words)
    assert [(c.section, c.text[:9]) for c in chunks] == [("1 Ondes", "1 Ondes\nP"), ("2 Optique", "2 Optique")]
    assert context_line(doc, chunks[1]) == "Cours – 2 Optique"


def test_overlap_is_whole_sentences() -> None:
    doc = document(" ".join(f"Phrase numéro {n} du texte." for n in range(60)))
    first, second, *_ = chunk(doc, SMALL, words)
    assert second.start < first.end
    assert doc.pages[0].text[second.start : first.end].startswith("Phrase numéro")


def test_pages_without_letters_give_no_chunk() -> None:
    assert chunk(document("", " \n", "•"), SMALL, words) == []


def test_the_context_line_names_a_thing_once() -> None:
    doc = document("Texte.", title="Ondes")
    assert context_line(doc, Chunk(0, 0, 6, "Texte.", "Ondes")) == "Ondes"


@pytest.mark.parametrize("bad", [ChunkSettings(max_tokens=20), ChunkSettings(max_tokens=200, overlap_tokens=150)])
def test_senseless_sizes_are_refused(bad: ChunkSettings) -> None:
    with pytest.raises(ValueError, match="max_tokens"):
        chunk(document("Texte."), bad, words)
