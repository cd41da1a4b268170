"""What a column of an answer took, in one line, and how its energy is known."""

import streamlit as st

from rag.used import Usage
from ui.numerals import decimal, significant
from ui.texts import Texts

JOULES_A_WATT_HOUR = 3600


def usage_line(texts: Texts, usage: Usage | None) -> None:
    """Draw tokens, seconds and energy; answers of older versions know none."""
    if usage is not None:
        st.caption(usage_text(texts, usage), help=energy_told(texts, usage))


def usage_text(texts: Texts, usage: Usage) -> str:
    """Return tokens, seconds and energy as markdown."""
    seconds = decimal(texts, usage.seconds)
    if usage.read or usage.written:
        told = texts("usage.took", read=usage.read, written=usage.written, seconds=seconds)
    else:
        # The sources were read without the model that writes: they were quoted, or did not answer.
        told = texts("usage.took_none", seconds=seconds)
    if usage.joules is None:
        return told
    energy = texts("usage.measured" if not usage.watts else "usage.estimated", energy=energy_of(texts, usage.joules))
    return f"{told} · {energy}"


def energy_of(texts: Texts, joules: float) -> str:
    """Write an energy in milliwatt hours, or in watt hours from one on."""
    hours = joules / JOULES_A_WATT_HOUR
    if hours < 1:
        return texts.plain("usage.milliwatt_hours", n=significant(texts, 1000 * hours))
    return texts.plain("usage.watt_hours", n=significant(texts, hours))


def energy_told(texts: Texts, usage: Usage) -> str:
    """Return how the energy is known: counted by the hardware, or a power assumed for the time."""
    if usage.joules is None:
        return texts("usage.unknown_told")
    if not usage.watts:
        return texts("usage.measured_told", joules=decimal(texts, usage.joules))
    watts, seconds = round(usage.watts), decimal(texts, usage.seconds)
    return texts("usage.estimated_told", watts=watts, seconds=seconds, joules=decimal(texts, usage.joules))
