"""Lines of text in any script: cut into runs of one face and direction, each measured and shaped.

Text is set from the Noto fonts that come with the packages, each run of it in the first face that
has its characters; what no face has is a box. Sizes are in points, widths in pixels of a canvas
with `SCALE` pixels a point. Only to be used under `FREETYPE`.
"""

import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, Literal

from PIL import ImageFont, features

Weight = Literal["regular", "bold"]

SCALE = 2
TEXT_MAX = 400
"""Characters looked at of one text: more than any picture has room for."""
FREETYPE = Lock()
"""A font may be used by one thread at a time."""
_MARKS_MAX = 4
"""Marks kept on one character: scripts need up to three, Zalgo wants hundreds."""
_ELLIPSIS = "…"
_BOX = "□"
_EMOJI_STYLE = "\ufe0f"
_JOINERS = frozenset("\u200c\u200d")
_WEIGHTS: dict[Weight, int] = {"regular": 400, "bold": 700}
_SHAPES = bool(features.check("raqm"))
"""Whether Pillow shapes; where it cannot (no FriBiDi) Arabic stands unjoined, but in order."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters set in one face and direction; ``face`` is its place in `_faces`."""

    face: int
    is_rtl: bool
    text: str

    @property
    def shown(self) -> str:
        """Return the characters in the order in which they are to be set."""
        return self.text[::-1] if self.is_rtl and not _SHAPES else self.text

    @property
    def direction(self) -> str | None:
        """Return what Pillow is to be told of the direction, None where it cannot shape."""
        return ("rtl" if self.is_rtl else "ltr") if _SHAPES else None


def fitted(
    text: str, size: int, weight: Weight, max_width: float | None
) -> tuple[list[Run], float]:
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


def _width(runs: list[Run], size: int, weight: Weight) -> float:
    return sum(length(run, size, weight) for run in runs)


def length(run: Run, size: int, weight: Weight) -> float:
    """Return how many pixels wide a run is."""
    return font_of(run.face, size, weight).getlength(run.shown, direction=run.direction)


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


def _runs(clusters: list[str]) -> list[Run]:
    """Return the clusters as runs, in the order they stand on the line from left to right."""
    runs: list[Run] = []
    for cluster, is_rtl in zip(clusters, _directions(clusters), strict=True):
        before = runs[-1].face if runs else None
        face, shown = _set(cluster, before)
        if runs and face == before and is_rtl == runs[-1].is_rtl:
            runs[-1] = Run(face, is_rtl, runs[-1].text + shown)
        else:
            runs.append(Run(face, is_rtl, shown))
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


def _ordered(runs: list[Run], *, is_rtl: bool) -> list[Run]:
    """Turn round each group of runs that reads against the line; a line from the right whole."""
    ordered: list[Run] = []
    group: list[Run] = []
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
    return box().face, _BOX


@cache
def box() -> Run:
    """Return what stands for a character that no face has."""
    return Run(next(n for n, face in enumerate(_faces()) if face.has(_BOX)), False, _BOX)


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
def font_of(number: int, size: int, weight: Weight) -> ImageFont.FreeTypeFont:
    """Return a face, by its place in `_faces`, at a size and weight."""
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
    return _Face(path=path, index=index, starts=starts, ends=ends)


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
