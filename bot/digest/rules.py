"""Digest policy: when one is due, whether it is worth sending, and how many may go out.

Pure functions of their arguments; local time follows the IANA database through `zoneinfo`.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Literal, TypeGuard
from zoneinfo import ZoneInfo

from bot.dates import DAY_S
from storage.records import DigestSetting

DEFAULT_WEEKDAY = 0
DEFAULT_HOUR = 9

PAUSE_MAX_S = 370 * DAY_S
RESUME_AFTER_S = 60
"""A claim younger than this may still be on its way to Discord."""
GIVE_UP_AFTER_S = DAY_S
"""A digest a day late helps nobody; the next one will come."""
REPEAT_AFTER_S = 28 * DAY_S
"""What a weekly digest showed does not come in the next ones for so long."""
NOW_EVERY_S = 600
"""A member may ask for a digest at once this often."""

AHEAD_S = 7 * DAY_S + 3 * 3_600
"""No moment of a weekly digest lies further ahead, a clock change and a taken week apart."""
AHEAD_OF_ANY_S = 100 * DAY_S
"""Nor does one of a digest every two months, after a pause."""

NOW_PREFIX = "now-"
"""Begins the period of a digest asked for at once."""

_WEEK = timedelta(days=7)

LOOK_BACK_S = 7 * DAY_S
"""How far back a message is looked for whose claim bears no usable time."""

Fate = Literal["wait", "retry", "give up"]


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


def is_unnotified(setting: DigestSetting | None) -> bool:
    """Say whether the member does not know yet that their closed messages stopped digests."""
    return (
        setting is not None
        and setting.is_on
        and setting.closed_at is not None
        and setting.closed_told_at is None
    )


def just_before(now: datetime) -> float:
    """Return a moment that what happens now comes after."""
    return now.timestamp() - 1


def looked_for_since(claimed_at: datetime, now: datetime) -> datetime:
    """Return from when on a claimed digest may have arrived."""
    is_from_the_future = claimed_at > now + timedelta(seconds=RESUME_AFTER_S)
    return now - timedelta(seconds=LOOK_BACK_S) if is_from_the_future else claimed_at


def fate(age_s: float) -> Fate:
    """Decide about a claim that nobody marked, `age_s` seconds after it was made.

    ``retry`` means: look whether it arrived, and send it with the same nonce if it did not.
    ``give up`` means: look whether it arrived, and let it be if it did not. A claim from the
    future was made before the clock was put back.
    """
    if abs(age_s) < RESUME_AFTER_S:
        return "wait"
    return "retry" if age_s < GIVE_UP_AFTER_S else "give up"
