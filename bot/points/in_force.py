"""Which rules a guild goes by."""

from bot.rewards import formats
from bot.rewards.ruleset import RuleSet
from storage import rulebook
from storage.connection import Connection


async def in_force(conn: Connection, guild_id: int, at: float) -> tuple[int, RuleSet]:
    """Return the version and the rules in force at a moment; version 0 are the defaults."""
    stored = await rulebook.rule_set_at(conn, guild_id, at)
    if stored is None:
        return 0, await defaults(conn, guild_id)
    return stored.version, formats.from_dict(stored.rules)


async def defaults(conn: Connection, guild_id: int) -> RuleSet:
    """Return what version 0 says: the defaults, as they were when the guild began."""
    stored = await rulebook.rule_set(conn, guild_id, 0)
    return formats.from_dict(stored.rules) if stored else RuleSet()


async def newest(conn: Connection, guild_id: int) -> tuple[int, RuleSet]:
    """Return the newest version, in force or scheduled, and its number."""
    stored = await rulebook.rule_set(conn, guild_id)
    if stored is None:
        return 0, await defaults(conn, guild_id)
    return stored.version, formats.from_dict(stored.rules)
