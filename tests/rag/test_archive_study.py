"""Quizzes, attempts, cards, reviews and guides leave with their notebook and come back whole."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ingest.types import Upload
from rag.errors import RagError
from rag.jobs import Workers
from rag.library import Library
from rag.study.types import QuizRequest
from tests.rag.fakes import FakeServices, pdf
from tests.rag.test_archive import changed

NOW = 1.7e9


@pytest.fixture
def notebook_id(library: Library, work: Callable[[], Workers]) -> int:
    """A notebook with a quiz that was edited and practised, cards that were seen, and guides."""
    notebook = library.store.create_notebook("Cours")
    # So that no id is the same after the import.
    library.store.remove_document(library.receive(notebook.id, Upload("gone.pdf", pdf("x"))).document.id)
    lines = [f"Fact{n} is known." for n in range(8)]
    workers = work()
    library.wait_document(library.receive(notebook.id, Upload("a.pdf", pdf(*lines, "This is bad."))).document.id)
    quiz_id = library.make_quiz(notebook.id, QuizRequest(count=9), "Quiz é")
    guide_id = library.make_guide(notebook.id, "timeline", "fr")
    library.wait_quiz(quiz_id)
    library.wait_guide(guide_id)
    workers.close()
    first, second, third, *_ = library.quizzes.items(quiz_id)
    library.quizzes.remove(first.id)
    library.quizzes.edit(second.id, replace(second.item, stem="Edited?"))
    attempt_id = library.attempts.begin(quiz_id, "one", "instant")
    library.attempts.answer(attempt_id, second.id, [second.item.answer], hinted=True)
    library.attempts.answer(attempt_id, third.id, ["no"])
    library.attempts.finish(attempt_id)
    library.attempts.begin(quiz_id, "all", "final", [third.id])
    library.cards.add_items(notebook.id, [second.item, third.item])
    by_hand = library.cards.add(notebook.id, "Qui ?", "Baran", "fr")
    seen, gone, _ = library.cards.rows(notebook.id)
    library.cards.review(seen.id, 3, NOW)
    library.cards.review(seen.id, 1, NOW + 600)
    library.cards.review(gone.id, 4, NOW - 90_000)
    library.cards.delete(gone.id)
    library.cards.suspend(by_hand, True)
    library.make_guide(notebook.id, "faq")
    return notebook.id


def plain(row: Any, **values: Any) -> Any:
    """A row without the ids that differ between two notebooks."""
    names = {"id": 0, "notebook_id": 0, "quiz_id": 0, "document_ids": ()}
    return replace(row, **{name: v for name, v in names.items() if name in row.__dataclass_fields__}, **values)


def content(library: Library, notebook_id: int) -> list[Any]:
    """All that is kept to learn with, without its ids."""
    found: list[Any] = []
    for row in library.quizzes.rows(notebook_id):
        rows = [*library.quizzes.items(row.id), *library.quizzes.removed(row.id)]
        places = {item.id: n for n, item in enumerate(rows)}
        found += [plain(row, request=replace(row.request, document_ids=())), [plain(item) for item in rows]]
        for attempt in library.attempts.all(row.id):
            given = {places[i]: one for i, one in attempt.given.items()}
            found.append(plain(attempt, given=given, item_ids=tuple(places[i] for i in attempt.item_ids)))
        found.append({places[i]: one for i, one in library.attempts.statistics(row.id).items()})
    found += [plain(card) for card in library.cards.rows(notebook_id)]
    found += [library.cards.preview(card.id, NOW + 9e4) for card in library.cards.rows(notebook_id)]
    found.append(library.cards.counts(notebook_id, NOW))
    return [*found, *(plain(guide) for guide in library.guides.rows(notebook_id))]


def test_all_of_it_comes_back(library: Library, notebook_id: int) -> None:
    waiting = library.guides.rows(notebook_id)[1]
    library.guides.cancel(waiting.id)
    before = content(library, notebook_id)
    copy = library.import_notebook(library.export_notebook(notebook_id))

    assert content(library, copy.id) == before
    [source] = library.store.documents(copy.id)
    [quiz] = library.quizzes.rows(copy.id)
    assert quiz.request.document_ids == (source.id,)
    assert [guide.document_ids for guide in library.guides.rows(copy.id)] == [(source.id,)] * 2
    assert library.attempts.open(quiz.id) is not None
    assert len(before) == 1 + 1 + 2 + 1 + 2 + 2 + 1 + 2


def test_it_comes_back_from_another_home_and_goes_on(
    library: Library, notebook_id: int, work: Callable[[], Workers]
) -> None:
    packed = library.export_notebook(notebook_id)
    library.delete_notebook(notebook_id)
    copy = library.import_notebook(packed)
    work()
    [row] = library.store.documents(copy.id)
    library.wait_document(row.id)
    [quiz] = library.quizzes.rows(copy.id)
    item = library.quizzes.items(quiz.id)[0].item
    assert library.place(item.source, copy.id)[0].located == "located"
    library.quizzes.redo(library.quizzes.items(quiz.id)[0].id)
    limit = time.monotonic() + 10
    while not library.quizzes.row(quiz.id).code:  # type: ignore[union-attr]
        assert time.monotonic() < limit
        time.sleep(0.01)
    assert library.quizzes.row(quiz.id).code == "QUIZ_REDO"  # type: ignore[union-attr]


def test_what_was_being_made_arrives_cancelled(library: Library, notebook_id: int) -> None:
    quiz_id = library.make_quiz(notebook_id, QuizRequest(count=5))
    library.quizzes.redo(library.quizzes.items(library.quizzes.rows(notebook_id)[0].id)[0].id)
    assert library.study.claim("someone") is not None, "the redo"
    assert library.study.claim("someone") is not None, "the guide"
    assert library.study.claim("someone") is not None, "the quiz"
    copy = library.import_notebook(library.export_notebook(notebook_id))
    first, second = library.quizzes.rows(copy.id)
    assert (first.state, second.state) == ("done", "cancelled")
    assert {item.state for item in library.quizzes.items(first.id)} == {"kept"}
    assert [guide.state for guide in library.guides.rows(copy.id)] == ["done", "cancelled"]
    assert library.study.claim("me") is None
    assert quiz_id


def test_an_archive_from_before_there_were_any_still_comes(library: Library, notebook_id: int) -> None:
    copy = library.import_notebook(changed(library.export_notebook(notebook_id), lambda m: m.pop("study")))
    assert library.quizzes.rows(copy.id) == library.cards.rows(copy.id) == library.guides.rows(copy.id) == []


def study(*path: Any) -> Callable[[dict[str, Any]], Any]:
    """Reach into the manifest."""

    def reach(manifest: dict[str, Any]) -> Any:
        found: Any = manifest["study"]
        for step in path:
            found = found[step]
        return found

    return reach


QUIZ, ITEM, ATTEMPT = study("quizzes", 0, "quiz"), study("quizzes", 0, "items", 0), study("quizzes", 0, "attempts", 0)
CARD, GUIDE = study("cards", 0), study("guides", 0)
HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    "an unknown state": lambda m: QUIZ(m).update(state="hacked"),
    "an unknown code": lambda m: QUIZ(m).update(code="HACKED"),
    "a code without its details": lambda m: QUIZ(m).update(code="QUIZ_COUNT"),
    "an endless number of items": lambda m: QUIZ(m)["request"].update(count=10**30),
    "no types": lambda m: QUIZ(m)["request"].update(types=[]),
    "an unknown type": lambda m: QUIZ(m)["request"].update(types=["essay"]),
    "a version below": lambda m: QUIZ(m).update(version=-1),
    "an item twice": lambda m: study("quizzes", 0, "items")(m).append(ITEM(m)),
    "an unknown label": lambda m: ITEM(m)["item"].update(labels=["trusted"]),
    "a lone surrogate": lambda m: ITEM(m)["item"].update(stem="\ud800"),
    "a path for a hash": lambda m: ITEM(m)["item"]["source"].update(sha256="../../etc"),
    "an endless page": lambda m: ITEM(m)["item"]["source"].update(page_index=10**30),
    "a place before the first": lambda m: ITEM(m).update(position=-1),
    "an attempt without end": lambda m: ATTEMPT(m)["attempt"].update(finished_at=1e300),
    "an answer that is none": lambda m: ATTEMPT(m)["given"][0]["given"].update(right="yes"),
    "a card twice": lambda m: study("cards")(m).append(CARD(m)),
    "a card without a key": lambda m: CARD(m)["card"].update(key=""),
    "a schedule that is none": lambda m: CARD(m).update(schedule="{}"),
    "a schedule of the year 9999": lambda m: CARD(m).update(
        schedule=CARD(m)["schedule"].replace('"due": "20', '"due": "99')
    ),
    "a rating that is none": lambda m: study("reviews", 0)(m).update(rating=5),
    "a review before all time": lambda m: study("reviews", 0)(m).update(reviewed_at=-1e300),
    "a guide that is missing": lambda m: GUIDE(m).update(guide=None),
    "a guide of a point that is none": lambda m: GUIDE(m)["guide"].update(points=[1]),
    "a quote from an endless page": lambda m: GUIDE(m)["guide"]["points"][0]["citations"][0].update(start=10**30),
    "a guide without bottom": lambda m: GUIDE(m)["guide"].update(points=_nested(400)),
    "a guide that is too deep": lambda m: GUIDE(m)["guide"].update(points=_nested(30)),
    "no study": lambda m: m.update(study=[]),
}


def _nested(depth: int) -> list[Any]:
    points: list[Any] = []
    for _ in range(depth):
        points = [{"text": "a", "children": points}]
    return points


def test_a_hostile_archive_leaves_nothing(library: Library, notebook_id: int) -> None:
    packed = library.export_notebook(notebook_id)
    before = library.store.notebooks(), content(library, notebook_id)
    for name, change in HOSTILE.items():
        with pytest.raises(RagError, match="ARCHIVE_DAMAGED"):
            pytest.fail(f"{name}: {library.import_notebook(changed(packed, change))}")
    assert (library.store.notebooks(), content(library, notebook_id)) == before


def test_what_an_archive_names_that_is_not_there_is_left_out(library: Library, notebook_id: int) -> None:
    def change(manifest: dict[str, Any]) -> None:
        QUIZ(manifest)["dropped"].update(hacked=3)
        ATTEMPT(manifest)["attempt"]["item_ids"].append(99_999)
        ATTEMPT(manifest)["given"].append({"item_id": 99_999, "given": {"answers": [], "right": True, "hinted": False}})
        study("reviews", 0)(manifest).update(card_id=99_999)

    copy = library.import_notebook(changed(library.export_notebook(notebook_id), change))
    [quiz] = library.quizzes.rows(copy.id)
    assert quiz.dropped == {"blind": 1}
    attempt = library.attempts.all(quiz.id)[0]
    assert set(attempt.given) <= set(attempt.item_ids)
    assert {*attempt.item_ids} <= {row.id for row in library.quizzes.items(quiz.id)}
    assert library.database.findings() == []
    assert json.dumps(quiz.details) == "{}"


def test_the_guides_of_sources_come_back_and_are_not_made_again(
    library: Library, work: Callable[[], Workers], services: FakeServices
) -> None:
    notebook_id = library.store.create_notebook("Guides").id
    gone = library.receive(notebook_id, Upload("gone.pdf", pdf("x"))).document.id
    library.remove(gone)
    document_id = library.receive(notebook_id, Upload("a.pdf", pdf("Fact is known.", "Fact2 is known."))).document.id
    workers = work()
    made = library.wait_source_guide(document_id, lambda _: None)
    library.source_guides.tell(document_id)
    workers.close()
    data = library.export_notebook(notebook_id)
    library.delete_notebook(notebook_id)
    came = library.import_notebook(data)
    [(new_id, row)] = library.source_guides.rows(came.id).items()
    assert new_id not in (document_id, gone)
    assert row == replace(made, document_id=new_id, told=True)
    work()
    library.wait_document(new_id)
    time.sleep(1.5)
    assert library.source_guides.row(new_id) == row
    assert len(services.source_guide_maker.tasks) == 1


@pytest.mark.parametrize("change", [{"sha256": "no"}, {"page_index": -1}])
def test_a_guide_of_a_source_that_cites_nothing_real_is_refused(
    library: Library, work: Callable[[], Workers], change: dict[str, Any]
) -> None:
    notebook_id = library.store.create_notebook("Guides").id
    document_id = library.receive(notebook_id, Upload("a.pdf", pdf("Fact is known."))).document.id
    workers = work()
    library.wait_source_guide(document_id, lambda _: None)
    workers.close()

    def spoil(manifest: dict[str, Any]) -> None:
        manifest["study"]["source_guides"][0]["guide"]["summary"][0] |= change

    with pytest.raises(RagError, match="ARCHIVE_DAMAGED"):
        library.import_notebook(changed(library.export_notebook(notebook_id), spoil))
