"""What moderators are told in the morning: at most three things to do, and when. Pure."""

from datetime import datetime
from typing import Literal

from bot.dates import DAY_S
from storage.records import Briefing, Morning

THINGS_MAX = 3
HOUR = 8
"""In the morning, where nobody says when."""
LATE_H = 4
"""A morning's card that is later than this would be an evening's: the next day has its own."""
WORTH_S = 30.0 * DAY_S
GEM_MIN = 5
"""So many members make something worth a gem, and nothing is said of fewer."""
MONTH_DAYS = 3
"""On one of the first days of a month the last one is told of."""

Thing = Literal["orders", "roles", "reviews", "asked", "sentences", "reported", "gems"]
_FIRST: tuple[tuple[Thing, str], ...] = (
    ("orders", "n_orders"),
    ("roles", "n_roles"),
    ("reviews", "n_reviews"),
    ("asked", "n_asked"),
    ("sentences", "n_sentences"),
    ("reported", "n_reported"),
)


def things(seen: Morning) -> list[Thing]:
    """Return what to do, at most three: first what somebody has paid for, or waits for."""
    found: list[Thing] = [thing for thing, name in _FIRST if getattr(seen, name)]
    if seen.gems:
        found.append("gems")
    return found[:THINGS_MAX]


def is_quiet(seen: Morning) -> bool:
    """Say whether there is nothing to do and nothing has changed."""
    changed = (seen.n_new, seen.n_questions, seen.n_solved, seen.n_published, seen.ended)
    return not things(seen) and not any(changed) and seen.refit in ("", "live", "retired")


def day_due(one: Briefing, local: datetime) -> str | None:
    """Return the day whose card is due, None where none is.

    A day that the server's clocks show twice, or that they go back to, has one card.

    Parameters
    ----------
    local
        The server's time.
    """
    today = local.date().isoformat()
    if one.hour is None or today <= one.day:
        return None
    return today if one.hour <= local.hour <= one.hour + LATE_H else None


def month_due(one: Briefing, local: datetime) -> str | None:
    """Return the month that is to be told of, as YYYY-MM; None where none is."""
    if not one.is_monthly or local.day > MONTH_DAYS:
        return None
    hour = HOUR if one.hour is None else one.hour
    if local.day == 1 and local.hour < hour:
        return None
    year, month = (local.year - 1, 12) if local.month == 1 else (local.year, local.month - 1)
    last = f"{year:04d}-{month:02d}"
    return last if last > one.month else None


def span(month: str) -> tuple[str, str]:
    """Return the first day of a month, and that of the next, as YYYY-MM-DD."""
    year, number = map(int, month.split("-"))
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    return f"{month}-01", f"{after[0]:04d}-{after[1]:02d}-01"
