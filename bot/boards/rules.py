"""What a board counts: the days of a week, a month, a season, and how fast points fade.

Days are dates as YYYYMMDD in the guild's time zone, as the ledger writes them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot import zones
from storage.records import BoardSpan

Period = Literal["week", "month", "season", "all", "lately"]
PERIODS: tuple[Period, ...] = ("week", "month", "season", "all", "lately")
BY_ITSELF: tuple[Period, ...] = ("week", "month", "season", "all")
"""What is tried in turn where nobody says which board: the first with anybody on it."""

N_TOP, N_AROUND = 10, 2
HALF_LIFE_DAYS = 7
N_HALF_LIVES = 6
"""Points older than this many half-lives have lost 98 of 100 and are not counted."""

Season = tuple[int, int | None]
"""The first day, and the first one after it; None where nobody has said."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a period stands for now; ``days`` are its first and last, None without an end."""

    period: Period
    span: BoardSpan
    days: tuple[int, int] | None = None


def window(period: Period, at: float, time_zone: str, season: Season | None = None) -> Window:
    """Return what a period stands for at a moment; a season's days are handed in."""
    today = datetime.fromtimestamp(at, zones.zone_of(time_zone)).date()
    match period:
        case "week":
            monday = today - timedelta(days=today.weekday())
            days = as_day(monday), as_day(monday + timedelta(days=6))
            return Window(period, BoardSpan(periods=(days[0],)), days)
        case "month":
            return Window(period, BoardSpan(periods=(_month(today),)), _whole(today, today))
        case "season":
            assert season is not None
            days = season[0], _FOREVER if season[1] is None else _before(season[1])
            return Window(period, _season(days), days if season[1] else (season[0], as_day(today)))
        case "all":
            return Window(period, BoardSpan())
        case "lately":
            return Window(period, BoardSpan(weights=_weights(today)))


def _season(season: tuple[int, int]) -> BoardSpan:
    """Return the months of a season that begins and ends with one, else its days."""
    first, last = as_date(season[0]), as_date(season[1])
    if season != _whole(first, last):
        return BoardSpan(days=season)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return BoardSpan(periods=tuple(_month(_later(first, n)) for n in range(months)))


_FOREVER = 99981231


def _before(day: int) -> int:
    return as_day(as_date(day) - timedelta(days=1))


def _weights(today: date) -> tuple[tuple[int, float], ...]:
    ages = range(HALF_LIFE_DAYS * N_HALF_LIVES)
    return tuple(
        (as_day(today - timedelta(days=age)), 0.5 ** (age / HALF_LIFE_DAYS)) for age in ages
    )


def _whole(first: date, last: date) -> tuple[int, int]:
    """Return the first day of the one month and the last day of the other."""
    end = _later(last.replace(day=1), 1) - timedelta(days=1)
    return as_day(first.replace(day=1)), as_day(end)


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _month(day: date) -> int:
    return day.year * 100 + day.month


def as_day(day: date) -> int:
    """Return a date as YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def as_date(day: int) -> date:
    """Return the date that `as_day` wrote."""
    return date(day // 10_000, day // 100 % 100, day % 100)
