"""Numbers and times as the reader's language writes them; not yet escaped."""

import math
import time

from evaluation.metrics import Figure
from ui.texts import Texts

_MOMENTS = {"en": "%Y-%m-%d %H:%M", "fr": "%d/%m/%Y %H:%M"}


def decimal(texts: Texts, value: float, digits: int = 1) -> str:
    """Return a number with a fixed count of digits after its point or comma."""
    written = f"{value:.{digits}f}"
    return written.replace(".", ",") if texts.language == "fr" else written


def significant(texts: Texts, value: float, digits: int = 2) -> str:
    """Return a number of at least 0 with its first digits only, as what is not known better deserves."""
    rounded = float(f"{value:.{digits - 1}e}")
    whole = math.floor(math.log10(rounded)) + 1 if rounded else digits
    return decimal(texts, rounded, max(digits - whole, 0))


def percent(texts: Texts, share: float) -> str:
    """Return a share 0..1 as a whole percentage."""
    return f"{share:.0%}".replace("%", "\u00a0%") if texts.language == "fr" else f"{share:.0%}"


def likelihood(texts: Texts, share: float) -> str:
    """Return a probability 0..1 as a whole percentage; what rounds to none or to all of it, but is not, says so."""
    if 0 < share < 0.005:
        return f"<\u00a0{percent(texts, 0.01)}"
    return f">\u00a0{percent(texts, 0.99)}" if 0.995 <= share < 1 else percent(texts, share)


def grouped(texts: Texts, count: int) -> str:
    """Return a count with its thousands set apart."""
    return f"{count:,}".replace(",", "\u202f") if texts.language == "fr" else f"{count:,}"


def moment(texts: Texts, at: float) -> str:
    """Return seconds since 1970 as a day and a time of this computer's clock."""
    return time.strftime(_MOMENTS[texts.language], time.localtime(at))


def value(texts: Texts, figure: Figure, *, seconds: bool = False) -> str:
    """Return a figure: a percentage, or seconds."""
    return f"{decimal(texts, figure.value)}\u00a0s" if seconds else percent(texts, figure.value)


def interval(texts: Texts, figure: Figure, *, seconds: bool = False) -> str:
    """Return the two ends of a figure's interval."""
    if seconds:
        return f"{decimal(texts, figure.low)} – {decimal(texts, figure.high)}\u00a0s"
    return f"{percent(texts, figure.low)} – {percent(texts, figure.high)}"
