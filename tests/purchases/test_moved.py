"""What a product opens follows what is merged or replaced, and comes back when that is parted."""

from bot.catalog.joining import Joining
from bot.purchases import proof
from storage import access, catalog, products
from tests.discord_sim import World
from tests.purchases.scenes import grant, shelved, sold


async def owned(world: World) -> set[int]:
    now = world.app.clock().timestamp()
    async with world.app.database.read() as conn:
        return await access.owned(conn, world.guild.id, world.alice.id, [], now)


async def marks(world: World, *numbers: int) -> list[bool]:
    async with world.app.database.read() as conn:
        found = await catalog.by_ids(conn, world.guild.id, numbers)
        assert await proof.problems(conn) == []
    return [found[number].is_sold for number in numbers]


async def test_buyers_own_what_stands_for_what_they_bought(lenient_world: World) -> None:
    world = lenient_world
    old = await shelved(world)
    new = await shelved(world, "Rust, second edition", "https://courses.example/rust2")
    product = await sold(world, "Rust course", old)
    await grant(world, world.alice)
    joining, who = Joining(world.app.services.catalog), (world.guild.id, world.moderator.id)
    for move in (joining.merge, joining.replace):
        await move(*who, old.resource_id, new.resource_id)
        assert await owned(world) == {new.resource_id}
        assert await marks(world, old.resource_id, new.resource_id) == [True, True]
        (listed,) = await world.app.services.purchases.products.listed(world.guild.id)
        assert [each.title for each in listed.opens] == [new.title]
        async with world.app.database.read() as conn:
            assert await products.opening(conn, world.guild.id, new.resource_id)
        await joining.part(*who, old.resource_id)
        assert await owned(world) == {old.resource_id}
        assert await marks(world, old.resource_id, new.resource_id) == [True, False]
    await joining.replace(*who, old.resource_id, new.resource_id)
    service = world.app.services.purchases.products
    await service.open_resource(*who, product.product_id, new, is_open=False)
    assert await owned(world) == set()
    assert await marks(world, old.resource_id, new.resource_id) == [False, False]
