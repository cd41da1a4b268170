"""How far an answer may fall behind what a reader finds, from right and wrong ones."""

from collections.abc import Callable, Sequence

from rag import calibration
from rag.types import Passage, Reading, Span
from training.agreement import FALSE_SHARE, fit_agreement
from training.squad import Example
from training.support_pairs import answer_pairs

FACTS = {"Ada": "London", "Blaise": "Clermont", "Carl": "Brunswick", "David": "Wehlau"}
TEXT = " ".join(f"{name} was born at {town}." for name, town in FACTS.items())


class BirthReader:
    """Finds the towns, that of the one who is asked about first."""

    model_id = "birth:1"

    def read(
        self, question: str, passages: Sequence[Passage], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Reading]:
        return [
            Reading(5.0, tuple(_span(p.text, town, name in question) for name, town in FACTS.items())) for p in passages
        ]


def _span(text: str, town: str, asked: bool) -> Span:
    start = text.index(town)
    return Span(start, start + len(town), -0.1 if asked else -6.0)


def test_right_answers_agree_with_a_reader_that_is_right_and_wrong_ones_do_not() -> None:
    examples = [
        Example(f"Where was {name} born?", "en", "Births", TEXT, f"p{n}", "doc", ((town, TEXT.index(town)),))
        for n in range(20)
        for name, town in FACTS.items()
    ]
    made = answer_pairs(examples, 1)
    assert made == answer_pairs(examples, 1)
    limit, figures = fit_agreement(made, BirthReader(), calibration.load("with_reader"))
    assert limit > 0
    assert figures["question and answer, en"] == {"pairs": 40, "agree": 1.0}
    # All wrong ones fall behind alike here, so the limit that lets a tenth pass lets all pass.
    assert figures["another answer, en"]["agree"] >= FALSE_SHARE
