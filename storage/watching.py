"""What somebody who watches an installation asks of its database: figures, and nobody's name."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, text, true

from storage.connection import Connection
from storage.schema import deliveries, digest_settings, redemptions, snapshots, submissions

RECENTLY_S = 8 * 86_400.0
"""Deliveries of a little more than a week are counted, for digests are weekly."""
_LOG = "-wal"


@dataclass(frozen=True, slots=True)
class Figures:
    """How an installation does, or one guild of it.

    Parameters
    ----------
    deliveries
        How many digests of the last 8 days are in each state.
    overdue_s
        For how long the digest that is longest overdue waits, in seconds.
    model_age_s
        Of the oldest model that serves, in seconds; None where none does.
    refit_s, refit_age_s
        How long the last refit took, and how long ago it was; None where there was none.
    failing_s
        For how long every refit of a guild has failed, in seconds; the longest. 0 where none does.
    n_waiting
        Submissions that wait for a moderator.
    n_owed
        Redeemed things that somebody has to deliver.
    """

    deliveries: dict[str, int]
    overdue_s: float
    model_age_s: float | None
    refit_s: float | None
    refit_age_s: float | None
    failing_s: float
    n_waiting: int
    n_owed: int


async def figures(conn: Connection, now: float, guild_id: int | None = None) -> Figures:
    """Return how one guild does, or all of them together for None."""

    def here(column: ColumnElement[int]) -> ColumnElement[bool]:
        return true() if guild_id is None else column == guild_id

    counted = await conn.execute(
        select(deliveries.c.state, func.count())
        .where(deliveries.c.claimed_at > now - RECENTLY_S, here(deliveries.c.guild_id))
        .group_by(deliveries.c.state)
    )
    due_at = await conn.scalar(
        select(func.min(digest_settings.c.due_at)).where(
            digest_settings.c.is_on, here(digest_settings.c.guild_id)
        )
    )
    live_at = await conn.scalar(
        select(func.min(snapshots.c.created_at)).where(
            snapshots.c.state == "live", here(snapshots.c.guild_id)
        )
    )
    newest = (
        await conn.execute(
            select(snapshots.c.duration_s, snapshots.c.created_at)
            .where(here(snapshots.c.guild_id))
            .order_by(snapshots.c.snapshot_id.desc())
            .limit(1)
        )
    ).one_or_none()
    n_waiting = select(func.count()).where(
        submissions.c.state == "waiting", here(submissions.c.guild_id)
    )
    n_owed = select(func.count()).where(redemptions.c.state == "owed", here(redemptions.c.guild_id))
    return Figures(
        deliveries={state: n for state, n in counted},
        overdue_s=max(now - due_at, 0.0) if due_at is not None else 0.0,
        model_age_s=None if live_at is None else max(now - live_at, 0.0),
        refit_s=newest.duration_s if newest else None,
        refit_age_s=max(now - newest.created_at, 0.0) if newest else None,
        failing_s=await _failing_s(conn, now, here(snapshots.c.guild_id)),
        n_waiting=int(await conn.scalar(n_waiting) or 0),
        n_owed=int(await conn.scalar(n_owed) or 0),
    )


async def _failing_s(conn: Connection, now: float, here: ColumnElement[bool]) -> float:
    """Return for how long the guild whose refits fail longest has seen no other end of one."""
    last_good = (
        select(snapshots.c.guild_id, func.max(snapshots.c.snapshot_id).label("good"))
        .where(snapshots.c.state != "failed")
        .group_by(snapshots.c.guild_id)
        .subquery()
    )
    since = await conn.scalar(
        select(func.min(snapshots.c.created_at))
        .outerjoin(last_good, last_good.c.guild_id == snapshots.c.guild_id)
        .where(
            here,
            snapshots.c.state == "failed",
            snapshots.c.snapshot_id > func.coalesce(last_good.c.good, 0),
        )
    )
    return max(now - since, 0.0) if since is not None else 0.0


async def schema(conn: Connection) -> str | None:
    """Return the revision that the file says it has."""
    found: str | None = await conn.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the database's file and log, and of its disk."""

    file: int
    log: int
    free: int
    total: int

    @property
    def free_share(self) -> float:
        """Return which share of the disk is free, from 0 to 1."""
        return self.free / self.total if self.total else 1.0


def room(path: Path) -> Room:
    """Return how much room a database takes and has.

    Raises
    ------
    OSError
        Its folder is gone.
    """
    disk = shutil.disk_usage(path.absolute().parent)
    return Room(
        file=_size(path), log=_size(Path(f"{path}{_LOG}")), free=disk.free, total=disk.total
    )


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
