"""Notice a model that repeats itself or runs away in digits, and cut its text there."""

import re

MAX_DIGITS = 18
"""No course fact needs a longer run of digits; models that fail at counting write hundreds."""

_DIGITS = re.compile(rf"\d{{{MAX_DIGITS},}}|(?:\d[\s.,]*){{{3 * MAX_DIGITS},}}")
_LOOP = re.compile(r"(.{2,120}?)\1{3,}", re.DOTALL)
_ECHO = re.compile(r"(?:^|(?<=[.!?\n]))\s*([^.!?\n]{12,}[.!?])(?=.*?(?:[.!?\n])\s*\1)", re.DOTALL)


def runaway_start(text: str) -> int | None:
    """Return where a runaway begins (after the first copy of what repeats, or before the digits), or None."""
    starts = []
    if digits := _DIGITS.search(text):
        starts.append(digits.start())
    if loop := _LOOP.search(text):
        starts.append(loop.end(1))
    if echo := _ECHO.search(text):
        starts.append(text.index(echo.group(1), echo.end()))
    return min(starts, default=None)


def cut_runaway(text: str) -> tuple[str, bool]:
    """Return the text up to the runaway, and whether there was one."""
    start = runaway_start(text)
    return (text, False) if start is None else (text[:start].rstrip(), True)
