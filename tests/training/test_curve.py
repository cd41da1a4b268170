"""The drawing of a risk-coverage curve."""

from xml.etree import ElementTree

from training.curve import EDGE, HEIGHT, WIDTH, draw


def test_a_curve_goes_from_the_lower_left_to_the_upper_right_and_names_are_escaped() -> None:
    drawn = draw({"with <reader>": [(0.0, 0.0), (1.0, 1.0)], "without": [(0.5, 0.5)]}, "Refusal & risk")
    root = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == "Refusal & risk"
    paths = [path.get("d") for path in root.iter(f"{space}path")][1:]
    assert paths == [
        f"M{EDGE:.1f} {HEIGHT - EDGE:.1f}L{WIDTH - EDGE:.1f} {EDGE:.1f}",
        f"M{WIDTH / 2:.1f} {HEIGHT / 2:.1f}",
    ]
    assert "with <reader>" in [text.text for text in root.iter(f"{space}text")]
