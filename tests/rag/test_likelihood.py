"""What the generator makes of a question after a passage: worked out by hand, and with a tiny network."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ingest.types import Language
from rag.errors import Stopped
from rag.generate import TransformersGenerator
from rag.likelihood import gains, likelihood_features
from rag.services import weigher_of
from tests.rag.examples import ELIZA, ScriptedGenerator, passage
from tests.rag.test_adapters import save_adapter
from tests.tiny_models import CPU, save_generator

WHO = "Who described ELIZA?"
PARRY = "PARRY was written by Kenneth Colby in 1972."


class ScriptedWeigher:
    """Finds the question as likely as it is told by the first word that it has read before it."""

    model_id = "scripted"

    def __init__(self, **totals: float) -> None:
        self._totals = totals
        self.read: list[tuple[str, str]] = []

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        self.read.append((before, text))
        return self._totals["alone" if before.startswith("\n") else before.split()[0]]


class Named(ScriptedGenerator):
    """A generator that also weighs."""

    def __init__(self) -> None:
        super().__init__("Yes.")

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        return -1.0


def test_a_gain_is_over_the_question_alone() -> None:
    weigher = ScriptedWeigher(ELIZA=-10.0, PARRY=-14.0, alone=-30.0)
    assert gains(weigher, WHO, "en", [passage(1, ELIZA), passage(2, PARRY)]) == [20.0, 16.0]
    assert len(weigher.read) == 3
    assert gains(weigher, WHO, "en", []) == []
    assert len(weigher.read) == 3


def features(own: float, *others: tuple[str, float]) -> dict[str, float]:
    source = passage(1, ELIZA)
    rivals = {passage(n, text): gain for n, (text, gain) in enumerate(others, start=2)}
    return likelihood_features(source, "Joseph Weizenbaum", {source: own, **rivals})


def test_the_lead_is_over_the_best_of_the_others_within_limits() -> None:
    assert features(20.0, ("Bile helps.", -1.0), (PARRY, 16.0)) == {"gain": 20.0, "lead": 4.0}
    assert features(20.0, (PARRY, 1.0)) == {"gain": 20.0, "lead": 8.0}
    assert features(1.0, (PARRY, 20.0)) == {"gain": 1.0, "lead": -8.0}


@pytest.mark.parametrize(("gain", "lead"), [(5.0, 5.0), (20.0, 8.0), (-20.0, -8.0)])
def test_without_another_passage_the_lead_is_the_gain(gain: float, lead: float) -> None:
    assert features(gain) == {"gain": gain, "lead": lead}


def test_a_passage_that_says_the_same_is_no_rival() -> None:
    assert features(20.0, ("Again: Joseph  WEIZENBAUM wrote it.", 25.0), (PARRY, 16.0))["lead"] == 4.0
    assert features(20.0, ("PARRY is not by Joseph Weizenbaumer.", 16.0))["lead"] == 4.0


@pytest.mark.parametrize(("language", "mark"), [("en", "Question:"), ("fr", "Question :")])
def test_the_model_sees_the_title_the_passage_and_a_mark_of_the_language(language: Language, mark: str) -> None:
    source = replace(passage(1, ELIZA), title="Programs", section="First ones")
    weigher = ScriptedWeigher(Programs=-10.0, alone=-30.0)
    gains(weigher, WHO, language, [source])
    assert weigher.read == [
        (f"\n\n{mark}", f" {WHO}"),
        (f"Programs – First ones\n{ELIZA}\n\n{mark}", f" {WHO}"),
    ]


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> TransformersGenerator:
    return TransformersGenerator(str(save_generator(tmp_path_factory.mktemp("models") / "tiny")), CPU, "tiny")


def test_a_network_gives_the_sum_of_the_logarithms_of_its_probabilities(generator: TransformersGenerator) -> None:
    before = generator._tokenizer.encode("The passage.")
    text = generator._tokenizer.encode(" Who, and when?", add_special_tokens=False)
    with torch.no_grad():
        logs = generator._model(torch.tensor([before + text])).logits[0].log_softmax(-1)
    expected = sum(float(logs[len(before) - 1 + n, token]) for n, token in enumerate(text))
    assert generator.log_likelihood("The passage.", " Who, and when?") == pytest.approx(expected, abs=1e-4)


def test_of_what_is_too_long_the_end_is_read(generator: TransformersGenerator) -> None:
    end = "b" * generator.context_tokens
    assert generator.log_likelihood("a" * 5000 + end, " Who?") == generator.log_likelihood(end, " Who?")
    assert generator.log_likelihood("", "b" * 5000) < 0


def test_stop_is_heard_while_another_generation_runs(generator: TransformersGenerator) -> None:
    with generator._turn, pytest.raises(Stopped):
        generator.log_likelihood("The passage.", " Who?", lambda: True)
    assert generator.log_likelihood("The passage.", " Who?") < 0


def test_the_adapter_has_no_part_in_it(tmp_path: Path) -> None:
    base = save_generator(tmp_path / "tiny")
    adapted = TransformersGenerator(str(base), CPU, "", str(save_adapter(tmp_path / "adapter", base)))
    plain = TransformersGenerator(str(base), CPU)
    texts = ("The passage.", " Who, and when?")
    assert adapted.log_likelihood(*texts) == pytest.approx(plain.log_likelihood(*texts), abs=1e-5)


@pytest.mark.parametrize(
    ("model_id", "weighs"), [("gemma-3-270m", True), ("gemma-3-270m+own:1a2b", True), ("other", False), ("", False)]
)
def test_only_the_generator_that_was_calibrated_weighs(model_id: str, weighs: bool) -> None:
    generator = Named()
    generator.model_id = model_id
    assert weigher_of(generator) is (generator if weighs else None)


def test_a_model_at_an_endpoint_does_not_weigh_whatever_its_name() -> None:
    generator = ScriptedGenerator("Yes.")
    generator.model_id = "gemma-3-270m"
    assert weigher_of(generator) is None
