"""The versions of a guild's rules: which is in force, which is the newest, what each changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import UserError
from bot.rewards import formats
from bot.rewards.ruleset import RuleSet
from bot.rulebook import rules
from bot.rulebook.rules import Difference as Difference
from storage import ledger, rescores
from storage.connection import Connection
from storage.database import Database
from storage.records import Rescore, StoredRuleSet

HISTORY_SIZE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Who published a version, when, why, and from when on it takes effect."""

    by: int
    at: float
    effective_at: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the rules.

    Attributes
    ----------
    version
        Its number; 0 are the defaults.
    is_live
        It is in force now.
    published
        None for the defaults, which nobody published and which are always in force.
    differences
        What it changed in the one before it, where that was asked for.
    """

    version: int
    rules: RuleSet
    is_live: bool
    published: Published | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A page of versions, the newest first; pages count from 1.

    ``rescores`` are all decisions to count anew, the newest first, ``undoable`` the one that can
    be taken back now, None for none.
    """

    versions: tuple[Version, ...]
    page: int
    has_more: bool
    rescores: tuple[Rescore, ...] = ()
    undoable: Rescore | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """Every guild's versions of the rules, as they are read."""

    database: Database
    clock: Clock

    async def in_force(self, guild_id: int) -> Version:
        """Return the rules in force."""
        async with self.database.read() as conn:
            return await self.live(conn, guild_id)

    async def history(self, guild_id: int, page: int = 1) -> History:
        """Return a page of versions and what each changed in the one before it."""
        async with self.database.read() as conn:
            live = await self.live(conn, guild_id)
            wanted = page * HISTORY_SIZE + 1
            stored = await ledger.rule_set_history(conn, guild_id, wanted)
            decided = await rescores.of_guild(conn, guild_id)
            first = await self._defaults(conn, guild_id)
        shown = _told(stored[(page - 1) * HISTORY_SIZE :], live.version, first)
        return History(
            versions=shown[:HISTORY_SIZE],
            page=page,
            has_more=len(stored) == wanted,
            rescores=tuple(decided),
            undoable=rules.undoable(decided),
        )

    async def export(self, guild_id: int, version: int | None = None) -> tuple[int, str]:
        """Return a version's number and its rules as TOML; None takes the one in force.

        Raises
        ------
        UserError
            There is no such version.
        """
        async with self.database.read() as conn:
            if version is None:
                found = await self.live(conn, guild_id)
            else:
                found = await self.numbered(conn, guild_id, version)
        return found.version, formats.to_toml(found.rules)

    # ----------------------------------------------------------- in somebody's transaction

    async def live(self, conn: Connection, guild_id: int) -> Version:
        """Return the version in force."""
        stored = await ledger.rule_set_at(conn, guild_id, self.clock().timestamp())
        if stored is not None:
            return _version(stored, stored.version)
        return Version(version=0, rules=await self._defaults(conn, guild_id), is_live=True)

    async def newest(self, conn: Connection, guild_id: int) -> Version:
        """Return the newest version, in force or scheduled."""
        live, stored = await self.live(conn, guild_id), await ledger.rule_set(conn, guild_id)
        return live if stored is None else _version(stored, live.version)

    async def numbered(self, conn: Connection, guild_id: int, version: int) -> Version:
        """Return a version by its number.

        Raises
        ------
        UserError
            There is no such version.
        """
        live = await self.live(conn, guild_id)
        if version == 0:
            first = await self._defaults(conn, guild_id)
            return Version(version=0, rules=first, is_live=live.version == 0)
        stored = await ledger.rule_set(conn, guild_id, version)
        if stored is None:
            raise UserError("error-rulebook-version")
        return _version(stored, live.version)

    async def _defaults(self, conn: Connection, guild_id: int) -> RuleSet:
        """Return what version 0 says: the defaults, as they were when the guild began."""
        stored = await ledger.rule_set(conn, guild_id, 0)
        return RuleSet() if stored is None else formats.from_dict(stored.rules)


def _told(stored: Sequence[StoredRuleSet], live: int, defaults: RuleSet) -> tuple[Version, ...]:
    """Return versions, the newest first, with what each changed in the next."""
    rules_of = [formats.from_dict(each.rules) for each in stored] + [defaults]
    return tuple(
        _version(each, live, rules.differences(before, own))
        for each, own, before in zip(stored, rules_of, rules_of[1:], strict=False)
    )


def _version(stored: StoredRuleSet, live: int, found: tuple[Difference, ...] = ()) -> Version:
    return Version(
        version=stored.version,
        rules=formats.from_dict(stored.rules),
        is_live=stored.version == live,
        published=Published(
            by=stored.created_by,
            at=stored.created_at,
            effective_at=stored.effective_at,
            reason=stored.reason,
        ),
        differences=found,
    )
