"""Levels as they were last known, the roles they give, and what is still to announce or do."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from storage.connection import Connection
from storage.moments import is_long_ago
from storage.records import (
    GrantState,
    LevelGrant,
    LevelNotice,
    LevelReward,
    LevelSettings,
    Moved,
)
from storage.schema import (
    balances,
    events,
    ledger,
    level_grants,
    level_notices,
    level_rewards,
    level_settings,
    member_levels,
)

_NOTICE = [field.name for field in fields(LevelNotice)]


# ---------------------------------------------------------------------------- settings


async def settings(conn: Connection, guild_id: int) -> LevelSettings | None:
    """Return a guild's settings, None where nobody has made any."""
    statement = select(level_settings).where(level_settings.c.guild_id == guild_id)
    row = (await conn.execute(statement)).one_or_none()
    return LevelSettings(**row._mapping) if row else None


async def all_settings(conn: Connection) -> list[LevelSettings]:
    """Return the settings of every guild that has any."""
    rows = await conn.execute(select(level_settings).order_by(level_settings.c.guild_id))
    return [LevelSettings(**row._mapping) for row in rows]


async def save_settings(conn: Connection, changed: LevelSettings) -> None:
    """Store a guild's settings, replacing what was there."""
    values = asdict(changed)
    statement = upsert(level_settings).values(values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["guild_id"], set_=values))


async def change_settings(conn: Connection, guild_id: int, **changes: Any) -> None:
    """Set the named fields of a guild that has settings."""
    of_guild = level_settings.c.guild_id == guild_id
    await conn.execute(update(level_settings).where(of_guild).values(changes))


async def rewards(conn: Connection, guild_id: int) -> list[LevelReward]:
    """Return the roles that levels give, lowest level first."""
    rows = await conn.execute(
        select(level_rewards)
        .where(level_rewards.c.guild_id == guild_id)
        .order_by(level_rewards.c.level, level_rewards.c.role_id)
    )
    return [LevelReward(**row._mapping) for row in rows]


async def reward(conn: Connection, guild_id: int, role_id: int) -> LevelReward | None:
    """Return what is said of a role, None where no level gives it."""
    statement = select(level_rewards).where(_reward(guild_id, role_id))
    row = (await conn.execute(statement)).one_or_none()
    return LevelReward(**row._mapping) if row else None


async def save_reward(conn: Connection, reward: LevelReward) -> None:
    """Store a reward, replacing what was said of its role."""
    values = asdict(reward)
    statement = upsert(level_rewards).values(values)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["guild_id", "role_id"], set_=values)
    )


async def change_reward(conn: Connection, guild_id: int, role_id: int, **changes: Any) -> None:
    """Set the named fields of a reward."""
    await conn.execute(update(level_rewards).where(_reward(guild_id, role_id)).values(changes))


async def drop_reward(conn: Connection, guild_id: int, role_id: int) -> bool:
    """Forget a reward and where members stand with it; return whether there was one."""
    role = level_grants.c.role_id == role_id
    await conn.execute(delete(level_grants).where(level_grants.c.guild_id == guild_id, role))
    gone = await conn.execute(delete(level_rewards).where(_reward(guild_id, role_id)))
    return bool(gone.rowcount)


def _reward(guild_id: int, role_id: int) -> ColumnElement[bool]:
    return and_(level_rewards.c.guild_id == guild_id, level_rewards.c.role_id == role_id)


# ------------------------------------------------------------------- following the ledger


async def moved_since(conn: Connection, entry_id: int, limit: int) -> list[Moved]:
    """Return the entries after one, oldest first, with the channel of what caused each.

    Whatever a count of old events made is of the kind ``rescore``.
    """
    rows = await conn.execute(
        select(
            ledger.c.entry_id,
            ledger.c.guild_id,
            ledger.c.user_id,
            case((ledger.c.rescore_id != 0, "rescore"), else_=ledger.c.kind),
            events.c.channel_id,
        )
        .join_from(ledger, events, events.c.event_id == ledger.c.event_id, isouter=True)
        .where(ledger.c.entry_id > entry_id)
        .order_by(ledger.c.entry_id)
        .limit(limit)
    )
    return [Moved(*row) for row in rows]


