"""What a member was shown last, as titles, list by list."""

from functools import partial

from storage import catalog, impressions
from storage.connection import Connection
from storage.database import Database
from storage.records import Impression, Resource, Surface

GUILD, ANA, BEN = 1, 7, 8


async def _shown(one: Impression, conn: Connection) -> int:
    return await impressions.append(conn, one)


async def _added(one: Resource, conn: Connection) -> int:
    return await catalog.add(conn, one)


async def show(database: Database, user_id: int, ids: list[int], at: float, on: Surface) -> None:
    for position, resource_id in enumerate(ids, start=1):
        one = Impression(
            guild_id=GUILD,
            user_id=user_id,
            resource_id=resource_id,
            surface=on,
            position=position,
            arm="model",
            shown_at=at,
        )
        await database.write(partial(_shown, one))


async def test_the_last_lists_come_newest_first_in_their_order(database: Database) -> None:
    ids = []
    for title in ("A", "B", "C"):
        new = Resource(guild_id=GUILD, kind="article", title=title, url=f"https://x.org/{title}")
        ids.append(await database.write(partial(_added, new)))
    await show(database, ANA, ids, 1.0, "recommend")
    await show(database, ANA, ids[1::-1], 2.0, "recommend")
    await show(database, ANA, ids[2:], 3.0, "recommend")
    await show(database, ANA, ids, 4.0, "search")
    await show(database, BEN, ids, 5.0, "recommend")
    async with database.read() as conn:
        assert await impressions.titles(conn, GUILD, ANA, "recommend", 2) == [["C"], ["B", "A"]]
        assert await impressions.titles(conn, GUILD, 99, "recommend", 2) == []
