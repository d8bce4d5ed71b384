"""Whether Discord lists our commands as they are; if not, they are synced.

What is compared is what Discord answers now with what it answered at the last sync, so that
whoever else changed them (another program with the same token, a developer by hand) is noticed,
and how Discord writes a command down does not matter. Each telling may cost creates, of which
there are 200 a day: there are a few tellings a day at most.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from typing import Any

import aiohttp
import discord
from discord.ext import commands

from bot import dates, gateway
from bot.clock import Clock
from bot.tree import CommandTree
from storage import settings as stored
from storage.database import Database

log = logging.getLogger(__name__)

TICK_S = 300
LOOK_EVERY_S = 3_600
"""How often to see whether somebody else changed the commands."""
WITHIN_S = 20.0
"""discord.py waits a limit out, for hours if it must; members are not to wait for that."""
SYNCS_MAX = 6
_VOLATILE = ("id", "application_id", "guild_id", "version")


class CommandList:
    """Keeps Discord's list of our commands right."""

    def __init__(self, client: commands.Bot, database: Database, clock: Clock) -> None:
        self.client = client
        self.database = database
        self.clock = clock
        self._looked_at = -float(LOOK_EVERY_S)

    async def tick(self, now: datetime) -> None:
        """Look again now and then, and soon after that went wrong."""
        if monotonic() - self._looked_at >= LOOK_EVERY_S:
            await self.look()

    async def look(self) -> None:
        """Tell Discord our commands if it lists others; no trouble with that ends anything."""
        try:
            async with asyncio.timeout(WITHIN_S):
                await self._look()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning("our commands could not be synced, again soon: %s", _why(error))
        except Exception as error:
            log.error("Discord's commands cannot be read: %s", gateway.whereabouts(error))
        else:
            self._looked_at = monotonic()

    async def _look(self) -> None:
        tree: Any = self.client.tree
        assert isinstance(tree, CommandTree)
        key = f"commands:{self.client.application_id}"
        payload = await tree.payload()
        ours = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        theirs = _digest(await self._listed())
        async with self.database.read() as conn:
            known = await stored.value(conn, key)
            synced = _times(await stored.value(conn, f"{key}:told"), self.clock().timestamp())
        if known == f"{ours} {theirs}":
            return
        if len(synced) >= SYNCS_MAX:
            log.warning("somebody else keeps changing our commands; they are synced tomorrow again")
            return
        assert self.client.application_id is not None
        await self.client.http.bulk_upsert_global_commands(
            self.client.application_id, payload=payload
        )
        now = _digest(await self._listed())
        times = json.dumps([*synced, self.clock().timestamp()])

        async def job(conn: Any) -> None:
            await stored.set_value(conn, key, f"{ours} {now}")
            await stored.set_value(conn, f"{key}:told", times)

        await self.database.write(job)
        log.info("synced our %d commands", len(tree.get_commands()))

    async def _listed(self) -> Sequence[Any]:
        # discord.py's own method leaves the translations out.
        route = discord.http.Route(
            "GET",
            "/applications/{application_id}/commands",
            application_id=self.client.application_id,
        )
        found: Sequence[Any] = await self.client.http.request(
            route, params={"with_localizations": "true"}
        )
        return found


def _digest(listed: Sequence[Any]) -> str:
    plain = [{k: v for k, v in one.items() if k not in _VOLATILE} for one in listed]
    plain.sort(key=lambda one: (one.get("type", 1), one["name"]))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _times(known: str | None, now: float) -> list[float]:
    """Return when commands were synced in the last day."""
    return [at for at in json.loads(known or "[]") if 0 <= now - at < dates.DAY_S]


def _why(error: BaseException) -> str:
    return str(error) or type(error).__name__
