"""Guild settings, and what members told us about themselves."""

from collections.abc import Collection
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from storage import identity, promised
from storage.connection import Connection
from storage.records import Guild, Member
from storage.schema import guild_zones, guilds, members


async def guild(conn: Connection, guild_id: int) -> Guild:
    """Return the guild's settings, the defaults for one we have never met."""
    found = (await conn.execute(select(guilds).where(guilds.c.guild_id == guild_id))).one_or_none()
    return Guild(**found._mapping) if found else Guild(guild_id)


async def guild_ids(conn: Connection) -> list[int]:
    """Return the ids of every guild that has a row, ascending."""
    return list((await conn.execute(select(guilds.c.guild_id).order_by("guild_id"))).scalars())


async def save_guild(conn: Connection, changed: Guild) -> None:
    """Store a guild's settings, replacing what was there."""
    values = asdict(changed)
    statement = upsert(guilds).values(values)
    values.pop("guild_id")
    values.pop("created_at")
    await conn.execute(statement.on_conflict_do_update(index_elements=["guild_id"], set_=values))


async def move_zone(conn: Connection, guild_id: int, before: str, after: str, now: float) -> None:
    """Take note that a guild lives in another time zone from now on."""
    statement = upsert(guild_zones).on_conflict_do_nothing()
    rows = [(0.0, before), (now, after)]
    await conn.execute(
        statement,
        [{"guild_id": guild_id, "since_at": at, "time_zone": zone} for at, zone in rows],
    )


async def zones(conn: Connection, guild_id: int) -> list[tuple[float, str]]:
    """Return from when on a guild lived in which time zone, the first from ever on."""
    rows = await conn.execute(
        select(guild_zones.c.since_at, guild_zones.c.time_zone)
        .where(guild_zones.c.guild_id == guild_id)
        .order_by(guild_zones.c.since_at)
    )
    found = [(at, zone) for at, zone in rows]
    if not found:
        found = [(0.0, (await guild(conn, guild_id)).time_zone)]
    return [(float("-inf"), found[0][1]), *found[1:]]


def staff_channels(path: Path) -> dict[int, int]:
    """Return each guild's moderators' channel from a file that may be in use; {} without one."""
    if identity.look(path).state != "ours":
        return {}
    with closing(identity.opened(path)) as connection:
        rows = connection.execute(
            "SELECT guild_id, staff_channel_id FROM guilds"
            " WHERE staff_channel_id IS NOT NULL ORDER BY guild_id"
        )
        return dict(rows.fetchall())


async def member(conn: Connection, guild_id: int, user_id: int) -> Member:
    """Return what we know of a member, the defaults for one we have never met."""
    found = (
        await conn.execute(
            select(members).where(members.c.guild_id == guild_id, members.c.user_id == user_id)
        )
    ).one_or_none()
    if found is None:
        return await _unmet(conn, guild_id, user_id)
    row = dict(found._mapping)
    row["interests"] = tuple(row["interests"])
    return Member(**row)


async def _unmet(conn: Connection, guild_id: int, user_id: int) -> Member:
    """Return who has no row: as always, or as they were promised before a backup was restored."""
    stranger = Member(guild_id, user_id)
    standing = (await promised.standings(conn, guild_id, (user_id,))).get(user_id)
    if standing is None:
        return stranger
    return replace(
        stranger,
        is_tracked=not standing.is_untracked,
        consent="declined" if standing.is_unlearned else stranger.consent,
    )


async def change_member(
    conn: Connection, guild_id: int, user_id: int, now: float, **changes: Any
) -> Member:
    """Set the named fields of a member, making the row if there is none; return the result."""
    known = await member(conn, guild_id, user_id)
    return await save_member(conn, replace(known, **changes), now)


async def save_member(conn: Connection, wanted: Member, now: float) -> Member:
    """Store a member, replacing what was there; return them with when they were first stored."""
    changed = replace(wanted, created_at=wanted.created_at or now)
    values = asdict(changed) | {"interests": list(changed.interests)}
    statement = upsert(members).values(values)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["guild_id", "user_id"],
            set_={k: v for k, v in values.items() if k not in {"guild_id", "user_id"}},
        )
    )
    return changed


async def untracked(conn: Connection, guild_id: int, user_ids: set[int]) -> set[int]:
    """Return those of `user_ids` who asked not to be tracked.

    Whoever has no row is asked for among what is promised since a backup was made.
    """
    rows = await conn.execute(
        select(members.c.user_id, members.c.is_tracked).where(
            members.c.guild_id == guild_id, members.c.user_id.in_(user_ids)
        )
    )
    known = {user_id: is_tracked for user_id, is_tracked in rows}
    unmet = await promised.standings(conn, guild_id, user_ids - known.keys())
    return {user_id for user_id, is_tracked in known.items() if not is_tracked} | {
        user_id for user_id, standing in unmet.items() if standing.is_untracked
    }


async def private(conn: Connection, guild_id: int, user_ids: Collection[int]) -> set[int]:
    """Return those of `user_ids` of whose points nobody may hear: hidden or not tracked."""
    rows = await conn.execute(
        select(members.c.user_id).where(
            members.c.guild_id == guild_id,
            members.c.user_id.in_(user_ids),
            or_(members.c.is_on_boards.is_(False), members.c.is_tracked.is_(False)),
        )
    )
    return set(rows.scalars())


async def forget_asking(conn: Connection, guild_id: int) -> None:
    """Have everybody asked again who was asked and did not answer: the question has changed."""
    await conn.execute(
        update(members)
        .where(members.c.guild_id == guild_id, members.c.consent == "unknown")
        .values(asked_at=None)
    )


async def grant_unknown(conn: Connection, guild_id: int, user_ids: set[int], now: float) -> None:
    """Store consent for those who never answered; an answer given stays as it is.

    It has no date: it was given before anything was recorded here, and covers all of it.
    """
    unmet = await promised.standings(conn, guild_id, user_ids)
    user_ids = user_ids - {who for who, standing in unmet.items() if standing.is_unlearned}
    if not user_ids:
        return
    statement = upsert(members).on_conflict_do_update(
        index_elements=["guild_id", "user_id"],
        set_={"consent": "granted", "consent_at": None},
        where=members.c.consent == "unknown",
    )
    granted = Member(guild_id, 0, consent="granted", created_at=now)
    values = asdict(granted) | {"interests": []}
    await conn.execute(statement, [values | {"user_id": user_id} for user_id in user_ids])
