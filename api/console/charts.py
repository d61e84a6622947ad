"""Charts as SVG made here: attributes and classes only, since the pages allow no inline style."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 12, 28
MOST_LABELS = 8
NICE = (1.2, 2, 4, 8, 12)
"""Tops that four lines divide into round steps."""


@dataclass(frozen=True)
class Column:
    """One column: its label, its whole height, and the part of it that is marked."""

    label: str
    whole: float
    part: float


def columns(name: str, data: Sequence[Column]) -> Markup:
    """Columns with a marked part at the foot; `name` is read out."""
    top = nice_top(max([4, *(column.whole for column in data)]))
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(data))
    gap = min(6.0, wide * 0.2)
    shapes = []
    for place, column in enumerate(data):
        x = LEFT + wide * place + gap / 2
        shapes.append(_rect("whole", x, wide - gap, column.whole, top))
        shapes.append(_rect("part", x, wide - gap, column.part, top))
    return _drawn(name, [*_grid(top, "{:,.0f}"), *shapes, *_labels([column.label for column in data], wide)])


def line(name: str, data: Sequence[tuple[str, float | None]]) -> Markup:
    """A line of shares of one; gaps where there is none."""
    top = nice_top(max((value for _, value in data if value is not None), default=0.0) * 100) / 100
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(data))
    pieces: list[list[str]] = [[]]
    dots = []
    for place, (_, value) in enumerate(data):
        if value is None:
            pieces.append([])
            continue
        x, y = LEFT + wide * (place + 0.5), _y(value, top)
        pieces[-1].append(f"{x:.1f},{y:.1f}")
        dots.append(Markup('<circle class="dot" cx="{}" cy="{}" r="3"/>').format(f"{x:.1f}", f"{y:.1f}"))
    lines = [Markup('<polyline class="line" points="{}"/>').format(" ".join(p)) for p in pieces if len(p) > 1]
    return _drawn(name, [*_grid(top, "{:.0%}"), *lines, *dots, *_labels([label for label, _ in data], wide)])


def bar(value: float, most: float, part: float = 0) -> Markup:
    """A bar for a cell of a table, which says the number itself."""
    whole = 0 if most <= 0 else value / most * 100
    marked = 0 if most <= 0 else part / most * 100
    return Markup(
        '<svg class="gauge" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="whole" width="{}" height="10"/><rect class="part" width="{}" height="10"/></svg>'
    ).format(f"{whole:.2f}", f"{marked:.2f}")


def nice_top(most: float) -> float:
    """A number at or above `most` that four lines divide into round steps."""
    if most <= 0:
        return 4
    size = 10.0 ** math.floor(math.log10(most))
    return next(round(factor * size, 9) for factor in NICE if factor * size >= most * 0.999999)


def _grid(top: float, form: str) -> list[Markup]:
    shown = []
    for step in range(5):
        value = top * step / 4
        y = _y(value, top)
        across = Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>')
        mark = Markup('<text x="{}" y="{}" text-anchor="end">{}</text>')
        shown.append(across.format(LEFT, WIDTH - RIGHT, f"{y:.1f}", f"{y:.1f}"))
        shown.append(mark.format(LEFT - 6, f"{y + 4:.1f}", form.format(value)))
    return shown


def _labels(names: Sequence[str], wide: float) -> list[Markup]:
    every = max(1, -(-len(names) // MOST_LABELS))
    return [
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            f"{LEFT + wide * (place + 0.5):.1f}", HEIGHT - 8, name
        )
        for place, name in enumerate(names)
        if place % every == 0
    ]


def _rect(kind: str, x: float, width: float, value: float, top: float) -> Markup:
    y = _y(value, top)
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, f"{x:.1f}", f"{y:.1f}", f"{width:.1f}", f"{HEIGHT - BOTTOM - y:.1f}"
    )


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / top if top else 0)


def _drawn(name: str, shapes: Sequence[Markup]) -> Markup:
    head = (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}" focusable="false">'
    )
    return Markup(head) + Markup("").join(shapes) + Markup("</svg>")  # noqa: S704 - only numbers and an escaped name
