"""Purchases by others' roles, of Discord, by file; what proves them, and what erasing leaves."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.purchases import proof
from bot.purchases.importer import PurchasesReport, import_purchases
from storage import access, privacy
from tests.discord_sim import (
    World,
    button_id,
    lift_role,
    member_roles,
    staff_channel,
    texts_of,
)
from tests.purchases.scenes import COURSE, URL, grant, later, shelved, sold, tick
from tests.purchases.test_by_hand import opened


async def identify(world: World, title: str, source: Any, key: str, **options: Any) -> None:
    service = world.app.services.purchases.products
    product = await service.pick(world.guild.id, title)
    who = (world.guild.id, world.moderator.id, product.product_id)
    await service.identify(*who, source, key, is_known=options.get("is_known", True))


async def set_roles(world: World, member: Any, *roles: Any) -> None:
    """Give a member exactly these roles, as another bot would; nobody tells us."""
    stored = world.env.backend.guilds[world.guild.id].members[member.id]
    stored.role_ids[:] = [role.id for role in roles]


async def has(world: World, member: Any) -> set[int]:
    async with world.app.database.read() as conn:
        now = world.app.clock().timestamp()
        found = await access.of_member(conn, world.guild.id, member.id)
        return {each.product_id for each in found if each.holds(now)}


async def proved(world: World) -> list[str]:
    async with world.app.database.read() as conn:
        return await proof.problems(conn)


async def test_another_bots_role_counts_as_bought_while_it_is_held(lenient_world: World) -> None:
    world = lenient_world
    paid, given = world.guild.create_role("LaunchPass"), world.guild.create_role("Rustaceans")
    await sold(world, "Rust course", await shelved(world), role_id=given.id)
    await identify(world, "Rust course", "role", str(paid.id))
    assert URL not in await opened(world, world.alice)
    for _ in range(2):
        await set_roles(world, world.alice, paid)
        assert URL in await opened(world, world.alice)
        await world.env.settle()
        assert await has(world, world.alice)
        await tick(world)
        assert given.id in member_roles(world, world.alice)
        later(world, hours=1)
        await set_roles(world, world.alice, given)
        # At once, by the roles that come with the press: not only once we have taken note.
        assert URL not in await opened(world, world.alice)
        await world.env.settle()
        assert not await has(world, world.alice)
        await tick(world)
        assert given.id not in member_roles(world, world.alice)
        later(world, hours=1)
    assert await proved(world) == []


async def test_a_role_of_ours_proves_nothing_and_a_forgotten_one_ends(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    await sold(world, "Rust course", role_id=role.id)
    options = {"product": "Rust course", "source": "role", "role": role}
    refused = await world.moderator.slash(world.channel, "product id", **options)
    assert "proves no purchase" in texts_of(refused.response)
    paid = world.guild.create_role("LaunchPass")
    await identify(world, "Rust course", "role", str(paid.id))
    await set_roles(world, world.alice, paid)
    await world.alice.slash(world.channel, "points")
    await world.env.settle()
    assert await has(world, world.alice)
    later(world, minutes=1)
    await identify(world, "Rust course", "role", str(paid.id), is_known=False)
    assert not await has(world, world.alice)


async def test_nobody_inherits_what_a_role_stood_for(lenient_world: World) -> None:
    world = lenient_world
    await sold(world, "Rust course", await shelved(world))
    paid = world.guild.create_role("LaunchPass")
    await identify(world, "Rust course", "role", str(paid.id))
    await set_roles(world, world.alice, paid)
    await world.alice.slash(world.channel, "points")
    await world.env.settle()
    assert await has(world, world.alice)
    await world.app.services.privacy.erase(
        world.guild.id, world.alice.id, is_tracking_stopped=False
    )
    claimed = await world.bob.slash(world.channel, "claim", order=str(paid.id))
    assert "Nothing unclaimed fits" in texts_of(claimed.response)
    assert not await has(world, world.bob)


async def test_what_discord_sells_is_heard_and_ends(lenient_world: World) -> None:
    world = lenient_world
    sku = world.env.create_sku("Pro")
    number = str(getattr(sku, "id", sku))
    await sold(world, "Rust course", await shelved(world))
    await identify(world, "Rust course", "discord", number)
    await world.env.grant_entitlement(sku, user=world.alice)
    await world.env.settle()
    assert URL in await opened(world, world.alice)
    assert URL not in await opened(world, world.bob)
    assert await proved(world) == []


FILE = """order,product,bought,member,email,price,currency,until,refunded
A-1,Rust course,2026-02-01,{alice},,199,CNY,,
A-2,rust COURSE,2026-02-02,,Bob@example.org,199,CNY,,
A-3,Rust course,2026-02-03,,eve@example.org,199,CNY,,2026-02-09
"""


async def bring(world: World, path: Path, text: str, **options: Any) -> PurchasesReport:
    await asyncio.to_thread(path.write_text, text, "utf-8")
    hearing = world.app.services.purchases.hearing
    return await import_purchases(
        hearing, path, guild_id=world.guild.id, is_dry=options.get("is_dry", False)
    )


async def test_a_file_is_brought_whole_or_not_at_all_and_once(
    lenient_world: World, tmp_path: Path
) -> None:
    world, path = lenient_world, tmp_path / "sales.csv"
    await sold(world, "Rust course", await shelved(world))
    text = FILE.format(alice=world.alice.id)
    dry = await bring(world, path, text, is_dry=True)
    assert (dry.n_read, dry.n_new, dry.is_written) == (3, 3, False)
    assert not await has(world, world.alice)
    wrong = await bring(world, path, text + "A-4,Nothing,yesterday,,,,,,\n")
    assert wrong.n_problems == 1 and "Nothing" in wrong.problems[0]
    assert not await has(world, world.alice)
    first = await bring(world, path, text)
    assert (first.n_new, first.n_known, first.is_written) == (3, 0, True)
    again = await bring(world, path, text)
    assert (again.n_new, again.n_known) == (0, 3)
    assert URL in await opened(world, world.alice)
    claimed = await world.bob.slash(world.channel, "claim", order="bob@EXAMPLE.org")
    assert "Rust course" in texts_of(claimed.response)
    assert URL in await opened(world, world.bob)
    back = await bring(world, path, text.replace("CNY,,\nA-2", "CNY,,2026-02-20\nA-2"))
    assert (back.n_new, back.n_known) == (1, 2)
    assert URL not in await opened(world, world.alice)
    assert await proved(world) == []


async def test_buying_on_discord_is_a_link_of_ones_own(lenient_world: World) -> None:
    world = lenient_world
    raw = {"url": "https://buy.stripe.com/abc"}
    await sold(world, "Rust course", await shelved(world), raw=raw)
    shelf = await world.alice.slash(world.channel, "buy")
    assert "¥199" in texts_of(shelf.response)
    press = button_id(shelf.response, r"purchase:offer:\d+")
    offer = await world.alice.click(shelf.response, custom_id=press)
    words = texts_of(offer.response)
    assert COURSE in words and "opens by itself" in words and URL not in words
    other = await world.bob.slash(world.channel, "buy", product="Rust course")
    links = {str(each) for each in (offer.response.components, other.response.components)}
    assert len(links) == 2 and all("client_reference_id=" in each for each in links)
    nothing = await world.alice.slash(world.channel, "claim", order="12")
    assert "Nothing unclaimed fits" in texts_of(nothing.response)


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE accesses SET until_at = 1",
        "DELETE FROM accesses",
        "UPDATE purchases SET user_id = 5",
        "UPDATE resources SET is_sold = 0",
    ],
)
async def test_what_does_not_follow_is_found(lenient_world: World, query: str) -> None:
    world = lenient_world
    await sold(world, "Rust course", await shelved(world))
    await grant(world, world.alice)
    assert await proved(world) == []
    await world.app.database.write(lambda conn: conn.exec_driver_sql(query))
    assert await proved(world) != []


async def test_erasing_keeps_what_was_sold_and_takes_whose_it_was(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    await sold(world, "Rust course", await shelved(world), role_id=role.id)
    await grant(world, world.alice, days=2)
    await tick(world)
    card = await world.alice.slash(world.channel, "privacy")
    ask = await world.alice.click(card.response, custom_id=button_id(card.response, r".*erase.*"))
    assert "must keep that" in texts_of(ask.response)
    await world.app.services.privacy.erase(
        world.guild.id, world.alice.id, is_tracking_stopped=False
    )
    assert URL not in await opened(world, world.alice)
    async with world.app.database.read() as conn:
        left = await privacy.export(conn, world.guild.id, world.alice.id)
        rows = await conn.exec_driver_sql("SELECT source, number, user_id FROM purchases")
        (kept,) = rows.mappings().all()
    assert not any(left[name] for name in left if name.startswith(("purchase", "access")))
    assert (kept["source"], kept["user_id"]) == ("hand", 0)
    later(world, days=3)
    await tick(world, "shop")
    assert role.id not in member_roles(world, world.alice)
    assert await proved(world) == []


async def test_moderators_are_told_once_that_a_role_cannot_be_given(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Rustaceans")
    await sold(world, "Rust course", role_id=role.id)
    await lift_role(world, role)
    for member in (world.alice, world.bob):
        await grant(world, member)
    await tick(world)
    await tick(world, "products")  # nobody said yet where moderators read
    staff = staff_channel(world)
    decisions = world.app.services.levels.decisions
    await decisions.set_staff(world.guild.id, world.moderator.id, staff.id)
    for _ in range(2):
        later(world, hours=2)
        await tick(world)
        await tick(world, "products")
    (notice,) = staff.history()
    assert "can't be given" in texts_of(notice) and "above my highest role" in texts_of(notice)
