"""What may follow a text: exact at every temperature, and asked without holding up anybody."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import torch

from rag.choice import ModelChoice
from rag.errors import GenerationError, ModelError, RagError
from rag.jobs import Workers
from rag.library import Library
from rag.next_logits import next_words
from rag.next_words import SHARES, TEMPERATURES, NextWordDesk, NextWords, place_of
from tests.rag.fakes import FakeServices
from tests.rag.test_jobs import answer, asked, until

LOGITS = [0.0, math.log(5), math.log(3), math.log(1)]
"""At temperature 1: 1, 5, 3 and 1 tenths."""


def after(text: str, model: str = "m") -> NextWords:
    return NextWords(model, 1, (text,), ((1.0,),) * 20, ((1,) * 19,) * 20, ((1.0,) * 19,) * 20)


@dataclass
class Seer:
    """A generator that sees the text itself, and remembers what it was asked."""

    asked: list[str] = field(default_factory=list)

    def next_words(self, text: str) -> NextWords:
        if text == "fault":
            raise GenerationError("GENERATION", reason="bad kernel")
        self.asked.append(text)
        return after(text)


class Mended:
    """A generator that fails no more."""

    def next_words(self, text: str) -> NextWords:
        return after(text)


def told(logits: list[float]) -> NextWords:
    return next_words(torch.tensor(logits), "abcdefghijklmnopqrstuvwxyz".__getitem__, "m")


def test_the_words_stand_in_order_with_their_probabilities() -> None:
    found = told(LOGITS)
    at = place_of(1.0, TEMPERATURES)
    assert (found.model_id, found.vocabulary, found.texts) == ("m", 4, ("b", "c", "a", "d"))
    assert found.chances[at] == pytest.approx((0.5, 0.3, 0.1, 0.1))


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_every_temperature_is_the_softmax_of_all_logits_divided_by_it(temperature: float) -> None:
    logits = [math.sin(n) * 4 for n in range(26)]
    weights = sorted((math.exp(logit / temperature) for logit in logits), reverse=True)
    found = told(logits)
    expected = [weight / sum(weights) for weight in weights]
    assert found.chances[place_of(temperature, TEMPERATURES)] == pytest.approx(expected[:20], rel=1e-4)


@pytest.mark.parametrize(
    ("share", "kept", "held"),
    [(0.1, 1, 0.5), (0.45, 1, 0.5), (0.55, 2, 0.8), (0.85, 3, 0.9), (0.95, 4, 1.0), (1.0, 4, 1.0)],
)
def test_top_p_keeps_up_to_and_with_the_word_that_reaches_it(share: float, kept: int, held: float) -> None:
    found, at, place = told(LOGITS), place_of(1.0, TEMPERATURES), place_of(share, SHARES)
    assert found.kept[at][place] == kept
    assert found.held[at][place] == pytest.approx(held)


def test_the_lower_the_temperature_the_fewer_words_top_p_keeps() -> None:
    found, place = told([n / 10 for n in range(26)]), place_of(0.9, SHARES)
    kept = [counts[place] for counts in found.kept]
    assert kept == sorted(kept)
    assert (kept[0] < 5, kept[-1] > 15) == (True, True)


def test_all_words_are_kept_by_a_top_p_of_one_however_small_the_last() -> None:
    found = told([0.0, -800.0])
    assert [counts[-1] for counts in found.kept] == [2] * len(TEMPERATURES)


@dataclass
class OneModel:
    """The models of a process: one that writes, or why none does."""

    generator: object = field(default_factory=Seer)
    generator_id: str = "m"
    choice: ModelChoice = field(default_factory=ModelChoice)
    error: RagError | None = None
    is_loaded: bool = True

    @property
    def services(self) -> "OneModel | None":
        return self if self.is_loaded else None


@dataclass
class Bell:
    """Counts how often it is rung."""

    rung: int = 0

    def __call__(self) -> None:
        self.rung += 1


def test_a_text_is_asked_once_and_then_known() -> None:
    models, bell = OneModel(), Bell()
    desk = NextWordDesk(models, bell)
    assert [desk.look("The"), desk.look("The"), bell.rung] == [None, None, 2]
    assert desk.step(models)
    assert desk.look("The") == after("The")
    assert not desk.step(models)
    assert (models.generator, bell.rung) == (Seer(["The"]), 2)


def test_another_model_is_asked_anew() -> None:
    models = OneModel()
    desk = NextWordDesk(models, Bell())
    desk.look("The")
    desk.step(models)
    models.choice = ModelChoice(weights="int8")
    assert desk.look("The") is None
    assert desk.step(models)
    assert desk.look("The") == after("The")


def test_a_text_waits_while_the_model_is_loaded_and_is_told_why_there_is_none() -> None:
    models = OneModel(is_loaded=False)
    desk = NextWordDesk(models, Bell())
    assert desk.look("The") is None
    assert not desk.step(models.services)
    models.error = ModelError("MODEL_NOT_FOUND", model="nowhere")
    with pytest.raises(ModelError, match="nowhere"):
        desk.look("The")


def test_nothing_is_asked_for_who_no_longer_looks() -> None:
    now, models = [0.0], OneModel()
    desk = NextWordDesk(models, Bell(), lambda: now[0])
    desk.look("left")
    now[0] = 10.0
    desk.look("there")
    assert desk.step(models)
    assert not desk.step(models)
    assert models.generator == Seer(["there"])


def test_what_fails_is_told_and_does_not_end_the_desk() -> None:
    models = OneModel()
    desk = NextWordDesk(models, Bell())
    desk.look("fault")
    assert desk.step(models)
    with pytest.raises(GenerationError, match="bad kernel"):
        desk.look("fault")
    desk.look("The")
    assert desk.step(models)


def test_a_fault_that_passes_is_not_the_answer_for_good() -> None:
    now, models = [0.0], OneModel()
    desk = NextWordDesk(models, Bell(), lambda: now[0])
    desk.look("fault")
    assert desk.step(models)
    models.generator = Mended()
    with pytest.raises(GenerationError, match="bad kernel"):
        desk.look("fault")
    now[0] = 10.0
    assert desk.look("fault") is None
    assert desk.step(models)
    assert desk.look("fault") == after("fault")


def test_a_model_that_does_not_know_its_probabilities_says_so() -> None:
    models = OneModel(object(), "gpt")
    desk = NextWordDesk(models, Bell())
    desk.look("The")
    assert desk.step(models)
    with pytest.raises(GenerationError, match="gpt does not tell how likely its words are"):
        desk.look("The")


def test_the_workers_ask_between_two_answers(
    library: Library, services: FakeServices, work: Callable[[], Workers]
) -> None:
    seer = services.generator = Seer()  # type: ignore[assignment]
    notebook = library.store.create_notebook("n")
    workers = work()
    running = asked(library, notebook.id, "long")
    until(lambda: answer(library, running).sources_text)
    assert workers.next_words.look("The") is None
    found: list[NextWords] = []
    looker = threading.Thread(
        target=lambda: until(lambda: found.extend(filter(None, [workers.next_words.look("The")])) or found)
    )
    looker.start()
    time.sleep(0.3)
    assert seer.asked == []
    library.stop(running)
    looker.join()
    assert found == [after("The")]
