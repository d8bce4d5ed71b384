"""The picture of a preview: what is minted by source, how it is spread, and the board after.

Pure drawing, in whatever language the texts are; CPU work, so callers draw in a thread.
"""

from collections.abc import Mapping

from bot import draw, ui
from bot.draw import Canvas, Colour
from bot.i18n import Texts
from bot.rewards.tally import TOP, Place
from bot.rulebook.previews import Preview

WIDTH, MARGIN = 900, 32
_TILE_HEIGHT, _ROW, _LINE = 84, 46, 30
_NOW, _THEN = draw.FAINT, draw.ACCENT


def draw_preview(shown: Preview, names: Mapping[int, str], title: str, texts: Texts) -> bytes:
    """Return the picture as PNG; ``names`` are those of members on the boards, by id."""
    board = [each for each in shown.places if each.after is not None][:TOP]
    rows = max(len(shown.minted) * _ROW, len(board) * _LINE)
    top = MARGIN + 70 + _TILE_HEIGHT + 24
    canvas = Canvas(WIDTH, top + 64 + rows + MARGIN)
    _head(canvas, shown, title, texts)
    _tiles(canvas, shown, MARGIN + 70, texts)
    middle = WIDTH // 2
    _sources(canvas, shown, (MARGIN, top), middle - MARGIN - 16, texts)
    _board(canvas, board, names, (middle + 16, top), middle - MARGIN - 16, texts)
    return canvas.png()


def _head(canvas: Canvas, shown: Preview, title: str, texts: Texts) -> None:
    canvas.text((MARGIN, MARGIN + 22), title, 24, weight="bold", max_width=WIDTH - 2 * MARGIN)
    x: float = MARGIN
    is_rescore = shown.rescored is not None
    keys = (
        "rulebook-picture-held" if is_rescore else "rulebook-picture-now",
        "rulebook-picture-counted" if is_rescore else "rulebook-picture-then",
    )
    for colour, key in zip((_NOW, _THEN), keys, strict=True):
        canvas.dot((x + 6, MARGIN + 46), 6, colour)
        told = texts(key, version=shown.version)
        x += 20 + canvas.text((x + 20, MARGIN + 51), told, 15, draw.FAINT) + 24


def _tiles(canvas: Canvas, shown: Preview, y: float, texts: Texts) -> None:
    before, after = shown.before, shown.after
    tiles = (
        (
            "minted",
            ui.number_text(before.minted // 100 * 100),
            ui.number_text(after.minted // 100 * 100),
        ),
        ("gini", f"{before.gini:.2f}", f"{after.gini:.2f}"),
        ("top", f"{before.top_share:.0%}", f"{after.top_share:.0%}"),
        ("cap", f"{before.n_at_cap:,}", f"{after.n_at_cap:,}"),
    )
    gap = 16
    width = (WIDTH - 2 * MARGIN - gap * (len(tiles) - 1)) / len(tiles)
    for i, (name, was, becomes) in enumerate(tiles):
        x = MARGIN + i * (width + gap)
        canvas.box((x, y), (width, _TILE_HEIGHT), draw.PANEL, radius=10)
        label = texts(f"rulebook-figure-{name}")
        canvas.text((x + 16, y + 28), label, 14, draw.FAINT, max_width=width - 32)
        wide = canvas.text((x + 16, y + 63), f"{was} →", 18, _NOW)
        room = width - 32 - wide - 8
        canvas.text((x + 24 + wide, y + 63), becomes, 22, weight="bold", max_width=room)


def _sources(canvas: Canvas, shown: Preview, at: draw.Point, width: float, texts: Texts) -> None:
    x, y = at
    canvas.text((x, y + 22), texts("rulebook-picture-sources"), 17, weight="bold", max_width=width)
    most = max((max(was, becomes) for _, was, becomes in shown.minted), default=0)
    y += 48
    for kind, was, becomes in shown.minted:
        numbers = f"{ui.number_text(was)} → {ui.number_text(becomes)}"
        room = width - draw.width_of(numbers, 14) - 12
        canvas.text((x, y + 12), texts(f"points-rule-{kind}"), 15, max_width=room)
        canvas.text((x + width, y + 12), numbers, 14, draw.FAINT, anchor="right")
        for offset, amount, colour in ((18, was, _NOW), (27, becomes, _THEN)):
            share = max(amount, 0) / most if most > 0 else 0.0
            canvas.bar((x, y + offset), (width, 7), share, colour)
        y += _ROW


def _board(
    canvas: Canvas,
    board: list[Place],
    names: Mapping[int, str],
    at: draw.Point,
    width: float,
    texts: Texts,
) -> None:
    x, y = at
    canvas.text((x, y + 22), texts("rulebook-picture-board"), 17, weight="bold", max_width=width)
    y += 48
    for place in board:
        canvas.text((x + 22, y + 14), str(place.after), 15, draw.FAINT, anchor="right")
        sign, colour = _move(place)
        canvas.text((x + 34, y + 14), sign, 14, colour, weight="bold")
        amount = ui.number_text(place.amount_after)
        room = width - 92 - draw.width_of(amount, 15) - 12
        name = names.get(place.user_id) or texts("rulebook-picture-member")
        canvas.text((x + 92, y + 14), name, 15, max_width=room)
        canvas.text((x + width, y + 14), amount, 15, anchor="right", weight="bold")
        y += _LINE


def _move(place: Place) -> tuple[str, Colour]:
    """Return how a member's place changes, as a sign and its colour."""
    if place.before is None:
        return "▲", draw.GOOD
    rise = place.before - (place.after or place.before)
    if not rise:
        return "=", draw.FAINT
    return (f"▲ {rise}", draw.GOOD) if rise > 0 else (f"▼ {-rise}", draw.CAUTION)
