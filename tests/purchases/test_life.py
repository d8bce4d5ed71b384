"""A subscription from its first payment to its last day, every three hours: access and role."""

from dataclasses import replace
from typing import Any

from bot.purchases import references
from bot.purchases.hearing import Hearing, Keys
from storage import access
from tests.discord_sim import World, member_roles
from tests.purchases import shops
from tests.purchases.scenes import later, shelved, sold, tick

STEP_H, GRACE, END_DAY = 3, 3, 80
KEY = "a key of ours"


async def test_a_subscriptions_whole_life(lenient_world: World) -> None:
    world = lenient_world
    role, service = world.guild.create_role("Pro"), world.app.services.purchases
    course = await shelved(world)
    product = await sold(
        world, "Pro", course, term="subscription", grace_days=GRACE, role_id=role.id
    )
    who = (world.guild.id, world.moderator.id, product.product_id)
    await service.products.identify(*who, "standard", "pro", is_known=True)
    keys = Keys(sources={"standard": shops.SECRETS["standard"]}, own=KEY)
    hearing: Hearing = replace(service.hearing, keys=keys)
    reference = references.reference(KEY.encode(), world.guild.id, world.alice.id)
    start = world.app.clock().timestamp()

    def at(day: float) -> float:
        return start + day * 86_400

    def paid(order: str, day: float, until: float) -> tuple[str, dict[str, Any]]:
        said = {"order": order, "payment": f"{order}-{day}", "until": f"{shops.iso(at(until))}Z"}
        return "purchase.paid", said | {"reference": reference}

    told: dict[float, tuple[str, dict[str, Any]]] = {
        0.0: paid("S-1", 0, 30),
        30.125: paid("S-1", 30, 60),  # three hours late, within the days of grace
        60.0: ("subscription.ended", {"order": "S-1"}),
        70.0: paid("S-2", 70, 100),
        72.0: ("purchase.refunded", {"order": "S-2"}),
    }
    seen: list[tuple[float, bool]] = []
    for n in range(END_DAY * 24 // STEP_H):
        day = n * STEP_H / 24
        if day in told:
            kind, data = told[day]
            sent = shops.standard(kind, world.app.clock().timestamp(), **data)
            for _ in range(2):  # every shop sends again now and then
                await hearing.hear("standard", sent.headers, sent.body)
        await tick(world)
        now = world.app.clock().timestamp()
        async with world.app.database.read() as conn:
            owned = await access.owned(conn, world.guild.id, world.alice.id, [], now)
        has_role = role.id in member_roles(world, world.alice)
        assert has_role == (course.resource_id in owned), day
        if not seen or seen[-1][1] != has_role:
            seen.append((day, has_role))
        later(world, hours=STEP_H)
    assert seen == [(0.0, True), (63.0, False), (70.0, True), (75.0, False)]
