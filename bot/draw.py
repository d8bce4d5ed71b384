"""Pictures: a canvas with text in any script, bars, lines and dots; PNG bytes come out.

Nothing here knows what is drawn. Sizes are in points of the canvas, which is rendered at
`SCALE` pixels a point so that it stays sharp on dense screens. Text is set from the Noto fonts
that come with the packages, each run of it in the first face that has its characters; what no
face has is drawn as a box. It is CPU work: callers draw in a thread.
"""

import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, Literal

from PIL import Image, ImageDraw, ImageFont, features

from bot import ui

Colour = tuple[int, int, int]
Weight = Literal["regular", "bold"]
Anchor = Literal["left", "middle", "right"]
Point = tuple[float, float]

SCALE = 2
TEXT_MAX = 400
"""Characters looked at of one text: more than any picture has room for."""
_MARKS_MAX = 4
"""Marks kept on one character: scripts need up to three, Zalgo wants hundreds."""
_ELLIPSIS = "…"
_BOX = "□"
_EMOJI_STYLE = "\ufe0f"
_JOINERS = frozenset("\u200c\u200d")
_WEIGHTS: dict[Weight, int] = {"regular": 400, "bold": 700}
_ANCHORS: dict[Anchor, float] = {"left": 0.0, "middle": 0.5, "right": 1.0}
_SHAPES = bool(features.check("raqm"))
"""Whether Pillow shapes; where it cannot (no FriBiDi) Arabic stands unjoined, but in order."""
_FREETYPE = Lock()
"""A font may be used by one thread at a time."""


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
        with _FREETYPE:
            runs, width = _fitted(text, size, weight, max_width)
            x = at[0] * SCALE - width * _ANCHORS[anchor]
            for run in runs:
                self._run(run, (x, at[1] * SCALE), size, colour, weight)
                x += _length(run, size, weight)
        return width / SCALE

    def _run(self, run: "_Run", at: Point, size: int, colour: Colour, weight: Weight) -> None:
        """Draw a run; FreeType refuses some outlines ("raster overflow"), and a box says so."""
        for shown in (run, _box()):
            font, text, direction = _font(shown.face, size, weight), shown.shown, shown.direction
            try:
                self._draw.text(at, text, colour, font, "ls", direction=direction)
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
    with _FREETYPE:
        return _fitted(text, size, weight, None)[1] / SCALE


