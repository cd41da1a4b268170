"""Definitions: few forms, and no sentence that only looks like one."""

import pytest

from ingest.types import Language
from rag.errors import RagError
from rag.study.aids.definitions import defined_term, definitions
from rag.study.types import Point
from tests.rag.study.aids.course import PAGES, course


@pytest.mark.parametrize(
    "language, text, term",
    [
        ("en", "Neural networks are a class of models that are built with layers.", "Neural networks"),
        ("en", "The User Datagram Protocol (UDP) is a datagram protocol.", "User Datagram Protocol (UDP)"),
        ("en", "The learning rate, often noted η, indicates at which pace the weights change.", "Learning rate"),
        ("en", "Osmosis refers to the movement of water through a membrane.", "Osmosis"),
        ("en", "The ratio of work to heat in a perfect engine is called the Carnot efficiency.", "Carnot efficiency"),
        ("en", "A graph is called connected if any two of its vertices are joined by a path.", "Connected graph"),
        ("en", "Osmosis: the movement of water through a membrane.", "Osmosis"),
        ("fr", "Le dropout est une technique destinée à empêcher le sur-ajustement.", "Dropout"),
        ("fr", "La rétropropagation (en anglais backpropagation) est une méthode de calcul.", "Rétropropagation"),
        ("fr", "On appelle dérivée la limite du taux d’accroissement de la fonction.", "Dérivée"),
        ("fr", "Le terme « hongre » désigne un cheval mâle qui a été castré.", "Hongre"),
        ("fr", "L’ensemble des gènes d’un être vivant s’appelle le génome.", "Génome"),
        ("fr", "Un graphe est dit connexe si deux sommets sont toujours reliés par un chemin.", "Graphe connexe"),
        ("fr", "Osmose : passage de l’eau à travers une membrane.", ""),
        ("fr", "Osmose : le passage de l’eau à travers une membrane.", "Osmose"),
    ],
)
def test_the_term_is_found(language: Language, text: str, term: str) -> None:
    assert defined_term(text, language) == term


@pytest.mark.parametrize(
    "language, text",
    [
        ("en", "The goal is a network that survives the loss of some nodes."),
        ("en", "Another means is an injector that uses a jet of steam."),
        ("en", "The major achievements were the development of drama and the novel."),
        ("en", "The type used for expansion is the first one after the value."),
        ("en", "Succession for the dynasty was a problem that caused much strife."),
        ("en", "Packet switching is an important part of the course for all students."),
        ("fr", "Le but est un réseau qui survit à la perte de nœuds."),
        ("fr", "Garantir la sécurité est une préoccupation essentielle du métier."),
        ("fr", "La communauté roumaine est la plus nombreuse avec cent mille résidents."),
        ("fr", "L’accessibilité comprend le temps de manipulation, c’est-à-dire le temps mis pour obtenir une proie."),
        ("fr", "Linux : UTF-8 est utilisé dans la plupart des distributions récentes."),
    ],
)
def test_what_defines_nothing_certain_gives_no_term(language: Language, text: str) -> None:
    assert defined_term(text, language) == ""


@pytest.mark.parametrize(
    "language, term, sentence",
    [
        ("en", "Packet", "A packet is a block of data that travels on its own through the network."),
        ("fr", "Paquet", "Un paquet est un bloc de données qui voyage seul dans le réseau."),
    ],
)
def test_definitions_are_points_with_their_term_and_place(language: Language, term: str, sentence: str) -> None:
    found = course(language)
    row = found.documents[0]

    (point,) = definitions(found)

    (citation,) = point.citations
    assert point == Point(sentence, (citation,), term)
    start = PAGES[language][0].index(sentence)
    assert (citation.quote, citation.start, citation.end) == (sentence, start, start + len(sentence))
    assert (citation.sha256, citation.page_index, citation.page_label) == (row.sha256, 0, "1")


def test_a_term_is_defined_once() -> None:
    first = "A packet is a block of data that travels on its own through the network."
    found = course(
        "en", f"Packets\n{first}", "Again\nPackets are a kind of message that every router of a net forwards."
    )

    assert [point.text for point in definitions(found)] == [first]


def test_no_text_is_told() -> None:
    with pytest.raises(RagError) as raised:
        definitions(course("en", "", "x = y + 1\nz = w"))
    assert raised.value.code == "STUDY_NO_TEXT"
