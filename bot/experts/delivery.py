"""Sends invitations: claimed in the database first, looked up after a crash, answered by a button.

What waits in a thread or a conversation is found again by its button, so that none is lost and none
comes twice. Whoever may not see a question is not asked for it, at the moment of sending.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import discord

from bot import channels, dates, gateway
from bot.experts import rules, views
from bot.experts.inviting import CLAIM_FOR_S, Inviting, Subject
from bot.i18n import Speaker
from bot.messenger import ClosedError, Letter, Messenger, TooManyError, UnreachableError
from storage.records import Expert, Invitation, Question

log = logging.getLogger(__name__)

HISTORY_MAX = 200
HOUR_S = 3_600.0


@dataclass(frozen=True, slots=True)
class InvitationsRun:
    """Asks experts for questions that nobody answers."""

    inviting: Inviting
    messenger: Messenger
    client: discord.Client
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Pass on what nobody answered, choose whom to ask, and send what is claimed."""
        await self.inviting.expire(now)
        await self.inviting.route(now)
        for invitation in await self.inviting.claimed():
            try:
                await self._send(invitation, now)
            except TooManyError as error:
                log.warning("no more invitations for now, Discord limits us: %s", error)
                return
            except (UnreachableError, aiohttp.ClientError, OSError) as error:
                log.warning("an invitation waits for the next tick: %s", error)
            except Exception:
                log.exception("an invitation failed; the next tick looks at it again")

    async def _send(self, invitation: Invitation, now: datetime) -> None:
        wanted = await self.inviting.wanted(invitation)
        guild = self.client.get_guild(invitation.guild_id) if self.client.is_ready() else None
        if guild is None or guild.unavailable:
            return
        if wanted is None:
            await self.inviting.not_sent(invitation, "withdrawn")
            return
        subject, card = wanted
        if not await self.may_see(guild, subject, invitation.user_id):
            await self.inviting.not_sent(invitation, "failed")
            return
        is_stale = abs(now.timestamp() - invitation.claimed_at) >= CLAIM_FOR_S
        known_id = await self._was_sent(guild, invitation, subject) if is_stale else None
        if known_id is None and is_stale and await self.inviting.waits_again(invitation, now):
            return
        if known_id is None:
            known_id = await self._ask(guild, invitation, subject, card, now)
        if known_id is not None:
            await self.inviting.sent(invitation, card, known_id)

    async def may_see(self, guild: discord.Guild, subject: Subject, user_id: int) -> bool:
        """Say whether a member is there and may read a question's channel, asked of Discord."""
        channel = guild.get_channel(subject.channel_id) if isinstance(subject, Question) else None
        if channel is None and isinstance(subject, Question):
            return False
        try:
            member = await guild.fetch_member(user_id)
        except discord.NotFound:
            return False
        except discord.HTTPException as error:
            raise UnreachableError(str(error)) from error
        return channel is None or channel.permissions_for(member).view_channel

    async def _ask(
        self,
        guild: discord.Guild,
        invitation: Invitation,
        subject: Subject,
        card: Expert,
        now: datetime,
    ) -> int | None:
        """Send an invitation and return its message, None where it cannot arrive."""
        texts = await self.speaker.to_member(guild.id, invitation.user_id)
        if invitation.reach == "thread":
            texts = await self.speaker.to_guild(guild.id)
        until = rules.expires_at(card, now.timestamp())
        if isinstance(subject, Question):
            view = views.invitation(invitation, subject, guild.name, until, texts)
        else:
            view = views.review_invitation(invitation, subject, guild.name, until, texts)
        nonce = f"i{invitation.invitation_id}"
        if invitation.reach == "dm":
            marker = views.YES_ID.format(invitation_id=invitation.invitation_id)
            letter = Letter(
                user_id=invitation.user_id,
                view=view,
                nonce=nonce,
                marker=marker,
                purpose="invitation",
            )
            try:
                return await self.messenger.send(letter)
            except ClosedError:
                await self.inviting.not_sent(invitation, "failed", is_closed=True)
                return None
        assert isinstance(subject, Question)
        return await self._mention(guild, invitation, subject, view, nonce)

    async def _mention(
        self,
        guild: discord.Guild,
        invitation: Invitation,
        question: Question,
        view: discord.ui.LayoutView,
        nonce: str,
    ) -> int | None:
        thread = guild.get_thread(question.thread_id)
        if thread is None or thread.archived or thread.locked or not channels.is_open(thread):
            await self.inviting.not_sent(invitation, "failed")
            return None
        only_them = discord.AllowedMentions(users=True, everyone=False, roles=False)
        try:
            sent = await thread.send(view=view, nonce=nonce, allowed_mentions=only_them)
        except discord.HTTPException as error:
            if gateway.is_meant(error) and error.status < 500 and error.status != 429:
                await self.inviting.not_sent(invitation, "failed")
                return None
            raise UnreachableError(str(error)) from error
        return sent.id

    async def _was_sent(
        self, guild: discord.Guild, invitation: Invitation, subject: Subject
    ) -> int | None:
        """Return the message of an invitation whose sender is gone, by its button."""
        marker = views.YES_ID.format(invitation_id=invitation.invitation_id)
        since = dates.utc(invitation.claimed_at)
        if invitation.reach == "dm":
            return await self.messenger.was_sent(invitation.user_id, marker, since)
        thread = guild.get_thread(subject.thread_id) if isinstance(subject, Question) else None
        if thread is None:
            return None
        earlier = dates.utc(invitation.claimed_at - HOUR_S)
        async for message in thread.history(limit=HISTORY_MAX, after=earlier):
            if message.author.id == guild.me.id and marker in set(_ids(message.components)):
                return message.id
        return None


def _ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id
        yield from _ids(getattr(component, "children", ()))
