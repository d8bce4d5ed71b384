"""A board as members see it: a picture with their names, and the same in words."""

from collections.abc import Mapping
from typing import Any

import discord

from bot import dates, draw, ui
from bot.boards.service import Board
from bot.i18n import Texts
from storage.records import Standing

SHOW_ID = "boards:{state}:{place}"
SHOW_TEMPLATE = r"boards:(?P<state>hide|show):(?P<place>board|notice)"
TEXT_ID = "boards:text:{period}"
TEXT_TEMPLATE = r"boards:text:(?P<period>\w+)"
PICTURE = "leaderboard.png"
_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}

Names = Mapping[int, str | None]
"""Display names by member; None for who left. Who is missing could not be asked for in time."""


def board(shown: Board, names: Names, texts: Texts, picture: str | None) -> discord.ui.LayoutView:
    """Return a board for one member: the first places, and their own.

    Parameters
    ----------
    picture
        The attachment that shows it; None where words have to do.
    """
    return ui.panel(
        *_parts(shown, names, texts, picture, is_public=False),
        rows=[_buttons(shown, texts, is_hidden=shown.is_hidden, has_picture=picture is not None)],
    )


def public_board(
    shown: Board, names: Names, texts: Texts, picture: str | None
) -> discord.ui.LayoutView:
    """Return a board for a channel, where nobody's own place belongs."""
    shown = shown.for_everybody
    return ui.panel(
        *_parts(shown, names, texts, picture, is_public=True),
        rows=[_buttons(shown, texts, is_hidden=False, has_picture=picture is not None)],
    )


def notice(is_hidden: bool, texts: Texts) -> discord.ui.LayoutView:
    """Return what hiding or showing oneself did, with the way back."""
    return ui.panel(
        texts("boards-hidden-now" if is_hidden else "boards-shown-now"),
        colour=ui.GOOD,
        rows=[[_show_button(is_hidden, "notice", texts)]],
    )


def in_words(shown: Board, names: Names, texts: Texts) -> str:
    """Return a board in plain words, for those who do not see the picture."""
    lines = [
        texts(
            "boards-line-plain",
            rank=s.rank,
            member=ui.bare(_name(s, names, texts)),
            amount=ui.amount_text(s.amount, texts),
        )
        for s in _all(shown)
    ]
    return ui.clip("\n".join((_title(shown, texts), *lines)), ui.ALT_TEXT_MAX)


def _all(shown: Board) -> tuple[Standing, ...]:
    return (*shown.top, *shown.around)


def _parts(
    shown: Board, names: Names, texts: Texts, picture: str | None, *, is_public: bool
) -> list[Any]:
    own = "" if is_public else f"-# {_own_place(shown, texts)}"
    if picture is not None:
        alt = in_words(shown, names, texts)
        gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery(
            discord.MediaGalleryItem(f"attachment://{picture}", description=alt)
        )
        return [gallery, own]
    return [f"## 🏆 {_title(shown, texts)}", _lines(shown, names, texts), own]


def _title(shown: Board, texts: Texts) -> str:
    return texts("boards-title", period=texts(f"boards-period-{shown.period}"))


def _lines(shown: Board, names: Names, texts: Texts) -> str:
    if not shown.top:
        return texts("boards-empty")
    lines = [_line(standing, names, texts) for standing in shown.top]
    if shown.around:
        lines += ["⋯", *(_line(standing, names, texts) for standing in shown.around)]
    return "\n".join(lines)


def _line(standing: Standing, names: Names, texts: Texts) -> str:
    return texts(
        "boards-line",
        place=_MEDALS.get(standing.rank, f"**{standing.rank}**"),
        member=ui.plain(_name(standing, names, texts)),
        amount=ui.amount_text(standing.amount, texts),
    )


def _name(standing: Standing, names: Names, texts: Texts) -> str:
    if standing.user_id not in names:
        return texts("boards-somebody")
    name = names[standing.user_id]
    return texts("boards-departed") if name is None else name


def _own_place(shown: Board, texts: Texts) -> str:
    if shown.is_hidden:
        return texts("boards-own-hidden")
    if shown.own is None:
        return texts("boards-own-none")
    return texts("boards-own", rank=shown.own.rank, amount=ui.amount_text(shown.own.amount, texts))


