"""A right item is spoilt in one way at a time; no function of the gate is called."""

from dataclasses import replace

import pytest

from evaluation.item_checks import Letters, asks_the_same, by_letters, is_located
from ingest.types import Language, Page
from tests.rag.study.items import PAGES, choice, typed, with_options


def page(language: Language = "en") -> Page:
    return Page(0, "i", PAGES[language])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_choice_whose_key_is_first_and_not_the_longest(language: Language) -> None:
    assert by_letters(choice(language), page(language), []) == Letters(1, False, True, False)


def test_the_place_of_the_key_is_counted_from_one() -> None:
    item = with_options(
        choice(), ("Leonard Klein", False), ("Donald Davies", False), ("Paul Baran", True), ("Vint", False)
    )
    assert by_letters(item, page(), []).position == 3


def test_a_key_as_long_as_a_wrong_option_is_not_the_longest() -> None:
    assert not by_letters(choice(right="Leonard Kleinn"[:13]), page(), []).longest
    assert by_letters(choice(right="Leonard Kleinrock"), page(), []).longest


def test_a_typed_item_has_no_place_of_its_key() -> None:
    found = by_letters(typed("cloze", "The _____ turns bits into sounds.", "modem"), page(), [])
    assert (found.position, found.longest) == (None, None)


def test_a_quote_is_located_by_its_letters_where_it_says() -> None:
    item = choice()
    assert is_located(item, page())
    assert not is_located(item, None)
    moved = replace(page(), text="Nothing of this.")
    assert not is_located(item, moved)
    empty = replace(item, source=replace(item.source, quote="?!"))
    assert not is_located(empty, page())


def test_a_quote_elsewhere_on_the_page_is_found_again() -> None:
    item = choice()
    assert is_located(item, replace(page(), text=f"A line before. {PAGES['en']}"))


def test_items_that_share_nearly_all_words_repeat_each_other() -> None:
    item = choice()
    reworded = replace(item, stem="At the RAND Corporation, who described packet switching?")
    other = typed("short", "What turns bits into sounds?", "modem", n=2)
    assert asks_the_same(item, reworded)
    assert not asks_the_same(item, other)
    assert by_letters(reworded, page(), [item]).repeated
    assert not by_letters(item, page(), []).repeated
