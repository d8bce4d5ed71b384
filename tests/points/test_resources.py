"""What a published resource earns its creator, through the commands members use."""

from functools import partial

from bot.catalog.service import CatalogService
from bot.library.service import LibraryService
from bot.links.service import LinksService
from storage import privacy
from storage.database import Database
from tests.points.deliveries import GUILD, START, Desk

CREATOR, MODERATOR = 10, 99
RAW = {"kind": "article", "title": "Raft by hand", "url": "https://example.org/raft"}


class Shelf:
    """The catalogue and the library over one desk."""

    def __init__(self, database: Database) -> None:
        self.desk = Desk(database)
        self.n_clicks = 0
        clock, points = self.desk.points.clock, self.desk.points
        links = LinksService(database, clock, None)
        self.catalog = CatalogService(database=database, clock=clock, links=links, points=points)
        self.library = LibraryService(database=database, clock=clock, links=links, points=points)

    async def publish(self, by: int = MODERATOR, creator: int | None = CREATOR) -> int:
        return (await self.catalog.add(GUILD, by, RAW, creator_id=creator)).resource_id

    async def retire(self, resource_id: int, state: str = "retired") -> None:
        self.desk.now += 60
        await self.catalog.set_state(GUILD, MODERATOR, resource_id, state)  # type: ignore[arg-type]

    async def save(self, resource_id: int, *savers: int) -> None:
        """Press Save as each of them: a second press takes it back."""
        for saver in savers:
            self.n_clicks += 1
            self.desk.now += 1
            await self.library.toggle_shared(GUILD, saver, resource_id, 5_000 + self.n_clicks)


async def test_a_resource_pays_its_creator_until_it_is_retired_and_again_when_it_is_back(
    database: Database,
) -> None:
    shelf = Shelf(database)
    resource_id = await shelf.publish()
    assert await shelf.desk.balance() == 1_000
    for _ in range(2):
        await shelf.retire(resource_id)
        assert await shelf.desk.balance() == 0
        await shelf.retire(resource_id, "live")
        assert await shelf.desk.balance() == 1_000
    assert await shelf.desk.differences() == []


async def test_what_one_publishes_oneself_or_nobody_made_pays_nobody(database: Database) -> None:
    shelf = Shelf(database)
    resource_id = await shelf.publish(creator=MODERATOR)
    await shelf.retire(resource_id)
    assert await shelf.desk.balance(MODERATOR) == 0


async def test_every_five_who_keep_it_pay_a_point_while_they_do(database: Database) -> None:
    shelf = Shelf(database)
    resource_id = await shelf.publish()
    await shelf.save(resource_id, CREATOR, 20, 21, 22, 23)
    assert await shelf.desk.balance() == 1_000
    await shelf.save(resource_id, 24)
    assert await shelf.desk.balance() == 1_100
    await shelf.save(resource_id, 24, 24, 20, 25)
    assert await shelf.desk.balance() == 1_100
    await shelf.save(resource_id, 22)
    assert await shelf.desk.balance() == 1_000
    await shelf.save(resource_id, *range(30, 37))
    assert await shelf.desk.balance() == 1_200
    await shelf.retire(resource_id)
    assert await shelf.desk.balance() == 0
    assert await shelf.desk.differences() == []


async def test_erased_savers_leave_the_creator_what_was_paid(database: Database) -> None:
    shelf = Shelf(database)
    resource_id = await shelf.publish()
    await shelf.save(resource_id, *range(20, 30))
    for saver in range(20, 30):
        await database.write(partial(privacy.erase, guild_id=GUILD, user_id=saver))
    assert await shelf.desk.balance() == 1_200
    assert await shelf.desk.differences() == []
    assert shelf.desk.now > START
