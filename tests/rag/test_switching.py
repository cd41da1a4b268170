"""Another model is chosen while the app runs: it is loaded behind the scenes, and the last good one stays selected."""

import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.choice import ModelChoice, default_choice, read_choice, write_choice
from rag.device import Device
from rag.errors import GenerationError, ModelError
from rag.jobs import Workers
from rag.library import Library
from rag.model_card import ModelCard, read_card
from rag.models import Failure
from rag.room import Room
from rag.settings import Settings
from rag.switching import ModelSwitch
from rag.types import Token
from rag.weights import free_bytes
from tests.rag.fakes import FakeServices, LineReader
from tests.rag.model_choices import BROKEN, FAILURES, LARGE, NO_WEIGHTS, SMALL, Waiting, asked, until
from tests.tiny_models import save_qwen3

Start = Callable[[], Workers]

CPU, CUDA = (Device(name, "float32", 1, name) for name in ("cpu", "cuda"))


def choose(library: Library, workers: Workers, choice: ModelChoice) -> None:
    library.models.want(choice)
    workers.wake()
    until(lambda: library.models.underway() is None)


def failed(library: Library) -> tuple[ModelChoice, str, dict[str, str]] | None:
    failure = library.models.failure()
    return (failure.choice, failure.code, failure.details) if failure else None


@pytest.mark.parametrize("choice", [SMALL, LARGE])
def test_the_next_question_is_answered_by_the_new_model(library: Library, work: Start, choice: ModelChoice) -> None:
    workers = work()
    assert asked(library) == "scripted"
    choose(library, workers, choice)
    assert (library.models.chosen(), library.models.failure()) == (choice, None)
    assert asked(library) == choice.name
    assert workers.status().choice == choice


@pytest.mark.parametrize(("choice", "code", "details", "loaded"), FAILURES)
def test_the_last_good_model_stays_when_another_fails(
    library: Library,
    services: FakeServices,
    work: Start,
    choice: ModelChoice,
    code: str,
    details: dict[str, str],
    loaded: list[str],
) -> None:
    library.models.succeed(SMALL)
    workers = work()
    until(lambda: workers.status().models == "ready")
    choose(library, workers, choice)
    assert failed(library) == (choice, code, details)
    assert (library.models.chosen(), asked(library), services.loaded) == (SMALL, "small", loaded)
    choose(library, workers, LARGE)
    assert (library.models.failure(), asked(library)) == (None, "large")


def test_the_old_model_answers_while_the_new_one_is_loaded(library: Library) -> None:
    waiting = Waiting()
    workers = Workers(library, lambda: waiting, reader=LineReader())
    assert workers.start()
    try:
        slow = ModelChoice("folder", "slow")
        library.models.want(slow)
        until(lambda: "slow" in (library.store.get_setting("model.tried") or ""))
        assert asked(library) == "scripted"
        assert (library.models.chosen(), library.models.underway()) == (ModelChoice(), slow)
        waiting.go_on.set()
        until(lambda: library.models.underway() is None)
        assert asked(library) == "slow"
    finally:
        waiting.go_on.set()
        workers.close()


def test_a_question_waits_while_two_models_do_not_fit(library: Library) -> None:
    waiting = Waiting()
    workers = Workers(library, lambda: waiting, reader=LineReader())
    assert workers.start()
    try:
        until(lambda: workers.status().models == "ready")
        library.models.want(ModelChoice("folder", "slow large"))
        until(lambda: workers.status().models == "loading")
        notebook = library.store.create_notebook("n")
        answer_id = library.ask(notebook.id, "Which colour?", language="en")
        time.sleep(0.3)
        row = library.conversation.answer(answer_id)
        assert row is not None
        assert row.state == "queued"
        waiting.go_on.set()
        done = library.wait(answer_id)
        assert done is not None
        assert (done.state, done.model_id) == ("done", "slow large")
    finally:
        waiting.go_on.set()
        workers.close()


@dataclass
class Gpu:
    """torch.cuda in small: what a model leaves stays torch's own, until it is told to give it back. In bytes."""

    free: int = 10
    kept: int = 0

    def is_initialized(self) -> bool:
        return True

    def mem_get_info(self, name: str) -> tuple[int, int]:
        return self.free, 10

    def empty_cache(self) -> None:
        self.free, self.kept = self.free + self.kept, 0

    def hold(self, size: int, model: object) -> None:
        self.free -= size
        weakref.finalize(model, self.leave, size)

    def leave(self, size: int) -> None:
        self.kept += size


@dataclass
class OnGpu(FakeServices):
    """Every model takes 6 of the 10 bytes of a GPU, and lies in a cycle as a network of torch does."""

    gpu: Gpu = field(default_factory=Gpu)
    cycle: object = None

    def room_for(self, choice: ModelChoice, beside: ModelChoice | None) -> Room:
        return "beside" if free_bytes(CUDA) >= 6 else "instead"

    def load(self, choice: ModelChoice) -> FakeServices:
        if free_bytes(CUDA) < 6:
            raise ModelError("MODEL_TOO_LARGE", model=choice.label, need="6", free=str(self.gpu.free))
        made = replace(self, choice=choice, card=ModelCard(choice))
        made.cycle = made
        self.gpu.hold(6, made)
        return made