async def rescored_since(
    conn: Connection, guild_id: int, user_ids: Collection[int], entry_id: int, lately: float
) -> set[int]:
    """Return whose old events were re-scored after an entry, by a count that is not over.

    Or that was over after ``lately``: only then is the ledger asked at all.
    """
    statement = text(
        "SELECT DISTINCT l.user_id FROM ledger l WHERE EXISTS (SELECT 1 FROM rescores r"
        " WHERE r.guild_id = :guild AND (r.finished_at IS NULL OR r.finished_at > :lately))"
        " AND l.entry_id > :after AND +l.guild_id = :guild AND +l.rescore_id <> 0"
        " AND l.user_id IN :users"
    ).bindparams(bindparam("users", expanding=True))
    asked = {"guild": guild_id, "lately": lately, "after": entry_id, "users": sorted(user_ids)}
    return set((await conn.execute(statement, asked)).scalars())


async def earned(conn: Connection, guild_id: int, user_ids: Collection[int]) -> dict[int, int]:
    """Return what these members earned; who has no balance earned nothing."""
    rows = await conn.execute(
        select(balances.c.user_id, balances.c.earned).where(
            balances.c.guild_id == guild_id, balances.c.user_id.in_(user_ids)
        )
    )
    return dict.fromkeys(user_ids, 0) | {user_id: amount for user_id, amount in rows}


async def members_after(conn: Connection, guild_id: int, user_id: int, limit: int) -> list[int]:
    """Return the next members with a balance, in the order of their ids."""
    rows = await conn.execute(
        select(balances.c.user_id)
        .where(balances.c.guild_id == guild_id, balances.c.user_id > user_id)
        .order_by(balances.c.user_id)
        .limit(limit)
    )
    return list(rows.scalars())


async def known(conn: Connection, guild_id: int, user_ids: Collection[int]) -> dict[int, int]:
    """Return the levels last known of these members."""
    rows = await conn.execute(
        select(member_levels.c.user_id, member_levels.c.level).where(
            member_levels.c.guild_id == guild_id, member_levels.c.user_id.in_(user_ids)
        )
    )
    return {user_id: level for user_id, level in rows}


async def set_known(conn: Connection, guild_id: int, levels: Mapping[int, int]) -> None:
    """Remember members' levels."""
    if not levels:
        return
    statement = upsert(member_levels)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["guild_id", "user_id"], set_={"level": statement.excluded.level}
        ),
        [{"guild_id": guild_id, "user_id": u, "level": level} for u, level in levels.items()],
    )


# ------------------------------------------------------------------------------- roles


async def grants_of(conn: Connection, guild_id: int, user_ids: Collection[int]) -> list[LevelGrant]:
    """Return where these members stand with every role."""
    return await _grants(
        conn, level_grants.c.guild_id == guild_id, level_grants.c.user_id.in_(user_ids)
    )


async def grant(conn: Connection, guild_id: int, grant_id: int) -> LevelGrant | None:
    """Return one member's standing with a role, None where there is no such row."""
    found = await _grants(
        conn, level_grants.c.guild_id == guild_id, level_grants.c.grant_id == grant_id
    )
    return found[0] if found else None


async def in_state(
    conn: Connection, states: Collection[GrantState], limit: int, guild_id: int | None = None
) -> list[LevelGrant]:
    """Return who stands so with a role, oldest first; roles with a known problem are left out."""
    where: list[ColumnElement[bool]] = [level_grants.c.state.in_(states)]
    if guild_id is not None:
        where.append(level_grants.c.guild_id == guild_id)
    has_problem = (
        select(level_rewards.c.role_id)
        .where(
            level_rewards.c.guild_id == level_grants.c.guild_id,
            level_rewards.c.role_id == level_grants.c.role_id,
            level_rewards.c.problem.is_not(None),
        )
        .exists()
    )
    return await _grants(conn, *where, ~has_problem, limit=limit)


async def unseen(
    conn: Connection, states: Collection[GrantState], before: float, now: float, limit: int
) -> list[LevelGrant]:
    """Return who stands so with a role and was not looked at since a moment."""
    is_unseen = is_long_ago(level_grants.c.seen_at, before, now)
    return await _grants(conn, level_grants.c.state.in_(states), is_unseen, limit=limit)


