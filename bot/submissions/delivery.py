"""What submissions lead to on Discord: moderators are shown them, members hear what was decided.

Each is marked before it is sent, so that nobody is notified of a decision twice.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

import discord

from bot import channels
from bot.i18n import Speaker
from bot.messenger import ClosedError, Letter, Messenger, TooManyError, UnreachableError
from bot.submissions import desk
from bot.submissions.service import SubmissionsService
from storage.records import Review, Submission

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SubmissionsRun:
    """Posts and tells what is due."""

    service: SubmissionsService
    client: discord.Client
    messenger: Messenger
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Do what is due; one's trouble keeps no other waiting, Discord's all."""
        await self.service.tidy(now.timestamp())
        for one in await self.service.deciding.to_post():
            await self._post(one)
        try:
            for one in await self.service.deciding.to_tell():
                await self._tell(one)
            for review in await self.service.deciding.to_ask():
                await self._ask(review)
        except (TooManyError, UnreachableError) as error:
            log.warning("letters about submissions wait for the next tick: %s", error)

    async def _post(self, one: Submission) -> None:
        """Show a submission in the moderators' channel; without one it waits in the queue."""
        channel_id = await self.service.deciding.staff_channel(one.guild_id)
        if channel_id is not None:
            texts = await self.speaker.to_guild(one.guild_id)
            case = await self.service.deciding.case(one.guild_id, one.submission_id)
            view = desk.case(case, texts, await self.service.alike(one))
            nonce = f"sub{one.submission_id}"
            arrived = await channels.post_to_staff(
                self.client, one.guild_id, channel_id, view, nonce, texts
            )
            if arrived is None:
                return
        await self.service.deciding.posted(one)

    async def _tell(self, one: Submission) -> None:
        recipient = await self.messenger.recipient(one.guild_id, one.user_id)
        if not await self.service.deciding.told(one) or recipient is None:
            return
        texts = await self.speaker.to_member(one.guild_id, one.user_id)
        view = desk.outcome(one, recipient.guild_name, texts)
        nonce = f"sub{one.submission_id}{one.state[0]}{int(one.decided_at or 0)}"
        try:
            await self.messenger.send(
                Letter(
                    user_id=one.user_id, view=view, nonce=nonce[:25], marker="", purpose="answer"
                )
            )
        except ClosedError:
            log.info("a member takes no letters; /submissions says what was decided")
        except TooManyError:
            await self.service.deciding.not_told(one)
            raise

    async def _ask(self, review: Review) -> None:
        recipient = await self.messenger.recipient(review.guild_id, review.user_id)
        await self.service.deciding.knows(review)
        case = await self.service.deciding.case(review.guild_id, review.submission_id)
        if recipient is None or case.submission.state != "waiting":
            return
        texts = await self.speaker.to_member(review.guild_id, review.user_id)
        view = desk.asked(case.submission, recipient.guild_name, texts)
        letter = Letter(
            user_id=review.user_id,
            view=view,
            nonce=f"rev{review.review_id}",
            marker="",
            purpose="answer",
        )
        try:
            await self.messenger.send(letter)
        except ClosedError:
            log.info("a member takes no letters; /review shows what they are asked")
