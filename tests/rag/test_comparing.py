"""The question of an answer is asked of another model too, which is lent for it; the one that writes stays chosen."""

import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from rag.answer import Answerer
from rag.answer_settings import AnswerSettings
from rag.build import build_generator
from rag.calibration import Calibrations
from rag.choice import ModelChoice
from rag.codec import encode
from rag.downloads import Fetched
from rag.errors import RagError
from rag.ground import Grounder
from rag.hub import HubFile, HubModel
from rag.jobs import Workers
from rag.library import Library
from rag.model_card import ModelCard
from rag.models import MOST_USED
from rag.notebook import add_document
from rag.retrieve import Retriever
from rag.room import Room, room_for
from rag.rows import AnswerRow, turns
from tests.rag.examples import BY_COVERAGE, ELIZA, alike, document
from tests.rag.fakes import BagEmbedder, FakeServices, LineReader
from tests.rag.model_choices import FAILURES, LARGE, SMALL, Waiting, asked, until
from tests.rag.scripted_server import Reply, Script, Sent, serve
from tests.rag.test_endpoint import words
from tests.rag.test_endpoint_notebook import WHO, student
from tests.tiny_models import CPU, save_qwen3

Start = Callable[[], Workers]


def answer(library: Library, answer_id: int) -> AnswerRow:
    row = library.conversation.answer(answer_id)
    assert row is not None
    return row


def first(library: Library, question: str = "Which colour?") -> AnswerRow:
    """Ask, and wait for the answer of the model that writes."""
    notebook = library.store.notebooks() or [library.store.create_notebook("n")]
    row = library.wait(library.ask(notebook[0].id, question, language="en"))
    assert row is not None
    return row


def compared(library: Library, row: AnswerRow, choice: ModelChoice) -> AnswerRow:
    """Ask another model what an answer was asked, and wait for it."""
    other = library.wait(library.conversation.ask_another(row.id, choice))
    assert other is not None
    return other


@pytest.mark.parametrize(
    ("choice", "loaded"),
    [(SMALL, ["gemma-3-270m", "small"]), (LARGE, ["gemma-3-270m", "large", "gemma-3-270m"])],
)
def test_another_model_answers_beside_the_one_that_writes_or_in_its_place(
    library: Library, services: FakeServices, work: Start, choice: ModelChoice, loaded: list[str]
) -> None:
    workers = work()
    row = first(library)
    other = compared(library, row, choice)
    assert (row.model_id, row.choice) == ("scripted", None)
    assert (other.model_id, other.choice, other.state) == (choice.name, choice, "done")
    assert other.memory_text == row.memory_text
    assert [[one.id for one in versions] for versions in turns(library.conversation.answers(1))] == [[row.id, other.id]]
    until(lambda: workers.status().models == "ready")
    assert asked(library) == "scripted"
    assert services.loaded == loaded
    assert (library.models.chosen(), workers.status().choice) == (ModelChoice(), ModelChoice())
    card = library.models.card()
    assert card is not None
    assert card.choice == ModelChoice(), "the card is that of the model that writes"


@pytest.mark.parametrize(("choice", "code", "details", "loaded"), FAILURES)
def test_a_model_that_cannot_be_loaded_ends_its_version_and_nothing_else(
    library: Library,
    services: FakeServices,
    work: Start,
    choice: ModelChoice,
    code: str,
    details: dict[str, str],
    loaded: list[str],
) -> None:
    library.models.succeed(SMALL)
    work()
    other = compared(library, first(library), choice)
    assert (other.state, other.code, other.details, other.model_id) == ("error", code, details, choice.name)
    assert asked(library) == "small"
    assert (library.models.chosen(), library.models.failure(), services.loaded) == (SMALL, None, loaded)
    assert choice not in library.models.known()


@dataclass
class Tracked(FakeServices):
    """Keeps which loaded models are still in memory each time that one is loaded."""

    references: list["weakref.ref[FakeServices]"] = field(default_factory=list)
    alive: list[list[str]] = field(default_factory=list)

    def load(self, choice: ModelChoice) -> FakeServices:
        held = [one.generator_id for reference in self.references if (one := reference())]
        self.alive.append(held)
        loaded = super().load(choice)
        self.references.append(weakref.ref(loaded))
        return loaded


def test_two_models_are_in_memory_only_where_both_fit(library: Library) -> None:
    tracked = Tracked()
    workers = Workers(library, lambda: tracked, reader=LineReader())
    assert workers.start()
    try:
        row = first(library)
        for choice in (SMALL, LARGE, SMALL):
            compared(library, row, choice)
        assert asked(library) == "scripted"
        assert tracked.loaded == ["gemma-3-270m", "small", "large", "gemma-3-270m", "small"]
        assert tracked.alive == [[], ["scripted"], [], [], ["scripted"]]
    finally:
        workers.close()


