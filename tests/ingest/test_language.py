"""French and English are told apart, and cut into sentences the way a reader does."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language import detect, fold, sentences
from ingest.types import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Qui a décrit ELIZA, et quand ?", "fr"),
        ("qu'est-ce que l'evaluation", "fr"),
        ("Combien de temps faut-il pour Paris ?", "fr"),
        ("Who described ELIZA, and when?", "en"),
        ("What is the Pays de la Loire?", "en"),
        ("Pourquoi parle-t-on de machine learning ?", "fr"),
        ("", "en"),
    ],
)
def test_detect(text: str, language: Language) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("fr", ["Le câble est coupé.", "Il faut M. Dupont.", "Mme. Durand vient."]),
        ("fr", ["On prend p. ex. la fig. 3 du cours.", "Cf. fig. 3 et art. 5.", "Voir cf. Dupont."]),
        ("fr", ["« Il vient.", "Elle part. »", "Puis voilà !", "Vraiment ?", "Oui."]),
        ("fr", ["Elle dit « Bonjour ! » et part.", "Il dit « oui ».", "Fin."]),
        ("fr", ["Il vaut 3.14 ou 3,14 environ.", "En 44 av. J.-C. il meurt.", "On note le point M.", "Il est fixe."]),
        ("fr", ["Titre court", "• un point", "• deux points, etc.", "Ensuite on finit."]),
        ("en", ["This is e.g. this thing.", "See fig. 3 and Eq. (4).", "Smith et al. found 3.5 results."]),
        ("en", ['"Is it?" she said.', "It is.", "U.S. law applies.", "J. K. Rowling wrote No. 5."]),
        ("en", ["It ended.[3]", "Then it began.", "Donald E. Knuth wrote it."]),
    ],
)
def test_sentences(language: Language, parts: list[str]) -> None:
    text = "\n".join(parts) if parts[0] == "Titre court" else " ".join(parts)
    assert [text[start:end] for start, end in sentences(text, language)] == parts


@given(st.text(st.sampled_from("abM. \n!?…«»\"'é1[]()•"), max_size=120), st.sampled_from(["fr", "en"]))
def test_sentences_cover_the_text_in_order(text: str, language: Language) -> None:
    spans = sentences(text, language)
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(char.isspace() for i, char in enumerate(text) if i not in covered)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


def test_fold() -> None:
    assert fold("L’Œuvre d'ÉTÉ ﬁne") == "l'oeuvre d'ete fine"
