"""What happens to letters that nobody opens: half as many, then a question, then none. Pure.

Whoever does anything to what a letter shows, or says "keep them coming", starts afresh.
"""

from collections.abc import Sequence
from datetime import date

from storage.records import Cadence, DigestSetting

QUIET = 3
"""So many letters in a row without an open are one step."""
MONTH_MIN_D = 20
"""So many days are between two monthly letters, whatever the weekday."""
READ, SLOWED, ASKED, STOPPED = range(4)
_WEEKS = {"weekly": 1, "fortnightly": 2}


def next_stage(stage: int, used: Sequence[bool]) -> int:
    """Return how far a member's letters have gone now.

    Parameters
    ----------
    stage
        Until now.
    used
        Of the letters since that stage began, the newest first, whether each was used at all.
    """
    if stage == ASKED:
        return READ if any(used) else STOPPED if used else ASKED
    if stage in (READ, SLOWED):
        if stage == SLOWED and any(used):
            return READ
        if len(used) >= QUIET and not any(used[:QUIET]):
            return stage + 1
    return stage


def is_in_step(day: date, last: date | None, cadence: Cadence, stage: int) -> bool:
    """Say whether a letter may come on a day, when the last one came on another.

    A week begins on Monday; every second one is two weeks after the last. A month's letter comes
    on the first of its weekdays that is free. Half as often doubles either.
    """
    if last is None:
        return True
    slower = 2 if stage in (SLOWED, ASKED) else 1
    if cadence == "monthly":
        months = 12 * (day.year - last.year) + day.month - last.month
        return months >= slower and (day - last).days >= MONTH_MIN_D
    return _week(day) - _week(last) >= _WEEKS[cadence] * slower


def every(setting: DigestSetting) -> str:
    """Return how often letters come now, as texts call it."""
    if setting.stage not in (SLOWED, ASKED):
        return setting.cadence
    return {"weekly": "fortnightly", "fortnightly": "four-weekly", "monthly": "two-monthly"}[
        setting.cadence
    ]


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7
