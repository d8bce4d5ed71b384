"""Direct messages, as the digest sees them: sent, closed, or too many."""

import logging
from dataclasses import dataclass
from typing import Protocol

import discord

from bot.errors import LyceumError

log = logging.getLogger(__name__)

_CLOSED = 50007
_TOO_MANY = 40003


class ClosedError(LyceumError):
    """The member takes no direct messages from us; do not try again."""


class TooManyError(LyceumError):
    """Discord limits opening direct messages for now; stop the run."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A direct message to one member. `marker` is part of a button's id, see `was_sent`."""

    user_id: int
    view: discord.ui.LayoutView
    nonce: str
    marker: str


class Messenger(Protocol):
    """Sends direct messages; tests hand in their own."""

    async def send(self, letter: Letter) -> int:
        """Send and return the message's id; raise `ClosedError` or `TooManyError`."""
        ...

    async def was_sent(self, user_id: int, marker: str) -> int | None:
        """Return the id of an earlier message to the member whose buttons carry `marker`."""
        ...


@dataclass(frozen=True, slots=True)
class DiscordMessenger:
    """The messenger over Discord."""

    client: discord.Client

    async def send(self, letter: Letter) -> int:
        """Send `letter`; a repeat of its nonce within minutes makes no second message."""
        try:
            channel = await self._channel(letter.user_id)
            message = await channel.send(
                view=letter.view,
                nonce=letter.nonce,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.Forbidden as error:
            raise (TooManyError if error.code == _TOO_MANY else ClosedError)(str(error)) from error
        except discord.HTTPException as error:
            if error.code == _TOO_MANY or error.status == 429:
                raise TooManyError(str(error)) from error
            raise
        return message.id

    async def was_sent(self, user_id: int, marker: str) -> int | None:
        """Look through the newest 50 messages of the conversation."""
        try:
            channel = await self._channel(user_id)
            async for message in channel.history(limit=50):
                if message.author.id == channel.me.id and marker in str(
                    [component.to_dict() for component in message.components]
                ):
                    return message.id
        except discord.Forbidden:
            return None
        return None

    async def _channel(self, user_id: int) -> discord.DMChannel:
        return await self.client.create_dm(discord.Object(user_id))
