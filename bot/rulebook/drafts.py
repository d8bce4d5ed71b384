"""The draft of a guild's rules: what moderators work on, beside the rules in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.rewards import fields
from bot.rewards.fields import Field
from bot.rewards.ruleset import RuleSet
from bot.rulebook import rules, values
from bot.rulebook.rules import Changes, Difference
from bot.rulebook.versions import Version, Versions
from storage import audit, members, rulebook
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, RuleDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What moderators are working on, beside the rules in force.

    Attributes
    ----------
    live
        The version in force.
    newest
        The newest one, in force or scheduled: what the draft changes.
    rules
        The newest with the draft's changes.
    differences
        Between the rules in force and the draft.
    by, at
        Who changed it last, and when; None where nothing is drafted.
    time_zone
        The guild's, in which moments are written.
    """

    live: Version
    newest: Version
    rules: RuleSet
    differences: tuple[Difference, ...]
    by: int | None
    at: float | None
    time_zone: str

    @property
    def is_drafted(self) -> bool:
        """Whether it says anything else than the newest version."""
        return self.rules != self.newest.rules

    @property
    def stamp(self) -> str:
        """A mark of what is shown, which publishing asks for."""
        return rules.stamp(self.newest.version, self.rules)


class OvertakenError(UserError):
    """Somebody else has changed a value since it was shown; ``value`` is what it is now."""

    def __init__(self, field: Field, value: Any) -> None:
        super().__init__("error-rulebook-overtaken", value=fields.write(field, value) or "–")
        self.value = value


@dataclass(frozen=True, slots=True)
class Drafts:
    """Every guild's draft."""

    database: Database
    clock: Clock
    versions: Versions

    async def draft(self, guild_id: int) -> Draft:
        """Return the draft of the guild, which without one is the newest version as it is."""
        async with self.database.read() as conn:
            return await self.current(conn, guild_id)

    async def edit(
        self,
        guild_id: int,
        actor_id: int,
        field: Field,
        written: str,
        *,
        chosen: tuple[int, ...] = (),
        percent: str = "",
        seen: Any = None,
    ) -> Draft:
        """Change one value of the draft, and return the draft.

        Parameters
        ----------
        chosen, percent
            For multipliers: channels or roles to be set to a percentage besides.
        seen
            The value that the moderator was shown; None does not ask.

        Raises
        ------
        UserError
            The value is not one that the field takes, or no longer what was shown.
        """
        value = values.with_chosen(field, written, chosen, percent)

        async def job(conn: Connection) -> Draft:
            shown = await self.current(conn, guild_id)
            now = fields.value_of(shown.rules, field)
            if seen is not None and now not in (seen, value):
                raise OvertakenError(field, now)
            wanted = fields.with_value(shown.rules, field, value)
            return await self._redraft(conn, guild_id, actor_id, shown, wanted, "rules.draft")

        return await self.database.write(job)

    async def bring(self, guild_id: int, actor_id: int, data: bytes) -> tuple[Draft, Draft | None]:
        """Make rules written as TOML the draft, and return it and what it replaced.

        The latter is another moderator's draft that said something else, None without one.

        Raises
        ------
        UserError
            It is no such file, or holds what rules do not take.
        """
        wanted = values.read(data)

        async def job(conn: Connection) -> tuple[Draft, Draft | None]:
            shown = await self.current(conn, guild_id)
            is_anothers = shown.is_drafted and shown.by != actor_id and shown.rules != wanted
            made = await self._redraft(conn, guild_id, actor_id, shown, wanted, "rules.import")
            return made, shown if is_anothers else None

        return await self.database.write(job)

    async def discard(self, guild_id: int, actor_id: int, seen: str | None = None) -> Draft:
        """Forget the draft; return what is left, the newest version.

        Parameters
        ----------
        seen
            The stamp of the draft that the moderator saw; None does not ask.

        Raises
        ------
        UserError
            The draft is no longer what was seen.
        """

        async def job(conn: Connection) -> Draft:
            if seen is not None and (await self.current(conn, guild_id)).stamp != seen:
                raise StaleError("error-rulebook-moved")
            if await rulebook.draft(conn, guild_id) is not None:
                await rulebook.drop_draft(conn, guild_id)
                await self._audit(conn, guild_id, actor_id, "rules.discard")
            return await self.current(conn, guild_id)

        return await self.database.write(job)

    async def current(self, conn: Connection, guild_id: int) -> Draft:
        """Return the draft as it stands in a transaction."""
        stored = await rulebook.draft(conn, guild_id)
        newest = await self.versions.newest(conn, guild_id)
        live = await self.versions.live(conn, guild_id)
        shown = rules.drafted(newest.rules, stored.changes) if stored else newest.rules
        return Draft(
            live=live,
            newest=newest,
            rules=shown,
            differences=rules.differences(live.rules, shown),
            by=stored.edited_by if stored else None,
            at=stored.edited_at if stored else None,
            time_zone=(await members.guild(conn, guild_id)).time_zone,
        )

    async def _redraft(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        shown: Draft,
        wanted: RuleSet,
        action: AuditAction,
    ) -> Draft:
        found = rules.differences(shown.rules, wanted)
        if found:
            await self._audit(conn, guild_id, actor_id, action, changes=rules.written(found))
        changes: Changes = rules.changes_of(shown.newest.rules, wanted)
        if changes:
            now = self.clock().timestamp()
            await rulebook.save_draft(
                conn,
                RuleDraft(guild_id=guild_id, changes=changes, edited_by=actor_id, edited_at=now),
            )
        else:
            await rulebook.drop_draft(conn, guild_id)
        return await self.current(conn, guild_id)

    async def _audit(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        action: AuditAction,
        **details: Mapping[str, list[str]],
    ) -> None:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            details=details,
        )
        await audit.append(conn, row)