# ----------------------------------------------------------------------- lines of text


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters set in one face and direction; ``face`` is its place in `_faces`."""

    face: int
    is_rtl: bool
    text: str

    @property
    def shown(self) -> str:
        return self.text[::-1] if self.is_rtl and not _SHAPES else self.text

    @property
    def direction(self) -> str | None:
        return ("rtl" if self.is_rtl else "ltr") if _SHAPES else None


def _fitted(
    text: str, size: int, weight: Weight, max_width: float | None
) -> tuple[list[_Run], float]:
    """Return the runs of a line from left to right, cut to `max_width`, and its width in pixels."""
    clusters = list(_clusters(text))
    runs = _runs(clusters)
    width = _width(runs, size, weight)
    if max_width is None or width <= max_width * SCALE:
        return runs, width
    low, high = 0, len(clusters)
    while low < high - 1:  # the first `low` clusters and "…" fit, as far as anything does
        middle = (low + high) // 2
        fits = _width(_runs(_cut(clusters, middle)), size, weight) <= max_width * SCALE
        low, high = (middle, high) if fits else (low, middle)
    runs = _runs(_cut(clusters, low))
    return runs, _width(runs, size, weight)


def _cut(clusters: list[str], n: int) -> list[str]:
    kept = clusters[:n]
    while kept and kept[-1].isspace():
        kept.pop()
    return [*kept, _ELLIPSIS]


def _width(runs: list[_Run], size: int, weight: Weight) -> float:
    return sum(_length(run, size, weight) for run in runs)


def _length(run: _Run, size: int, weight: Weight) -> float:
    return _font(run.face, size, weight).getlength(run.shown, direction=run.direction)


def _clusters(text: str) -> Iterator[str]:
    """Yield what must not be torn apart: a character with its marks, joined emoji.

    Controls are left out, any white space is a space, and marks beyond `_MARKS_MAX` are dropped.
    """
    cluster, n_marks = "", 0
    for character in unicodedata.normalize("NFC", text[:TEXT_MAX]):
        category = unicodedata.category(character)
        if character.isspace():
            character = " "
        elif category[0] == "C" and category != "Co" and character not in _JOINERS:
            continue  # controls, surrogates, and what Unicode has not assigned
        is_mark = category[0] == "M" or character in _JOINERS or _is_tone(character)
        if cluster and (is_mark or cluster[-1] == "\u200d"):
            n_marks = n_marks + 1 if is_mark else 0
            if n_marks <= _MARKS_MAX:
                cluster += character
            continue
        if cluster:
            yield cluster
        cluster, n_marks = character, 0
    if cluster:
        yield cluster


def _is_tone(character: str) -> bool:
    """Say whether it is the skin tone of the emoji before it."""
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _runs(clusters: list[str]) -> list[_Run]:
    """Return the clusters as runs, in the order they stand on the line from left to right."""
    runs: list[_Run] = []
    for cluster, is_rtl in zip(clusters, _directions(clusters), strict=True):
        before = runs[-1].face if runs else None
        face, shown = _set(cluster, before)
        if runs and face == before and is_rtl == runs[-1].is_rtl:
            runs[-1] = _Run(face, is_rtl, runs[-1].text + shown)
        else:
            runs.append(_Run(face, is_rtl, shown))
    return _ordered(runs, is_rtl=_leads(clusters) == "right")


def _directions(clusters: list[str]) -> list[bool]:
    """Say which clusters read from right to left.

    This is the Unicode algorithm (UAX 9) with the two levels that a name needs: what belongs
    to neither side goes with its neighbours where they agree, else with the line.
    """
    sides = [_side(cluster) for cluster in clusters]
    line = _leads(clusters)
    before, earlier = line, []
    for side in sides:
        before = before if side == "neither" else side
        earlier.append(before)
    after, found = line, []
    for side, before in zip(reversed(sides), reversed(earlier), strict=True):
        after = after if side == "neither" else side
        found.append((before if before == after else line) == "right")
    return found[::-1]


def _leads(clusters: list[str]) -> str:
    return next((side for each in clusters if (side := _side(each)) != "neither"), "left")


def _side(text: str) -> Literal["left", "right", "neither"]:
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "right"
        if kind in ("L", "EN"):
            return "left"
    return "neither"


def _ordered(runs: list[_Run], *, is_rtl: bool) -> list[_Run]:
    """Turn round each group of runs that reads against the line; a line from the right whole."""
    ordered: list[_Run] = []
    group: list[_Run] = []
    for run in reversed(runs) if is_rtl else runs:
        if run.is_rtl != is_rtl:
            group.insert(0, run)
            continue
        ordered += [*group, run]
        group = []
    return [*ordered, *group]


def _set(cluster: str, before: int | None) -> tuple[int, str]:
    """Return the face a cluster is set in and what is set: what it stands for, or a box at worst.

    What is neither letter nor sign, such as a space, stays in the face before it.
    """
    faces = _faces()
    bare = cluster.replace(_EMOJI_STYLE, "").strip("".join(_JOINERS)) or " "
    if _is_emoji(cluster):
        order = [len(faces) - 1, *range(len(faces) - 1)]
    else:
        stays = before not in (None, len(faces) - 1) and _side(bare) == "neither"
        order = [*([before] if stays and before is not None else []), *range(len(faces))]
    # A letter of mathematics stands for a letter: many names are written in them.
    for meant in dict.fromkeys((bare, unicodedata.normalize("NFKC", bare), bare[0])):
        for number in order:
            if faces[number].has(meant):
                return number, meant
    return _box().face, _BOX


@cache
def _box() -> _Run:
    return _Run(next(n for n, face in enumerate(_faces()) if face.has(_BOX)), False, _BOX)


def _is_emoji(cluster: str) -> bool:
    return _EMOJI_STYLE in cluster or "\U0001f000" <= cluster[0] <= "\U0001faff"


# ------------------------------------------------------------------------------- faces


@dataclass(frozen=True, slots=True)
class _Face:
    """A font in a file, and the characters it has as ranges of code points, both ends included."""

    path: Path
    index: int
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)

    def has(self, text: str) -> bool:
        """Say whether there is a glyph for every character; joiners need none."""
        return all(self._has(ord(each)) for each in text if each not in _JOINERS)

    def _has(self, point: int) -> bool:
        at = bisect_right(self.starts, point) - 1
        return at >= 0 and point <= self.ends[at]


_SC = 2
"""The simplified Chinese one of the five fonts in Noto Sans CJK's file."""


