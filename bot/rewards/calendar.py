"""The days and seasons that rewards count in.

A day is a date as YYYYMMDD in the time zone that says when days end.
"""

from bisect import bisect_right
from dataclasses import dataclass

from bot.dates import as_date as as_date
from bot.dates import as_day as as_day
from bot.dates import day_of as day_of
from bot.dates import day_start as day_start
from bot.dates import day_written as day_written
from bot.dates import iso as iso
from bot.dates import month_of, month_start
from bot.rewards.ruleset import RuleSet, Seasons


def zone_of(rules: RuleSet, guild_zone: str) -> str:
    """Return the time zone that says when a day ends."""
    return rules.general.zone or guild_zone


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of days (YYYYMMDD): from ``first`` to the day before ``next``, None if open."""

    name: str
    first: int
    next: int | None


def season_of(seasons: Seasons, day: int) -> Season | None:
    """Return the season that a day belongs to, None where there are none or none has begun."""
    year, month = month_of(day)
    match seasons.kind:
        case "monthly":
            return Season(
                f"{year}-{month:02}", month_start(year, month), month_start(year, month + 1)
            )
        case "quarterly":
            quarter = (month + 2) // 3
            begin = 3 * quarter - 2
            return Season(
                f"{year}-Q{quarter}", month_start(year, begin), month_start(year, begin + 3)
            )
        case "dates":
            index = bisect_right(seasons.starts, day)
            if index:
                first, later = seasons.starts[index - 1], seasons.starts[index : index + 1]
                return Season(iso(first), first, later[0] if later else None)
    return None
