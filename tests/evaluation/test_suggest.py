"""Suggested questions have an answer that is known because the sentence that gives it was read."""

import pytest

from evaluation.suggest import GAP, Readable, suggest
from ingest.types import Language, Page

NAMED = "The first program of its kind was described by {} in a journal of that time"
DATED = "The network was demonstrated for the first time in {} in a room full of engineers"
NOMME = "Le réseau de recherche français a été conçu puis dirigé par {} pendant dix ans"
COMPTE = "La norme réserve exactement {} caractères pour les signes que tous emploient"
ENGLISH = (
    "Packet switching is a method of grouping data into short messages, which are sent on their own. "
    f"{NAMED.format('Joseph Weizenbaum')}. {DATED.format('1973')}."
)
FRENCH = (
    "Le codage de caractères est une convention entre des octets et des signes, qui permet les échanges. "
    f"{NOMME.format('Louis Pouzin')}. {COMPTE.format('128')}."
)
FOLLOWS = "It is the most important of these methods, because all of them were built on the same idea."


def source(name: str, *texts: str, language: Language = "en") -> Readable:
    return Readable(name, language, [Page(n, str(n + 1), text) for n, text in enumerate(texts)])


def asked(*sources: Readable, count: int = 50) -> list[tuple[str, str, int, str, str]]:
    return [(q.question, q.expected[0], q.page, q.document, q.kind) for q in suggest(sources, count)]


def test_english_sentences_give_definitions_and_gaps() -> None:
    assert asked(source("a.pdf", "Nothing here.", ENGLISH)) == [
        ("What is packet switching?", "a method of grouping data into short messages", 2, "a.pdf", "definition"),
        (f"Which name is missing in “{NAMED.format(GAP)}”?", "Joseph Weizenbaum", 2, "a.pdf", "cloze"),
        (f"Which year is missing in “{DATED.format(GAP)}”?", "1973", 2, "a.pdf", "cloze"),
    ]


def test_french_sentences_give_definitions_and_gaps() -> None:
    found = asked(source("b.pdf", FRENCH, language="fr"))
    assert [(question, answer) for question, answer, *_ in found] == [
        ("Qu’est-ce que le codage de caractères\u00a0?", "une convention entre des octets et des signes"),
        (f"Quel nom manque dans «\u00a0{NOMME.format(GAP)}\u00a0»\u00a0?", "Louis Pouzin"),
        (f"Quel nombre manque dans «\u00a0{COMPTE.format(GAP)}\u00a0»\u00a0?", "128"),
    ]
    assert {question.language for question in suggest([source("b.pdf", FRENCH, language="fr")], 9)} == {"fr"}


def test_the_answer_stands_on_the_page_named_and_not_in_the_question() -> None:
    sources = [source("a.pdf", ENGLISH, FOLLOWS), source("b.pdf", "Court.", FRENCH, language="fr")]
    texts = {(one.name, page.index + 1): page.text for one in sources for page in one.pages}
    for question in suggest(sources, 50):
        assert question.expected[0] in texts[question.document, question.page]
        assert question.expected[0] not in question.question
        if question.kind == "cloze":
            gapped = question.question.split("“" if question.language == "en" else "«\u00a0")[1]
            whole = gapped.replace(GAP, question.expected[0]).rstrip("?\u00a0»”")
            assert whole in texts[question.document, question.page]


def test_a_sentence_that_stands_twice_names_no_page_and_is_left_out() -> None:
    assert asked(source("a.pdf", ENGLISH, ENGLISH)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        FOLLOWS,
        "x = 12 + y is the formula that Joseph Weizenbaum gave in the year 1966 for it.",
        "He called it a more accessible name than Baran, and Baran said that he agreed with it.",
        "Short are the words of Alan Turing.",
        "And the words of Alan Turing do not end with a stop in this line of text",
        "See www.example.org for what Joseph Weizenbaum wrote about programs in the old days.",
    ],
)
def test_what_asks_for_more_than_its_sentence_is_left_out(sentence: str) -> None:
    assert asked(source("a.pdf", sentence)) == []


def test_a_part_of_a_longer_name_is_no_gap() -> None:
    questions = [
        q
        for q, *_ in asked(
            source("a.pdf", "Standards of that kind are published by the Unicode Consortium of California in Berlin.")
        )
    ]
    assert all("Unicode (…)" not in question and "(…) Consortium" not in question for question in questions)


def test_few_questions_are_spread_over_sources_and_pages_and_stay_the_same() -> None:
    other = FRENCH.replace("128", "256").replace("Louis Pouzin", "Hubert Zimmermann").replace("codage", "décodage")
    sources = [source("a.pdf", ENGLISH), source("b.pdf", FRENCH, other, language="fr")]
    few = suggest(sources, 4)

    assert len({(question.document, question.page) for question in few}) == 3
    assert few == suggest(sources, 4)
    # Two gaps with the same words around them and different answers are no questions.
    assert len(suggest(sources, 99)) == 5


def test_nothing_readable_suggests_nothing() -> None:
    assert suggest([], 10) == []
    assert suggest([source("a.pdf", "")], 10) == []
