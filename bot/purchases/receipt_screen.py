"""A receipt as its member sees it: a picture, and all its numbers in words."""

from typing import Any

import discord

from bot import dates, draw, mentions, ui
from bot.i18n import Texts
from bot.purchases.receipts import PERIODS, Had, Receipt

SHOW_ID = "receipt:show:{period}"
SHOW_TEMPLATE = r"receipt:show:(?P<period>days|last|all)"
MONTHLY_ID = "receipt:monthly:{answer}:{period}"
MONTHLY_TEMPLATE = r"receipt:monthly:(?P<answer>on|off):(?P<period>days|last|all)"
STOP_ID = "receipt:stop:{guild_id}:{notice_id}"
STOP_TEMPLATE = r"receipt:stop:(?P<guild_id>\d{1,20}):(?P<notice_id>\d{1,18})"
PICTURE = "receipt.png"


def receipt(shown: Receipt, texts: Texts, picture: str | None) -> discord.ui.LayoutView:
    """Return a receipt with buttons for other periods and for one every month.

    Parameters
    ----------
    picture
        The attachment that shows it, too; None where words have to do.
    """
    periods = [
        ui.button(
            texts(f"purchases-receipt-period-{each}"),
            SHOW_ID.format(period=each),
            disabled=each == shown.period,
        )
        for each in PERIODS
    ]
    answer = "off" if shown.is_monthly else "on"
    monthly = ui.button(
        texts(f"purchases-receipt-monthly-{answer}"),
        MONTHLY_ID.format(answer=answer, period=shown.period),
    )
    notes = [texts("purchases-receipt-is-monthly")] if shown.is_monthly else []
    if shown.is_monthly and shown.is_closed:
        notes.append(texts("purchases-receipt-closed"))
    if not shown.is_tracked:
        notes.append(texts("purchases-receipt-untracked"))
    if shown.is_empty:
        notes.append(texts("purchases-receipt-empty"))
    notes.append(texts("purchases-receipt-private"))
    return ui.panel(
        *_body(shown, texts, picture),
        "\n".join(f"-# {note}" for note in notes),
        rows=[periods, [monthly]],
    )


def letter(
    shown: Receipt, guild_id: int, notice_id: int, guild_name: str, texts: Texts
) -> discord.ui.LayoutView:
    """Return a monthly receipt as a direct message, with the way to get no more of them."""
    stop_id = STOP_ID.format(guild_id=guild_id, notice_id=notice_id)
    return ui.panel(
        texts("purchases-receipt-letter", server=ui.plain(guild_name)),
        *_body(shown, texts, PICTURE),
        rows=[[ui.button(texts("purchases-receipt-stop"), stop_id)]],
    )


def stopped(texts: Texts) -> discord.ui.LayoutView:
    """Return what takes the place of the last monthly receipt."""
    return ui.panel(texts("purchases-receipt-stopped"), colour=ui.GOOD)


def in_words(shown: Receipt, texts: Texts) -> str:
    """Return a receipt in plain words: what the picture's description says."""
    lines = [_title(shown, texts), *(f"{name}: {value}" for name, value in _figures(shown, texts))]
    lines += [f"{ui.bare(each.title)}: {_used(each, texts)}" for each in shown.had if each.n_all]
    return ui.clip("\n".join(lines), ui.ALT_TEXT_MAX)


def _body(shown: Receipt, texts: Texts, picture: str | None) -> list[Any]:
    parts: list[Any] = []
    if picture is not None:
        item = discord.MediaGalleryItem(
            f"attachment://{picture}", description=in_words(shown, texts)
        )
        parts.append(discord.ui.MediaGallery(item))
    figures = "\n".join(f"- {name}: **{value}**" for name, value in _figures(shown, texts))
    parts += [f"### 🧾 {_title(shown, texts)}\n{figures}"]
    if shown.had:
        had = "\n".join(_had(each, texts) for each in shown.had)
        parts.append(f"{texts('purchases-receipt-had')}\n{had}")
    return parts


def _title(shown: Receipt, texts: Texts) -> str:
    return f"{texts('purchases-receipt-title')} · {_when(shown, texts)}"


def _when(shown: Receipt, texts: Texts) -> str:
    if shown.over.month is not None:
        year, month = shown.over.month
        return texts("purchases-receipt-month", month=f"{year}-{month:02}")
    return texts(f"purchases-receipt-period-{shown.period}")


def _figures(shown: Receipt, texts: Texts) -> list[tuple[str, str]]:
    """Return each figure's name and value, in the order in which they are drawn."""
    given = str(shown.answers_given)
    if shown.accepted:
        given = texts("purchases-receipt-accepted", count=shown.answers_given, n=shown.accepted)
    values = {
        "finished": str(shown.finished),
        "opened": str(shown.opened),
        "saved": str(shown.saved),
        "got": str(shown.answers_got),
        "given": given,
        "points": ui.number_text(shown.points),
        "level": str(shown.level),
    }
    return [(texts(f"purchases-receipt-{name}"), value) for name, value in values.items()]


