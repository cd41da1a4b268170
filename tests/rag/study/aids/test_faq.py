"""Questions that a sentence answers, in good English and French."""

import pytest

from ingest.types import Language
from rag.study.aids import faq
from rag.study.aids.faq import question_of
from rag.study.aids.lesson import read
from tests.rag.study.aids.course import course, outline


@pytest.mark.parametrize(
    "source, wanted, text, question",
    [
        ("en", "en", "Neural networks are a class of models with layers.", "What are neural networks?"),
        ("en", "en", "The Rankine cycle is a model of the steam engine.", "What is the Rankine cycle?"),
        ("en", "en", "AppleTalk was a suite of protocols made by Apple.", "What was AppleTalk?"),
        ("en", "en", "A condenser is used to cool the steam of the engine.", "What is a condenser used for?"),
        ("en", "en", "Routing a packet requires the node to look up a table.", "What does routing a packet require?"),
        ("en", "en", "A steam turbine consists of rotors mounted on a shaft.", "What does a steam turbine consist of?"),
        ("en", "en", "Telenet was incorporated in 1973 in Washington.", "When was Telenet incorporated?"),
        ("en", "en", "In 1781 James Watt patented an engine.", "What happened in 1781?"),
        (
            "en",
            "fr",
            "Neural networks are a class of models with layers.",
            "Qu’est-ce que «\u00a0neural networks\u00a0»\u00a0?",
        ),
        ("en", "fr", "A condenser is used to cool the steam.", "À quoi sert «\u00a0condenser\u00a0»\u00a0?"),
        ("en", "fr", "Routing a packet requires the node to look up a table.", ""),
        ("fr", "fr", "Le dropout est une technique de régularisation.", "Qu’est-ce que le dropout\u00a0?"),
        ("fr", "fr", "Un atome est une particule de matière.", "Qu’est-ce qu’un atome\u00a0?"),
        ("fr", "fr", "Les gènes sont des segments de la molécule.", "Que sont les gènes\u00a0?"),
        ("fr", "fr", "Les paquets servent à partager une ligne.", "À quoi servent les paquets\u00a0?"),
        ("fr", "fr", "La corolle est composée de quatre pétales jaunes.", "De quoi est composée la corolle\u00a0?"),
        (
            "fr",
            "fr",
            "La norme ASCII est publiée en 1963 par un comité.",
            "Quand la norme ASCII est-elle publiée\u00a0?",
        ),
        ("fr", "fr", "Le 4 mai 1904, Paul Durand ouvre une école.", "Que s’est-il passé le 4 mai 1904\u00a0?"),
        ("fr", "en", "La corolle est composée de quatre pétales jaunes.", "What is “corolle” made of?"),
        ("fr", "en", "En 1904, Paul Durand ouvre une école.", "What happened in 1904?"),
        ("en", "en", "The weather in the mountains changes quickly.", ""),
        ("en", "en", "In the network, a packet is used to carry data.", ""),
        ("fr", "fr", "Dans le réseau, un paquet sert à porter des données.", ""),
    ],
)
def test_the_question_that_a_sentence_answers(source: Language, wanted: Language, text: str, question: str) -> None:
    assert question_of(text, source, wanted, {"telenet", "rankine"}) == question


@pytest.mark.parametrize(
    "language, expected",
    [
        (
            "en",
            [
                ("What is a packet?", "A packet is a block of data that travels on its own through the network."),
                ("What are packets used for?", "Packets are used to share one line between many users."),
            ],
        ),
        (
            "fr",
            [
                ("Qu’est-ce qu’un paquet\u00a0?", "Un paquet est un bloc de données qui voyage seul dans le réseau."),
                (
                    "À quoi servent les paquets\u00a0?",
                    "Les paquets servent à partager une ligne entre beaucoup d’utilisateurs.",
                ),
            ],
        ),
    ],
)
def test_the_questions_of_a_course(language: Language, expected: list[tuple[str, str]]) -> None:
    assert outline(faq.points(read(course(language)), language)) == expected
