"""Digest policy: when one is due, whether it is worth sending, and how many may go out.

Pure functions of their arguments; local time follows the IANA database through `zoneinfo`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Literal, TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from storage.records import DigestSetting

DEFAULT_WEEKDAY = 0
DEFAULT_HOUR = 9
DEFAULT_ZONE = "UTC"

CARDS = 5
"""Resources in one digest at most."""
CARDS_MIN = 3
"""Below this a digest is not worth a member's attention: the period is skipped."""

FIRST_LIMITS = ((600, 5), (86_400, 50))
"""(seconds, messages): Discord's unpublished anti-spam rule counts conversations we open."""

RESUME_AFTER_S = 60
"""A claim younger than this may still be on its way to Discord."""
GIVE_UP_AFTER_S = 86_400
"""A digest a day late helps nobody; the next one will come."""
REPEAT_AFTER_S = 28 * 86_400
"""What a weekly digest showed does not come in the next ones for so long."""
NOW_EVERY_S = 600
"""A member may ask for a digest at once this often."""

NOW_PREFIX = "now-"
"""Begins the period of a digest asked for at once."""

_WEEK = timedelta(days=7)
_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
_COMMON_ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Australia/Sydney",
    "UTC",
)
_CITIES = {
    "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "深圳": "Asia/Shanghai",
    "广州": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "澳门": "Asia/Macau",
    "台北": "Asia/Taipei",
    "新加坡": "Asia/Singapore",
    "东京": "Asia/Tokyo",
    "柏林": "Europe/Berlin",
    "伦敦": "Europe/London",
    "纽约": "America/New_York",
    "san francisco": "America/Los_Angeles",
    "mumbai": "Asia/Kolkata",
}
"""Places people type that the database files under another city's or another script's name."""

Fate = Literal["wait", "retry", "give up"]


@cache
def zone_names() -> tuple[str, ...]:
    """Return the names of the world's time zones, sorted, aliases of bygone times left out."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


@cache
def _by_folded() -> dict[str, str]:
    return {name.casefold(): name for name in zone_names()}


def zone_name(text: str) -> str | None:
    """Return the time zone a member means by `text`, None where there is no such zone."""
    wanted = text.strip().casefold()
    return _by_folded().get(wanted.replace(" ", "_")) or _CITIES.get(wanted)


def matching_zones(text: str, limit: int) -> list[str]:
    """Return up to `limit` zone names for what a member has typed so far, best first."""
    wanted = text.strip().casefold()
    if not wanted:
        return list(_COMMON_ZONES[:limit])
    known = [zone for city, zone in _CITIES.items() if city.startswith(wanted)]
    wanted = wanted.replace(" ", "_")
    names = [name for name in zone_names() if wanted in name.casefold()]
    names.sort(key=lambda name: (not name.casefold().split("/")[-1].startswith(wanted), name))
    return list(dict.fromkeys(known + names))[:limit]


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of that name, UTC if the database has no such zone (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_ZONE)


def next_due(after: datetime, zone: ZoneInfo, weekday: int, hour: int) -> datetime:
    """Return the first wanted moment strictly after `after`, in UTC.

    A local time that happens twice counts the first time; one that is skipped counts at the
    next local time there is.

    Parameters
    ----------
    after
        Aware.
    weekday
        0 (Monday) to 6.
    hour
        0 to 23, local.
    """
    today = after.astimezone(zone).date()
    day = today + timedelta(days=(weekday - today.weekday()) % 7) - _WEEK
    while (at := _instant(datetime.combine(day, time(hour)), zone)) <= after:
        day += _WEEK
    return at


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment at which clocks in `zone` show `local` or, skipping it, more."""
    at = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local:
        return at
    # Inside a gap fold 0 reads `local` by the old offset, too late, and fold 1 by the new one,
    # too early: the clocks jump in between.
    early = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while at - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(at - early) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            early = middle
        else:
            at = middle
    return at


def period(due_at: datetime, zone: ZoneInfo) -> str:
    """Return the key of the week a digest due at `due_at` stands for, such as ``2026-W47``."""
    year, week, _ = due_at.astimezone(zone).date().isocalendar()
    return f"{year}-W{week:02d}"


def period_now(interaction_id: int) -> str:
    """Return the key of a digest asked for by an interaction, its own for each."""
    return f"{NOW_PREFIX}{interaction_id}"


def may_send(setting: DigestSetting | None) -> TypeGuard[DigestSetting]:
    """Say whether the member wants digests and takes direct messages."""
    return setting is not None and setting.is_on and setting.closed_at is None


def is_due(setting: DigestSetting | None, now: datetime) -> TypeGuard[DigestSetting]:
    """Say whether the member's moment has come."""
    return may_send(setting) and setting.due_at is not None and setting.due_at <= now.timestamp()


def is_untold(setting: DigestSetting | None) -> bool:
    """Say whether the member does not know yet that their closed messages stopped digests."""
    return (
        setting is not None
        and setting.is_on
        and setting.closed_at is not None
        and setting.closed_told_at is None
    )


def first_allowance(counts: Sequence[int]) -> int:
    """Return how many more members may get their first message; below 1 means none.

    Parameters
    ----------
    counts
        First messages in the windows of `FIRST_LIMITS`, in that order.
    """
    return min(most - count for (_, most), count in zip(FIRST_LIMITS, counts, strict=True))


def is_worth_sending(n_resources: int) -> bool:
    """Say whether there is enough to recommend."""
    return n_resources >= CARDS_MIN


def fate(age_s: float) -> Fate:
    """Decide about a claim that nobody marked, `age_s` seconds after it was made.

    ``retry`` means: look whether it arrived, and send it with the same nonce if it did not.
    ``give up`` means: look whether it arrived, and let it be if it did not.
    """
    if age_s < RESUME_AFTER_S:
        return "wait"
    return "retry" if age_s < GIVE_UP_AFTER_S else "give up"
