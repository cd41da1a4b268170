"""What is searched for a question that leans on the conversation, and that one which does not is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language import detect
from rag.dialogue.followup import completed
from rag.terms import content_words
from rag.types import Exchange

ELIZA = Exchange("Who described ELIZA?", "Joseph Weizenbaum")
ELIZA_FR = Exchange("Qui a décrit ELIZA ?", "Joseph Weizenbaum")
FRANCE = Exchange("What is the capital of France?", "Paris")
FRANCE_FR = Exchange("Quelle est la capitale de la France ?", "Paris")
ASCII = Exchange("How many bits does ASCII use?", "7")
ASCII_FR = Exchange("Combien de bits le code ASCII utilise-t-il ?", "7 bits")
ASCII_YEAR = Exchange("En quelle année la norme ASCII a-t-elle été publiée ?", "1963")
CACHE = Exchange("What is the role of the cache?", "It keeps what was read last near the processor.")
CACHE_FR = Exchange("Quel est le rôle du cache ?", "Il garde près du processeur ce qui a été lu.")
MOUSE = Exchange("À quoi sert la souris ?", "à pointer")
ENGLISH = Exchange("How is a loop written in Python?", "with for")
BORN = Exchange("Où est née Marie Curie ?", "à Varsovie")
PENICILLIN = Exchange("Qui a découvert la pénicilline ?", "Alexander Fleming")
LIVER = Exchange("Quel organe produit la bile ?", "le foie")
NETWORK = Exchange("When was the CYCLADES network designed?", "1971")
COUNTRY = Exchange("Quelle est la superficie de la Mongolie ?", "1 564 116 km²")
TURING = Exchange("Quand est né Alan Turing ?", "en 1912")
YESNO = Exchange("Does ASCII use 7 bits?", "7 bits")

CYCLADES = Exchange("Who designed the CYCLADES network?", "Louis Pouzin")
SWITCHING = Exchange("What is packet switching?", "Packet switching is a method of grouping data into packets.")
OVERFITTING = Exchange(
    "Qu'est-ce que le surapprentissage ?", "Le surapprentissage est le fait de trop coller aux données."
)
CONVOLUTION = Exchange("Quels sont les avantages des réseaux convolutifs ?", "ils partagent leurs poids")
WHY = Exchange("Pourquoi la norme ASCII utilise-t-elle 8 bits ?", "progrès des technologies")
DAVIES = Exchange("Who proposed packet switching at the NPL?", "Donald Davies")

SWITCHING_FR = Exchange("Qu'est-ce que la commutation de paquets ?", "")
STEAM = Exchange("Qui a inventé la machine à vapeur ?", "James Watt")
LEARNING = Exchange("Qu'est-ce que l'apprentissage par renforcement ?", "")

LEANING: list[tuple[tuple[Exchange, ...], str, str]] = [
    ((SWITCHING_FR,), "Qui l'a inventée ?", "Qui a inventé la commutation de paquets ?"),
    ((STEAM,), "Comment fonctionne-t-elle ?", "Comment fonctionne la machine à vapeur ?"),
    ((LEARNING,), "À quoi sert-il ?", "À quoi l'apprentissage par renforcement sert-il ?"),
    # A question word alone asks the last question with that word.
    ((ELIZA,), "And when?", "When was it that Joseph Weizenbaum described ELIZA?"),
    ((ELIZA,), "Why?", "Why was it that Joseph Weizenbaum described ELIZA?"),
    ((NETWORK,), "and where?", "Where was the CYCLADES network designed?"),
    ((NETWORK,), "By whom?", "By whom was the CYCLADES network designed?"),
    ((NETWORK,), "And who?", "By whom was the CYCLADES network designed?"),
    ((ASCII,), "Why?", "Why does ASCII use 7 bits?"),
    ((FRANCE,), "Since when?", "Since when is Paris the capital of France?"),
    ((YESNO,), "Why?", "Why does ASCII use 7 bits?"),
    ((ELIZA_FR,), "Et quand ?", "Quand est-ce que Joseph Weizenbaum a décrit ELIZA ?"),
    ((ELIZA_FR,), "Et pourquoi ?", "Pourquoi est-ce que Joseph Weizenbaum a décrit ELIZA ?"),
    ((BORN,), "Et quand ?", "Quand est née Marie Curie ?"),
    ((BORN,), "En quelle année ?", "En quelle année est née Marie Curie ?"),
    ((ASCII_FR,), "Pourquoi ?", "Pourquoi le code ASCII utilise-t-il 7 bits ?"),
    ((ASCII_YEAR,), "Et par qui ?", "Par qui la norme ASCII a-t-elle été publiée ?"),
    ((FRANCE_FR,), "Depuis quand ?", "Depuis quand est-ce que Paris est la capitale de la France ?"),
    ((BORN,), "and when?", "Quand est née Marie Curie ?"),
    # A part of a sentence takes the place of its like.
    ((FRANCE,), "And Germany?", "What is the capital of Germany?"),
    ((FRANCE,), "What about the population?", "What is the population of France?"),
    ((FRANCE,), "And of Italy?", "What is the capital of Italy?"),
    ((ELIZA,), "And PARRY?", "Who described PARRY?"),
    ((ENGLISH,), "And in French?", "How is a loop written in French?"),
    ((ELIZA,), "And in French?", "Who described ELIZA in French?"),
    ((ASCII,), "And UTF-8?", "How many bits does UTF-8 use?"),
    ((CACHE,), "And the registers?", "What is the role of the registers?"),
    ((NETWORK,), "How about ARPANET?", "When was the ARPANET network designed?"),
    ((FRANCE_FR,), "Et l'Allemagne ?", "Quelle est la capitale de l'Allemagne ?"),
    ((FRANCE_FR,), "Et le Japon ?", "Quelle est la capitale du Japon ?"),
    ((FRANCE_FR,), "Et celle du Japon ?", "Quelle est la capitale du Japon ?"),
    ((FRANCE_FR,), "Et pour l'Italie ?", "Quelle est la capitale de l'Italie ?"),
    ((FRANCE_FR,), "Et les langues ?", "Quels sont les langues de la France ?"),
    ((FRANCE_FR,), "Et la monnaie ?", "Quelle est la monnaie de la France ?"),
    ((FRANCE_FR,), "Qu'en est-il de la Suisse ?", "Quelle est la capitale de la Suisse ?"),
    ((MOUSE,), "Et le clavier ?", "À quoi sert le clavier ?"),
    ((CACHE_FR,), "Et les registres ?", "Quel est le rôle des registres ?"),
    ((ASCII_FR,), "Et UTF-8 ?", "Combien de bits le code UTF-8 utilise-t-il ?"),
    ((ELIZA_FR,), "Et en français ?", "Qui a décrit ELIZA en français ?"),
    ((TURING,), "Et Joseph Weizenbaum ?", "Quand est né Joseph Weizenbaum ?"),
    # Pronouns stand for the last answer, or for what was asked about.
    ((ELIZA,), "Where was he born?", "Where was Joseph Weizenbaum born?"),
    ((ELIZA,), "How does it work?", "How does ELIZA work?"),
    ((ELIZA,), "What is its purpose?", "What is ELIZA's purpose?"),
    ((FRANCE,), "And its population?", "What is Paris's population?"),
    ((NETWORK,), "What was it used for?", "What was the CYCLADES network used for?"),
    ((ELIZA, NETWORK), "When did he die?", "When did Joseph Weizenbaum die?"),
    ((CACHE,), "Where is it?", "Where is the cache?"),
    ((ELIZA,), "When was this program written?", "When was the program ELIZA written?"),
    ((FRANCE,), "Why is it important?", "Why is Paris important?"),
    ((ELIZA_FR,), "Où est-il né ?", "Où Joseph Weizenbaum est-il né ?"),
    ((COUNTRY,), "Quelle est sa capitale ?", "Quelle est la capitale de la Mongolie ?"),
    ((COUNTRY,), "Et sa capitale ?", "Quelle est la capitale de la Mongolie ?"),
    ((FRANCE_FR,), "Quelle est sa population ?", "Quelle est la population de Paris ?"),
    ((PENICILLIN,), "Quand a-t-elle été découverte ?", "Quand la pénicilline a-t-elle été découverte ?"),
    ((PENICILLIN,), "Qui l'a découverte ?", "Qui a découvert la pénicilline ?"),
    ((LIVER,), "Où est-il situé ?", "Où le foie est-il situé ?"),
    ((ASCII_YEAR,), "Comment fonctionne-t-elle ?", "Comment fonctionne la norme ASCII ?"),
    ((ELIZA_FR,), "Qu'a-t-il écrit ?", "Qu'a écrit Joseph Weizenbaum ?"),
    ((ELIZA_FR,), "Que fait-il ?", "Que fait Joseph Weizenbaum ?"),
    ((ELIZA_FR,), "Qui est-il ?", "Qui est Joseph Weizenbaum ?"),
    ((ELIZA_FR,), "Où l'a-t-il publié ?", "Où Joseph Weizenbaum a-t-il publié ELIZA ?"),
    ((MOUSE,), "Comment ça marche ?", "Comment la souris marche ?"),
    ((ASCII_YEAR,), "Qui en est l'auteur ?", "Qui est l'auteur de la norme ASCII ?"),
    ((ELIZA_FR,), "Quand ce programme a-t-il été écrit ?", "Quand le programme ELIZA a-t-il été écrit ?"),
    ((ELIZA_FR,), "Et lui ?", "Qui est Joseph Weizenbaum ?"),
    ((ELIZA_FR, TURING), "Et lui ?", "Quand est né Joseph Weizenbaum ?"),
    ((CYCLADES,), "Why did he design it?", "Why did Louis Pouzin design the CYCLADES network?"),
    ((CYCLADES,), "And what did he invent before?", "What did Louis Pouzin invent before?"),
    ((CYCLADES,), "Is this still used?", "Is the CYCLADES network still used?"),
    ((CYCLADES,), "And ARPANET?", "Who designed the ARPANET network?"),
    ((SWITCHING,), "Who invented it?", "Who invented packet switching?"),
    ((SWITCHING,), "And circuit switching?", "What is circuit switching?"),
    ((SWITCHING,), "What are the advantages?", "What are the advantages of packet switching?"),
    ((DAVIES,), "And Paul Baran?", "Who is Paul Baran?"),
    ((DAVIES,), "And in the United States?", "Who proposed packet switching in the United States?"),
    ((ASCII_YEAR,), "Combien de bits utilise-t-elle ?", "Combien de bits la norme ASCII utilise-t-elle ?"),
    ((WHY,), "Quelles sont ses limites ?", "Quelles sont les limites de la norme ASCII ?"),
    ((ASCII_YEAR,), "Et l'Unicode ?", "En quelle année la norme Unicode a-t-elle été publiée ?"),
    ((ASCII_YEAR,), "Qui l'a publiée ?", "Qui a publié la norme ASCII ?"),
    ((ASCII_YEAR,), "A-t-elle été remplacée ?", "La norme ASCII a-t-elle été remplacée ?"),
    ((ASCII_YEAR,), "Et son successeur ?", "Quel est le successeur de la norme ASCII ?"),
    ((OVERFITTING,), "Comment l'éviter ?", "Comment éviter le surapprentissage ?"),
    ((OVERFITTING,), "Quelles en sont les causes ?", "Quelles sont les causes du surapprentissage ?"),
    ((OVERFITTING,), "À quoi est-il dû ?", "À quoi le surapprentissage est-il dû ?"),
    ((CONVOLUTION,), "Et les inconvénients ?", "Quels sont les inconvénients des réseaux convolutifs ?"),
    ((CONVOLUTION,), "Et ceux des réseaux récurrents ?", "Quels sont les avantages des réseaux récurrents ?"),
    # Set phrases.
    ((ELIZA,), "Tell me more.", "Tell me more about ELIZA."),
    ((CACHE_FR,), "Par exemple ?", "Donne un exemple du cache."),
    ((ELIZA_FR,), "Peux-tu développer ?", "Donne plus de détails sur ELIZA."),
    ((Exchange("Combien de types de réseaux y a-t-il ?", "3"),), "Lesquels ?", "Quels types de réseaux y a-t-il ?"),
    ((FRANCE,), "Are you sure?", "What is the capital of France?"),
]

ALONE = [
    "Environ 5 ?",
    "What is the capital of Germany?",
    "When was ELIZA described, and by whom?",
    "Who wrote the first compiler and why is it important?",
    "How does a compiler optimise its code?",
    "When did Alan Turing publish his paper?",
    "Is it possible to train a network without labels?",
    "How long does it take to train a model?",
    "Why is it important to normalise vectors?",
    "What is the model that describes the cache?",
    "What does this document say about packets?",
    "ELIZA?",
    "Which language model does the course describe?",
    "And what is the capital of Spain?",
    "What happens when the memory is full?",
    "Does the author say that neural networks think?",
    "Quelle est la capitale de l'Allemagne ?",
    "En quelle année la norme ASCII a-t-elle été publiée ?",
    "Comment Alan Turing a-t-il publié son article ?",
    "Combien y a-t-il de bits dans un octet ?",
    "Que faut-il pour entraîner un réseau ?",
    "Qu'est-ce qu'un octet ?",
    "Le cache est-il rapide ?",
    "Est-il possible de compresser un texte sans perte ?",
    "Quel est le sujet de ce cours ?",
    "Et quelle est la capitale de l'Espagne ?",
    "À quoi sert la mémoire vive et où se trouve-t-elle ?",
    "Pourquoi les réseaux utilisent-ils des paquets ?",
    "Quels sont les avantages du cache et ses limites ?",
    "Qui a écrit l'article sur les réseaux de neurones ?",
    "De quoi s'agit-il quand on parle de surapprentissage ?",
    "Qu'est-ce que la mémoire cache et à quoi sert-elle ?",
    "Quelle différence y a-t-il entre TCP et UDP ?",
    "And when was the network designed?",
    "Est-ce un problème de mémoire ?",
    "Résume le cours",
    "Merci",
]
HISTORIES = [(), (ELIZA,), (ELIZA_FR,), (FRANCE_FR, ASCII), (CACHE, LIVER), (TURING, COUNTRY)]


@pytest.mark.parametrize(
    "history, question, searched", LEANING, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_follow_up_is_made_complete(history: tuple[Exchange, ...], question: str, searched: str) -> None:
    assert completed(question, detect(question), history) == searched


@pytest.mark.parametrize("question", ALONE)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert {completed(question, detect(question), history) for history in HISTORIES} == {question}


@pytest.mark.parametrize(
    "history, question, searched", LEANING, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_searched_needs_no_conversation(history: tuple[Exchange, ...], question: str, searched: str) -> None:
    assert completed(searched, detect(searched), history) == searched


def test_without_a_conversation_nothing_is_changed() -> None:
    assert {completed(question, detect(question), ()) == question for _, question, _ in LEANING} == {True}


QUESTIONS = st.sampled_from([*ALONE, *(question for _, question, _ in LEANING)])
EXCHANGES = st.lists(
    st.sampled_from([*{exchange for history, _, _ in LEANING for exchange in history}])
    | st.builds(Exchange, st.text(min_size=1, max_size=80), st.text(max_size=40)),
    max_size=4,
)
OWN = {"est", "quand", "more", "about", "example", "tell", "donne", "details", "exemple", "since"}


@given(QUESTIONS | st.text(max_size=120), EXCHANGES)
def test_only_words_of_the_conversation_are_added(question: str, history: list[Exchange]) -> None:
    searched = completed(question, detect(question), history)
    said = " ".join((question, *(f"{exchange.question} {exchange.answer}" for exchange in history)))
    known = {*content_words(said), *OWN}
    assert searched == question or searched.strip()
    # A participle loses the ending that agreed with the pronoun: "publiées", "publié".
    new = {word for word in content_words(searched) if not known & {word, f"{word}e", f"{word}s", f"{word}es"}}
    assert searched == question or not new


@given(QUESTIONS, EXCHANGES)
def test_completing_is_the_same_every_time(question: str, history: list[Exchange]) -> None:
    first = completed(question, detect(question), history)
    assert completed(question, detect(question), history) == first