async def saw(conn: Connection, grant_ids: Collection[int], now: float) -> None:
    """Remember that somebody looked whether these members have their roles."""
    of = level_grants.c.grant_id.in_(grant_ids)
    await conn.execute(update(level_grants).where(of).values(seen_at=now))


async def count_in_state(
    conn: Connection, guild_id: int, states: Collection[GrantState], since: float = 0.0
) -> int:
    """Return how many stand so with a role, of those who do since a moment."""
    found = await conn.execute(
        select(func.count())
        .select_from(level_grants)
        .where(
            level_grants.c.guild_id == guild_id,
            level_grants.c.state.in_(states),
            level_grants.c.changed_at > since,
        )
    )
    return int(found.scalar_one())


async def set_grant(
    conn: Connection,
    guild_id: int,
    user_id: int,
    role_id: int,
    state: GrantState | None,
    now: float,
    *,
    decided_by: int = 0,
    was: GrantState | None = None,
) -> bool:
    """Say where a member stands with a role, None to forget it; return whether that changed.

    Parameters
    ----------
    was
        Change it only from this state: what was decided meanwhile stays.
    """
    of = and_(
        level_grants.c.guild_id == guild_id,
        level_grants.c.user_id == user_id,
        level_grants.c.role_id == role_id,
    )
    if was is not None:
        of = and_(of, level_grants.c.state == was)
    if state is None:
        return bool((await conn.execute(delete(level_grants).where(of))).rowcount)
    values = {"state": state, "changed_at": now, "seen_at": now, "decided_by": decided_by}
    done = await conn.execute(update(level_grants).where(of).values(values))
    if done.rowcount or was is not None:
        return bool(done.rowcount)
    key = {"guild_id": guild_id, "user_id": user_id, "role_id": role_id}
    await conn.execute(insert(level_grants).values(key | values))
    return True


async def _grants(
    conn: Connection, *where: ColumnElement[bool], limit: int | None = None
) -> list[LevelGrant]:
    rows = await conn.execute(
        select(level_grants).where(*where).order_by(level_grants.c.grant_id).limit(limit)
    )
    return [LevelGrant(**row._mapping) for row in rows]


# ----------------------------------------------------------------------------- notices


async def add_notices(conn: Connection, new: Iterable[LevelNotice]) -> None:
    """Write down levels to be announced; one announced before it was lost is announced again."""
    values = [asdict(notice) for notice in new]
    if values:
        await conn.execute(upsert(level_notices).on_conflict_do_nothing(), values)


async def notices(conn: Connection) -> list[LevelNotice]:
    """Return every level that is to be announced, those of one channel together."""
    rows = await conn.execute(
        select(*(level_notices.c[name] for name in _NOTICE)).order_by(
            level_notices.c.guild_id,
            level_notices.c.channel_id,
            level_notices.c.made_at,
            level_notices.c.user_id,
        )
    )
    return [LevelNotice(*row) for row in rows]


async def claim_notices(conn: Connection, guild_id: int, channel_id: int, nonce: str) -> None:
    """Bind what is to be announced in a channel to one message, so that a repeat says the same."""
    await conn.execute(
        update(level_notices)
        .where(
            level_notices.c.guild_id == guild_id,
            level_notices.c.channel_id == channel_id,
            level_notices.c.nonce.is_(None),
        )
        .values(nonce=nonce)
    )


async def drop_notices(
    conn: Connection,
    guild_id: int,
    *,
    nonce: str | None = None,
    before: float | None = None,
    user_id: int | None = None,
) -> None:
    """Forget what one message announced, what is older than a moment, or what is of one member.

    All of a guild where nothing is named.
    """
    of = [level_notices.c.guild_id == guild_id]
    if nonce is not None:
        of.append(level_notices.c.nonce == nonce)
    if before is not None:
        of.append(level_notices.c.made_at < before)
    if user_id is not None:
        of.append(level_notices.c.user_id == user_id)
    await conn.execute(delete(level_notices).where(*of))
