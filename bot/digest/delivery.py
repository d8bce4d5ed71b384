"""The digest's run: resume what a crash left, then write to whoever is due.

The order of steps is what makes a digest go out once: claim (one transaction), look once more
whether it is wanted, send, mark. A claim that stays unmarked for a minute is looked up in the
conversation by its Stop button before it is sent again with the same nonce.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

import discord
from discord.enums import try_enum

from bot import dates
from bot.digest import ends, rules, views
from bot.digest.claims import Parcel
from bot.digest.ends import End
from bot.digest.service import DigestService
from bot.errors import LyceumError, UserError
from bot.i18n import Speaker
from bot.messenger import (
    ClosedError,
    GuildAwayError,
    Letter,
    Messenger,
    Recipient,
    TooManyError,
    UnreachableError,
)
from storage.records import Delivery, DigestSetting

log = logging.getLogger(__name__)

Outcome = Literal["sent", "closed", "failed", "skipped", "later"]

MISSES_MAX = 3
"""Members a run may fail to reach before it takes Discord to be down."""


@dataclass(frozen=True, slots=True)
class DigestRun:
    """Delivers digests: all that are due at a tick, or one member's at once."""

    service: DigestService
    messenger: Messenger
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Resume unfinished deliveries, then deliver what is due.

        One member's trouble is logged and does not keep the others waiting; what was claimed and
        not marked is resumed at a later tick.
        """
        await self.service.subscriptions.replan(now)
        n_misses = 0
        for work in await self._work(now):
            try:
                await work()
            except TooManyError as error:
                log.warning("no more digests for now, Discord limits us: %s", error)
                return
            except GuildAwayError as error:
                log.info("a digest waits, the others have their turns: %s", error)
            except UnreachableError as error:
                n_misses += 1
                log.warning("a digest waits for the next tick: %s", error)
                if n_misses == MISSES_MAX:
                    return
            except Exception:
                log.exception("a digest failed; the next tick looks at it again")

    async def now(self, guild_id: int, user_id: int, interaction_id: int) -> Outcome:
        """Deliver what a member asked for at once; ``later`` is resumed by a tick.

        Raises
        ------
        UserError
            See `Claims.claim_now`; or Discord cannot be reached.
        """
        try:
            recipient = await self.messenger.recipient(guild_id, user_id)
        except UnreachableError as error:
            raise UserError("error-digest-unreachable") from error
        if recipient is None:
            raise UserError("error-digest-unreachable")
        parcel = await self.service.claims.claim_now(
            guild_id, user_id, recipient.role_ids, interaction_id, self.service.claims.clock()
        )
        try:
            return await self._send(parcel, recipient, is_asked=True)
        except (TooManyError, UnreachableError) as error:
            log.warning("a digest asked for waits for the next tick: %s", error)
            return "later"

    async def _work(self, now: datetime) -> list[Callable[[], Awaitable[object]]]:
        return [
            *(
                partial(self._resume, found, now)
                for found in await self.service.claims.unfinished(now)
            ),
            *(partial(self._deliver, found, now) for found in await self.service.claims.due(now)),
        ]

    async def _deliver(self, setting: DigestSetting, now: datetime) -> None:
        guild_id, user_id = setting.guild_id, setting.user_id
        recipient = await self.messenger.recipient(guild_id, user_id)
        if recipient is None:
            await self.service.claims.skip_due(guild_id, user_id, "not in the guild", now)
            return
        parcel = await self.service.claims.claim_due(guild_id, user_id, recipient.role_ids, now)
        if parcel is not None:
            await self._send(parcel, recipient)

    async def _resume(self, delivery: Delivery, now: datetime) -> None:
        """Finish a delivery whose sender is gone, without a second message."""
        with self.service.claims.sending(delivery.delivery_id) as is_ours:
            if not is_ours:
                return
            claimed_at = dates.utc(delivery.claimed_at)
            since = rules.looked_for_since(claimed_at, now)
            message_id = await self.messenger.was_sent(
                delivery.user_id, views.stop_id(delivery.delivery_id), since
            )
            if message_id is not None:
                await self.service.claims.mark(delivery, "sent", message_id=message_id)
                return
            if rules.fate((now - claimed_at).total_seconds()) == "give up":
                await self.service.claims.mark(delivery, "failed", "not delivered within a day")
                return
            recipient = await self.messenger.recipient(delivery.guild_id, delivery.user_id)
            if recipient is None:
                await self.service.claims.mark(delivery, "skipped", "not in the guild")
                return
            if await self.service.claims.waits_again(delivery, now):
                return
            parcel = Parcel(
                delivery, await self.service.claims.showing.picks(delivery, recipient.role_ids)
            )
            await self._send_held(parcel, recipient, is_asked=False)

    async def _send(
        self, parcel: Parcel, recipient: Recipient, *, is_asked: bool = False
    ) -> Outcome:
        with self.service.claims.sending(parcel.delivery.delivery_id) as is_ours:
            if not is_ours:
                return "later"
            return await self._send_held(parcel, recipient, is_asked=is_asked)

    async def _send_held(self, parcel: Parcel, recipient: Recipient, *, is_asked: bool) -> Outcome:
        """Send a claimed delivery and mark what became of it.

        Raises
        ------
        TooManyError, UnreachableError
            It stays claimed.
        """
        delivery = parcel.delivery
        setting = await self.service.claims.wanted(delivery)
        if setting is None or not parcel.picks:
            await self.service.claims.mark(delivery, "skipped", "not wanted any more")
            return "skipped"
        now = self.service.claims.clock().timestamp()
        ending = await ends.of_member(
            self.service.claims.database, delivery.guild_id, delivery.user_id, now
        )
        letter = await self._letter(parcel, recipient, setting.locale, ending)
        try:
            message_id = await self.messenger.send(letter)
        except ClosedError as error:
            await self.service.claims.mark(delivery, "closed", str(error), is_told=is_asked)
            return "closed"
        except LyceumError:
            raise
        except Exception as error:
            log.exception("digest %d was refused", delivery.delivery_id)
            await self.service.claims.mark(delivery, "failed", str(error))
            return "failed"
        await self.service.claims.mark(delivery, "sent", message_id=message_id, told=ending)
        return "sent"

    async def _letter(
        self, parcel: Parcel, recipient: Recipient, locale: str | None, ending: Sequence[End]
    ) -> Letter:
        delivery = parcel.delivery
        texts = await self.speaker.to_member(
            delivery.guild_id,
            delivery.user_id,
            try_enum(discord.Locale, locale) if locale else None,
        )
        week = await self.service.claims.gathering.week(delivery.guild_id, delivery.user_id)
        return Letter(
            delivery.user_id,
            views.letter(recipient.guild_name, parcel, texts, week, ending),
            delivery.nonce,
            marker=views.stop_id(delivery.delivery_id),
            purpose="digest",
        )