@cache
def _faces() -> tuple[_Face, ...]:
    """Return the faces in the order they are asked: Latin, Chinese, other scripts, signs, emoji.

    What they have is read once, in about 50 ms; their outlines when they are drawn.
    """
    root = Path(str(files("manimgx_fonts")))
    chinese = Path(str(files("manimgx_fonts_cjk"))) / "NotoSansCJK-VF.otf.ttc"
    ends = ["NotoSansSymbols[wght].ttf", "NotoEmoji[wght].ttf"]
    first = "NotoSans[wght].ttf"
    scripts = sorted({path.name for path in root.glob("NotoSans*[[]wght].ttf")} - {first, *ends})
    upright = [name for name in scripts if "Italic" not in name]
    return (
        _face(root / first),
        _face(chinese, _SC),
        *(_face(root / name) for name in (*upright, *ends)),
    )


@cache
def _font(number: int, size: int, weight: Weight) -> ImageFont.FreeTypeFont:
    face = _faces()[number]
    font = ImageFont.truetype(str(face.path), size * SCALE, index=face.index)
    font.set_variation_by_axes([_WEIGHTS[weight]])
    return font


def _face(path: Path, index: int = 0) -> _Face:
    starts: list[int] = []
    ends: list[int] = []
    with path.open("rb") as file:
        for start, end in _ranges(file, index):
            if ends and start == ends[-1] + 1:
                ends[-1] = end
            else:
                starts.append(start)
                ends.append(end)
    return _Face(path, index, starts, ends)


def _ranges(file: BinaryIO, index: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of code points that a font has a glyph for, ascending.

    Pillow does not tell, so they are read from the ``cmap`` table (OpenType 1.9): format 12
    where there is one, else format 4, which reaches U+FFFF.
    """
    origin = 0
    if file.read(4) == b"ttcf":
        file.seek(12 + 4 * index)
        (origin,) = _read(file, ">I")
    file.seek(origin + 4)
    (n_tables,) = _read(file, ">H6x")
    tables = {tag: offset for tag, offset in (_read(file, ">4s4xI4x") for _ in range(n_tables))}
    start = tables[b"cmap"]
    file.seek(start)
    (n_maps,) = _read(file, ">2xH")
    maps = {
        (platform, kind): at for platform, kind, at in (_read(file, ">HHI") for _ in range(n_maps))
    }
    full = maps.get((3, 10), maps.get((0, 4)))
    file.seek(start + (maps[0, 3] if full is None else full))
    yield from _format_4(file) if full is None else _format_12(file)


def _read(file: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))


def _format_12(file: BinaryIO) -> Iterator[tuple[int, int]]:
    (n_groups,) = _read(file, ">12xI")
    for start, end, glyph in struct.iter_unpack(">III", file.read(12 * n_groups)):
        yield (start if glyph else start + 1), end


def _format_4(file: BinaryIO) -> Iterator[tuple[int, int]]:
    (twice,) = _read(file, ">6xH6x")
    n = twice // 2
    ends, starts = _read(file, f">{n}H2x"), _read(file, f">{n}H")
    deltas, at = _read(file, f">{n}H"), file.tell()
    offsets = _read(file, f">{n}H")
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for point in range(start, min(end, 0xFFFE) + 1):
            glyph = point
            if offsets[i]:
                file.seek(at + 2 * i + offsets[i] + 2 * (point - start))
                (glyph,) = _read(file, ">H")
            if (glyph or not offsets[i]) and (glyph + deltas[i]) % 0x10000:
                yield point, point
