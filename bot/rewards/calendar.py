"""The days and seasons that rewards count in.

A day is a date as YYYYMMDD in the time zone that says when days end.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime

from bot import zones
from bot.rewards.ruleset import RuleSet, Seasons


def zone_of(rules: RuleSet, guild_zone: str) -> str:
    """Return the time zone that says when a day ends."""
    return rules.general.zone or guild_zone


def day_of(at: float, time_zone: str) -> int:
    """Return a moment's date as YYYYMMDD in a time zone of the IANA list, UTC if unknown."""
    return as_day(datetime.fromtimestamp(at, zones.zone_of(time_zone)).date())


def as_day(day: date) -> int:
    """Return a date as YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def as_date(day: int) -> date:
    """Return the date that `as_day` wrote.

    Raises
    ------
    ValueError
        The calendar has no such day.
    """
    return date(day // 10_000, day // 100 % 100, day % 100)


def iso(day: int) -> str:
    """Return a day as YYYY-MM-DD."""
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}"


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of days (YYYYMMDD): from ``first`` to the day before ``next``, None if open."""

    name: str
    first: int
    next: int | None


def season_of(seasons: Seasons, day: int) -> Season | None:
    """Return the season that a day belongs to, None where there are none or none has begun."""
    year, month = day // 10_000, day // 100 % 100
    match seasons.kind:
        case "monthly":
            return Season(f"{year}-{month:02}", _month(year, month), _month(year, month + 1))
        case "quarterly":
            quarter = (month + 2) // 3
            begin = 3 * quarter - 2
            return Season(f"{year}-Q{quarter}", _month(year, begin), _month(year, begin + 3))
        case "dates":
            index = bisect_right(seasons.starts, day)
            if index:
                first, later = seasons.starts[index - 1], seasons.starts[index : index + 1]
                return Season(iso(first), first, later[0] if later else None)
    return None


def _month(year: int, month: int) -> int:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return year * 10_000 + month * 100 + 1


def day_start(written: str, time_zone: str) -> float | None:
    """Return when a day written as YYYY-MM-DD begins in a time zone, None if unreadable."""
    try:
        day = datetime.strptime(written.strip(), "%Y-%m-%d").replace(
            tzinfo=zones.zone_of(time_zone)
        )
    except ValueError:
        return None
    return day.timestamp()


def day_written(at: float, time_zone: str) -> str:
    """Return the day of a moment in a time zone as YYYY-MM-DD."""
    return datetime.fromtimestamp(at, zones.zone_of(time_zone)).strftime("%Y-%m-%d")
