"""Which backups are kept: the newest of each of some days, and of each of some weeks before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DAYS, WEEKS = 7, 4
KEPT_DAYS = 35
"""None is kept longer, once a newer one is there: what was erased is gone from all of them then."""
_NAME = re.compile(r"lyceum-(\d{8}T\d{6}Z)(?:-before-(\w{1,32}))?\.sqlite3", re.ASCII)
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """What a backup's name says: when it was made, and before which upgrade, empty for none."""

    made: datetime
    before: str = ""

    def __str__(self) -> str:
        upgrade = f"-before-{self.before}" if self.before else ""
        return f"lyceum-{self.made.strftime(_STAMP)}{upgrade}.sqlite3"


def read(name: str) -> Named | None:
    """Return what a file's name says; None if it is not the name of a backup of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        made = datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Named(made, found[2] or "")


def kept(backups: Iterable[Named], now: datetime) -> set[Named]:
    """Return which backups stay.

    The newest of all, the newest of each of the last seven days that have one, of each of the
    last four weeks (Monday to Sunday, UTC) that have one, and the last one before an upgrade.
    But for the newest, none older than `KEPT_DAYS`. A clock that was wrong once cannot make all
    others go: what is from the future counts as made now.
    """
    by_age = sorted(backups, reverse=True)
    days, weeks = set[object](), set[object]()
    stays = set(by_age[:1])
    upgrades = [each for each in by_age if each.before][:1]
    for each in by_age:
        made = min(each.made, now)
        if now - made > timedelta(days=KEPT_DAYS):
            continue
        day, week = made.date(), made.isocalendar()[:2]
        if (len(days) < DAYS and day not in days) or (len(weeks) < WEEKS and week not in weeks):
            stays.add(each)
        days.add(day)
        weeks.add(week)
        if each in upgrades:
            stays.add(each)
    return stays
