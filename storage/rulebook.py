"""Drafts of a guild's rules."""

from dataclasses import asdict, fields

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import RuleDraft
from storage.schema import rule_drafts


async def draft(conn: AsyncConnection, guild_id: int) -> RuleDraft | None:
    """Return the guild's draft, None where nobody works on one."""
    columns = (rule_drafts.c[field.name] for field in fields(RuleDraft))
    found = await conn.execute(select(*columns).where(rule_drafts.c.guild_id == guild_id))
    row = found.one_or_none()
    return RuleDraft(**row._mapping) if row else None


async def save_draft(conn: AsyncConnection, changed: RuleDraft) -> None:
    """Store the guild's draft, replacing what was there."""
    await drop_draft(conn, changed.guild_id)
    await conn.execute(insert(rule_drafts).values(asdict(changed)))


async def drop_draft(conn: AsyncConnection, guild_id: int) -> None:
    """Forget the guild's draft."""
    await conn.execute(delete(rule_drafts).where(rule_drafts.c.guild_id == guild_id))
