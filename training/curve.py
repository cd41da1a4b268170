"""A risk-coverage curve as a drawing: how many answers are wrong when only the surest are given."""

from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT, EDGE = 640, 400, 60
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#332288", "#882255")
"""Colours that colour-blind readers tell apart, three of Okabe and Ito's and three of Tol's; dashes differ too."""
DASHES = ("none", "8 4", "2 4", "8 3 2 3", "14 4", "4 2")


def draw(curves: Mapping[str, Points], title: str) -> str:
    """Return an SVG: coverage (0..1) to the right, the share of errors (0..1) upwards, a line a curve."""
    lines = [
        f'<path d="{_path(points)}" fill="none" stroke="{COLOURS[n]}" stroke-width="2" stroke-dasharray="{DASHES[n]}"/>'
        f'<text x="{EDGE + 12}" y="{EDGE + 18 * n}" fill="{COLOURS[n]}">{escape(name)}</text>'
        for n, (name, points) in enumerate(curves.items())
    ]
    ticks = [
        f'<text x="{_x(share)}" y="{HEIGHT - EDGE + 20}" text-anchor="middle">{share:.1f}</text>'
        f'<text x="{EDGE - 8}" y="{_y(share) + 4}" text-anchor="end">{share:.1f}</text>'
        for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            'font-family="sans-serif" font-size="13" fill="#444">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="{WIDTH / 2}" y="24" text-anchor="middle" font-size="15">{escape(title)}</text>',
            f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" fill="none" stroke="#888"/>',
            *ticks,
            f'<text x="{WIDTH / 2}" y="{HEIGHT - 16}" text-anchor="middle">share of questions answered</text>',
            f'<text x="16" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 16 {HEIGHT / 2})">'
            "share of them without an answer in the sources</text>",
            *lines,
            "</svg>\n",
        )
    )


def _path(points: Points) -> str:
    return "M" + "L".join(f"{_x(coverage)} {_y(risk)}" for coverage, risk in points)


def _x(share: float) -> float:
    return round(EDGE + share * (WIDTH - 2 * EDGE), 1)


def _y(share: float) -> float:
    return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)
