"""Dates of events, and numbers that are none."""

import pytest

from ingest.types import Language
from rag.study.aids import timeline
from rag.study.aids.lesson import read
from rag.study.aids.timeline import When, date_of
from tests.rag.study.aids.course import course, outline


@pytest.mark.parametrize(
    "language, text, when",
    [
        ("en", "In 1969 the network joined four computers.", When(1969)),
        ("en", "The company was founded on 4 July 1976 in Boston.", When(1976, 7, 4)),
        ("en", "In October, 2007, the network was renamed.", When(2007, 10)),
        ("en", "The idea came up in the early 1960s in Britain.", When(1960, span=10)),
        ("en", "Steam ships ruled the seas of the 19th century.", When(1801, span=100)),
        ("en", "The war (1914-1918) changed the maps of Europe.", When(1914, last=1918)),
        ("fr", "Dès 1969, une norme permet de coder le japonais.", When(1969)),
        ("fr", "Le 1er mars 1815, Napoléon débarque à Golfe-Juan.", When(1815, 3, 1)),
        ("fr", "Le terme existe depuis les années 1100 au moins.", When(1100, span=10)),
        ("fr", "Au XVIIIe siècle, la technique se répand.", When(1701, span=100)),
        ("fr", "Au IVe siècle av. J.-C., un astronome mesure le mois.", When(-400, span=100)),
        ("fr", "César meurt en 44 av. J.-C. à Rome.", None),
        ("fr", "Rome est prise en 390 av. J.-C. par les Gaulois.", When(-390)),
    ],
)
def test_the_first_date_of_a_sentence(language: Language, text: str, when: When | None) -> None:
    assert date_of(text, language) == when


@pytest.mark.parametrize(
    "text",
    [
        "The method works well on all data sets (2016).",
        "The method works well on all data sets (Smith, 2016).",
        "The file has a size of 1024 bytes on the disk.",
        "The words of RFC 2119 are used in capital letters.",
        "The town has 1500 inhabitants and two schools.",
        "The price rose from 1200 euros to twice as much.",
        "The system runs on Windows 2000 and later ones.",
        "See page 1995 of the manual for the answer.",
    ],
)
def test_numbers_that_date_nothing(text: str) -> None:
    assert date_of(text, "en") is None


@pytest.mark.parametrize(
    "when, english, french",
    [
        (When(1976, 7, 4), "4 July 1976", "4 juillet 1976"),
        (When(1815, 3, 1), "1 March 1815", "1er mars 1815"),
        (When(2007, 10), "October 2007", "octobre 2007"),
        (When(1960, span=10), "1960s", "années 1960"),
        (When(1801, span=100), "19th century", "XIXe siècle"),
        (When(1, span=100), "1st century", "Ier siècle"),
        (When(-400, span=100), "4th century BC", "IVe siècle av. J.-C."),
        (When(-390), "390 BC", "390 av. J.-C."),
        (When(1914, last=1918), "1914–1918", "1914–1918"),
    ],
)
def test_a_date_is_written_in_the_language_that_is_asked_for(when: When, english: str, french: str) -> None:
    assert (when.name("en"), when.name("fr")) == (english, french)


def test_events_come_by_date_with_their_sentences() -> None:
    late = "The network joined fifteen sites by March 1971."
    first = "Paul Baran described packet switching in 1964."
    between = "The network joined four computers by the end of 1969."
    found = timeline.points(read(course("en", f"Networks\n{late} {first} They met in 1965.", f"More\n{between}")), "fr")

    assert outline(found) == [("1964", first), ("1969", between), ("mars 1971", late)]
