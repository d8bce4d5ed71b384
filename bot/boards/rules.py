"""What a board counts: the days of a week, a month or a season, all time, or what is left lately.

Days are dates as YYYYMMDD in the guild's time zone, as the ledger writes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot import dates
from storage.records import BoardSpan

Period = Literal["week", "month", "season", "all", "lately"]
PERIODS: tuple[Period, ...] = ("week", "month", "season", "all", "lately")
BY_ITSELF: tuple[Period, ...] = ("week", "month", "season", "all")
"""What is tried in turn where nobody says which board: the first with anybody on it."""

N_TOP, N_AROUND = 10, 2

Unit = Literal["quarter", "month", "week"]
UNITS: tuple[Unit, ...] = ("quarter", "month", "week")
"""What sums are kept of, the largest first."""
_MONTHS = {"quarter": 3, "month": 1}
_DAY = timedelta(days=1)

Season = tuple[int, int | None]
"""The first day, and the first one after it; None where nobody has said."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a period stands for now.

    ``days`` are its first and last, None without an end; ``season`` the season that it is.
    """

    period: Period
    span: BoardSpan
    days: tuple[int, int] | None = None
    season: Season | None = None


def window(period: Period, at: float, time_zone: str, season: Season | None = None) -> Window:
    """Return what a period stands for at a moment; a season's days are handed in."""
    today = dates.local(at, time_zone).date()
    match period:
        case "week" | "month":
            begin = _start(period, today)
            days = dates.as_day(begin), dates.as_day(_next(period, begin) - _DAY)
            return Window(period, BoardSpan(periods=(_number(period, begin),)), days)
        case "season":
            assert season is not None
            first, after = dates.as_date(season[0]), season[1]
            last = dates.as_date(after) - _DAY if after else None
            days = season[0], dates.as_day(last or today)
            # Nothing is of a later day, and a season that goes on is read from a whole quarter.
            known = _next("quarter", _start("quarter", today)) - _DAY
            span = _covered(first, min(last or known, known))
            return Window(period=period, span=span, days=days, season=season)
        case "all":
            return Window(period, BoardSpan())
        case "lately":
            return Window(period, BoardSpan(lately=dates.as_day(today)))


def _covered(first: date, last: date) -> BoardSpan:
    """Return the few kept sums that a span comes to, and the days on its edges in none of them."""
    periods: list[int] = []
    days: list[tuple[int, int]] = []
    _cover(first, last, UNITS, periods, days)
    return BoardSpan(periods=tuple(periods), days=tuple(days))


def _cover(
    first: date,
    last: date,
    units: Sequence[Unit],
    periods: list[int],
    days: list[tuple[int, int]],
) -> None:
    """Take the whole units inside a span, and cover what is left on either side with smaller."""
    if first > last:
        return
    if not units:
        days.append((dates.as_day(first), dates.as_day(last)))
        return
    unit, smaller = units[0], units[1:]
    begin = _start(unit, first)
    if begin < first:
        begin = _next(unit, begin)
    end = begin
    while _next(unit, end) - _DAY <= last:
        periods.append(_number(unit, end))
        end = _next(unit, end)
    if end == begin:
        _cover(first, last, smaller, periods, days)
    else:
        _cover(first, begin - _DAY, smaller, periods, days)
        _cover(end, last, smaller, periods, days)


def _start(unit: Unit, day: date) -> date:
    """Return the first day of the unit that a day is in."""
    if unit == "week":
        return day - day.weekday() * _DAY
    return date(day.year, day.month - (day.month - 1) % _MONTHS[unit], 1)


def _next(unit: Unit, start: date) -> date:
    return start + 7 * _DAY if unit == "week" else _later(start, _MONTHS[unit])


def _number(unit: Unit, start: date) -> int:
    """Return how a unit is written, as `storage.ledger.periods_of` does."""
    match unit:
        case "week":
            return dates.as_day(start)
        case "month":
            return start.year * 100 + start.month
        case "quarter":
            return start.year * 10 + (start.month + 2) // 3


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
