"""What the shop's tick does by itself: moderators are notified of orders once, and roles end."""

from typing import Any

from storage import members, orders
from storage.records import Guild
from tests.discord_sim import World, limit_bot, member_roles, staff_channel, texts_of
from tests.shop.test_commands import add, counter, pay, press_buy, tick


async def staff(world: World, channel: Any = None) -> Any:
    """Choose where moderators are notified of what they have to do."""
    place = channel or staff_channel(world)
    await world.env.settle()
    await world.moderator.slash(world.channel, "levels staff", channel=place)
    return place


def heard(channel: Any) -> list[str]:
    return [texts_of(message) for message in channel.history()]


async def order(world: World, member: Any, title: str = "Sticker") -> None:
    await press_buy(world, member, await counter(world, member, title))


async def test_moderators_hear_of_an_order_once_and_nobody_is_pinged(world: World) -> None:
    place = await staff(world)
    await add(world, "custom", {"title": "Sticker"})
    await pay(world, world.alice, 20)
    await order(world, world.alice)
    await tick(world)
    await world.restart()
    await tick(world)
    (news,) = heard(place)
    assert "📦 A new order" in news
    assert "**Sticker**" in news
    assert f"<@{world.alice.id}>" in news
    assert "/shop-admin queue" in news
    (sent,) = [r.json for r in world.env.http_requests if "A new order" in str(r.json)]
    assert sent["allowed_mentions"] == {"parse": []}
    assert sent["enforce_nonce"]


async def test_only_what_a_human_hands_over_is_told(world: World) -> None:
    place = await staff(world)
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {"title": "Gold role"}, role=role)
    await add(world, "coupon", {"title": "Coupon", "units": "A\nB"})
    await add(world, "slot", {"title": "Hour", "units": "2026-03-05 14:00"})
    await pay(world, world.alice, 50)
    for title in ("Gold role", "Coupon"):
        await order(world, world.alice, title)
    await tick(world)
    assert heard(place) == []
    shown = await counter(world, world.alice, "Hour")
    chosen = await world.alice.select(shown.response, ["3"], custom_id="shop:time:3")
    await press_buy(world, world.alice, chosen)
    await tick(world)
    (news,) = heard(place)
    assert "**Hour**" in news
    assert "time: <t:1772719200:f>" in news


async def test_a_burst_of_orders_is_one_message_in_the_guilds_language(world: World) -> None:
    await world.app.database.write(
        lambda conn: members.save_guild(conn, Guild(world.guild.id, language="zh-CN"))
    )
    place = await staff(world)
    await add(world, "custom", {"title": "Sticker"})
    for n in range(12):
        buyer = world.person(f"p{n}")
        await pay(world, buyer, 20, source_id=n + 1)
        await order(world, buyer)
    await tick(world)
    (news,) = heard(place)
    assert "📦 有 12 笔新兑换待发放" in news
    assert "……还有 2 笔" in news
    assert "/shop-admin queue" in news


async def test_without_a_channel_the_queue_says_how_to_choose_one_and_nothing_is_lost(
    world: World,
) -> None:
    await add(world, "custom", {"title": "Sticker"})
    await pay(world, world.alice, 20)
    await order(world, world.alice)
    await tick(world)
    assert heard(world.channel) == []
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    assert "Choose a channel for new orders with `/levels staff`" in texts_of(queue.response)
    place = await staff(world)
    await tick(world)
    assert len(heard(place)) == 1
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    assert f"New orders are announced in <#{place.id}>." in texts_of(queue.response)


async def test_what_was_handled_before_it_could_be_told_is_no_news(world: World) -> None:
    place = await staff(world)
    await add(world, "custom", {"title": "Sticker"})
    await pay(world, world.alice, 20)
    await order(world, world.alice)
    await world.app.services.shop.orders.fulfil(world.guild.id, world.moderator.id, 1)
    await tick(world)
    assert heard(place) == []


async def test_a_message_that_did_not_arrive_is_sent_again(world: World) -> None:
    place = await staff(world)
    await add(world, "custom", {"title": "Sticker"})
    await pay(world, world.alice, 20)
    await order(world, world.alice)
    path = f"/channels/{place.id}/messages"
    world.env.inject_error("POST", path, status=500, code=0, times=1)
    await tick(world)
    assert heard(place) == []
    await tick(world)
    assert len(heard(place)) == 1
    lost, again = [r.json for r in world.env.http_requests if "A new order" in str(r.json)]
    assert lost["nonce"] == again["nonce"]


