"""A quiz is spread over sources and sections, uses a passage once, and is the same for the same input."""

import random

import pytest

from rag.study.arrange import arranged, key_place
from rag.study.material import Material, Section, Sentence
from rag.study.plan import TRIES, Plan
from rag.study.types import Item
from tests.rag.study.course import draft, material
from tests.rag.study.items import choice


def found(source: Material) -> list[tuple[Section, list[Sentence]]]:
    return [(section, list(section.sentences[1:])) for section in source.sections]


def taken(plan: Plan, count: int) -> list[Sentence]:
    passages = []
    for _ in range(count):
        if (passage := plan.take()) is not None:
            passages.append(passage)
            plan.served()
    return passages


def drafted(sentence: Sentence) -> Item:
    item = draft(sentence, "choice", None, "en", "easy", random.Random(1))  # type: ignore[arg-type]
    assert item is not None
    return item


@pytest.mark.parametrize("count", [5, 8, 12, 24])
def test_a_quiz_draws_on_every_section_it_has_items_for(count: int) -> None:
    passages = taken(Plan.of(found(material(pages=4)), seed=1), count)
    assert len(passages) == count
    assert len({(p.document.id, p.section) for p in passages}) == min(count, 8)


def test_any_first_part_is_spread_over_the_sources_and_from_end_to_end() -> None:
    passages = taken(Plan.of(found(material(pages=8, sources=2)), seed=1), 4)
    assert [p.document.id for p in passages[:2]] == [1, 2]
    for number in (1, 2):
        pages = [p.page_index for p in passages if p.document.id == number]
        assert max(pages) - min(pages) >= 4


def test_a_long_section_does_not_take_the_whole_quiz() -> None:
    sections = found(material(pages=8, sources=1))
    long = (sections[0][0], [p for _, passages in found(material(pages=8, sources=1)) for p in passages])
    plan = Plan.of([long, *sections[1:]], seed=1)
    first = [plan.take() for _ in range(16) if not plan.served()]
    assert sum(p is not None and p in sections[0][1] for p in first) <= 6


def test_every_passage_is_given_once() -> None:
    plan = Plan.of(found(material(pages=3)), seed=1)
    passages = taken(plan, 100)
    assert len(passages) == len({(p.document.id, p.page_index, p.start) for p in passages}) == 18
    assert (plan.passages, plan.take()) == (0, None)


def test_the_same_input_gives_the_same_plan_and_another_seed_another() -> None:
    plans = [taken(Plan.of(found(material(pages=6)), seed), 12) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]


def test_passages_of_kept_items_are_not_given_again_and_their_sections_count_as_served() -> None:
    sections = found(material(pages=4))
    kept = [drafted(p) for p in taken(Plan.of(sections, 1), 3)]
    plan = Plan.of(sections, 1, kept)
    used = {(item.source.sha256, item.source.start, item.source.page_index) for item in kept}
    assert plan.passages == 24 - 3
    rest = taken(plan, 5)
    assert not {(p.section) for p in rest} & {item.section for item in kept}
    assert not used & {(p.document.sha256, p.start, p.page_index) for p in taken(plan, 100)}


def test_a_section_that_gives_nothing_lets_the_others_go_first() -> None:
    plan = Plan.of(found(material(pages=2, sources=1)), seed=1)
    first = [plan.take() for _ in range(TRIES)]
    assert {p.section for p in first if p} == {"Bile", "Bread"}


def test_keys_take_each_place_equally_often_and_options_keep_the_order_of_their_content() -> None:
    made: list[Item] = []
    for number in range(402):
        made.append(arranged(choice(right=f"Name {number}"), made))
    places = [key_place(item) for item in made]
    assert all(abs(places.count(place) - 402 / 4) <= 1 for place in range(4))
    assert arranged(made[7], made[:7]) == made[7]
    assert len({item.id for item in made}) == 402


def test_the_places_of_many_quizzes_follow_no_pattern() -> None:
    first = [key_place(arranged(choice(right=f"Name {number}"), [])) for number in range(400)]
    assert all(80 <= first.count(place) <= 120 for place in range(4))
