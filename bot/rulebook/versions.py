"""The versions of a guild's rules: which is in force, which is the newest, what each changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.clock import Clock
from bot.errors import UserError
from bot.rewards import formats
from bot.rewards.ruleset import RuleSet
from bot.rulebook import rules
from bot.rulebook.rules import Difference as Difference
from storage import rescores, rulebook
from storage.connection import Connection
from storage.database import Database
from storage.records import Rescore, StoredRuleSet

HISTORY_SIZE = 5
"""Versions on a page: each with its button and what it changed, for the screen of a phone."""
_WAITING_MAX = 100


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
    published
        None for the defaults, which nobody published and which have always been there.
    """

    version: int
    rules: RuleSet
    published: Published | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A version in the history, and what it changed in the one before.

    ``state`` is ``live`` in force now, ``later`` scheduled, ``past`` in force once, ``never`` for
    one that was scheduled and superseded before its time.
    """

    version: Version
    state: Literal["live", "later", "past", "never"]
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A page of versions, the newest first and the defaults last; pages count from 1.

    Attributes
    ----------
    newest
        The newest version of all.
    rescores
        All decisions to count again, the newest first.
    undoable
        The one that can be taken back now, None for none.
    """

    entries: tuple[Entry, ...]
    newest: int
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

    async def history(self, guild_id: int, page: int = 1, *, size: int = HISTORY_SIZE) -> History:
        """Return a page of versions, the defaults last, and what each changed in the one before."""
        page = max(page, 1)
        end = page * size
        async with self.database.read() as conn:
            live = await self.live(conn, guild_id)
            stored = await rulebook.rule_set_history(conn, guild_id, end + 1)
            decided = await rescores.of_guild(conn, guild_id)
            first = await self._defaults(conn, guild_id)
        found = _entries(stored, live.version, first, self.clock().timestamp())
        if len(stored) <= end:
            state: Literal["live", "past"] = "past" if live.version else "live"
            found.append(Entry(version=first, state=state))
        return History(
            entries=tuple(found[end - size : end]),
            newest=stored[0].version if stored else 0,
            page=page,
            has_more=len(found) > end,
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
        stored = await rulebook.rule_set_at(conn, guild_id, self.clock().timestamp())
        return await self._defaults(conn, guild_id) if stored is None else _version(stored)

    async def newest(self, conn: Connection, guild_id: int) -> Version:
        """Return the newest version, in force or scheduled."""
        stored = await rulebook.rule_set(conn, guild_id)
        return await self._defaults(conn, guild_id) if stored is None else _version(stored)

    async def numbered(self, conn: Connection, guild_id: int, version: int) -> Version:
        """Return a version by its number.

        Raises
        ------
        UserError
            There is no such version.
        """
        if version == 0:
            return await self._defaults(conn, guild_id)
        stored = await rulebook.rule_set(conn, guild_id, version)
        if stored is None:
            raise UserError("error-rulebook-version")
        return _version(stored)

    async def deciding_since(
        self, conn: Connection, guild_id: int, since: float
    ) -> dict[int, RuleSet]:
        """Return the versions, by number, that decided on anything since a moment.

        A re-score that stands lets its version decide from the day on that it counts.
        """
        first = await self._defaults(conn, guild_id)
        found = await rulebook.versions(conn, guild_id, since, self.clock().timestamp())
        deciding, superseded_at = dict[int, RuleSet](), float("inf")
        for each in reversed(found):
            if each.effective_at < superseded_at:
                deciding[each.version] = formats.from_dict(json.loads(each.rules))
                superseded_at = each.effective_at
        return deciding if superseded_at <= since else deciding | {0: first.rules}

    async def waiting(self, conn: Connection, guild_id: int) -> list[Version]:
        """Return the versions that are scheduled, the newest first."""
        now = self.clock().timestamp()
        stored = await rulebook.rule_set_history(conn, guild_id, _WAITING_MAX)
        found = _entries(stored, -1, await self._defaults(conn, guild_id), now)
        return [each.version for each in found if each.state == "later"]

    async def _defaults(self, conn: Connection, guild_id: int) -> Version:
        """Return version 0: the defaults, as they were when the guild began."""
        stored = await rulebook.rule_set(conn, guild_id, 0)
        of = RuleSet() if stored is None else formats.from_dict(stored.rules)
        return Version(version=0, rules=of)


def _entries(
    stored: Sequence[StoredRuleSet], live: int, defaults: Version, now: float
) -> list[Entry]:
    """Return versions, the newest of all first, with what each changed in the next."""
    found, superseded_at = [], float("inf")
    rules_of = [formats.from_dict(each.rules) for each in stored] + [defaults.rules]
    for each, own, before in zip(stored, rules_of, rules_of[1:], strict=False):
        state: Literal["live", "later", "past", "never"] = "past"
        if each.version == live:
            state = "live"
        elif superseded_at <= each.effective_at and each.effective_at > each.created_at:
            state = "never"
        elif each.effective_at > now:
            state = "later"
        superseded_at = min(superseded_at, each.effective_at)
        found.append(
            Entry(version=_version(each), state=state, differences=rules.differences(before, own))
        )
    return found


def _version(stored: StoredRuleSet) -> Version:
    return Version(
        version=stored.version,
        rules=formats.from_dict(stored.rules),
        published=Published(
            by=stored.created_by,
            at=stored.created_at,
            effective_at=stored.effective_at,
            reason=stored.reason,
        ),
    )
