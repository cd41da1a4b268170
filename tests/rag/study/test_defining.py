"""Definitions, lists of terms and abbreviations, read from a statement."""

import pytest

from ingest.types import Language
from rag.study.defining import abbreviations, definition
from rag.study.keypoints import Statement
from tests.rag.study.lessons import material, one_page


def statement(text: str, language: Language, gloss: bool = False) -> Statement:
    return Statement(material(one_page(text, language)).sentences[0], text, "", gloss)


@pytest.mark.parametrize(
    ("text", "language", "term", "meaning"),
    [
        ("A virtual circuit is a path that all packets of a session follow.", "en",
         "virtual circuit", "a path that all packets of a session follow"),
        ("AppleTalk was a suite of protocols for the Macintosh.", "en",
         "AppleTalk", "a suite of protocols for the Macintosh"),
        ("Un octet est un nombre qu’on écrit en binaire sur huit bits.", "fr",
         "octet", "un nombre qu’on écrit en binaire sur huit bits"),
        ("On appelle chaîne toute suite de sommets que des arêtes relient.", "fr",
         "chaîne", "toute suite de sommets que des arêtes relient"),
        ("La complexité (en anglais complexity) désigne le temps du calcul d’un résultat.", "fr",
         "complexité", "le temps du calcul d’un résultat"),
    ],
)  # fmt: skip
def test_definitions(text: str, language: Language, term: str, meaning: str) -> None:
    found = definition(statement(text, language), frozenset({"AppleTalk"}))
    assert found is not None
    assert (found.term, found.meaning) == (term, meaning)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The reason is a lack of memory in the machine.", "en"),
        ("The main goal is the same result on all machines.", "en"),
        ("A red graph is a graph whose edges are all red.", "en"),
        ("Il est un acteur de la vie politique du pays.", "fr"),
        ("Le but est de trouver la plus grande valeur.", "fr"),
        ("Roughly contemporaneous with it was the founding of a party.", "en"),
    ],
)
def test_what_defines_nothing(text: str, language: Language) -> None:
    assert definition(statement(text, language), frozenset()) is None


def test_an_entry_of_a_list_of_terms_defines() -> None:
    found = definition(statement("Feuille : tout nœud n’ayant pas de successeur.", "fr", gloss=True), frozenset())
    assert found is not None
    assert (found.term, found.meaning, found.verb) == ("feuille", "tout nœud n’ayant pas de successeur", "")
    assert definition(statement("Exemple : un nœud sans aucun successeur.", "fr", gloss=True), frozenset()) is None


def test_other_spellings_are_kept() -> None:
    found = definition(
        statement("Le taux d’apprentissage (en anglais learning rate) est une vitesse de calcul.", "fr"), frozenset()
    )
    assert found is not None
    assert found.also == ("learning rate",)


def test_abbreviations_have_the_initials_of_their_words() -> None:
    made = statement("The Asynchronous Transfer Mode (ATM) of the old telephone network (see GTE) uses cells.", "en")
    assert [(found.short, found.long) for found in abbreviations(made)] == [("ATM", "Asynchronous Transfer Mode")]
    made = statement("Le DES (Data Encryption Standard) est un protocole de chiffrement.", "fr")
    assert [(found.short, found.long) for found in abbreviations(made)] == [("DES", "Data Encryption Standard")]
