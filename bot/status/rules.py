"""What moderators are told of what was found: a line each, and whether it needs them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.dates import DAY_S

State = Literal["good", "note", "bad"]
REFITS_FAIL_S = 1.0 * DAY_S
OVERDUE_S = 3 * 3_600.0
BACKUP_OLD_S = 2.0 * DAY_S


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: a text's key without its prefix, with what it says."""

    key: str
    state: State
    values: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at.

    Parameters
    ----------
    missing
        Permissions that the bot does not have, as Discord calls them.
    connected_at, running_since
        In unix seconds; None while the gateway is away.
    model_age_s, backup_age_s
        None where there is none.
    backups_are_on
        Whether the operator has backups made.
    """

    running_since: float
    connected_at: float | None
    is_stored: bool
    missing: tuple[str, ...]
    has_staff_channel: bool
    deliveries: dict[str, int]
    overdue_s: float
    model_at: float | None
    failing_s: float
    n_waiting: int
    n_owed: int
    backup_at: float | None
    backups_are_on: bool
    is_backup_failing: bool


def lines(seen: Seen, now: float) -> Sequence[Line]:
    """Return what to say, what needs somebody first."""
    found = [*_process(seen), *_recommending(seen), *_digests(seen), *_backups(seen, now)]
    order: dict[State, int] = {"bad": 0, "note": 1, "good": 2}
    return sorted([*_owed(seen), *found], key=lambda line: order[line.state])


def _process(seen: Seen) -> list[Line]:
    if seen.connected_at is None:
        gateway = Line("gateway-away", "bad")
    else:
        gateway = Line("gateway", "good", {"at": seen.connected_at})
    is_new = "stored" if seen.is_stored else "stored-not"
    stored = Line(is_new, "good" if seen.is_stored else "bad", {"at": seen.running_since})
    return [gateway, stored]


def _owed(seen: Seen) -> list[Line]:
    found = []
    if seen.missing:
        found.append(Line("missing", "bad", {"names": ", ".join(seen.missing)}))
    if not seen.has_staff_channel:
        found.append(Line("staff", "note"))
    if seen.n_waiting:
        found.append(Line("waiting", "note", {"n": seen.n_waiting}))
    if seen.n_owed:
        found.append(Line("owed", "note", {"n": seen.n_owed}))
    return found


def _recommending(seen: Seen) -> list[Line]:
    if seen.failing_s > REFITS_FAIL_S:
        return [Line("refits-fail", "bad", {"days": int(seen.failing_s // DAY_S)})]
    if seen.model_at is None:
        return [Line("model-none", "good")]
    return [Line("model", "good", {"at": seen.model_at})]


def _digests(seen: Seen) -> list[Line]:
    if seen.overdue_s > OVERDUE_S:
        return [Line("digests-late", "bad", {"hours": int(seen.overdue_s // 3_600)})]
    sent, failed = seen.deliveries.get("sent", 0), seen.deliveries.get("failed", 0)
    if failed:
        return [Line("digests-failed", "note", {"sent": sent, "failed": failed})]
    return [Line("digests", "good", {"sent": sent})]


def _backups(seen: Seen, now: float) -> list[Line]:
    if not seen.backups_are_on:
        return []
    if seen.backup_at is None:
        return [Line("backup-fails" if seen.is_backup_failing else "backup-none", "note")]
    if seen.is_backup_failing or now - seen.backup_at > BACKUP_OLD_S:
        return [Line("backup-old", "bad", {"at": seen.backup_at})]
    return [Line("backup", "good", {"at": seen.backup_at})]
