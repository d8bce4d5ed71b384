"""Drafts of a guild's rules, and what a preview of one asks for."""

from dataclasses import asdict, fields

from sqlalchemy import delete, insert, select

from storage.connection import Connection
from storage.records import RuleDraft
from storage.schema import balances, members, rule_drafts


async def draft(conn: Connection, guild_id: int) -> RuleDraft | None:
    """Return the guild's draft, None where nobody works on one."""
    columns = (rule_drafts.c[field.name] for field in fields(RuleDraft))
    found = await conn.execute(select(*columns).where(rule_drafts.c.guild_id == guild_id))
    row = found.one_or_none()
    return RuleDraft(**row._mapping) if row else None


async def save_draft(conn: Connection, changed: RuleDraft) -> None:
    """Store the guild's draft, replacing what was there."""
    await drop_draft(conn, changed.guild_id)
    await conn.execute(insert(rule_drafts).values(asdict(changed)))


async def drop_draft(conn: Connection, guild_id: int) -> None:
    """Forget the guild's draft."""
    await conn.execute(delete(rule_drafts).where(rule_drafts.c.guild_id == guild_id))


async def hidden(conn: Connection, guild_id: int) -> set[int]:
    """Return who stays off the boards."""
    rows = await conn.execute(
        select(members.c.user_id).where(
            members.c.guild_id == guild_id, members.c.is_on_boards.is_(False)
        )
    )
    return set(rows.scalars())


async def earned(conn: Connection, guild_id: int) -> dict[int, int]:
    """Return what everybody has earned who has earned anything."""
    rows = await conn.execute(
        select(balances.c.user_id, balances.c.earned).where(
            balances.c.guild_id == guild_id, balances.c.earned > 0
        )
    )
    return {user_id: amount for user_id, amount in rows}
