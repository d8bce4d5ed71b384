"""Pictures: a canvas with text in any script, bars, lines and dots; PNG bytes come out.

Nothing here knows what is drawn. Sizes are in points of the canvas, which is rendered at
`SCALE` pixels a point so that it stays sharp on dense screens. `lettering` sets the text. It is CPU
work: callers draw in a thread.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw

from bot import lettering, ui
from bot.lettering import FREETYPE, SCALE
from bot.lettering import Weight as Weight

Colour = tuple[int, int, int]
Anchor = Literal["left", "middle", "right"]
Point = tuple[float, float]

_ANCHORS: dict[Anchor, float] = {"left": 0.0, "middle": 0.5, "right": 1.0}


def _rgb(value: int) -> Colour:
    return value >> 16 & 255, value >> 8 & 255, value & 255


ACCENT, GOOD, CAUTION = (_rgb(colour.value) for colour in (ui.ACCENT, ui.GOOD, ui.CAUTION))
BACKGROUND = _rgb(0x23242A)
"""Dark, so that the accents and a picture without a frame stand out in both of Discord's themes."""
PANEL, TRACK = _rgb(0x2E3038), _rgb(0x3D404B)
INK, FAINT = _rgb(0xF2F3F5), _rgb(0xB5BAC4)
GOLD, SILVER, BRONZE = _rgb(0xF0B232), _rgb(0xC4CAD4), _rgb(0xD08A5C)


# ------------------------------------------------------------------------------- canvas


class Canvas:
    """A picture being drawn. Sizes and places are in points, from the left upper corner."""

    def __init__(self, width: int, height: int, background: Colour = BACKGROUND) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * SCALE, height * SCALE), background)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self,
        at: Point,
        text: str,
        size: int,
        colour: Colour = INK,
        *,
        weight: Weight = "regular",
        anchor: Anchor = "left",
        max_width: float | None = None,
    ) -> float:
        """Draw one line of text and return its width; `at` is on its baseline.

        Parameters
        ----------
        max_width
            Where it is wider, its end is cut off and "…" put there.
        """
        with FREETYPE:
            runs, width = lettering.fitted(text, size, weight, max_width)
            x = at[0] * SCALE - width * _ANCHORS[anchor]
            for run in runs:
                self._run(run, (x, at[1] * SCALE), size, colour, weight)
                x += lettering.length(run, size, weight)
        return width / SCALE

    def _run(
        self, run: lettering.Run, at: Point, size: int, colour: Colour, weight: Weight
    ) -> None:
        """Draw a run; FreeType refuses some outlines ("raster overflow"), and a box says so."""
        for shown in (run, lettering.box()):
            font = lettering.font_of(shown.face, size, weight)
            try:
                self._draw.text(at, shown.shown, colour, font, "ls", direction=shown.direction)
                return
            except OSError:
                continue

    def box(self, at: Point, size: Point, colour: Colour, *, radius: float = 0.0) -> None:
        """Fill a rectangle, its corners rounded; nothing where it has no width or height."""
        (x, y), (width, height) = at, size
        if width <= 0 or height <= 0:
            return
        corners = (*self._pixels((x, y)), x * SCALE + width * SCALE - 1, (y + height) * SCALE - 1)
        round_by = min(radius, width / 2, height / 2) * SCALE
        self._draw.rounded_rectangle(corners, round_by, colour)

    def bar(
        self,
        at: Point,
        size: Point,
        share: float,
        colour: Colour = ACCENT,
        *,
        track: Colour = TRACK,
    ) -> None:
        """Draw a bar filled from the left; ``share`` is cut to 0…1, and any at all is seen."""
        width, height = size
        self.box(at, size, track, radius=height / 2)
        if share > 0:
            filled = max(min(share, 1.0) * width, height)
            self.box(at, (filled, height), colour, radius=height / 2)

    def line(self, points: Sequence[Point], colour: Colour = ACCENT, width: float = 2.0) -> None:
        """Draw a line through the points."""
        thick = max(round(width * SCALE), 1)
        self._draw.line([self._pixels(p) for p in points], colour, thick, joint="curve")

    def dot(self, at: Point, radius: float, colour: Colour = ACCENT) -> None:
        """Fill a circle around `at`."""
        self._draw.circle(self._pixels(at), radius * SCALE, colour)

    def _pixels(self, at: Point) -> Point:
        return at[0] * SCALE, at[1] * SCALE

    def png(self) -> bytes:
        """Return the picture as PNG."""
        file = BytesIO()
        self._image.save(file, "PNG", compress_level=3)  # twice as fast, a tenth larger
        return file.getvalue()


def width_of(text: str, size: int, *, weight: Weight = "regular") -> float:
    """Return how many points wide a line of text is."""
    with FREETYPE:
        return lettering.fitted(text, size, weight, None)[1] / SCALE
