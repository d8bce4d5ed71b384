"""Over which days a receipt counts, what of a member's deeds counts, and when one is due. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from bot import dates, zones
from storage.records import Deed, EventKind

Period = Literal["days", "last", "all"]
"""The last thirty days, the last calendar month, or everything."""
PERIODS: Final[tuple[Period, ...]] = get_args(Period)
DAYS: Final = 30
HOUR: Final = 9
"""From when on the first day of a month a receipt about the one before is sent, local time."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to before another; ``month`` (year, month) where it is a calendar month."""

    since: float
    until: float
    month: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How many resources a member finished, saved and opened; what was taken back is not in."""

    finished: int
    saved: int
    opened: int


def span(period: Period, now: float, time_zone: str) -> Span:
    """Return which moments a receipt is about."""
    if period == "last":
        return month_before(now, time_zone)
    # What was done this very moment is in.
    return Span(0.0 if period == "all" else now - DAYS * dates.DAY_S, now + 1)


def month_before(now: float, time_zone: str) -> Span:
    """Return the last calendar month that is over in a time zone."""
    today = dates.local(now, time_zone)
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    until = _start(today.year, today.month, time_zone)
    return Span(_start(year, month, time_zone), until, (year, month))


def due(now: float, time_zone: str, wanted_since: float) -> Span | None:
    """Return the month that a monthly receipt is due about, None while none is.

    Parameters
    ----------
    wanted_since
        When it was turned on: months that were over by then are not told of.
    """
    found = month_before(now, time_zone)
    clock = dates.local(now, time_zone)
    is_morning = clock.day > 1 or clock.hour >= HOUR
    return found if is_morning and wanted_since < found.until else None


def named(month: tuple[int, int]) -> float:
    """Return what a month is called in the database: its first moment, UTC, wherever one lives."""
    return _start(*month, "UTC")


def counted(deeds: Iterable[Deed], over: Span) -> Done:
    """Return how many different resources a member did something to in a span."""
    found: dict[EventKind, set[int]] = {
        kind: set() for kind in (EventKind.DONE, EventKind.SAVE, EventKind.OPEN)
    }
    for deed in deeds:
        if deed.stands and deed.kind in found and over.since <= deed.occurred_at < over.until:
            found[deed.kind].add(deed.resource_id)
    return Done(*(len(each) for each in found.values()))


def _start(year: int, month: int, time_zone: str) -> float:
    return datetime(year, month, 1, tzinfo=zones.zone_of(time_zone)).timestamp()
