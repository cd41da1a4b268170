"""What may be asked of a sentence, found and named in both languages."""

import pytest

from ingest.types import Language
from rag.study.kinds import shape, spans


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Telenet was incorporated in 1973 and started in 1975.", "en", [("year", "1973", ""), ("year", "1975", "")]),
        ("La norme ASCII est publiée en 1963.", "fr", [("acronym", "ASCII", ""), ("year", "1963", "")]),
        ("Le taux est de 12,5 % pour 1 200 patients.", "fr",
         [("number", "12,5", "%"), ("number", "1 200", "patients")]),
        ("A road of 2.5 km leads to three layers.", "en", [("number", "2.5", "km"), ("number", "three", "layers")]),
        ("The link opened in October 1972 at noon.", "en", [("date", "October 1972", "FalseTrue")]),
        ("Le 4 mai 1979, elle gagne les élections.", "fr", [("date", "4 mai 1979", "TrueTrue")]),
        ("The idea came to Donald Davies at Michigan State University.", "en",
         [("person", "Donald Davies", ""), ("organisation", "Michigan State University", "")]),
        ("Un graphe est dit complet si ses sommets sont voisins.", "fr", [("property", "complet", "")]),
        ("A graph is said to be complete if its vertices are neighbours.", "en", [("property", "complete", "")]),
    ],
)  # fmt: skip
def test_spans(text: str, language: Language, found: list[tuple[str, str, str]]) -> None:
    spotted = spans(text, language)
    assert [(span.kind, span.text, span.unit) for span in spotted] == found
    assert all(text[span.start : span.end] == span.text for span in spotted)


@pytest.mark.parametrize(
    "text",
    [
        "The result stands in Figure 3 and Table 12.",
        "X.25 and GPT-2 are names with numbers.",
        "The value n = 25 solves it.",
        "Between 1914-1918 the war went on.",
        "In the 1960s and 1970s networks grew.",
    ],
)
def test_numbers_that_name_things_are_not_asked(text: str) -> None:
    assert [span for span in spans(text, "en") if span.kind in ("number", "year")] == []


def test_shapes() -> None:
    assert [shape(text) for text in ("ATM", "Frame Relay", "Rankine cycle", "neural network", "taux d’erreur")] == [
        "acronym",
        "proper",
        "mixed",
        "plain",
        "plain",
    ]
