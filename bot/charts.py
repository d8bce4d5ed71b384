"""Charts on a canvas: bars with their intervals, and chances beside what happened.

Pure drawing; CPU work, so callers draw in a thread. A picture never stands alone: what it shows is
said in words beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot import draw
from bot.draw import Canvas, Colour

WIDTH, MARGIN = 760, 28
_ROW = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled share with its interval, in [0, 1]; NaN for none, then ``said`` says why."""

    label: str
    value: float
    low: float = math.nan
    high: float = math.nan
    said: str = ""
    colour: Colour = draw.ACCENT


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under a heading, on one scale."""

    title: str
    bars: tuple[Bar, ...]


def height_of(groups: Sequence[Group]) -> int:
    """Return how high a chart of these groups is, its title included."""
    return MARGIN + 60 + sum(40 + _ROW * len(group.bars) for group in groups) + MARGIN


def bars(title: str, note: str, groups: Sequence[Group]) -> bytes:
    """Return groups of bars as PNG."""
    canvas = Canvas(WIDTH, height_of(groups))
    canvas.text((MARGIN, MARGIN + 22), title, 24, weight="bold", max_width=WIDTH - 2 * MARGIN)
    canvas.text((MARGIN, MARGIN + 46), note, 14, draw.FAINT, max_width=WIDTH - 2 * MARGIN)
    y = MARGIN + 62.0
    for group in groups:
        canvas.text((MARGIN, y + 24), group.title, 17, weight="bold", max_width=WIDTH - 2 * MARGIN)
        y += 36
        most = _scale(group.bars)
        for bar in group.bars:
            _bar(canvas, bar, y, most)
            y += _ROW
        y += 4
    return canvas.png()


def _scale(found: Sequence[Bar]) -> float:
    """Return what the full width stands for."""
    tops = [each for bar in found for each in (bar.value, bar.high) if not math.isnan(each)]
    return min(1.0, max([*tops, 0.01]) * 1.05)


def _bar(canvas: Canvas, bar: Bar, y: float, most: float) -> None:
    left, width, right = MARGIN + 200.0, 330.0, WIDTH - MARGIN
    canvas.text((MARGIN, y + 19), bar.label, 15, max_width=190)
    canvas.text((right, y + 19), bar.said, 14, draw.FAINT, anchor="right", max_width=165)
    if math.isnan(bar.value):
        return
    canvas.bar((left, y + 9), (width, 10), bar.value / most, bar.colour)
    if math.isnan(bar.low) or math.isnan(bar.high):
        return
    begin, end = (left + min(1.0, each / most) * width for each in (bar.low, bar.high))
    canvas.line([(begin, y + 14), (end, y + 14)], draw.INK, 1.5)
    for x in (begin, end):
        canvas.line([(x, y + 9), (x, y + 19)], draw.INK, 1.5)


def reliability(
    title: str, across: str, up: str, bins: Sequence[tuple[float, float, float]]
) -> bytes:
    """Return chances beside what happened as PNG: on the line they agree.

    Parameters
    ----------
    bins
        Mean chance, share that happened, and how many, of each.
    """
    size = 420
    canvas = Canvas(size + 120, size + 130)
    canvas.text((MARGIN, MARGIN + 18), title, 20, weight="bold", max_width=size + 60)
    left, top = 78.0, 66.0
    most = min(1.0, max([0.05, *(max(said, seen) for said, seen, _ in bins)]) * 1.1)
    canvas.box((left, top), (size, size), draw.PANEL, radius=6)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = left + share * size, top + (1 - share) * size
        mark = f"{100 * share * most:.0f}%"
        canvas.line([(left, y), (left + size, y)], draw.TRACK, 1)
        canvas.text((left - 8, y + 5), mark, 13, draw.FAINT, anchor="right")
        canvas.text((x, top + size + 20), mark, 13, draw.FAINT, anchor="middle")
    canvas.line([(left, top + size), (left + size, top)], draw.FAINT, 1.5)
    points = [(left + said / most * size, top + (1 - seen / most) * size) for said, seen, _ in bins]
    if len(points) > 1:
        canvas.line(points, draw.ACCENT, 2)
    largest = max((n for _, _, n in bins), default=1.0)
    for (x, y), (_, _, n) in zip(points, bins, strict=True):
        canvas.dot((x, y), 4 + 5 * math.sqrt(n / largest), draw.ACCENT)
    canvas.text((left + size / 2, top + size + 44), across, 14, draw.FAINT, anchor="middle")
    canvas.text((left + 12, top + 24), f"↑ {up}", 14, draw.FAINT, max_width=size - 24)
    return canvas.png()
