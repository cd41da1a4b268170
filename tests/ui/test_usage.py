"""What an answer took stands under each of its columns."""

import pytest

from rag.used import Usage
from ui.texts import Texts
from ui.usage import energy_of, energy_told, usage_text

ESTIMATED = Usage(412, 38, 3.2, 44.8, 14.0)
MEASURED = Usage(412, 38, 3.2, 36_000.0)
UNKNOWN = Usage(412, 38, 3.2)
QUOTED = Usage(0, 0, 3.2)


@pytest.mark.parametrize(
    ("language", "usage", "expected"),
    [
        ("en", ESTIMATED, "412 tokens read, 38 written · 3.2 s · 12 mWh (estimated)"),
        ("en", MEASURED, "412 tokens read, 38 written · 3.2 s · 10 Wh"),
        ("en", UNKNOWN, "412 tokens read, 38 written · 3.2 s"),
        ("fr", ESTIMATED, "412 jetons lus, 38 écrits · 3,2\u00a0s · 12\u00a0mWh (estimation)"),
        ("en", QUOTED, "no tokens · 3.2 s"),
        ("fr", QUOTED, "aucun jeton · 3,2\u00a0s"),
    ],
)
def test_tokens_seconds_and_energy(language: str, usage: Usage, expected: str) -> None:
    assert usage_text(Texts(language), usage).replace("\\", "") == expected


@pytest.mark.parametrize(
    ("joules", "written"),
    [(0.0, "0 mWh"), (0.3, "0.083 mWh"), (3.5, "0.97 mWh"), (35.9, "10 mWh"), (449.0, "120 mWh"), (4500.0, "1.2 Wh")],
)
def test_energy_is_told_no_finer_than_it_is_known(joules: float, written: str) -> None:
    assert energy_of(Texts("en"), joules) == written


@pytest.mark.parametrize(
    ("language", "usage", "told"),
    [
        ("en", ESTIMATED, "Estimated: 14 W assumed × 3.2 s = 44.8 J."),
        ("fr", ESTIMATED, "Estimé\u00a0: 14\u00a0W supposés × 3,2\u00a0s = 44,8\u00a0J."),
        ("en", MEASURED, "Counted by the hardware, in the processor or the graphics card that worked: "),
        ("fr", MEASURED, "Compté par le matériel, dans le processeur ou la carte graphique qui a travaillé"),
        ("fr", UNKNOWN, "n’est pas connue ici"),
    ],
)
def test_how_the_energy_is_known_is_told(language: str, usage: Usage, told: str) -> None:
    assert told in energy_told(Texts(language), usage).replace("\\", "")