def _had(each: Had, texts: Texts) -> str:
    parts = [f"**{ui.clip(ui.plain(each.title), 100)}**"]
    if each.n_all:
        parts.append(_used(each, texts))
    if each.ends_at is not None:
        parts.append(texts("purchases-receipt-until", when=mentions.moment(each.ends_at, "D")))
    return f"- {' · '.join(parts)}"


def _used(each: Had, texts: Texts) -> str:
    return texts("purchases-receipt-used", used=each.n_used, count=each.n_all)


# ------------------------------------------------------------------------- the picture

_WIDTH, _MARGIN = 560, 16
_HEADER, _TILE, _GAP, _BAR = 76, 72, 8, 46
_COLUMNS = 3
_SIZES = (26, 22, 18, 14)


def picture(shown: Receipt, texts: Texts) -> bytes:
    """Draw a receipt: its figures as tiles, the level wide, and a bar for each thing bought."""
    figures = [
        (texts("purchases-receipt-finished"), str(shown.finished)),
        (texts("purchases-receipt-opened"), str(shown.opened)),
        (texts("purchases-receipt-saved"), str(shown.saved)),
        (texts("purchases-receipt-got"), str(shown.answers_got)),
        (texts("purchases-receipt-given"), str(shown.answers_given)),
        (texts("purchases-receipt-points"), ui.number_text(shown.points)),
    ]
    bars = [each for each in shown.had if each.n_all]
    n_rows = -(-len(figures) // _COLUMNS)
    height = _HEADER + n_rows * (_TILE + _GAP) + len(bars) * _BAR + _MARGIN - _GAP
    canvas = draw.Canvas(_WIDTH, height + (_GAP if bars else 0))
    _header(canvas, shown, texts)
    width = (_WIDTH - 2 * _MARGIN - (_COLUMNS - 1) * _GAP) / _COLUMNS
    for n, (name, value) in enumerate(figures):
        at = (
            _MARGIN + n % _COLUMNS * (width + _GAP),
            _HEADER + n // _COLUMNS * (_TILE + _GAP),
        )
        _tile(canvas, at, width, name, value)
    top = _HEADER + n_rows * (_TILE + _GAP) + _GAP
    for each in bars:
        _bar(canvas, top, each)
        top += _BAR
    return canvas.png()


def _header(canvas: draw.Canvas, shown: Receipt, texts: Texts) -> None:
    level = f"{texts('purchases-receipt-level')} {shown.level}"
    room = draw.width_of(level, 15, weight="bold") + 24
    most = _WIDTH - 2 * _MARGIN - room - 12
    canvas.text((_MARGIN, 36), texts("purchases-receipt-title"), 22, weight="bold", max_width=most)
    canvas.text((_MARGIN, 58), _span(shown, texts), 14, draw.FAINT, max_width=most)
    canvas.box((_WIDTH - _MARGIN - room, 22), (room, 32), draw.ACCENT, radius=16)
    middle = _WIDTH - _MARGIN - room / 2
    canvas.text((middle, 43), level, 15, weight="bold", anchor="middle")


def _span(shown: Receipt, texts: Texts) -> str:
    over, zone = shown.over, shown.time_zone
    if not over.since:
        return texts("purchases-receipt-period-all")
    days = (dates.day_written(at, zone) for at in (over.since, over.until - 1))
    return " – ".join(days)


def size_of(value: str, width: float) -> int:
    """Return how large a number is written: one that is cut at its end is another number."""
    sizes = (n for n in _SIZES if draw.width_of(value, n, weight="bold") <= width)
    return next(sizes, _SIZES[-1])


def _tile(canvas: draw.Canvas, at: draw.Point, width: float, name: str, value: str) -> None:
    x, y = at
    canvas.box(at, (width, _TILE), draw.PANEL, radius=9)
    canvas.text((x + 12, y + 36), value, size_of(value, width - 24), weight="bold")
    canvas.text((x + 12, y + 58), name, 13, draw.FAINT, max_width=width - 24)


def _bar(canvas: draw.Canvas, top: float, each: Had) -> None:
    width = _WIDTH - 2 * _MARGIN
    told = f"{each.n_used} / {each.n_all}"
    room = draw.width_of(told, 14, weight="bold") + 12
    canvas.text((_MARGIN, top + 14), each.title, 15, max_width=width - room)
    canvas.text((_WIDTH - _MARGIN, top + 14), told, 14, weight="bold", anchor="right")
    canvas.bar((_MARGIN, top + 24), (width, 8), each.n_used / each.n_all, draw.GOOD)
