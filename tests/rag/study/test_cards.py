"""Flashcards: added once, seen when FSRS says, by the days of the user's own clock."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fsrs import Card, Rating, Scheduler

from rag.errors import RagError
from rag.library import Library
from rag.settings import Settings
from rag.study import schedule
from rag.study.card_sides import item_card
from rag.study.rows import DueCounts
from rag.study.types import Option, Point, identified
from tests.rag.study.items import PAGES, choice, cite, sentence, typed, with_options

NOON = datetime(2026, 3, 10, 12).timestamp()
DAY = 86_400.0


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(Settings(home=tmp_path, models=tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def notebook_id(library: Library) -> int:
    return library.store.create_notebook("n").id


def by_hand(library: Library, notebook_id: int, *fronts: str) -> list[int]:
    """Cards that were due since yesterday."""
    ids = [library.cards.add(notebook_id, front, f"{front}!", "en") for front in fronts]
    with library.database.writing() as connection:
        connection.exec_driver_sql("UPDATE cards SET due = ?", (NOON - DAY,))
    return ids


def due(library: Library, notebook_id: int, now: float = NOON) -> list[str]:
    return [card.front for card in library.cards.due(notebook_id, now)]


def test_an_item_gives_one_card_however_often_it_is_added(library: Library, notebook_id: int) -> None:
    items = [identified(choice("fr")), identified(typed("cloze", "_____ a décrit cela.", "Paul Baran", "fr"))]
    assert library.cards.add_items(notebook_id, [*items, items[0]]) == 2
    assert library.cards.add_items(notebook_id, items) == 0

    first, second = library.cards.rows(notebook_id)
    assert (first.origin, first.language, first.reviews, first.suspended) == ("quiz", "fr", 0, False)
    assert first.source == items[0].source
    assert (second.front, second.back) == ("_____ a décrit cela.", "Paul Baran")
    assert library.cards.row(first.id) == first


def test_a_card_asks_what_its_item_asks() -> None:
    shown = item_card(with_options(choice(), ("Paul Baran", True), ("Vinton Cerf", False)))
    assert shown.front.split("\n")[1:] == ["– Paul Baran", "– Vinton Cerf"]
    assert shown.back == "Paul Baran"
    pairs = with_options(choice())
    options = (Option("modem", True, match="sounds"), Option("router", True, match="packets"))
    matching = item_card(type(pairs)("matching", "Match.", options, "", pairs.source, "en", explanation="So it is."))
    assert matching.front == "Match.\n– modem\n– router"
    assert matching.back == "modem — sounds\nrouter — packets\n\nSo it is."


def test_definitions_give_cards_in_the_language_of_their_source(library: Library, notebook_id: int) -> None:
    point = Point(sentence(PAGES["en"], 1), (cite(PAGES["en"], sentence(PAGES["en"], 1)),), note="router")
    again = Point(point.text, point.citations, note="Router")
    assert library.cards.add_definitions(notebook_id, [point, again, Point("nothing")]) == 1
    [card] = library.cards.rows(notebook_id)
    assert (card.front, card.back, card.origin, card.language) == ("router", point.text, "definition", "en")
    assert card.source == point.citations[0]


def test_a_card_by_hand_is_found_again(library: Library, notebook_id: int) -> None:
    first = library.cards.add(notebook_id, "Qui ?", "Baran", "fr")
    assert library.cards.add(notebook_id, "Qui ?", "Baran", "fr") == first
    assert library.cards.add(notebook_id, "Qui ?", "Davies", "fr") != first
    with pytest.raises(RagError, match="NOTEBOOK_UNKNOWN"):
        library.cards.add(99, "a", "b", "en")


def test_days_are_those_of_fsrs(library: Library, notebook_id: int) -> None:
    [card_id] = by_hand(library, notebook_id, "a")
    scheduler, card, now = Scheduler(enable_fuzzing=False), Card(card_id=0), NOON
    for rating in (3, 3, 4, 1, 3, 2):
        card, _ = scheduler.review_card(card, Rating(rating), datetime.fromtimestamp(now, UTC))
        promised = library.cards.preview(card_id, now)[rating]  # type: ignore[index]
        row = library.cards.review(card_id, rating, now)  # type: ignore[arg-type]
        assert row.due == card.due.timestamp() == promised
        now = row.due
    assert library.cards.rows(notebook_id)[0].reviews == 6
    previewed = library.cards.preview(card_id, now)
    assert list(previewed) == [1, 2, 3, 4]
    assert previewed[1] < previewed[2] <= previewed[3] < previewed[4]


def test_due_today_ends_at_midnight_of_the_own_clock(library: Library, notebook_id: int) -> None:
    a, b, c = by_hand(library, notebook_id, "a", "b", "c")
    midnight = (datetime(2026, 3, 10) + timedelta(days=1)).timestamp()
    with library.database.writing() as connection:
        connection.exec_driver_sql("UPDATE cards SET due = ?, reviews = 1 WHERE id = ?", (midnight - 1, a))
        connection.exec_driver_sql("UPDATE cards SET due = ?, reviews = 1 WHERE id = ?", (midnight, b))
    assert due(library, notebook_id) == ["c", "a"], "its time has not come yet"
    library.cards.suspend(c, True)
    assert due(library, notebook_id) == ["a"]
    library.cards.suspend(c, False)
    assert due(library, notebook_id, midnight) == ["a", "b", "c"]


def test_a_failed_card_comes_again_after_the_others(library: Library, notebook_id: int) -> None:
    a, b = by_hand(library, notebook_id, "a", "b")
    library.cards.review(a, 1, NOON)
    library.cards.review(b, 4, NOON)
    assert due(library, notebook_id) == ["a"]


def test_counts_and_streak(library: Library, notebook_id: int) -> None:
    a, b, _ = by_hand(library, notebook_id, "a", "b", "c")
    assert library.cards.counts(notebook_id, NOON) == DueCounts(3, 3, 3, 0, 0)
    for days in (6, 3, 2, 1):
        library.cards.review(a, 4, NOON - days * DAY)
    assert library.cards.counts(notebook_id, NOON).streak == 3, "yesterday still counts"
    library.cards.review(b, 4, NOON)
    library.cards.review(b, 4, NOON)
    counts = library.cards.counts(notebook_id, NOON)
    assert (counts.new, counts.total, counts.reviewed_today, counts.streak) == (1, 3, 2, 4)
    assert library.cards.counts(notebook_id, NOON + 2 * DAY).streak == 0
    library.cards.delete(a)
    assert library.cards.counts(notebook_id, NOON).streak == 4, "a day stays when its card goes"
    assert library.database.findings() == []


def test_editing_keeps_the_schedule(library: Library, notebook_id: int) -> None:
    [card_id] = by_hand(library, notebook_id, "a")
    before = library.cards.review(card_id, 4, NOON)
    library.cards.edit(card_id, "new front", "new back")
    after = library.cards.row(card_id)
    assert after is not None
    assert (after.front, after.back, after.due, after.reviews) == ("new front", "new back", before.due, 1)


def test_a_card_that_is_gone_says_so(library: Library, notebook_id: int) -> None:
    [card_id] = by_hand(library, notebook_id, "a")
    library.cards.delete(card_id)
    assert library.cards.row(card_id) is None
    with pytest.raises(RagError, match="STUDY_GONE"):
        library.cards.review(card_id, 3, NOON)
    with pytest.raises(RagError, match="STUDY_GONE"):
        library.cards.preview(card_id, NOON)


def test_a_schedule_comes_back_as_it_was_and_another_is_refused() -> None:
    state, _ = schedule.reviewed(schedule.first(NOON), 4, NOON)
    assert schedule.checked(state) == state
    assert schedule.due_at(schedule.first(NOON)) == NOON
    hostile = ["", "[]", "{}", '{"v": 2, "fsrs": {}}', json.dumps({"v": 1, "fsrs": {"card_id": 1}})]
    spoilt = json.loads(state)
    for name, value in {"state": 9, "stability": "a", "due": "soon", "stability ": 1, "difficulty": None}.items():
        if name in spoilt["fsrs"]:
            hostile.append(json.dumps({"v": 1, "fsrs": {**spoilt["fsrs"], name: value}}))
    for text in hostile:
        with pytest.raises(ValueError, match="a schedule is malformed"):
            schedule.checked(text)


def test_reviews_are_quick_with_many_cards(library: Library, notebook_id: int) -> None:
    points = [Point(f"Word{n} is a word.", (), note=f"word{n}") for n in range(500)]
    assert library.cards.add_definitions(notebook_id, points) == 500
    began = time.perf_counter()
    assert len(library.cards.due(notebook_id, time.time())) == 500
    assert library.cards.counts(notebook_id, time.time()).due == 500
    assert time.perf_counter() - began < 2
