"""Days and moments: how long a day is, which one a moment is on, how it is stored and written.

A stored day is a date as YYYYMMDD in the time zone that says when days end; a moment is UTC unix
seconds.
"""

from datetime import UTC, date, datetime, timedelta

from bot import zones

DAY_S = 86_400


def local(at: float, time_zone: str) -> datetime:
    """Return a moment as clocks show it in a time zone of the IANA list, UTC if unknown."""
    return datetime.fromtimestamp(at, zones.zone_of(time_zone))


def utc(at: float) -> datetime:
    """Return a moment as a date and time, UTC."""
    return datetime.fromtimestamp(at, UTC)


def day_of(at: float, time_zone: str) -> int:
    """Return the day of a moment in a time zone."""
    return as_day(local(at, time_zone).date())


def as_day(day: date) -> int:
    """Return a date as it is stored, YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def as_date(day: int) -> date:
    """Return the date that `as_day` wrote.

    Raises
    ------
    ValueError
        The calendar has no such day.
    """
    return date(day // 10_000, day // 100 % 100, day % 100)


def month_of(day: int) -> tuple[int, int]:
    """Return the year and the month that a day is in."""
    return day // 10_000, day // 100 % 100


def month_start(year: int, month: int) -> int:
    """Return the first day of a month; what is beyond 12 is of a later year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return year * 10_000 + month * 100 + 1


def later(day: int, n_days: int) -> int:
    """Return the day that many days after another, before it below 0."""
    return as_day(as_date(day) + timedelta(days=n_days))


def iso(day: int) -> str:
    """Return a day as YYYY-MM-DD."""
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}"


def next_day_at(at: float, time_zone: str) -> float:
    """Return when the day after the one around a moment begins in a time zone."""
    tomorrow = local(at, time_zone).date() + timedelta(days=1)
    zone = zones.zone_of(time_zone)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).timestamp()


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
    return local(at, time_zone).strftime("%Y-%m-%d")
