"""A language model as it weighs texts that others wrote."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable


@runtime_checkable
class Weigher(Protocol):
    """A causal language model that tells how likely texts are."""

    model_id: str

    def log_likelihood(self, before: str, text: str, cancelled: Callable[[], bool] = lambda: False) -> float:
        """Return the natural logarithm of the probability of ``text`` after ``before``: the sum over its tokens.

        Raises GenerationError, Stopped.
        """
        ...
