"""The rounds in which links are looked at: a few a minute, never two of one host."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from bot.fresh.service import FreshService
from storage.records import Check, Resource

log = logging.getLogger(__name__)

AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class ChecksRun:
    """Looks at the links whose turn it is."""

    service: FreshService

    async def tick(self, now: datetime) -> None:
        """Do one round; what goes wrong with one is no other's trouble."""
        if not self.service.pages.is_on:
            return
        turns = asyncio.Semaphore(AT_ONCE)

        async def look(check: Check, resource: Resource) -> None:
            async with turns:
                try:
                    await self.service.look(check, resource)
                except Exception:
                    log.exception("looking at the link of %d failed", resource.resource_id)

        await asyncio.gather(*(look(*each) for each in await self.service.due()))
