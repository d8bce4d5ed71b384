"""Tells members that what they wished for is there: once each, marked before it is sent."""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.gaps import views
from bot.gaps.service import GapsService
from bot.i18n import Speaker
from bot.messenger import ClosedError, Letter, Messenger, TooManyError, UnreachableError
from storage.records import Resource, Wish

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WishesRun:
    """Looks for wishes that came true, and tells of them."""

    service: GapsService
    messenger: Messenger
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Do what is due."""
        await self.service.look(now)
        try:
            for wish, user_id, resource in await self.service.to_tell():
                await self._tell(wish, user_id, resource)
        except (TooManyError, UnreachableError) as error:
            log.warning("letters about wishes wait for the next tick: %s", error)

    async def _tell(self, wish: Wish, user_id: int, resource: Resource | None) -> None:
        """Tell a member who may use it, and is there; who may not is not told of what it is."""
        recipient = await self.messenger.recipient(wish.guild_id, user_id)
        if not await self.service.told(wish, user_id):
            return
        if recipient is None or resource is None or resource.state != "live" or not wish.text:
            return
        if resource.role_id is not None and resource.role_id not in recipient.role_ids:
            return
        texts = await self.speaker.to_member(wish.guild_id, user_id)
        view = views.letter(wish, resource, recipient.guild_name, texts)
        nonce = f"w{wish.wish_id}.{user_id % 10**8}.{int(wish.decided_at or 0) % 10**6}"
        try:
            await self.messenger.send(
                Letter(user_id=user_id, view=view, nonce=nonce[:25], marker="", purpose="answer")
            )
        except ClosedError:
            log.info("a member takes no letters; /wish list says what is open still")
        except (TooManyError, UnreachableError):
            await self.service.not_told(wish, user_id)
            raise
