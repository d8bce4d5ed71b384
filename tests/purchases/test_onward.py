"""What follows a purchase is recommended, with its reason; what is owned is never."""

from bot.recommend.service import Request
from storage.records import Resource
from tests.discord_sim import World
from tests.library.test_shelves import nobody
from tests.purchases.scenes import grant, shelved, sold


async def listed(world: World) -> list[tuple[int, str]]:
    """Return what Alice is recommended, in order, with the kind of each reason."""
    asked = Request(guild_id=world.guild.id, user_id=world.alice.id)
    async with world.app.database.read() as conn:
        ranked = await world.app.services.recommend.rank(conn, asked)
    return [(one.resource_id, why.kind if why else "") for one, why in ranked.picks]


async def test_the_next_step_after_what_was_bought_comes_first_until_it_is_owned(
    world: World,
) -> None:
    steps: list[Resource] = [
        await shelved(world, f"Rust {n}", f"https://courses.example/rust-{n}") for n in range(3)
    ]
    others = [await shelved(world, f"Go {n}", f"https://courses.example/go-{n}") for n in range(3)]
    for n, one in enumerate(steps):
        await sold(world, f"Course {n}", one)
    who, paths = (world.guild.id, world.moderator.id), world.app.services.paths
    path = await paths.make(*who, "Rust", "", None, is_moderator=True)
    for one in steps:
        await paths.place(*who, path.path_id, one.resource_id, None, is_moderator=True)
    ids = [one.resource_id for one in steps]

    await grant(world, world.alice, "Course 0")
    assert ids[0] not in dict(await listed(world))
    await world.app.services.library.keeping.turn(
        world.guild.id, world.alice.id, ids[0], "done", 77, roles_in=nobody
    )
    first, *rest = await listed(world)
    assert first == (ids[1], "follows")
    assert {one.resource_id for one in others} <= dict(rest).keys()
    await grant(world, world.alice, "Course 1")
    assert not {ids[0], ids[1]} & dict(await listed(world)).keys()


async def test_what_is_owned_is_not_similar_to_what_one_looks_at(world: World) -> None:
    raw = {"kind": "course", "tags": "rust"}
    catalog, who = world.app.services.catalog, (world.guild.id, world.moderator.id)
    one, two, three = [
        await catalog.add(*who, raw | {"title": f"Rust {n}", "url": f"https://c.example/{n}"})
        for n in range(3)
    ]
    await sold(world, "Rust course", two)

    async def similar() -> set[int]:
        service = world.app.services.recommend
        _, found = await service.similar(world.guild.id, world.alice.id, one.resource_id)
        return {each.resource.resource_id for each in found.suggestions}

    assert await similar() == {two.resource_id, three.resource_id}
    await grant(world, world.alice)
    assert await similar() == {three.resource_id}
