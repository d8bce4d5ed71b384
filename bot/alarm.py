"""The bot's owner is notified of what must not wait, once, by direct message, if they want to."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
import discord

from bot import gateway, ui
from bot.backups import Backups
from bot.dates import DAY_S
from bot.i18n import Texts
from storage import settings as stored
from storage import watching
from storage.connection import Connection
from storage.database import Database

log = logging.getLogger(__name__)

TICK_S = 300
FREE_SHARE_MIN, FREE_SHARE_AGAIN = 0.05, 0.07
"""Below which share of the disk they are told, and above which it is over."""
BACKUPS_FAIL_S = 3_600.0
REFITS_FAIL_S = 3.0 * DAY_S
KINDS = ("disk", "backups", "refits")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of one kind: whether it must not wait, or is over, or neither."""

    kind: str
    is_bad: bool
    is_over: bool


def judged(
    free_share: float, backups_failing_s: float, refits_failing_s: float
) -> tuple[Looked, ...]:
    """Return of each kind what to make of it."""
    backups, refits = backups_failing_s, refits_failing_s
    return (
        Looked("disk", free_share < FREE_SHARE_MIN, free_share >= FREE_SHARE_AGAIN),
        Looked("backups", backups >= BACKUPS_FAIL_S, backups == 0),
        Looked("refits", refits >= REFITS_FAIL_S, refits == 0),
    )


@dataclass(frozen=True, slots=True)
class Alarm:
    """Looks, and writes to the owner of the application. What they were told is in the database.

    Parameters
    ----------
    room
        Tells how much room there is beside a path.
    """

    database: Database
    backups: Backups
    client: discord.Client
    is_on: bool
    room: Callable[[Path], watching.Room] = watching.room

    async def tick(self, now: datetime) -> None:
        """Look at everything, and tell what they do not know yet."""
        if not self.is_on or not self.client.is_ready():
            return
        room = await asyncio.to_thread(self.room, self.database.path)
        async with self.database.read() as conn:
            found = await watching.figures(conn, now.timestamp())
            known = {kind for kind in KINDS if await stored.value(conn, f"alarm:{kind}")}
        since = self.backups.failing_since
        failing_s = max((now - since).total_seconds(), 1.0) if since else 0.0
        for looked in judged(room.free_share, failing_s, found.failing_s):
            if looked.is_over and looked.kind in known:
                await self._note(looked.kind, "")
            elif looked.is_bad and looked.kind not in known and await self._tell(looked.kind, now):
                await self._note(looked.kind, now.isoformat())

    async def _note(self, kind: str, moment: str) -> None:
        async def job(conn: Connection) -> None:
            await stored.set_value(conn, f"alarm:{kind}", moment)

        await self.database.write(job)

    async def _tell(self, kind: str, now: datetime) -> bool:
        """Write to the owner; a repeat within minutes makes no second message."""
        texts = [Texts(language)(f"alarm-{kind}") for language in ("en", "zh-CN")]
        try:
            async with gateway.within():
                application = await self.client.application_info()
                team = application.team
                owner_id = team.owner_id if team else application.owner.id
                channel = await self.client.create_dm(discord.Object(owner_id or 0))
                await channel.send(
                    view=ui.panel(*texts, colour=ui.CAUTION),
                    nonce=f"a{kind}{int(now.timestamp()) // 600}",
                )
        except (discord.Forbidden, discord.NotFound):
            log.error("the owner takes no direct messages; the alarm is: %s", kind)
            return True
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("the owner could not be told of %s, again soon: %s", kind, error)
            return False
        log.warning("the owner was told of: %s", kind)
        return True
