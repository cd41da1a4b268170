"""What counts as a statement of a passage, and what says nothing."""

from rag.evidence import candidates, statements
from tests.rag.examples import passage
from tests.rag.fakes import BagEmbedder

SLIDE = (
    "Normalisations\nIl y a deux formes normalisées :\n• la forme NFC compose\n• la forme NFD décompose\nwn (C(s) − y)2"
)


def found(question: str, text: str) -> list[str]:
    embedder = BagEmbedder()
    items = candidates(question, [passage(1, text, "fr")], embedder.embed_query(question), embedder)
    return [item.text for item in items]


def test_a_sentence_that_announces_a_list_takes_its_items_along() -> None:
    spans = statements(SLIDE, "fr")
    assert SLIDE[slice(*spans[1])].endswith("• la forme NFD décompose\nwn (C(s) − y)2")


def test_titles_formulas_and_the_question_itself_are_no_evidence() -> None:
    texts = found("Quelles sont les formes normalisées ?", SLIDE + "\nles formes normalisées")
    assert [text.split("\n")[0] for text in texts] == [
        "Il y a deux formes normalisées :",
        "la forme NFC compose",
        "la forme NFD décompose",
    ]