async def test_a_channel_that_is_closed_to_the_bot_is_not_asked_again_and_again(
    world: World,
) -> None:
    place = await staff(world)
    await add(world, "custom", {"title": "Sticker"})
    await pay(world, world.alice, 20)
    await order(world, world.alice)
    path = f"/channels/{place.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013, times=1)
    await tick(world)
    await tick(world)
    assert heard(place) == []
    assert len([r for r in world.env.http_requests if "A new order" in str(r.json)]) == 1


# ------------------------------------------------------------------------ roles and erasure


async def gold(world: World, days: str = "2") -> Any:
    """Sell a role to alice; return it."""
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {"days": days}, role=role)
    await pay(world, world.alice, 20)
    await press_buy(world, world.alice, await counter(world, world.alice))
    assert role.id in member_roles(world, world.alice)
    return role


async def erase(world: World, member: Any) -> None:
    await world.app.services.privacy.erase(world.guild.id, member.id, is_tracking_stopped=True)


async def ends(world: World, member: Any) -> list[int]:
    now = world.env.now().timestamp()
    async with world.app.database.read() as conn:
        found = await orders.ends_of(conn, world.guild.id, member.id, now)
    return [end.role_id for end in found]


async def test_a_role_of_somebody_erased_ends_when_it_was_to_and_is_forgotten_then(
    world: World,
) -> None:
    role = await gold(world)
    await erase(world, world.alice)
    await erase(world, world.alice)  # asking twice forgets no more
    assert (await world.app.services.shop.orders.redeemed(world.guild.id, world.alice.id)) == []
    await world.env.advance_time(86_400)
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    await world.restart()
    await world.env.advance_time(86_400 + 1)
    await tick(world)
    assert role.id not in member_roles(world, world.alice)
    assert await ends(world, world.alice) == []


async def test_a_role_bought_for_good_leaves_nothing_behind(world: World) -> None:
    role = await gold(world, days="")
    await erase(world, world.alice)
    assert await ends(world, world.alice) == []
    await world.env.advance_time(400 * 86_400)
    await tick(world)
    assert role.id in member_roles(world, world.alice)


async def test_a_role_that_cannot_be_taken_from_somebody_erased_is_tried_again_every_hour(
    world: World,
) -> None:
    role = await gold(world)
    await erase(world, world.alice)
    await world.env.advance_time(2 * 86_400 + 1)
    await limit_bot(world, manage_roles=False)
    asked = len(world.env.http_requests)
    for _ in range(3):
        await tick(world)
    assert len(world.env.http_requests) == asked
    assert role.id in member_roles(world, world.alice)
    await limit_bot(world, manage_roles=True)
    await world.env.advance_time(3_601)
    await tick(world)
    assert role.id not in member_roles(world, world.alice)
    assert await ends(world, world.alice) == []


async def test_a_role_that_was_on_its_way_when_its_buyer_was_erased_ends_as_well(
    world: World,
) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {"days": "2"}, role=role)
    await pay(world, world.alice, 20)
    shown = await counter(world, world.alice)
    path = f"/guilds/{world.guild.id}/members/*/roles/*"
    world.env.inject_error("PUT", path, status=500, code=0, times=1)
    await press_buy(world, world.alice, shown)
    service = world.app.services.shop
    (receipt,) = await service.orders.redeemed(world.guild.id, world.alice.id)
    await erase(world, world.alice)
    assert await ends(world, world.alice) == [role.id]
    assert (await service.delivery.granted(receipt.redemption)) == receipt.redemption
    assert (
        await service.delivery.not_granted(receipt.redemption, "gone")
    ).redemption.state == "owed"
    await tick(world)


async def test_a_role_that_a_level_gave_as_well_stays_when_the_bought_time_is_over(
    world: World,
) -> None:
    role = await gold(world)
    await world.app.database.write(
        lambda conn: conn.exec_driver_sql(
            "INSERT INTO level_grants (guild_id, user_id, role_id, state, changed_at)"
            f" VALUES ({world.guild.id}, {world.alice.id}, {role.id}, 'granted', 1)"
        )
    )
    await world.env.advance_time(2 * 86_400 + 1)
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    mine = await world.alice.slash(world.channel, "redeem")
    assert "It ended" in texts_of(mine.response)
