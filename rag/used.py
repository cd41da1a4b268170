"""What an answer took: tokens, seconds and energy, memory and sources apart."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What one column took: tokens ``read`` and ``written`` by the model, ``seconds``, ``joules`` of the computer.

    ``watts`` is the power assumed where it could not be measured, 0 where it was; ``joules`` are None where neither is
    known, as behind an endpoint.
    """

    read: int
    written: int
    seconds: float
    joules: float | None = None
    watts: float = 0.0


@dataclass(frozen=True, slots=True)
class Usages:
    """The usage of each column that was asked for."""

    sources: Usage | None = None
    memory: Usage | None = None


UNKNOWN_USAGE = Usages()
