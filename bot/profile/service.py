"""Reading and changing what members and servers chose, each change with its audit row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot import zones
from bot.clock import Clock
from bot.errors import UserError
from bot.profile import rules
from storage import audit, consent, members, promised
from storage.connection import Connection
from storage.database import Database
from storage.promises import Kind, Promise
from storage.records import AuditAction, AuditRow, ConsentPolicy, Guild, Member

SERVER_SETTINGS: Mapping[str, AuditAction] = {
    "language": "server-language",
    "time_zone": "server-time-zone",
    "consent_policy": "server-consent-policy",
}
"""What a server may set, and what a change of it is called in the audit trail."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A member and their server."""

    member: Member
    guild: Guild

    @property
    def learning(self) -> rules.Learning:
        """What of the member trains the model and why, or why nothing does."""
        return rules.learning(self.guild.consent_policy, self.member)

    @property
    def trains_from(self) -> float | None:
        """From which moment on what the member does trains the model, None where nothing does."""
        return rules.trains_from(self.guild.consent_policy, self.member)

    def named(self, tags: Iterable[str]) -> frozenset[str]:
        """Return those of some tags that the member named as interests."""
        interests = self.member.interests
        return frozenset(
            tag for tag in tags if any(rules.is_same_interest(tag, each) for each in interests)
        )

    @property
    def answers(self) -> tuple[rules.Answer, rules.Answer]:
        """What the member may say about that, and has not said."""
        return rules.answers(self.guild.consent_policy, self.member)


@dataclass(frozen=True, slots=True)
class ProfileService:
    """What members and servers chose."""

    database: Database
    clock: Clock
    _asking: set[tuple[int, int]] = field(default_factory=set, init=False, repr=False)

    async def profile(self, guild_id: int, user_id: int) -> Profile:
        """Return a member's profile, the defaults for one we have never met."""
        async with self.database.read() as conn:
            return await self.profile_in(conn, guild_id, user_id)

    async def profile_in(self, conn: Connection, guild_id: int, user_id: int) -> Profile:
        """Return a member's profile as `conn` sees it."""
        member = await members.member(conn, guild_id, user_id)
        return Profile(member, await members.guild(conn, guild_id))

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
            raise _bad_interests() from None
        now = self.clock().timestamp()
        return await self._change(guild_id, user_id, interests=interests, interests_at=now)

    async def toggle_interest(self, guild_id: int, user_id: int, interest: str) -> Profile:
        """Add one interest to a member's, or take it away where they have it.

        Raises
        ------
        UserError
            They have as many as there may be.
        """
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Profile:
            known = await members.member(conn, guild_id, user_id)
            try:
                interests = rules.toggled(known.interests, interest)
            except ValueError:
                raise _bad_interests() from None
            await members.change_member(
                conn, guild_id, user_id, now, interests=interests, interests_at=now
            )
            return await self.profile_in(conn, guild_id, user_id)

        return await self.database.write(job)

    async def _change(self, guild_id: int, user_id: int, **changes: Any) -> Profile:
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Profile:
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

        At most one caller is told to ask, however many ask at once, until the question is
        released. It counts as put only when `mark_asked` says that it was shown. Those who already
        answered, or are not tracked and so have nothing to train on, are not asked.
        """
        who = guild_id, user_id
        if who in self._asking:
            return None
        self._asking.add(who)
        is_claimed = False
        try:
            known = await self.profile(guild_id, user_id)
            is_claimed = rules.is_to_be_asked(known.member)
            return known if is_claimed else None
        finally:
            if not is_claimed:
                self.release_question(guild_id, user_id)

    def release_question(self, guild_id: int, user_id: int) -> None:
        """Give a claimed question back: it was shown, or did not reach the member."""
        self._asking.discard((guild_id, user_id))

    async def mark_asked(self, guild_id: int, user_id: int, policy: ConsentPolicy) -> None:
        """Remember that a member was shown the question, or the notice, of a policy.

        What was shown under a policy that is the server's no more says nothing about this one.
        """
        now = self.clock().timestamp()

        async def job(conn: Connection) -> None:
            known = await self.profile_in(conn, guild_id, user_id)
            if known.guild.consent_policy == policy and rules.is_to_be_asked(known.member):
                await members.change_member(conn, guild_id, user_id, now, asked_at=now)

        await self.database.write(job)

    async def answer_consent(
        self, guild_id: int, user_id: int, *, is_granted: bool, has_earlier: bool = False
    ) -> Profile:
        """Store a member's consent or refusal and when; saying the same again changes nothing.

        Parameters
        ----------
        has_earlier
            A yes is for what was recorded before, too; otherwise from now on.
        """

        async def job(conn: Connection) -> Profile:
            return await self.answer_in(
                conn, guild_id, user_id, is_granted=is_granted, has_earlier=has_earlier
            )

        return await self.database.write(job)

    async def answer_in(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        *,
        is_granted: bool,
        has_earlier: bool = False,
        is_again: bool = False,
    ) -> Profile:
        """Do what `answer_consent` does, in the caller's transaction.

        Parameters
        ----------
        is_again
            It was answered before a backup was restored, and is promised already.
        """
        now = self.clock().timestamp()
        answer: rules.Answer = "no" if not is_granted else "all" if has_earlier else "yes"
        known = await members.member(conn, guild_id, user_id)
        after = rules.answered(known, answer, now)
        if after == known:
            return await self.profile_in(conn, guild_id, user_id)
        await members.save_member(conn, after, now)
        await consent.withdraw(conn, guild_id, now, user_id)
        # A restored backup asks whoever said yes once more; a no outlives it, until there is a yes.
        if not is_again and "declined" in (known.consent, after.consent):
            kind: Kind = "learned" if is_granted else "unlearned"
            await promised.make(conn, Promise.to(guild_id, user_id, kind, now))
        row = AuditRow(
            guild_id=guild_id,
            actor_id=user_id,
            action="consent-granted" if is_granted else "consent-declined",
            occurred_at=now,
            details={"has_earlier": True} if after.has_earlier else {},
        )
        await audit.append(conn, row)
        return await self.profile_in(conn, guild_id, user_id)

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

        async def job(conn: Connection) -> tuple[Guild, Guild]:
            before = await members.guild(conn, guild_id)
            changes: dict[str, Any] = {setting: value}
            after = replace(before, **changes, created_at=before.created_at or now)
            if getattr(before, setting) == value:
                return before, before
            await members.save_guild(conn, after)
            if setting == "time_zone":
                await members.move_zone(conn, guild_id, before.time_zone, after.time_zone, now)
            if setting == "consent_policy":
                await members.forget_asking(conn, guild_id)
                await consent.withdraw(conn, guild_id, now)
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


def _bad_interests() -> UserError:
    most, longest = rules.INTERESTS_MAX, rules.INTEREST_LENGTH_MAX
    return UserError("error-profile-interests", most=most, longest=longest)


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
