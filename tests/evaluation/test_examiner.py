"""Items answered from a notebook of two passages, by a reader whose readings are written down."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from evaluation.examiner import Examiner, statement
from rag.study.types import Item, Option
from rag.types import Passage, Reading, Span
from tests.rag.examples import passage
from tests.rag.study.items import PAGES, choice, typed, with_options

HALL = "Donald Davies gave packet switching its name in London."


class Reader:
    """Finds its words in every passage that holds them, as surely as it is told to."""

    def __init__(self, **odds: float) -> None:
        self.odds = {name.replace("_", " "): value for name, value in odds.items()}
        self.asked: list[str] = []

    def __call__(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.asked.append(question)
        return [Reading(0.0, tuple(self._spans(p.text))) for p in passages]

    def _spans(self, text: str) -> list[Span]:
        found = [(text.find(words), words, odds) for words, odds in self.odds.items()]
        return [Span(at, at + len(words), odds) for at, words, odds in found if at >= 0]


def examiner(reader: Reader | None = None, *more: str) -> Examiner:
    passages = [passage(1, PAGES["en"]), *(passage(n, text) for n, text in enumerate(more, start=2))]
    return Examiner(lambda text: passages, reader)


def test_the_option_that_the_reader_finds_is_picked() -> None:
    item = with_options(
        choice(), ("Paul Baran", True), ("Donald Davies", False), ("Vinton Cerf", False), ("Ada", False)
    )
    found = examiner(Reader(Paul_Baran=2.0, Donald_Davies=1.0), HALL).examine(item)
    assert (found.picked, found.right) == ("Paul Baran", True)
    wrong = examiner(Reader(Paul_Baran=1.0, Donald_Davies=2.0), HALL).examine(item)
    assert (wrong.picked, wrong.right) == ("Donald Davies", False)


def test_without_a_reader_the_option_whose_words_stand_together_is_picked() -> None:
    found = examiner().examine(choice())
    assert (found.picked, found.right) == ("Paul Baran", True)


def test_a_gap_is_asked_for_and_typed_answers_are_compared_by_their_words() -> None:
    item = typed("cloze", "The _____ turns bits into sounds.", "modem", n=2)
    reader = Reader(The_modem=1.0)
    assert examiner(reader).examine(item).right
    assert reader.asked == ["Which words are missing in “The _____ turns bits into sounds.”?"]
    assert not examiner(Reader(router=1.0)).examine(item).right
    assert not examiner(Reader(absent=1.0)).examine(item).right


@pytest.mark.parametrize(
    ("stem", "answer", "right"),
    [
        ("The modem turns bits into sounds.", "True", True),
        ("The modem turns bits into sounds.", "False", False),
        ("The router turns bits into smells.", "False", True),
        ("True or false? The modem turns bits into sounds.", "True", True),
        ("True or false? The modem turns bits into smells.", "False", True),
    ],
)
def test_a_statement_is_true_when_a_sentence_supports_it(stem: str, answer: str, right: bool) -> None:
    options = (Option("True", answer == "True"), Option("False", answer == "False"))
    item = replace(choice(), type="true_false", stem=stem, options=options, answer=answer)
    assert examiner().examine(item).right is right


def test_pairs_are_matched_all_together() -> None:
    pairs = (("router", "forwards packets"), ("modem", "turns bits into sounds"), ("Paul Baran", "RAND Corporation"))
    options = tuple(Option(text, True, "", match) for match, text in pairs)
    item = replace(choice(), type="matching", stem="Match.", options=options, answer="–")
    texts = (
        "A router forwards packets.",
        "The modem turns bits into sounds.",
        "Paul Baran was at the RAND Corporation.",
    )
    notes = [passage(n, text) for n, text in enumerate(texts, start=1)]
    assert Examiner(lambda text: notes, None).examine(item).right
    swapped = (replace(options[0], match="modem"), replace(options[1], match="router"), options[2])
    assert not Examiner(lambda text: notes, None).examine(replace(item, options=swapped)).right


def test_a_wrong_option_that_a_sentence_of_the_notebook_supports_is_told() -> None:
    item = typed("cloze", "A _____ forwards packets.", "router", n=1)
    gapped = replace(item, type="choice", accepted=())
    gapped = with_options(gapped, ("router", True), ("switch", False), ("modem", False), ("cable", False))
    assert examiner().examine(gapped).true == ()
    assert examiner(None, "In a hall, a switch forwards packets.").examine(gapped).true == ("switch",)


def test_an_option_is_put_in_the_gap_or_the_quote_or_after_the_question() -> None:
    item: Item = choice()
    assert statement(item, "Ada").startswith("Ada described packet switching in 1964")
    assert statement(replace(item, stem="_____ described it."), "Ada") == "Ada described it."
    assert statement(replace(item, answer="nobody"), "Ada") == (
        "Who described packet switching at the RAND Corporation Ada"
    )


def test_statements_are_weighed_one_by_one() -> None:
    item = replace(choice(), type="several", stem="Which of these statements about packets are correct?")
    item = with_options(
        item,
        ("A router forwards packets and keeps a table of 200 routes.", True),
        ("A router forwards packets and keeps a table of 300 routes.", False),
        ("The modem turns bits into sounds.", True),
        ("The modem turns sounds into smells.", False),
    )
    assert examiner().examine(item).right
    assert examiner().examine(item).true == ()
    spoilt = with_options(item, *((option.text, not option.correct) for option in item.options))
    assert not examiner().examine(spoilt).right
    assert len(examiner().examine(spoilt).true) == 2


def test_words_that_stand_apart_in_a_sentence_do_not_make_an_option_true() -> None:
    item = replace(typed("cloze", "A system has no solution or an _____.", "infinity"), type="choice", accepted=())
    item = with_options(item, ("infinity", True), ("solution of the system", False), ("axis", False), ("root", False))
    note = "A system has no solution or an infinity."
    assert examiner(None, note).examine(item).true == ()