def test_a_stop_while_the_other_model_is_loaded_ends_its_version_within_a_second(library: Library) -> None:
    waiting = Waiting()
    workers = Workers(library, lambda: waiting, reader=LineReader())
    assert workers.start()
    try:
        row = first(library)
        other = library.conversation.ask_another(row.id, ModelChoice("folder", "slow"))
        until(lambda: answer(library, other).state == "streaming")
        library.stop(other)
        began = time.monotonic()
        until(lambda: answer(library, other).final)
        assert time.monotonic() - began < 1.5
        assert answer(library, other).state == "stopped"
        waiting.go_on.set()
        assert asked(library) == "scripted"
        assert answer(library, other).state == "stopped"
        assert len(waiting.answerer.asked) == 2, "nothing was written for the version that was stopped"
    finally:
        waiting.go_on.set()
        workers.close()


def test_a_stop_while_the_other_model_writes_keeps_its_text(library: Library, work: Start) -> None:
    work()
    running = first(library, "Which colour?")
    with library.database.writing() as connection:
        connection.exec_driver_sql("UPDATE answers SET question = 'long'")
    other = library.conversation.ask_another(running.id, SMALL)
    until(lambda: answer(library, other).sources_text)
    library.stop(other)
    until(lambda: answer(library, other).final)
    row = answer(library, other)
    assert (row.state, row.model_id, row.sources_text.startswith("It is so")) == ("stopped", "small", True)


def test_a_model_that_is_chosen_meanwhile_waits_for_the_comparison(library: Library) -> None:
    waiting = Waiting()
    workers = Workers(library, lambda: waiting, reader=LineReader())
    assert workers.start()
    try:
        other = library.conversation.ask_another(first(library).id, ModelChoice("folder", "slow large"))
        until(lambda: "slow large" in waiting.loaded or workers.status().models == "loading")
        library.models.want(SMALL)
        workers.wake()
        time.sleep(0.5)
        assert "small" not in waiting.loaded
        waiting.go_on.set()
        until(lambda: library.models.underway() is None)
        assert answer(library, other).model_id == "slow large"
        assert (library.models.chosen(), asked(library)) == (SMALL, "small")
    finally:
        waiting.go_on.set()
        workers.close()


def test_without_the_model_that_writes_another_one_still_answers(library: Library) -> None:
    @dataclass
    class NoDefault(FakeServices):
        def load(self, choice: ModelChoice) -> FakeServices:
            if choice.kind == "bundled":
                raise RagError("MODEL_NOT_PREPARED", model="gemma-3-270m")
            return super().load(choice)

    workers = Workers(library, NoDefault, reader=LineReader())
    assert workers.start()
    try:
        row = first(library)
        assert (row.state, row.code) == ("error", "MODEL_NOT_PREPARED")
        assert compared(library, row, SMALL).state == "done"
        assert first(library).code == "MODEL_NOT_PREPARED"
    finally:
        workers.close()


def test_what_is_asked_again_is_the_same_without_a_tutor(library: Library) -> None:
    notebook = library.store.create_notebook("n")
    library.store.choose_answering(notebook.id, AnswerSettings("long", "bullets", True, 0.7, 0.9, 3))
    row = answer(library, library.ask(notebook.id, "Quoi ?", language="fr", sources=False, document_ids=[7, 8]))
    library.store.choose_answering(notebook.id, AnswerSettings("short"))
    other = answer(library, library.conversation.ask_another(row.id, SMALL, "a tab"))
    assert other == replace(
        row,
        id=other.id,
        choice=SMALL,
        settings=replace(row.settings, tutor=False),
        queue_place=2,
        asked_at=other.asked_at,
    )
    assert library.conversation.awaited_models() == [SMALL]
    library.stop(other.id)
    assert library.conversation.awaited_models() == []
    library.conversation.delete_answer(row.id)
    with pytest.raises(RagError, match="ANSWER_GONE"):
        library.conversation.ask_another(row.id, SMALL)


def test_models_are_known_once_they_were_loaded_or_downloaded(library: Library, tmp_path: Path) -> None:
    assert library.models.known() == (ModelChoice(),)
    found = HubModel("a/b", "c0ffee", "mit", (), (HubFile("model.safetensors", 1),))
    library.store.set_setting("model.fetched", encode(Fetched((found,))))
    fetched = ModelChoice("hub", "a/b", revision="c0ffee")
    for choice in (SMALL, LARGE, SMALL, fetched):
        library.models.succeed(choice)
    assert library.models.known() == (fetched, ModelChoice(), SMALL, LARGE)
    library.models.succeed(replace(fetched, weights="int8"))
    assert library.models.known() == (replace(fetched, weights="int8"), ModelChoice(), fetched, SMALL, LARGE)
    library.models.succeed(SMALL)
    library.models.downloads.remove(found, tmp_path)
    assert library.models.known() == (SMALL, ModelChoice(), LARGE)
    for n in range(2 * MOST_USED):
        library.models.remember(ModelChoice("folder", f"/models/{n}"))
    names = [choice.name for choice in library.models.known() if choice != SMALL and choice.kind == "folder"]
    assert names == [f"/models/{n}" for n in reversed(range(MOST_USED, 2 * MOST_USED))]
    library.store.set_setting("model.used", "no JSON")
    assert library.models.known() == (SMALL, ModelChoice())


