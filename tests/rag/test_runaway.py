import pytest

from rag.runaway import cut_runaway


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The answer is 3." + " no no no no no no", "The answer is 3. no"),
        ("It is 1234567890123456789012345", "It is"),
        ("The cat sat on the mat. The cat sat on the mat. The cat sat on the mat.", "The cat sat on the mat."),
        ("Il pleut souvent à Brest. Il y vente. Il pleut souvent à Brest. Il y vente.",
         "Il pleut souvent à Brest. Il y vente."),
    ],
)  # fmt: skip
def test_repetition_and_runaway_numbers_are_cut(text: str, kept: str) -> None:
    cut, found = cut_runaway(text)
    assert (cut, found) == (kept, True)


@pytest.mark.parametrize(
    "text",
    ["", "In 1966, 1,000,000 people lived there.", "Ha ha! It was the best of times, it was the worst of times.",
     "Le nombre 3,14159265 est une valeur approchée de pi."],
)  # fmt: skip
def test_ordinary_text_is_left_whole(text: str) -> None:
    assert cut_runaway(text) == (text, False)
