"""From when on what each member did may train the model, and which models learned from whom.

`bot.profile.rules.trains_from` decides; `is_allowed` says the same of a row, and a test compares
them. Whatever looks at what others did goes by it: `storage.training`, and the counts of what was
shown in `storage.impressions`. A model that has learned from somebody who allows less by now, or
was erased, is given an end: `withdraw`, in the transaction that changes what they allow.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, insert, select, true, update

from storage.connection import Connection
from storage.schema import guilds, learned_from, members, snapshots

UNLEARNED_WITHIN_S = 86_400.0
"""So long a model may serve after somebody it learned from withdrew or was erased."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when on what a member did may train, None where nothing may; since when we know them.

    Who was erased and came back is known since another moment: what they did before is gone.
    """

    from_at: float | None
    created_at: float

    def holds(self, before: "Window") -> bool:
        """Say that all that was allowed before is still allowed."""
        if before.from_at is None:
            return True
        return self.from_at is not None and self.from_at <= before.from_at


def is_allowed(user_id: ColumnElement[int], at: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say that what a member of the guild that the parameter "guild" names did may train.

    Parameters
    ----------
    user_id, at
        Columns of one table: who, and when (unix seconds).
    """
    # One look-up by the primary key a row: joined, SQLite would go from members to events.
    allowed = select(members.c.user_id).where(
        members.c.guild_id == bindparam("guild"),
        members.c.user_id == user_id,
        members.c.is_tracked.is_(True),
        at >= trains_from(),
    )
    return allowed.correlate(user_id.table).exists()


def trains_from() -> ColumnElement[float]:
    """Return the moment of a row of members who are tracked, NULL where nothing may train."""
    is_from_the_start = members.c.has_earlier.is_(True) | members.c.consent_at.is_(None)
    said = case((is_from_the_start, 0.0), else_=members.c.consent_at)
    is_told = and_(members.c.consent == "unknown", policy() == "notice")
    return case((members.c.consent == "granted", said), (is_told, members.c.asked_at))


def policy() -> ColumnElement[str]:
    """Return the consent policy of the guild that the parameter "guild" names."""
    said = select(guilds.c.consent_policy).where(guilds.c.guild_id == bindparam("guild"))
    return func.coalesce(said.scalar_subquery(), "ask")


async def windows(conn: Connection, guild_id: int) -> dict[int, Window]:
    """Return what each member allows who has a row; what others did may not train."""
    moment = case((members.c.is_tracked.is_(True), trains_from()))
    rows = await conn.execute(
        select(members.c.user_id, moment, members.c.created_at).where(
            members.c.guild_id == bindparam("guild")
        ),
        {"guild": guild_id},
    )
    return {user_id: Window(from_at, created_at) for user_id, from_at, created_at in rows}


async def teachers(conn: Connection, guild_id: int, snapshot_id: int) -> list[int]:
    """Return the members a snapshot learned from."""
    rows = await conn.execute(
        select(learned_from.c.user_id).where(
            learned_from.c.guild_id == guild_id, learned_from.c.snapshot_id == snapshot_id
        )
    )
    return list(rows.scalars())


async def remember(
    conn: Connection,
    guild_id: int,
    snapshot_id: int,
    taught: dict[int, Window],
    learned_at: float,
) -> None:
    """Write down whom a new snapshot learned from, in the transaction that stores it.

    Whoever came to allow less, or was erased, while it was fitted gives it an end at once; who was
    erased is not written down.

    Parameters
    ----------
    taught
        Those members, and what they allowed when what they did was read.
    learned_at
        When that was, unix seconds.
    """
    now = await windows(conn, guild_id)
    known = {
        user_id: window
        for user_id, window in taught.items()
        if user_id in now and now[user_id].created_at == window.created_at
    }
    rows = [
        {
            "guild_id": guild_id,
            "user_id": user_id,
            "snapshot_id": snapshot_id,
            "learned_at": learned_at,
            "from_at": window.from_at or 0.0,
        }
        for user_id, window in known.items()
    ]
    if rows:
        await conn.execute(insert(learned_from), rows)
    if len(known) < len(taught) or any(not now[i].holds(known[i]) for i in known):
        await _end(conn, guild_id, [snapshot_id], await _promised(conn, guild_id, learned_at))


async def _promised(conn: Connection, guild_id: int, learned_at: float) -> float:
    """Return the end of what was learned then, as members were told it who withdrew since."""
    told = select(func.min(snapshots.c.until_at)).where(
        snapshots.c.guild_id == guild_id, snapshots.c.until_at > learned_at
    )
    latest = learned_at + UNLEARNED_WITHIN_S
    return min(latest, await conn.scalar(told) or latest)


async def withdraw(
    conn: Connection,
    guild_id: int,
    now: float,
    user_id: int | None = None,
    *,
    is_erased: bool = False,
) -> None:
    """Give an end to the snapshots that learned what is no longer allowed.

    Call it in the transaction that changes what members allow, after the change; before it where
    a member is erased.

    Parameters
    ----------
    user_id
        Who allows less now; None for anybody of the guild.
    is_erased
        Whatever was learned from them is no longer allowed.
    """
    learned = select(learned_from.c.snapshot_id).where(_is_lost(user_id, is_erased))
    found = await conn.execute(learned.distinct(), {"guild": guild_id})
    await _end(conn, guild_id, found.scalars().all(), now + UNLEARNED_WITHIN_S)


async def used_until(
    conn: Connection, guild_id: int, user_id: int, now: float, *, is_erased: bool = False
) -> float | None:
    """Return until when what the live model learned from a member serves at most.

    None where it has learned nothing from them that they do not allow; see `withdraw`.
    """
    found = await conn.scalar(
        select(snapshots.c.until_at)
        .join(learned_from, learned_from.c.snapshot_id == snapshots.c.snapshot_id)
        .where(
            snapshots.c.guild_id == bindparam("guild"),
            snapshots.c.state == "live",
            snapshots.c.until_at > now,
            _is_lost(user_id, is_erased),
        ),
        {"guild": guild_id},
    )
    return None if found is None else float(found)


def _is_lost(user_id: int | None, is_erased: bool) -> ColumnElement[bool]:
    """Say that what a snapshot learned from a member is no longer allowed."""
    still = select(members.c.user_id).where(
        members.c.guild_id == bindparam("guild"),
        members.c.user_id == learned_from.c.user_id,
        members.c.is_tracked.is_(True),
        trains_from() <= learned_from.c.from_at,
    )
    return and_(
        learned_from.c.guild_id == bindparam("guild"),
        true() if user_id is None else learned_from.c.user_id == user_id,
        true() if is_erased else ~still.correlate(learned_from).exists(),
    )


async def _end(
    conn: Connection, guild_id: int, snapshot_ids: Collection[int], until: float
) -> None:
    await conn.execute(
        update(snapshots)
        .where(
            snapshots.c.guild_id == guild_id,
            snapshots.c.snapshot_id.in_(snapshot_ids),
            snapshots.c.until_at.is_(None),
        )
        .values(until_at=until)
    )
