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
from bot.rulebook.versions import Version, Versions
from storage import audit, rulebook
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Rescore


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A version just published, and what it changes in the rules in force before.

    ``rescore`` is what is to be carried out with it, None where nothing is counted again.
    """

    version: int
    effective_at: float
    is_later: bool
    differences: tuple[Difference, ...]
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
            made = await self._publish(
                conn, guild_id, actor_id, draft.live, draft.rules, reason, at
            )
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
            live = await self.versions.live(conn, guild_id)
            newest = await self.versions.newest(conn, guild_id)
            wanted = fields.with_value(newest.rules, field, value)
            if wanted == newest.rules:
                raise UserError("error-points-unchanged")
            now = self.clock().timestamp()
            return await self._publish(conn, guild_id, actor_id, live, wanted, reason, now)

        return await self.database.write(job)

    async def roll_back(
        self, guild_id: int, actor_id: int, version: int, reason: str
    ) -> Publication:
        """Publish an old version's rules as a new version, at once.

        Raises
        ------
        UserError
            There is no such version, or it is what is in force.
        """

        async def job(conn: Connection) -> Publication:
            live = await self.versions.live(conn, guild_id)
            old = await self.versions.numbered(conn, guild_id, version)
            now = self.clock().timestamp()
            return await self._publish(conn, guild_id, actor_id, live, old.rules, reason, now)

        return await self.database.write(job)

    async def _publish(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        live: Version,
        wanted: RuleSet,
        reason: str,
        at: float,
    ) -> Publication:
        reason, now = reason.strip(), self.clock().timestamp()
        found = rules.differences(live.rules, wanted)
        if not found:
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
        return Publication(version=version, effective_at=at, is_later=at > now, differences=found)
