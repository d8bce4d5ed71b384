"""Reading and changing what members and servers chose, each change with its audit row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import zones
from bot.clock import Clock
from bot.errors import UserError
from bot.profile import rules
from storage import audit, members
from storage.database import Database
from storage.records import AuditAction, AuditRow, Consent, Guild, Member

SERVER_SETTINGS: Mapping[str, AuditAction] = {
    "language": "server-language",
    "time_zone": "server-time-zone",
    "consent_policy": "server-consent-policy",
}
"""What a server may set, and what a change of it is called in the audit trail."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A member, their server, and why their events train the model or do not."""

    member: Member
    guild: Guild
    learning: rules.Learning

    @property
    def may_train(self) -> bool:
        """Whether the member's events may train the model."""
        return rules.may_train(self.guild.consent_policy, self.member.consent)


@dataclass(frozen=True, slots=True)
class ProfileService:
    """What members and servers chose."""

    database: Database
    clock: Clock

    async def profile(self, guild_id: int, user_id: int) -> Profile:
        """Return a member's profile, the defaults for one we have never met."""
        async with self.database.read() as conn:
            return await self.profile_in(conn, guild_id, user_id)

    async def profile_in(self, conn: AsyncConnection, guild_id: int, user_id: int) -> Profile:
        """Return a member's profile as `conn` sees it."""
        member = await members.member(conn, guild_id, user_id)
        guild = await members.guild(conn, guild_id)
        return Profile(member, guild, rules.learning(guild.consent_policy, member.consent))

    async def set_language(self, guild_id: int, user_id: int, text: str) -> Profile:
        """Store a member's language, or that Discord's own shall decide.

        Raises
        ------
        UserError
            No such language.
        """
        return await self._change(guild_id, user_id, language=_language(text))

    async def set_time_zone(self, guild_id: int, user_id: int, text: str) -> Profile:
        """Store a member's time zone, or that they share the server's.

        Raises
        ------
        UserError
            No such time zone.
        """
        return await self._change(guild_id, user_id, time_zone=_time_zone(text))

    async def set_interests(self, guild_id: int, user_id: int, text: str) -> Profile:
        """Store a member's interests from a list separated by commas; an empty one clears them.

        Raises
        ------
        UserError
            Too many, or one too long.
        """
        try:
            interests = rules.parse_interests(text)
        except ValueError:
            raise UserError(
                "error-profile-interests",
                most=rules.INTERESTS_MAX,
                longest=rules.INTEREST_LENGTH_MAX,
            ) from None
        return await self._change(guild_id, user_id, interests=interests)

    async def _change(self, guild_id: int, user_id: int, **changes: Any) -> Profile:
        now = self.clock().timestamp()

        async def job(conn: AsyncConnection) -> Profile:
            await members.change_member(conn, guild_id, user_id, now, **changes)
            return await self.profile_in(conn, guild_id, user_id)

        return await self.database.write(job)

    def suggest_time_zones(self, text: str, limit: int) -> list[tuple[str, str]]:
        """Return zones that `text` may mean, each with its time of day (HH:MM) now."""
        now = self.clock()
        return [
            (zone, now.astimezone(zones.zone_of(zone)).strftime("%H:%M"))
            for zone in zones.matching(text, limit)
        ]

    async def claim_question(self, guild_id: int, user_id: int) -> Profile | None:
        """Return the member to put the consent question to, None if it is not to be put.

        At most one caller is ever told to ask, however many ask at once: the claim is stored
        before the question is sent. Those who already answered, or are not tracked and so have
        nothing to train on, are not asked.
        """
        known = await self.profile(guild_id, user_id)
        if (
            known.member.asked_at is not None
            or known.member.consent != "unknown"
            or not known.member.is_tracked
        ):
            return None
        now = self.clock().timestamp()
        is_mine = await self.database.write(
            lambda conn: members.claim_asking(conn, guild_id, user_id, now)
        )
        return known if is_mine else None

    async def release_question(self, guild_id: int, user_id: int) -> None:
        """Give a claimed question back because it did not reach the member."""
        await self._change(guild_id, user_id, asked_at=None)

    async def answer_consent(self, guild_id: int, user_id: int, *, is_granted: bool) -> Profile:
        """Store a member's consent or refusal and when; saying the same again changes nothing."""
        now = self.clock().timestamp()
        consent: Consent = "granted" if is_granted else "declined"

        async def job(conn: AsyncConnection) -> Profile:
            known = await members.member(conn, guild_id, user_id)
            if known.consent != consent:
                await members.change_member(
                    conn,
                    guild_id,
                    user_id,
                    now,
                    consent=consent,
                    consent_at=now,
                    asked_at=known.asked_at or now,
                )
                said: AuditAction = "consent-granted" if is_granted else "consent-declined"
                await audit.append(conn, AuditRow(guild_id, user_id, said, now))
            return await self.profile_in(conn, guild_id, user_id)

        return await self.database.write(job)

    async def server(self, guild_id: int) -> Guild:
        """Return a server's settings."""
        async with self.database.read() as conn:
            return await members.guild(conn, guild_id)

    async def set_server(
        self, guild_id: int, actor_id: int, setting: str, text: str
    ) -> tuple[Guild, Guild]:
        """Change one of `SERVER_SETTINGS`; return the settings before and after.

        With another consent policy the question is another one, so everybody who has not
        answered is asked again.

        Raises
        ------
        UserError
            `text` is no value of that setting.
        """
        value = _server_value(setting, text)
        now = self.clock().timestamp()

        async def job(conn: AsyncConnection) -> tuple[Guild, Guild]:
            before = await members.guild(conn, guild_id)
            changes: dict[str, Any] = {setting: value}
            after = replace(before, **changes, created_at=before.created_at or now)
            if getattr(before, setting) == value:
                return before, before
            await members.save_guild(conn, after)
            if setting == "consent_policy":
                await members.forget_asking(conn, guild_id)
            row = AuditRow(
                guild_id=guild_id,
                actor_id=actor_id,
                action=SERVER_SETTINGS[setting],
                occurred_at=now,
                details={"before": getattr(before, setting), "after": value},
            )
            await audit.append(conn, row)
            return before, after

        return await self.database.write(job)


def _server_value(setting: str, text: str) -> str:
    """Return the stored form of a server's setting; a server has no automatic values."""
    match setting:
        case "language":
            value = _language(text)
        case "time_zone":
            value = _time_zone(text)
        case _:
            value = text if text in ("ask", "notice") else None
    if value is None:
        raise UserError(f"error-profile-{setting.replace('_', '-')}", value=text[:100])
    return value


def _language(text: str) -> str | None:
    try:
        return rules.parse_language(text)
    except ValueError:
        raise UserError("error-profile-language", value=text[:100]) from None


def _time_zone(text: str) -> str | None:
    try:
        return rules.parse_time_zone(text)
    except ValueError:
        raise UserError("error-profile-time-zone", value=text[:100]) from None