def test_on_a_gpu_the_place_of_the_old_model_is_the_new_one_s(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = Gpu()
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=gpu))
    switch = ModelSwitch(library.models, lambda: OnGpu(gpu=gpu), lambda: None, threading.Event())
    switch.load(lambda _: None)
    assert (switch.error, gpu.free) == (None, 4)
    lent: list[ModelChoice] = []
    assert switch.lend(SMALL, lambda services: lent.append(services.choice)) is None
    assert (lent, switch.error, gpu) == ([SMALL], None, Gpu(4, 0))
    assert switch.services is not None
    assert switch.services.choice == ModelChoice()


def test_on_a_gpu_a_model_that_was_lent_leaves_nothing_to_torch(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = Gpu(free=20)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=gpu))
    switch = ModelSwitch(library.models, lambda: OnGpu(gpu=gpu), lambda: None, threading.Event())
    switch.load(lambda _: None)
    assert switch.lend(SMALL, lambda _: None) is None
    assert gpu == Gpu(14, 0)


def test_a_chosen_model_that_is_gone_gives_way_to_that_of_the_settings(library: Library, work: Start) -> None:
    library.models.succeed(BROKEN)
    work()
    assert asked(library) == "scripted"
    assert failed(library) == (BROKEN, "MODEL_LOAD", {"model": "broken", **NO_WEIGHTS})
    assert library.models.chosen() == BROKEN  # it may lie on a disk that comes back


def test_a_model_that_ended_the_program_is_not_loaded_again_by_itself(
    library: Library, services: FakeServices, work: Start
) -> None:
    library.models.want(SMALL)
    assert library.models.claim() == SMALL  # and here the program ends
    work()
    assert asked(library) == "scripted"
    assert failed(library) == (SMALL, "MODEL_INTERRUPTED", {"model": "small"})
    assert "small" not in services.loaded
    library.models.dismiss_failure()
    assert library.models.failure() is None


def test_where_even_the_model_of_the_settings_fails_another_can_be_chosen(library: Library) -> None:
    @dataclass
    class NoDefault(FakeServices):
        def load(self, choice: ModelChoice) -> FakeServices:
            if choice.kind == "bundled":
                raise ModelError("MODEL_NOT_PREPARED", model="gemma-3-270m")
            return super().load(choice)

    workers = Workers(library, NoDefault, reader=LineReader())
    assert workers.start()
    try:
        until(lambda: workers.status().models == "error")
        assert workers.status().code == "MODEL_NOT_PREPARED"
        choose(library, workers, SMALL)
        assert (workers.status().models, asked(library)) == ("ready", "small")
    finally:
        workers.close()


class Unable:
    """A generator that writes nothing."""

    model_id, context_tokens, is_chat = "unable", 1000, False

    def count_tokens(self, text: str) -> int:
        return 1

    def stream(self, *_: object, **options: object) -> Iterator[Token]:
        raise GenerationError("GENERATION", reason="no")


def test_a_speed_that_cannot_be_measured_is_given_up(library: Library, services: FakeServices, work: Start) -> None:
    services.generator = Unable()
    workers = work()
    until(lambda: workers.status().models == "ready")
    library.models.ask_speed()
    workers.wake()
    until(lambda: not library.models.speed_asked())
    assert asked(library) == "scripted"


def test_choices_are_kept_as_they_are() -> None:
    choice = ModelChoice("hub", "Qwen/Qwen3-8B", adapter="me/lora", weights="int8", revision="ab" * 20)
    assert read_choice(write_choice(choice)) == choice
    assert [read_choice(text) for text in (None, "", "no JSON", '{"v": 1, "kind": "other"}')] == [None] * 4
    assert (choice.label, SMALL.label, ModelChoice().label) == ("Qwen/Qwen3-8B", "small", "gemma-3-270m")
    assert [ModelChoice(kind).leaves_this_computer for kind in ("folder", "endpoint")] == [False, True]


def test_nothing_chosen_means_the_model_of_the_settings(tmp_path: Path, library: Library) -> None:
    settings = Settings(home=tmp_path, models=tmp_path)
    assert default_choice(settings) == ModelChoice()
    (tmp_path / "mine").mkdir()
    for name, kind in ((str(tmp_path / "mine"), "folder"), ("Qwen/Qwen3-4B", "hub")):
        named = Settings(home=tmp_path, models=tmp_path, generator=name, adapter="bundled")
        assert default_choice(named) == ModelChoice(kind, name)  # the bundled adapter is for the bundled model
    library.models.succeed(SMALL)
    assert library.models.chosen() == SMALL
    library.models.succeed(library.models.default)
    assert library.store.get_setting("model.chosen") == ""
    library.models.fail(SMALL, ModelError("MODEL_NOT_FOUND", model="small"))
    failure = library.models.failure()
    assert failure is not None
    assert failure == Failure(SMALL, "MODEL_NOT_FOUND", {"model": "small"}, failure.at)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("license: mit\nlanguage: [fr, en]", ("mit", ("fr", "en"))),
        ("license: [\n: -", ("", ())),
        ("\tlicense: mit", ("", ())),
        ("language: 7", ("", ())),
        ("- mit", ("", ())),
    ],
)
def test_the_head_of_a_readme_that_cannot_be_read_refuses_no_model(
    library: Library, tmp_path: Path, head: str, told: tuple[str, tuple[str, ...]]
) -> None:
    place = save_qwen3(tmp_path / "tiny")
    (place / "README.md").write_text(f"---\n{head}\n---\n# Tiny\n")
    card = read_card(library.settings, ModelChoice("folder", str(place)), "tiny", 128, CPU)
    assert (card.licence, card.languages) == told
