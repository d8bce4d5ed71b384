from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from bot.app import make_services
from bot.digest.delivery import DigestRun
from bot.i18n import Speaker
from bot.services import Services
from storage import catalog, digests
from storage.database import Database
from storage.records import Delivery, DigestSetting, Resource
from tests.digest.fakes import FakeClock, FakeMessenger
from tests.discord_sim import settings_for

GUILD = 1


def resource(number: int, guild_id: int = GUILD, **changes: object) -> Resource:
    return Resource(
        guild_id=guild_id,
        kind="article",
        title=f"Article {number}",
        url=f"https://learn.example/{number}",
        creator=f"Author {number}",
        **changes,  # type: ignore[arg-type]
    )


async def add(database: Database, one: Resource) -> int:
    return await database.write(lambda conn: catalog.add(conn, one))


async def stock(database: Database, n: int, guild_id: int = GUILD) -> None:
    for number in range(1, n + 1):
        await add(database, resource(number, guild_id, published_at=1.0 * number))


@dataclass
class Post:
    """Services on a real database, with a clock and a messenger of the test's own."""

    database: Database
    services: Services
    clock: FakeClock = field(default_factory=FakeClock)
    messenger: FakeMessenger = field(default_factory=FakeMessenger)

    @property
    def run(self) -> DigestRun:
        return DigestRun(self.services.digest, self.messenger, Speaker(self.database))

    async def tick(self) -> None:
        await self.run.tick(self.clock())

    async def opt_in(self, *user_ids: int) -> None:
        for user_id in user_ids:
            await self.services.digest.subscriptions.turn_on(GUILD, user_id)

    async def setting(self, user_id: int) -> DigestSetting:
        async with self.database.read() as conn:
            found = await digests.setting(conn, GUILD, user_id)
        assert found is not None
        return found

    async def deliveries(self, user_id: int) -> list[Delivery]:
        async with self.database.read() as conn:
            found = [await digests.delivery(conn, number) for number in range(1, 200)]
        return [one for one in found if one is not None and one.user_id == user_id]

    async def states(self, user_id: int) -> list[str]:
        return [one.state for one in await self.deliveries(user_id)]

    def restart(self) -> None:
        """What a process that ended leaves: the database."""
        self.services = make_post_services(self.database, self.clock)


def make_post_services(database: Database, clock: Callable[[], object]) -> Services:
    settings = settings_for(database.path)
    return make_services(settings, database, clock, np.random.default_rng(1))  # type: ignore[arg-type]


@pytest.fixture
async def post(database: Database) -> Post:
    """A guild with eight resources, on Sunday at noon; digests come on Monday at nine."""
    clock = FakeClock()
    await stock(database, 8)
    return Post(database, make_post_services(database, clock), clock)