def _buttons(
    shown: Board, texts: Texts, *, is_hidden: bool, has_picture: bool
) -> list[discord.ui.Button[Any]]:
    text = ui.button(texts("boards-as-text"), TEXT_ID.format(period=shown.period))
    return [*([text] if has_picture else []), _show_button(is_hidden, "board", texts)]


def _show_button(is_hidden: bool, place: str, texts: Texts) -> discord.ui.Button[Any]:
    state = "show" if is_hidden else "hide"
    return ui.button(texts(f"boards-{state}"), SHOW_ID.format(state=state, place=place))


# ------------------------------------------------------------------------- the picture

_WIDTH, _MARGIN = 560, 16
_HEADER, _ROW, _GAP, _BREAK = 72, 42, 6, 26
_NAME_AT, _NAME_WIDTH = 66, 236
_BAR_AT, _BAR_MIN = 318, 30
_PODIUM = {1: draw.GOLD, 2: draw.SILVER, 3: draw.BRONZE}


def picture(shown: Board, names: Names, texts: Texts, reader_id: int | None) -> bytes:
    """Draw a board that is not empty; the reader's own row stands out, unless that is None."""
    around = shown.around
    n_rows = len(_all(shown))
    height = _HEADER + n_rows * (_ROW + _GAP) + (_BREAK if around else 0) + _MARGIN - _GAP
    canvas = draw.Canvas(_WIDTH, height)
    _header(canvas, shown, texts)
    amounts = {s: ui.amount_text(s.amount, texts) for s in _all(shown)}
    room = max(draw.width_of(amount, 15, weight="bold") for amount in amounts.values())
    top = float(_HEADER)
    for standing in _all(shown):
        if around and standing == around[0]:
            canvas.text((_WIDTH / 2, top + 16), "⋯", 20, draw.FAINT, anchor="middle")
            top += _BREAK
        _row(
            canvas,
            top,
            standing,
            _name(standing, names, texts),
            amounts[standing],
            share=standing.amount / shown.top[0].amount,
            bar_width=_WIDTH - _MARGIN - 12 - room - 14 - _BAR_AT,
            is_own=standing.user_id == reader_id,
        )
        top += _ROW + _GAP
    return canvas.png()


def _header(canvas: draw.Canvas, shown: Board, texts: Texts) -> None:
    canvas.text((_MARGIN, 44), "🏆", 26, draw.GOLD)
    canvas.text((_MARGIN + 42, 34), texts("boards-name"), 22, weight="bold")
    when = texts(f"boards-period-{shown.period}")
    if shown.days is not None:
        when = f"{when} · {' – '.join(dates.iso(day) for day in shown.days)}"
    canvas.text((_MARGIN + 42, 56), when, 14, draw.FAINT)


def _row(
    canvas: draw.Canvas,
    top: float,
    standing: Standing,
    name: str,
    amount: str,
    *,
    share: float,
    bar_width: float,
    is_own: bool,
) -> None:
    size = (_WIDTH - 2 * _MARGIN, _ROW)
    if is_own:
        canvas.box((_MARGIN - 2, top - 2), (size[0] + 4, size[1] + 4), draw.ACCENT, radius=11)
    canvas.box((_MARGIN, top), size, draw.PANEL, radius=9)
    middle, line = top + _ROW / 2, top + _ROW / 2 + 6
    medal = _PODIUM.get(standing.rank)
    if medal is not None:
        canvas.dot((_MARGIN + 24, middle), 13, medal)
    canvas.text(
        (_MARGIN + 24, line),
        f"{standing.rank:,}",
        16 if standing.rank < 1_000 else 12,
        draw.FAINT if medal is None else draw.BACKGROUND,
        weight="bold",
        anchor="middle",
    )
    weight: draw.Weight = "bold" if is_own else "regular"
    canvas.text((_NAME_AT, line), name, 17, weight=weight, max_width=_NAME_WIDTH)
    if bar_width >= _BAR_MIN:
        canvas.bar((_BAR_AT, middle - 4), (bar_width, 8), share, medal or draw.ACCENT)
    canvas.text((_WIDTH - _MARGIN - 12, line), amount, 15, weight="bold", anchor="right")
