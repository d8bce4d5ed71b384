"""Publishing: the draft, one value changed, or an old version becomes the newest version."""

from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.legible import is_blank
from bot.points.service import PointsService
from bot.rewards import fields
from bot.rewards.fields import Field
from bot.rewards.ruleset import RuleSet
from bot.rulebook import rules, values
from bot.rulebook.drafts import Draft, Drafts
from bot.rulebook.rescoring import Rescoring
from bot.rulebook.rules import Difference
from bot.rulebook.versions import Versions
from storage import audit, rulebook
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Rescore


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A version just published, and what it changes in the rules in force before.

    Attributes
    ----------
    before
        The version that was in force.
    withdrawn
        Scheduled versions that never come into force now.
    rescore
        What is to be carried out with it, None where nothing is counted again.
    """

    version: int
    before: int
    effective_at: float
    is_later: bool
    differences: tuple[Difference, ...]
    withdrawn: tuple[int, ...] = ()
    rescore: Rescore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """Makes new versions of every guild's rules; none of them is ever changed."""

    database: Database
    clock: Clock
    points: PointsService
    versions: Versions
    drafts: Drafts
    rescoring: Rescoring

    async def publish(
        self,
        guild_id: int,
        actor_id: int,
        shown: str,
        reason: str,
        written_at: str = "",
        *,
        since: float | None = None,
    ) -> Publication:
        """Publish the draft as a new version, with an audit row.

        Parameters
        ----------
        shown
            The stamp of the draft that the moderator saw.
        written_at
            When it takes effect, in the guild's time zone; empty for at once.
        since
            From when on what was earned is counted again, which `Rescoring.carry_out` then does;
            only for a version that takes effect at once. None leaves what was earned as it is.

        Raises
        ------
        UserError
            The draft is no longer what was seen or changes nothing, there is no reason, the
            moment cannot be read or has passed, or something is being counted already.
        """
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Publication:
            draft = await self.drafts.current(conn, guild_id)
            if draft.stamp != shown:
                raise StaleError("error-rulebook-moved")
            at = rules.moment(written_at, draft.time_zone, now)
            if at is None:
                raise UserError(
                    "error-rulebook-moment", zone=draft.time_zone, days=rules.AHEAD_DAYS_MAX
                )
            made = await self._publish(conn, guild_id, actor_id, draft.rules, reason, at)
            await rulebook.drop_draft(conn, guild_id)
            if since is None:
                return made
            return await self._with_rescore(conn, guild_id, actor_id, draft, made, reason, since)

        return await self.database.write(job)

    async def _with_rescore(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        draft: Draft,
        made: Publication,
        reason: str,
        since: float,
    ) -> Publication:
        wanted = Rescore(
            guild_id=guild_id,
            version=made.version,
            from_version=draft.live.version,
            since_at=await self.rescoring.since(conn, guild_id, since),
            until_event=0,
            paid_until=0,
            created_by=actor_id,
            reason=reason.strip(),
            created_at=self.clock().timestamp(),
        )
        return replace(made, rescore=await self.rescoring.decide(conn, wanted, "rules.rescore"))

    async def set_value(
        self, guild_id: int, actor_id: int, field: Field, written: str, reason: str
    ) -> Publication:
        """Publish the newest version with one value changed, at once; a draft stays a draft.

        Raises
        ------
        UserError
            The value is not one that the field takes, or is what it is already.
        """
        value = values.parsed(field, written)

        async def job(conn: Connection) -> Publication:
            newest = await self.versions.newest(conn, guild_id)
            wanted = fields.with_value(newest.rules, field, value)
            if wanted == newest.rules:
                raise UserError("error-points-unchanged")
            return await self._publish(conn, guild_id, actor_id, wanted, reason)

        return await self.database.write(job)

    async def way_back(self, guild_id: int, version: int, newest: int) -> tuple[Difference, ...]:
        """Return what rolling back to a version would change in the rules in force.

        Parameters
        ----------
        newest
            The newest version that the moderator was shown.

        Raises
        ------
        UserError
            There is no such version, it is what is in force, or there is a newer one.
        """
        async with self.database.read() as conn:
            await self._require_newest(conn, guild_id, newest, "error-rulebook-newer")
            old = await self.versions.numbered(conn, guild_id, version)
            live = await self.versions.live(conn, guild_id)
        found = rules.differences(live.rules, old.rules)
        if not found and live.version == newest:
            raise StaleError("error-rulebook-nothing")
        return found

    async def roll_back(
        self,
        guild_id: int,
        actor_id: int,
        version: int,
        reason: str,
        *,
        newest: int | None = None,
    ) -> Publication:
        """Publish an old version's rules as a new version, at once.

        Parameters
        ----------
        newest
            The newest version that the moderator was shown; None does not ask.

        Raises
        ------
        UserError
            There is no such version, it is what is in force, or there is a newer one than shown.
        """

        async def job(conn: Connection) -> Publication:
            if newest is not None:
                await self._require_newest(conn, guild_id, newest, "error-rulebook-newer")
            old = await self.versions.numbered(conn, guild_id, version)
            return await self._publish(conn, guild_id, actor_id, old.rules, reason)

        return await self.database.write(job)

    async def take_back(
        self, guild_id: int, actor_id: int, version: int, before: int, reason: str
    ) -> Publication:
        """Undo a version that was just published: publish what was in force before it.

        Raises
        ------
        UserError
            Something was published since, or a draft builds on it.
        """

        async def job(conn: Connection) -> Publication:
            await self._require_newest(conn, guild_id, version, "error-rulebook-takeback")
            made = (await self.versions.numbered(conn, guild_id, version)).published
            draft = await rulebook.draft(conn, guild_id)
            if draft is not None and made is not None and draft.edited_at >= made.at:
                raise StaleError("error-rulebook-takeback-drafted", version=version)
            old = await self.versions.numbered(conn, guild_id, before)
            return await self._publish(conn, guild_id, actor_id, old.rules, reason)

        return await self.database.write(job)

    async def _require_newest(
        self, conn: Connection, guild_id: int, shown: int, refusal: str
    ) -> None:
        if (await self.versions.newest(conn, guild_id)).version != shown:
            raise StaleError(refusal)

    async def _publish(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        wanted: RuleSet,
        reason: str,
        at: float | None = None,
    ) -> Publication:
        """Publish rules from a moment on, None for now."""
        reason, now = reason.strip(), self.clock().timestamp()
        at = now if at is None else at
        live = await self.versions.live(conn, guild_id)
        waiting = await self.versions.waiting(conn, guild_id)
        withdrawn = tuple(
            each.version for each in waiting if each.published and each.published.effective_at >= at
        )
        found = rules.differences(live.rules, wanted)
        if not found and not withdrawn:
            raise UserError("error-rulebook-nothing")
        if is_blank(reason):
            raise UserError("error-rulebook-reason")
        version = await self.points.publish(
            conn, guild_id, wanted, actor_id=actor_id, reason=reason, effective_at=at
        )
        details = {
            "version": version,
            "effective_at": at,
            "reason": reason,
            "changes": rules.written(found),
        }
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action="rules.publish",
            occurred_at=now,
            subject=str(version),
            details=details,
        )
        await audit.append(conn, row)
        return Publication(
            version=version,
            before=live.version,
            effective_at=at,
            is_later=at > now,
            differences=found,
            withdrawn=withdrawn,
        )
