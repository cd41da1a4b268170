"""Text can be read in both themes (WCAG 2.2 AA), and nothing is fetched from elsewhere."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from ui.next_chart import CUT, INK
from ui.plots import BLUE, VERMILION
from ui.words import DARK, LIGHT

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
TEXT, PARTS = 4.5, 3.0
COLOURS = ("green", "orange", "red", "blue", "gray")


def luminance(colour: str) -> float:
    """Relative luminance, w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def faded(colour: str, ground: str) -> str:
    """Return the colour of a caption: Streamlit draws it as 60 % of the text colour."""
    parts = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(0.6 * words + 0.4 * below):02X}" for words, below in parts)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_and_badges_have_contrast(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    grounds = [theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"]]

    assert min(contrast(theme["textColor"], ground) for ground in grounds) >= TEXT
    assert min(contrast(faded(theme["textColor"], ground), ground) for ground in (grounds[0], grounds[2])) >= TEXT
    assert min(contrast(theme["linkColor"], ground) for ground in grounds) >= TEXT
    assert contrast(theme["primaryColor"], "#FFFFFF") >= TEXT
    assert min(contrast(theme["primaryColor"], ground) for ground in grounds) >= PARTS
    for colour in COLOURS:
        words, ground = theme[f"{colour}TextColor"], theme[f"{colour}BackgroundColor"]
        assert contrast(words, ground) >= TEXT, colour
        assert contrast(words, theme["backgroundColor"]) >= TEXT, colour


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_marks_of_the_plots_have_contrast(mode: str) -> None:
    ground = CONFIG["theme"][mode]["backgroundColor"]

    assert min(contrast(colour, ground) for colour in (BLUE, VERMILION)) >= PARTS


@pytest.mark.parametrize("mode, shades", [("light", LIGHT), ("dark", DARK)])
def test_words_can_be_read_on_every_shade_and_shades_are_told_apart(
    mode: str, shades: tuple[str, tuple[str, ...]]
) -> None:
    ink, grounds = shades
    ground = CONFIG["theme"][mode]["backgroundColor"]
    drawn = [shade or ground for shade in grounds]

    assert min(contrast(ink, shade) for shade in drawn) >= TEXT
    steps = [contrast(shade, ground) for shade in drawn]
    assert steps == sorted(steps)
    assert min(contrast(one, next_) for one, next_ in pairwise(drawn)) > 1.1


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_bars_of_the_next_words_have_contrast(mode: str) -> None:
    ground = CONFIG["theme"][mode]["backgroundColor"]

    assert contrast(CUT, ground) >= PARTS
    assert contrast(INK[mode], ground) >= TEXT


def test_fonts_are_in_the_repository_with_their_licence() -> None:
    fonts = [ROOT / face["url"].removeprefix("app/") for face in CONFIG["theme"]["fontFaces"]]

    assert all(font.is_file() for font in fonts)
    assert len(list((ROOT / "static" / "fonts").glob("OFL-*.txt"))) == 2


def test_nothing_is_told_to_anyone() -> None:
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["server"]["address"] == "localhost"


def test_a_redraw_does_not_walk_the_objects_of_the_models() -> None:
    assert CONFIG["runner"]["postScriptGC"] is False


def test_a_run_of_the_page_never_shares_a_thread_with_a_fragment() -> None:
    # Without fast reruns Streamlit 1.67 draws a page that follows a sidebar fragment's run into the sidebar.
    assert CONFIG["runner"].get("fastReruns", True) is True
