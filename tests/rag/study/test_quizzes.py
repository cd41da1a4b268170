"""A quiz in the hands of its author, and of those who practise it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.types import Document, Page, Upload
from rag.errors import RagError
from rag.library import Library
from rag.settings import Settings
from rag.study.quizzes import Quizzes
from rag.study.rows import Given, ItemStatistics, QuizRow
from rag.study.types import Item, QuizRequest, identified
from tests.rag.study.items import PAGES, choice, sentence, typed

ITEMS = (
    identified(choice()),
    identified(typed("cloze", "A _____ forwards packets to their next hop.", "router", n=1)),
    identified(typed("short", "Which machine turns bits into audible tones?", "modem", n=2)),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(Settings(home=tmp_path, models=tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def notebook_id(library: Library) -> int:
    """A notebook with the page that the items cite, as if a file with their hash had been read."""
    notebook = library.store.create_notebook("n")
    row = library.receive(notebook.id, Upload("a.pdf", b"%PDF-1.4")).document
    with library.database.writing() as connection:
        connection.exec_driver_sql("UPDATE documents SET sha256 = ?", ("ab" * 32,))
    assert library.queue.claim_document("test")
    page = Page(0, "i", PAGES["en"], tuple(range(len(PAGES["en"]))))
    library.queue.save_extraction(row.id, Document("ab" * 32, "a.pdf", (page,), "a", "en", (), "lines-1"), [])
    return notebook.id


@pytest.fixture
def quiz_id(library: Library, notebook_id: int) -> int:
    return library.quizzes.take(notebook_id, "q", ITEMS)


def quiz(library: Library, quiz_id: int) -> QuizRow:
    row = library.quizzes.row(quiz_id)
    assert row is not None
    return row


def ids(library: Library, quiz_id: int) -> list[int]:
    return [row.id for row in library.quizzes.items(quiz_id)]


def stems(library: Library, quiz_id: int) -> list[str]:
    return [row.item.stem for row in library.quizzes.items(quiz_id)]


def labels(library: Library, quiz_id: int) -> list[tuple[str, ...]]:
    return [row.item.labels for row in library.quizzes.items(quiz_id)]


def test_a_quiz_that_waits_holds_what_was_asked(library: Library, notebook_id: int) -> None:
    request = QuizRequest(7, ("choice", "matching"), "hard", "routing", (3, 4), ("Part 1",), "fr", 9)
    quiz_id = library.quizzes.create(notebook_id, "q", request)
    row = quiz(library, quiz_id)
    assert (row.request, row.state, row.final, row.version) == (request, "waiting", False, 1)
    assert library.quizzes.rows(notebook_id) == [row]
    library.quizzes.rename(quiz_id, "other")
    assert quiz(library, quiz_id).name == "other"
    library.quizzes.cancel(quiz_id)
    assert quiz(library, quiz_id).state == "cancelled"
    library.quizzes.resume(quiz_id)
    assert quiz(library, quiz_id).state == "waiting"
    library.quizzes.delete(quiz_id)
    assert library.quizzes.row(quiz_id) is None
    with pytest.raises(RagError, match="NOTEBOOK_UNKNOWN"):
        library.quizzes.create(99, "q", request)


def test_a_quiz_from_elsewhere_is_taken_whole(library: Library, notebook_id: int, quiz_id: int) -> None:
    assert [row.item for row in library.quizzes.items(quiz_id)] == list(ITEMS)
    assert (quiz(library, quiz_id).state, quiz(library, quiz_id).done) == ("done", 3)
    library.quizzes.resume(quiz_id)
    assert quiz(library, quiz_id).state == "done", "nothing is made for it"
    foreign = replace(ITEMS[0], source=replace(ITEMS[0].source, sha256="cd" * 32), id="")
    other = library.quizzes.take(notebook_id, "other", [foreign])
    assert labels(library, other) == [("needs_review",)], "no page here holds its quote"
    assert library.quizzes.items(other)[0].item.id == identified(foreign).id


def test_an_edit_is_labelled_by_what_the_checks_say(library: Library, quiz_id: int) -> None:
    first = library.quizzes.items(quiz_id)[0]
    library.quizzes.edit(first.id, replace(first.item, stem="Who described packet switching in the year 1964?"))
    assert labels(library, quiz_id)[0] == ("edited",)
    spoilt = replace(first.item, stem="According to the text, who described packet switching?", id="other")
    library.quizzes.edit(first.id, spoilt)
    edited = library.quizzes.items(quiz_id)[0].item
    assert (edited.labels, edited.id, edited.stem) == (("edited", "needs_review"), first.item.id, spoilt.stem)
    assert quiz(library, quiz_id).version == 3
    library.quizzes.edit(first.id, edited)
    assert quiz(library, quiz_id).version == 3, "nothing changed"
    library.quizzes.edit(first.id, first.item)
    assert labels(library, quiz_id)[0] == ("edited",)


def test_the_checks_see_the_page_and_the_other_items(library: Library, quiz_id: int) -> None:
    seen: list[tuple[str, int]] = []

    def check(item: Item, page_text: str, others: object) -> list[str]:
        seen.append((page_text, len(others)))  # type: ignore[arg-type]
        return []

    quizzes = Quizzes(library.database, check)
    quizzes.edit(ids(library, quiz_id)[0], replace(ITEMS[0], stem="Who?"))
    quizzes.add(quiz_id, ITEMS[1])
    assert seen == [(PAGES["en"], 2), (PAGES["en"], 3)]


def test_an_item_by_hand_comes_last_and_is_checked(library: Library, quiz_id: int) -> None:
    written = typed("short", "How many routes does a table keep?", "200", n=1)
    added = library.quizzes.add(quiz_id, written)
    twice = library.quizzes.add(quiz_id, replace(written, stem="How many routes does a table keep now?"))
    rows = library.quizzes.items(quiz_id)
    assert [row.id for row in rows[3:]] == [added, twice]
    assert [row.item.labels for row in rows[3:]] == [("by_hand",), ("by_hand", "needs_review")]
    assert rows[3].item.id == identified(written).id
    assert quiz(library, quiz_id).version == 3
    with pytest.raises(RagError, match="STUDY_GONE"):
        library.quizzes.add(99, written)


def test_what_is_removed_comes_back_where_it_was(library: Library, quiz_id: int) -> None:
    a, b, c = ids(library, quiz_id)
    library.quizzes.remove(b)
    library.quizzes.remove(b)
    assert ids(library, quiz_id) == [a, c]
    assert [row.position for row in library.quizzes.items(quiz_id)] == [0, 1]
    assert [row.id for row in library.quizzes.removed(quiz_id)] == [b]
    assert quiz(library, quiz_id).version == 2
    library.quizzes.restore(b)
    assert ids(library, quiz_id) == [a, b, c]
    assert library.quizzes.removed(quiz_id) == []
    assert quiz(library, quiz_id).version == 3


def test_items_move(library: Library, quiz_id: int) -> None:
    a, b, c = ids(library, quiz_id)
    for moved, to, order in ((c, 0, [c, a, b]), (c, 99, [a, b, c]), (a, 1, [b, a, c]), (a, -5, [a, b, c])):
        library.quizzes.move(moved, to)
        assert ids(library, quiz_id) == order
        assert [row.position for row in library.quizzes.items(quiz_id)] == [0, 1, 2]
    assert quiz(library, quiz_id).version == 5
    library.quizzes.move(a, 0)
    assert quiz(library, quiz_id).version == 5, "it was there"


def test_a_flag_changes_no_version(library: Library, quiz_id: int) -> None:
    first = ids(library, quiz_id)[0]
    library.quizzes.flag(first, True)
    library.quizzes.flag(first, True)
    assert labels(library, quiz_id)[0] == ("needs_review",)
    library.quizzes.flag(first, False)
    assert labels(library, quiz_id)[0] == ()
    assert quiz(library, quiz_id).version == 1


def test_an_edit_takes_back_the_wish_for_another_item(library: Library, quiz_id: int) -> None:
    first = library.quizzes.items(quiz_id)[0]
    library.quizzes.redo(first.id)
    assert library.quizzes.items(quiz_id)[0].state == "redo"
    library.quizzes.edit(first.id, replace(first.item, hint="An engineer."))
    assert library.quizzes.items(quiz_id)[0].state == "kept"


@pytest.mark.parametrize("change", ["edit", "remove", "restore", "move", "flag"])
def test_an_item_that_is_gone_says_so(library: Library, quiz_id: int, change: str) -> None:
    values = {"edit": (ITEMS[0],), "move": (0,), "flag": (True,)}
    with pytest.raises(RagError, match="STUDY_GONE"):
        getattr(library.quizzes, change)(999, *values.get(change, ()))


def test_items_stay_when_their_source_is_deleted(library: Library, notebook_id: int, quiz_id: int) -> None:
    before = library.quizzes.items(quiz_id)
    library.remove(library.store.documents(notebook_id)[0].id)
    assert library.quizzes.items(quiz_id) == before
    placed, source = library.place(before[0].item.source, notebook_id)
    assert (placed.located, source, placed.quote) == ("deleted", None, sentence(PAGES["en"], 0))


def test_progress_is_kept(library: Library, quiz_id: int) -> None:
    a, b, c = ids(library, quiz_id)
    assert library.attempts.open(quiz_id) is None
    attempt_id = library.attempts.begin(quiz_id, "one", "instant")
    assert library.attempts.answer(attempt_id, a, ["Paul Baran"])
    assert not library.attempts.answer(attempt_id, b, ["Rooster"], hinted=True)
    assert not library.attempts.answer(attempt_id, b, ["router"]), "the first answer counts"
    row = library.attempts.open(quiz_id)
    assert row is not None
    assert (row.id, row.mode, row.feedback, row.item_ids, row.quiz_version) == (
        attempt_id,
        "one",
        "instant",
        (a, b, c),
        1,
    )
    assert row.given == {a: Given(("Paul Baran",), True, False), b: Given(("Rooster",), False, True)}

    library.attempts.finish(attempt_id)
    assert library.attempts.open(quiz_id) is None
    finished = library.attempts.row(attempt_id)
    assert finished is not None
    assert finished.state == "done"
    assert finished.finished_at >= finished.started_at
    again = library.attempts.begin(quiz_id, "all", "final", [b, 999])
    assert [attempt.item_ids for attempt in library.attempts.all(quiz_id)] == [(a, b, c), (b,)]
    assert not library.attempts.answer(again, b, ["no"])
    assert library.attempts.answer(again, b, ["the router"]), "until the end an answer can be changed"
    library.attempts.finish(again)
    assert library.attempts.answer(again, b, ["no"]), "not after it"
    assert library.attempts.statistics(quiz_id) == {a: ItemStatistics(1, 1), b: ItemStatistics(2, 1)}


def test_a_new_version_starts_anew_and_old_answers_still_count(library: Library, quiz_id: int) -> None:
    a, b, _ = ids(library, quiz_id)
    old = library.attempts.begin(quiz_id, "one", "instant")
    library.attempts.answer(old, a, ["Paul Baran"])
    library.quizzes.move(b, 0)
    assert library.attempts.open(quiz_id) is None
    new = library.attempts.begin(quiz_id, "one", "instant")
    assert library.attempts.row(new) != library.attempts.row(old)
    opened = library.attempts.open(quiz_id)
    assert opened is not None
    assert (opened.id, opened.given, opened.quiz_version) == (new, {}, 2)
    assert library.attempts.statistics(quiz_id) == {a: ItemStatistics(1, 1)}


def test_an_attempt_outlives_the_program(library: Library, quiz_id: int) -> None:
    attempt_id = library.attempts.begin(quiz_id, "one", "instant")
    library.attempts.answer(attempt_id, ids(library, quiz_id)[0], ["Paul Baran"])
    before = library.attempts.open(quiz_id)
    again = Library.open(library.settings)
    assert again.attempts.open(quiz_id) == before
    again.close()


def test_what_is_gone_says_so(library: Library, quiz_id: int) -> None:
    attempt_id = library.attempts.begin(quiz_id, "one", "instant")
    with pytest.raises(RagError, match="STUDY_GONE"):
        library.attempts.answer(attempt_id, 999, ["a"])
    library.quizzes.delete(quiz_id)
    assert library.attempts.row(attempt_id) is None
    with pytest.raises(RagError, match="STUDY_GONE"):
        library.attempts.answer(attempt_id, 1, ["a"])
    with pytest.raises(RagError, match="STUDY_GONE"):
        library.attempts.begin(quiz_id, "one", "instant")
    assert library.database.findings() == []


def test_deleting_a_notebook_deletes_all_of_it(library: Library, notebook_id: int, quiz_id: int) -> None:
    library.attempts.begin(quiz_id, "one", "instant")
    library.cards.add_items(notebook_id, ITEMS)
    library.cards.review(library.cards.rows(notebook_id)[0].id, 3, 1e9)
    guide_id = library.guides.create(notebook_id, "faq", "document", (1,))
    library.delete_notebook(notebook_id)
    assert (library.quizzes.row(quiz_id), library.guides.row(guide_id)) == (None, None)
    assert library.cards.counts(notebook_id, 1e9).streak == 0
    assert library.database.findings() == []