def test_no_folder_and_no_address_of_this_computer_leaves_with_a_notebook(library: Library, work: Start) -> None:
    work()
    compared(library, first(library), SMALL)
    copy = library.import_notebook(library.export_notebook(1))
    assert [(row.model_id, row.choice) for row in library.conversation.answers(copy.id)] == [
        ("scripted", None),
        ("small", None),
    ]


@dataclass
class Desk(FakeServices):
    """Loads models as the app does, over a notebook of one source; the model that writes is scripted."""

    library: Library | None = None

    def room_for(self, choice: ModelChoice, beside: ModelChoice | None) -> Room:
        assert self.library is not None
        return room_for(self.library.settings, choice, None, CPU)

    def load(self, choice: ModelChoice) -> FakeServices:
        if choice.kind == "bundled":
            return super().load(choice)
        assert self.library is not None
        generator, embedder = build_generator(self.library.settings, choice), BagEmbedder()
        grounder = Grounder(embedder, Calibrations(alike(BY_COVERAGE), BY_COVERAGE))
        answerer = Answerer(Retriever(self.library.store, embedder), grounder, generator)
        name = generator.model_id
        return replace(self, answerer=answerer, choice=choice, generator_id=name, card=ModelCard(choice, name))


@pytest.fixture
def desk(library: Library) -> Iterator[Library]:
    """A library with a source, and workers that load what is there."""
    library.store.create_notebook("n")
    library.queue.use_embedder(Desk().embedder.model_id)
    add_document(library, BagEmbedder(), 1, document("eliza.pdf", ELIZA))
    workers = Workers(library, lambda: Desk(library=library), reader=LineReader())
    assert workers.start()
    yield library
    workers.close()


def test_a_server_answers_from_the_same_sources_and_gets_no_more_than_them(desk: Library) -> None:
    script = Script(student)
    with serve(script) as url:
        other = compared(desk, first(desk, WHO), ModelChoice("endpoint", "tiny", url))
    assert (other.state, other.memory_text) == ("done", "Alan Turing.")
    assert other.model_id == ModelChoice("endpoint", "tiny", url).model_id
    assert other.sourced is not None
    assert other.sourced.text == "Joseph Weizenbaum described it. [1]"
    assert (other.usage.sources is None, other.usage.memory is None) == (False, False)


def test_a_folder_of_random_weights_answers(desk: Library, tmp_path: Path) -> None:
    place = str(save_qwen3(tmp_path / "tiny", longest=4096))
    other = compared(desk, first(desk, WHO), ModelChoice("folder", place, weights="int8"))
    assert (other.state, other.code, other.model_id) == ("done", "", "tiny")
    assert desk.models.known()[1] == ModelChoice("folder", place, weights="int8")


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (ModelChoice("endpoint", "tiny", "http://127.0.0.1:1/v1"), "ENDPOINT_DOWN"),
        (ModelChoice("folder", "/nowhere/at/all"), "MODEL_NOT_FOUND"),
        (ModelChoice("hub", "nobody/no-such-model"), "MODEL_NOT_FOUND"),
    ],
)
def test_a_model_that_is_gone_says_so(desk: Library, choice: ModelChoice, code: str) -> None:
    other = compared(desk, first(desk, WHO), choice)
    assert (other.state, other.code, other.model_id) == ("error", code, choice.model_id)
    assert asked(desk) == "scripted"


def test_a_server_that_dies_while_it_writes_ends_its_version_with_what_came(desk: Library) -> None:
    script = Script(student)

    def say(reply: Reply, sent: Sent) -> None:
        is_cut = "<passage" not in str(sent.body) and len(script.asked()) > 1
        (words("It was", finish=None) if is_cut else student)(reply, sent)

    script.say = say
    with serve(script) as url:
        other = compared(desk, first(desk, WHO), ModelChoice("endpoint", "tiny", url))
    assert (other.state, other.code, other.memory_text) == ("error", "ENDPOINT_CUT", "It was")
    assert other.sourced is not None, "what was checked before the cut stays"
    assert asked(desk) == "scripted"
