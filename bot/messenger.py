"""Direct messages, as the digest sees them: sent, closed, too many, or out of reach.

Discord's own rules behind it: a 403 is never tried again (10,000 invalid requests in ten
minutes ban the address), 40003 means we open conversations too fast, and a nonce makes a
repeat harmless for a few minutes only, hence `Messenger.was_sent`.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Protocol

import aiohttp
import discord

from bot import gateway
from bot.errors import LyceumError
from storage.records import Purpose

log = logging.getLogger(__name__)

_CLOSED = (50007, 50278)
"""Takes no messages from us; shares no guild with us."""
_TOO_MANY = (40003, 40004, 20026)
"""Opening conversations too fast; sending suspended for now; flagged as spam."""
_UNKNOWN_MEMBER = 10007
_UNKNOWN_USER = 10013
_CLOCK_SKEW = timedelta(hours=1)
_HISTORY_MAX = 500


class ClosedError(LyceumError):
    """The member takes no direct messages from us; do not try again."""


class TooManyError(LyceumError):
    """Discord limits opening direct messages for now; stop the run."""


class UnreachableError(LyceumError):
    """Discord, or the guild, cannot be reached now; whether it arrived is unknown."""


class GuildAwayError(UnreachableError):
    """One guild cannot be reached now; the others can."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A direct message to one member. `marker` is the id of one of its buttons, see `was_sent`.

    ``pictures`` are the PNG files that it shows, as (name, what is to be seen on it, bytes).
    """

    user_id: int
    view: discord.ui.LayoutView
    nonce: str
    marker: str
    purpose: Purpose
    pictures: tuple[tuple[str, str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a letter goes to, as their guild sees them."""

    guild_name: str
    role_ids: frozenset[int]


class Messenger(Protocol):
    """Sends direct messages; tests hand in their own."""

    async def recipient(self, guild_id: int, user_id: int) -> Recipient | None:
        """Return the member, None if they or we are no longer in the guild.

        Raises
        ------
        UnreachableError
            Nobody can tell now.
        """
        ...

    async def send(self, letter: Letter) -> int:
        """Send and return the message's id.

        Raises
        ------
        ClosedError, TooManyError, UnreachableError
            Why it was not sent. Anything else is a refusal that the same letter will meet again.
        """
        ...

    async def was_sent(self, user_id: int, marker: str, since: datetime) -> int | None:
        """Return the id of a message sent to the member since then with a button `marker`.

        Raises
        ------
        UnreachableError
            Nobody can tell now.
        """
        ...


@dataclass(frozen=True, slots=True)
class DiscordMessenger:
    """The messenger over Discord."""

    client: discord.Client

    async def recipient(self, guild_id: int, user_id: int) -> Recipient | None:
        """Ask Discord: without the members intent the cache knows few, and those as they were."""
        self._require_ready()
        guild = self.client.get_guild(guild_id)
        if guild is None:
            return None
        if guild.unavailable:
            raise GuildAwayError(f"guild {guild_id} is unavailable")
        try:
            async with gateway.within():
                member = await guild.fetch_member(user_id)
        except discord.NotFound as error:
            if error.code in (_UNKNOWN_MEMBER, _UNKNOWN_USER):
                return None
            if gateway.is_meant(error):
                raise
            raise UnreachableError(str(error)) from error
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise UnreachableError(str(error)) from error
        return Recipient(guild.name, frozenset(role.id for role in member.roles))

    async def send(self, letter: Letter) -> int:
        """Send `letter`; a repeat of its nonce within minutes makes no second message."""
        try:
            async with gateway.within():
                channel = await self._channel(letter.user_id)
                message = await channel.send(
                    view=letter.view,
                    files=[
                        discord.File(BytesIO(png), name, description=alt)
                        for name, alt, png in letter.pictures
                    ],
                    nonce=letter.nonce,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
        except discord.HTTPException as error:
            raise _meaning(error) from error
        except (aiohttp.ClientError, OSError) as error:
            raise UnreachableError(str(error)) from error
        return message.id

    async def was_sent(self, user_id: int, marker: str, since: datetime) -> int | None:
        """Look through the conversation from `since` on, an hour allowed for differing clocks."""
        try:
            async with gateway.within():
                channel = await self._channel(user_id)
            after, n_read = discord.utils.time_snowflake(since - _CLOCK_SKEW), 0
            async for page, _ in gateway.pages(self.client, channel, after):
                for message in page:
                    is_ours = message.author.id == channel.me.id
                    if is_ours and marker in _button_ids(message.components):
                        return message.id
                n_read += gateway.PAGE
                if n_read >= _HISTORY_MAX:
                    break
        except discord.Forbidden as error:
            if gateway.is_meant(error):
                return None
            raise UnreachableError(str(error)) from error
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise UnreachableError(str(error)) from error
        return None

    async def _channel(self, user_id: int) -> discord.DMChannel:
        self._require_ready()
        return await self.client.create_dm(discord.Object(user_id))

    def _require_ready(self) -> None:
        # Before READY no guild is known, which must not be taken for having left it.
        if not self.client.is_ready():
            raise UnreachableError("not connected to Discord yet")


def _meaning(error: discord.HTTPException) -> Exception:
    """Return what a refused message means for the one who wanted to send it."""
    if error.code in _CLOSED:
        return ClosedError(str(error))
    # A 403 that is not about this member: it is the address that is refused.
    is_barred = error.status == 403 and not gateway.is_meant(error)
    if error.code in _TOO_MANY or error.status == 429 or is_barred:
        return TooManyError(str(error))
    return UnreachableError(str(error)) if error.status >= 500 else error


def _button_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id
        yield from _button_ids(getattr(component, "children", ()))
