"""Asks 爱发电 about orders it told of, for its signature does not cover all of them.

What was told is stored already, so that a restart or an outage of theirs costs nothing but time.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from bot import dates, jobs
from bot.purchases import afdian
from bot.purchases.hearing import Hearing
from bot.purchases.rules import Heard, named
from bot.purchases.sources import RefusedError
from storage import purchases
from storage.records import Fact

log = logging.getLogger(__name__)

API = "https://afdian.com/api/open/query-order"
WITHIN_S = 10.0
BATCH = 10
GIVEN_UP_S = 14 * dates.DAY_S
BELIEVED_S = 1_800.0
"""So long it is asked again where 爱发电 knows nothing of an order yet: its list may lag behind."""


@dataclass(frozen=True, slots=True)
class AskingRun:
    """Asks back about what was said, a few at a time."""

    hearing: Hearing
    user_id: str | None
    token: str | None
    api: str = API

    async def tick(self, now: datetime) -> None:
        """Ask about what waits."""
        if not self.user_id or not self.token:
            return
        async with self.hearing.database.read() as conn:
            since = now.timestamp() - GIVEN_UP_S
            waiting = await purchases.unanswered(conn, "afdian", since, BATCH)
        if not waiting:
            return
        timeout = aiohttp.ClientTimeout(total=WITHIN_S)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:

            async def ask(said: Fact) -> None:
                await self._ask(session, said)

            await jobs.each("asking 爱发电 back", waiting, ask)

    async def _ask(self, session: aiohttp.ClientSession, said: Fact) -> None:
        assert self.user_id is not None and self.token is not None
        number = said.key.removeprefix("said:")
        now = self.hearing.clock().timestamp()
        asked = afdian.question(self.user_id, self.token, number, now)
        try:
            async with session.post(self.api, json=asked, allow_redirects=False) as response:
                found = afdian.answered(await response.json(), number, said.happened_at)
        except (aiohttp.ClientError, TimeoutError, ValueError, RefusedError) as error:
            log.info("爱发电 does not say anything of an order now: %s", type(error).__name__)
            return
        if found is None and abs(now - said.received_at) < BELIEVED_S:
            return
        await self.hearing.take([found or _denied(said, number, now)])


def _denied(said: Fact, number: str, now: float) -> Heard:
    """Return that there is no such order."""
    fact = Fact(
        guild_id=0,
        source="afdian",
        key=f"no:{said.key}",
        kind="undone",
        happened_at=now,
        undoes=named(said),
    )
    return Heard(source="afdian", number=number, refs=(number,), facts=(fact,))
