"""The reliability diagram as SVG: promised probability against observed share, a line per task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

SIDE, EDGE, LEGEND = 360, 50, 250
COLOURS = ("#1b6ca8", "#c1440e", "#3a7d44", "#7b4b94", "#b8860b", "#00798c", "#8c2f39", "#555555", "#d17a22")


def reliability_svg(tasks: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> str:
    """Draw ten bins per task, both axes from 0 to 1; on the dotted line promises hold exactly.

    Parameters
    ----------
    tasks : mapping of str to pair of sequences
        Name -> promised and observed share per bin, each within 0 and 1.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE + 2 * EDGE + LEGEND}" '
        f'height="{SIDE + 2 * EDGE}" font-family="sans-serif" font-size="12" role="img" '
        'aria-label="Promised probability against observed share">',
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        f'<polyline points="{_points((0, 1), (0, 1))}" stroke="#888" stroke-dasharray="3 4" fill="none"/>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _at(tick, tick)
        parts.append(f'<text x="{x}" y="{EDGE + SIDE + 16}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{EDGE - 6}" y="{y + 4}" text-anchor="end">{tick:g}</text>')
    middle = EDGE + SIDE / 2
    parts.append(f'<text x="{middle}" y="{EDGE + SIDE + 36}" text-anchor="middle">promised</text>')
    parts.append(f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">observed</text>')
    for number, (name, (promised, observed)) in enumerate(tasks.items()):
        colour, y = COLOURS[number % len(COLOURS)], EDGE + 14 + 18 * number
        line = _points(promised, observed)
        parts.append(f'<polyline points="{line}" stroke="{colour}" stroke-width="2" fill="none"/>')
        parts.append(f'<text x="{EDGE + SIDE + 14}" y="{y}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _points(across: Sequence[float], up: Sequence[float]) -> str:
    return " ".join("{:.1f},{:.1f}".format(*_at(x, y)) for x, y in zip(across, up, strict=True))


def _at(across: float, up: float) -> tuple[float, float]:
    return EDGE + SIDE * across, EDGE + SIDE * (1 - up)
