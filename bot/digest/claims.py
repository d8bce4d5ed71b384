"""Claims: which digest is due, what it shows, that it goes out once, and what became of it.

A weekly digest is claimed in one transaction with what it shows and with the moment of the next
one, so whatever happens afterwards it is either resumed or known to have arrived. Sending is
`bot.digest.delivery`'s.
"""

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import dates, mentions, outbox, zones
from bot.clock import Clock
from bot.digest import ends, patience, rules
from bot.digest.ends import End
from bot.digest.gathering import Draft, Gathering
from bot.digest.showing import Pick, Showing
from bot.digest.subscriptions import Subscriptions
from bot.errors import UserError
from storage import digests, members
from storage.connection import Connection
from storage.database import Database
from storage.records import Delivery, DeliveryState, DigestSetting, Note

NONCE_BYTES = 12
"""24 hexadecimal characters; Discord takes 25."""
_ERROR_MAX = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What the next digest would show, and how much was left out as too unlikely."""

    picks: tuple[Pick, ...]
    n_gated: int
    is_worth_sending: bool


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery and what its letter shows."""

    delivery: Delivery
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Claims the digests that are due and remembers what became of them."""

    database: Database
    clock: Clock
    gathering: Gathering
    showing: Showing
    subscriptions: Subscriptions
    _sending: set[int] = field(default_factory=set, init=False, repr=False)

    # What is due

    async def due(self, now: datetime) -> list[DigestSetting]:
        """Return who is due and may be written to now, the longest waiting first."""
        async with self.database.read() as conn:
            waiting = await digests.due(conn, now.timestamp())
            allowance = await outbox.allowance(conn, now.timestamp())
            chosen = []
            for setting in waiting:
                if not await digests.was_ever_sent(conn, setting.guild_id, setting.user_id):
                    allowance -= 1
                    if allowance < 0:
                        continue
                chosen.append(setting)
        return chosen

    async def unfinished(self, now: datetime) -> list[Delivery]:
        """Return claims that nobody marked and nobody is sending right now."""
        async with self.database.read() as conn:
            return [
                found
                for found in await digests.claimed(conn)
                if found.delivery_id not in self._sending
                and rules.fate(now.timestamp() - found.claimed_at) != "wait"
            ]

    @contextmanager
    def sending(self, delivery_id: int) -> Iterator[bool]:
        """Hold a delivery while it is being sent; False if somebody else here holds it."""
        if delivery_id in self._sending:
            yield False
            return
        self._sending.add(delivery_id)
        try:
            yield True
        finally:
            self._sending.discard(delivery_id)

    # Claiming

    async def claim_due(
        self, guild_id: int, user_id: int, role_ids: Collection[int], now: datetime
    ) -> Parcel | None:
        """Claim the member's due digest; None if there is nothing to send.

        The period is spent either way once it was the member's turn: with too little to
        recommend it is skipped.
        """
        async with self.database.read() as conn:
            if not rules.is_due(await digests.setting(conn, guild_id, user_id), now):
                return None
            since = now.timestamp() - rules.REPEAT_AFTER_S
            known = await digests.resources_sent(conn, guild_id, user_id, since)
            draft = await self.gathering.draft(conn, guild_id, user_id, role_ids, known)

        async def job(conn: Connection) -> Parcel | None:
            setting = await digests.setting(conn, guild_id, user_id)
            if not rules.is_due(setting, now) or not await self._may_write(conn, setting, now):
                return None
            wait = await outbox.waits(conn, "digest", guild_id, user_id, now.timestamp())
            if wait is not None:
                if wait == "week":
                    await self.subscriptions.plan(conn, setting, now)
                return None
            stage = await self._stage(conn, setting)
            if stage == patience.STOPPED:
                await self.subscriptions.give_up(conn, setting, now)
                return None
            parcel = await self._claim(
                conn, setting, _period(setting), draft, now, _note(setting.stage, stage)
            )
            if parcel is not None and stage != setting.stage:
                setting = replace(setting, stage=stage, stage_at=rules.just_before(now))
            await self.subscriptions.plan(conn, setting, now)
            return parcel

        return await self.database.write(job)

    async def claim_now(
        self,
        guild_id: int,
        user_id: int,
        role_ids: Collection[int],
        interaction_id: int,
        now: datetime,
    ) -> Parcel:
        """Claim a digest the member asked for at once.

        Raises
        ------
        UserError
            They did not opt in, take no messages, had one just now, nothing is worth it, or
            too many conversations were opened.
        """
        async with self.database.read() as conn:
            draft = await self.gathering.draft(conn, guild_id, user_id, role_ids, is_asked=True)

        async def job(conn: Connection) -> Parcel:
            setting = await digests.setting(conn, guild_id, user_id)
            if setting is None or not setting.is_on:
                raise UserError("error-digest-off")
            if setting.closed_at is not None:
                raise UserError("error-digest-closed")
            await self._refuse_if_too_soon(conn, setting, now)
            if not await self._may_write(conn, setting, now):
                raise UserError("error-digest-busy")
            period = rules.period_now(interaction_id)
            parcel = await self._claim(conn, setting, period, draft, now)
            if parcel is None:
                raise UserError("error-digest-too-little")
            return parcel

        return await self.database.write(job)

    async def preview(
        self, guild_id: int, user_id: int, role_ids: Collection[int], *, is_asked: bool = False
    ) -> Preview:
        """Return what the next digest would show if it came now; nothing is claimed.

        What it shows is logged as shown.

        Parameters
        ----------
        is_asked
            Show what `claim_now` would.
        """
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            since = now - rules.REPEAT_AFTER_S
            known = await digests.resources_sent(conn, guild_id, user_id, since)
            draft = await self.gathering.draft(
                conn, guild_id, user_id, role_ids, () if is_asked else known, is_asked=is_asked
            )
        picks = await self.database.write(
            lambda conn: self.showing.show(conn, guild_id, user_id, draft)
        )
        composed = draft.composition
        return Preview(picks, composed.n_gated, composed.is_worth_sending)

    async def skip_due(self, guild_id: int, user_id: int, reason: str, now: datetime) -> None:
        """Let the member's due period pass without a digest."""

        async def job(conn: Connection) -> None:
            setting = await digests.setting(conn, guild_id, user_id)
            if rules.is_due(setting, now):
                skipped = _delivery(setting, _period(setting), "skipped", now, reason)
                await digests.claim(conn, skipped)
                await self.subscriptions.plan(conn, setting, now)

        await self.database.write(job)

    # Sending

    async def wanted(self, delivery: Delivery) -> DigestSetting | None:
        """Return the settings by which a claimed delivery may go out.

        None if the member stopped it or was erased, or if it was marked meanwhile.
        """
        async with self.database.read() as conn:
            found = await digests.delivery(conn, delivery.delivery_id)
            setting = await digests.setting(conn, delivery.guild_id, delivery.user_id)
        is_claimed = found is not None and found.state == "claimed"
        return setting if is_claimed and rules.may_send(setting) else None

    async def waits_again(self, delivery: Delivery, now: datetime) -> bool:
        """Say whether a delivery that was claimed earlier is too near to another server's."""
        if delivery.period.startswith(rules.NOW_PREFIX):
            return False
        key = delivery.guild_id, delivery.user_id, now.timestamp()
        async with self.database.read() as conn:
            return await outbox.waits_again(conn, "digest", *key)

    async def mark(
        self,
        delivery: Delivery,
        state: DeliveryState,
        reason: str | None = None,
        *,
        message_id: int | None = None,
        is_told: bool = False,
        told: Sequence[End] = (),
    ) -> None:
        """Remember what became of a claimed delivery.

        ``closed`` also ends the member's digests until they turn them on again.

        Parameters
        ----------
        is_told
            The member knows already that their messages are closed.
        told
            What the letter said that ends soon.
        """
        now_s = self.clock().timestamp()

        async def job(conn: Connection) -> None:
            await digests.mark(
                conn,
                delivery.delivery_id,
                state,
                error=reason[:_ERROR_MAX] if reason else None,
                sent_at=now_s if state == "sent" else None,
                message_id=message_id,
            )
            if state == "sent":
                await ends.tell(conn, told, now_s, message_id)
            if state == "closed":
                closed = {"closed_at": now_s, "closed_told_at": now_s if is_told else None}
                await digests.change_setting(
                    conn, delivery.guild_id, delivery.user_id, **closed, due_at=None
                )

        await self.database.write(job)

    # Pieces

    async def _claim(
        self,
        conn: Connection,
        setting: DigestSetting,
        period: str,
        draft: Draft,
        now: datetime,
        note: Note | None = None,
    ) -> Parcel | None:
        """Insert the claim with what it shows; None if it was not won or is skipped."""
        composed = draft.composition
        wanted = replace(_delivery(setting, period, "claimed", now), n_gated=composed.n_gated)
        if not composed.is_worth_sending:
            reason = f"only {len(composed.lines)} of {composed.n_found} to recommend"
            await digests.claim(conn, replace(wanted, state="skipped", error=reason))
            return None
        is_first = not await digests.was_ever_sent(conn, setting.guild_id, setting.user_id)
        wanted = replace(wanted, is_first=is_first, note=note)
        delivery_id = await digests.claim(conn, wanted)
        if delivery_id is None:
            return None
        picks = await self.showing.show(conn, setting.guild_id, setting.user_id, draft)
        items = tuple(pick.item for pick in picks)
        await digests.set_items(conn, delivery_id, items)
        return Parcel(replace(wanted, delivery_id=delivery_id, items=items), picks)

    async def _stage(self, conn: Connection, setting: DigestSetting) -> int:
        """Return how far the member's letters have gone; they go nowhere where nobody can tell."""
        if await members.untracked(conn, setting.guild_id, {setting.user_id}):
            return setting.stage
        since = max(setting.stage_at or 0.0, setting.opted_in_at or 0.0)
        letters = await digests.newest(
            conn, setting.guild_id, setting.user_id, since, patience.QUIET
        )
        used = [await digests.was_used(conn, letter) for letter in letters]
        return patience.next_stage(setting.stage, used)

    async def _may_write(self, conn: Connection, setting: DigestSetting, now: datetime) -> bool:
        if await digests.was_ever_sent(conn, setting.guild_id, setting.user_id):
            return True
        return await outbox.allowance(conn, now.timestamp()) > 0

    async def _refuse_if_too_soon(
        self, conn: Connection, setting: DigestSetting, now: datetime
    ) -> None:
        latest = await digests.latest(
            conn, setting.guild_id, setting.user_id, ("claimed", "sent"), rules.NOW_PREFIX
        )
        if latest and abs(now.timestamp() - latest.claimed_at) < rules.NOW_EVERY_S:
            again_at = latest.claimed_at + rules.NOW_EVERY_S
            raise UserError("error-digest-too-soon", when=mentions.moment(again_at))


def _note(before: int, stage: int) -> Note | None:
    """Return what a letter says of itself where it takes a step."""
    steps: dict[int, Note] = {patience.SLOWED: "slowed", patience.ASKED: "asking"}
    return steps.get(stage) if stage > before else None


def _period(setting: DigestSetting) -> str:
    due_at = dates.utc(setting.due_at or 0)
    return rules.period(due_at, zones.zone_of(setting.due_zone or zones.DEFAULT_ZONE))


def _delivery(
    setting: DigestSetting,
    period: str,
    state: DeliveryState,
    now: datetime,
    error: str | None = None,
) -> Delivery:
    return Delivery(
        guild_id=setting.guild_id,
        user_id=setting.user_id,
        period=period,
        state=state,
        nonce=secrets.token_hex(NONCE_BYTES),
        items=(),
        claimed_at=now.timestamp(),
        error=error,
    )
