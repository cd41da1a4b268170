"""Which sentences stand alone, and what is told of them when their subject is in the heading."""

import pytest

from ingest.types import Language
from rag.study.keypoints import keypoints, plain, points_back
from rag.study.material import Section
from rag.study.titles import clean_title, topic_of
from tests.rag.study.lessons import material, one_page, pool, trees

ALONE = [
    ("Packets are forwarded by routers in the order of their arrival.", "en"),
    ("If the signal is weak, the receiver asks for the packet again.", "en"),
    ("La rétropropagation du gradient est une méthode qui met à jour les coefficients.", "fr"),
    ("Lorsqu’on utilise des arêtes, on parle de graphes non orientés.", "fr"),
    ("Un arbre est une structure dont les sommets, c’est-à-dire les nœuds, sont liés.", "fr"),
]
POINTING = [
    ("This method is used in most of the networks of today.", "en"),
    ("It was founded by a former director of the agency in Virginia.", "en"),
    ("The latter is faster than the former on most of the machines.", "en"),
    ("As shown in the figure below, the error falls with the rate.", "en"),
    ("We now prove that the algorithm ends after a few steps.", "en"),
    ("For example, the cat sleeps on the old mat of the kitchen.", "en"),
    ("Il permet de réduire la variance des modèles d’apprentissage.", "fr"),
    ("Cette méthode est utilisée dans la plupart des réseaux actuels.", "fr"),
    ("Nous allons montrer que l’algorithme se termine toujours bien.", "fr"),
    ("Au même moment, les Parisiens eurent un coup de cœur pour la chanson.", "fr"),
    ("Le tableau ci-dessous donne les valeurs de la fonction étudiée.", "fr"),
    ("La plus grave eut lieu en hiver et coûta la vie à des passagers.", "fr"),
]
NO_PROSE = [
    ("f is calibrated iff P(y = 1 | S = s) = s for all s in the interval.", "en"),
    ("Figure 3 – A tree of decisions with four leaves and a root.", "en"),
    ("Baran et al. described the network in a report of the agency.", "en"),
    ("Extension de la norme qui utilise la zone réservée aux caractères.", "fr"),
    ("Introduction à la cryptographie, histoire et notions de base", "fr"),
    ("Pour quelles valeurs du paramètre le système a-t-il une solution ?", "fr"),
    ("Écrire la négation de P et Q puis dresser la table de vérité.", "fr"),
]


@pytest.mark.parametrize(("text", "language"), ALONE)
def test_what_stands_alone_is_kept_as_it_is(text: str, language: Language) -> None:
    assert plain(text, language) == text


@pytest.mark.parametrize(("text", "language"), [*POINTING, *NO_PROSE])
def test_what_points_elsewhere_or_is_no_prose_is_left_out(text: str, language: Language) -> None:
    assert plain(text, language) == ""


@pytest.mark.parametrize(
    ("text", "language", "kept"),
    [
        ("However, routers drop packets when their queues are full.", "en",
         "Routers drop packets when their queues are full."),
        ("Par ailleurs, la norme définit aussi des plans de caractères.", "fr",
         "La norme définit aussi des plans de caractères."),
        ("Dropout – Dropout is a technique that prevents overfitting of the data.", "en",
         "Dropout is a technique that prevents overfitting of the data."),
        ("Cycle : un cycle est une chaîne dont les extrémités sont les mêmes.", "fr",
         "Un cycle est une chaîne dont les extrémités sont les mêmes."),
        ("Le taux d’apprentissage, souvent noté α ou parfois η, indique la vitesse du calcul.", "fr",
         "Le taux d’apprentissage indique la vitesse du calcul."),
        ("Telenet was sold to the company GTE [12] in the year 1979.", "en",
         "Telenet was sold to the company GTE in the year 1979."),
    ],
)  # fmt: skip
def test_labels_openings_and_marks_are_cut(text: str, language: Language, kept: str) -> None:
    assert plain(text, language) == kept


def test_a_definite_subject_named_just_before_points_back() -> None:
    before = "Merit is a network of three universities."
    assert points_back("The network was built in Michigan.", before, "History", "en")
    assert not points_back("The network was built in Michigan.", before, "Networks", "en")
    assert not points_back("The network of Merit was built in Michigan.", before, "History", "en")
    assert not points_back("The corolla has four petals.", before, "Poppies", "en")
    assert points_back("Les résultats sont très bons.", "", "Sommeil", "fr")


def test_the_topic_is_put_before_what_does_not_name_its_subject() -> None:
    page = material(one_page("Le coquelicot\nLa corolle est composée de quatre pétales rouges.", "fr"))
    sentence = page.sentences[-1]
    assert topic_of(sentence, sentence.text, frozenset()) == "Le coquelicot"
    assert topic_of(sentence, "La corolle du coquelicot est rouge.", frozenset()) == ""
    assert topic_of(sentence, "Papaver rhoeas est une plante.", frozenset({"Papaver"})) == ""


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("2.1 Le vocabulaire des arbres", "Le vocabulaire des arbres"),
        ("VIP Cheatsheet: Deep Learning", "Deep Learning"),
        ("Introduction", ""),
        ("Sigmoïde Tanh ReLU Leaky ReLU", ""),
        ("CS 229 – Machine Learning https://stanford.edu", ""),
        ("ISOTONIC REGRESSION", "Isotonic regression"),
    ],
)
def test_titles(title: str, clean: str) -> None:
    assert clean_title(title) == clean


def test_keypoints_are_the_section_s_best_first() -> None:
    made = pool(trees())
    section = made.material.sections[1]
    assert isinstance(section, Section)
    found = [sentence.text for sentence in keypoints(section, made)]
    assert set(found) <= {sentence.text for sentence in section.sentences}
    assert "La théorie des graphes est publiée en 1736 par Leonhard Euler." in found
    weights = [made.weight(statement) for text in found for statement in made.statements if statement.text == text]
    assert weights == sorted(weights, reverse=True)
