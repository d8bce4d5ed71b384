"""The shop as members and moderators press through it."""

from typing import Any

import pytest
import simcord

from bot.app import make_jobs
from bot.ids import choice
from storage import members
from storage.records import Guild, ShopItem
from tests.discord_sim import (
    World,
    button_id,
    buttons_of,
    lift_role,
    limit_bot,
    member_roles,
    press_at_once,
    set_locale,
    texts_of,
)
from tests.test_access import give_roles

BUY = r"shop:buy:.*"


async def pay(world: World, member: Any, points: int, source_id: int = 1) -> None:
    await world.app.database.write(
        lambda conn: world.app.services.points.entries.give(
            conn, world.guild.id, member.id, kind="award", amount=100 * points, source_id=source_id
        )
    )


async def add(world: World, kind: str, filled: dict[str, Any], **options: Any) -> Any:
    """Add an item as a moderator does, by command and form."""
    form = await world.moderator.slash(world.channel, "shop-admin add", kind=kind, **options)
    return await world.moderator.submit_modal(form, {"title": "Thing", "price": "5"} | filled)


async def item_of(world: World, title: str = "Thing") -> ShopItem:
    (found,) = await world.app.services.shop.goods.find(world.guild.id, title, any_state=True)
    return found


async def counter(world: World, member: Any, title: str = "Thing") -> Any:
    return await member.slash(world.channel, "redeem", item=title)


async def press_buy(world: World, member: Any, shown: Any) -> Any:
    return await member.click(shown.response, custom_id=button_id(shown.response, BUY))


async def tick(world: World) -> None:
    (job,) = (job for job in make_jobs(world.app, world.client) if job.name == "shop")
    await job.run(world.env.now())


async def balance(world: World, member: Any) -> int:
    return (await world.app.services.shop.shelves.shelf(world.guild.id, member.id)).balance // 100


async def test_an_empty_shop_says_so(world: World) -> None:
    result = await world.alice.slash(world.channel, "shop")
    assert result.ephemeral
    assert "The shop is empty" in texts_of(result.response)
    set_locale(world.alice, "zh-CN")
    result = await world.alice.slash(world.channel, "shop")
    assert "还没有上架商品" in texts_of(result.response)


async def test_a_member_browses_chooses_and_redeems(world: World) -> None:
    await add(world, "custom", {"title": "Sticker", "description": "By post.", "stock": "2"})
    await pay(world, world.alice, 12)
    opened = await world.alice.slash(world.channel, "shop")
    shown = texts_of(opened.response)
    assert "You can spend 12 points" in shown
    assert "**Sticker** · 5 points · 2 left" in shown
    item = await item_of(world, "Sticker")
    chosen = await world.alice.select(opened.response, [str(item.item_id)], custom_id="shop:pick")
    shown = texts_of(chosen.response)
    assert "By post." in shown
    assert "You have 12 points to spend; 7 points will be left." in shown
    bought = await press_buy(world, world.alice, chosen)
    shown = texts_of(bought.response)
    assert "✅ Sticker" in shown
    assert "A moderator will deliver it." in shown
    assert "5 points spent, 7 points left to spend." in shown
    back = await world.alice.click(bought.response, custom_id="shop:page:1")
    assert "1 left" in texts_of(back.response)


async def test_the_shop_is_chinese_for_who_reads_chinese(world: World) -> None:
    await add(world, "coupon", {"title": "八折券", "units": "ZHE-8"})
    await pay(world, world.alice, 12)
    set_locale(world.alice, "zh-CN")
    opened = await world.alice.slash(world.channel, "shop")
    assert "**八折券** · 5 积分 · 剩 1 份" in texts_of(opened.response)
    bought = await press_buy(world, world.alice, await counter(world, world.alice, "八折券"))
    assert "你的兑换码（只有你能看到）：`ZHE-8`" in texts_of(bought.response)
    mine = await world.alice.slash(world.channel, "redeem")
    assert "`ZHE-8`" in texts_of(mine.response)
    assert "已售罄" in texts_of((await world.alice.slash(world.channel, "shop")).response)


async def test_ten_presses_at_once_of_one_button_buy_once(world: World) -> None:
    await add(world, "custom", {"stock": "5"})
    await pay(world, world.alice, 100)
    shown = await counter(world, world.alice)
    custom_id = button_id(shown.response, BUY)
    done = await press_at_once(world.env, [(world.alice, shown.response, custom_id)] * 10)
    assert all("Thing" in texts_of(each.response) for each in done)
    assert await balance(world, world.alice) == 95
    assert (await item_of(world)).stock == 4


async def test_many_members_at_once_share_what_there_is(lenient_world: World) -> None:
    world = lenient_world
    await add(world, "coupon", {"units": "A\nB\nC"})
    buyers = [world.person(f"p{n}") for n in range(8)]
    presses = []
    for buyer in buyers:
        await pay(world, buyer, 5)
        shown = await counter(world, buyer)
        presses.append((buyer, shown.response, button_id(shown.response, BUY)))
    done = await press_at_once(world.env, presses)
    texts = [" ".join(texts_of(m) for m in (each.response, *each.followups)) for each in done]
    assert sorted(code for code in "ABC" for text in texts if f"`{code}`" in text) == [
        "A",
        "B",
        "C",
    ]
    assert sum("sold out" in text for text in texts) == 5
    assert sorted([await balance(world, buyer) for buyer in buyers]) == [0, 0, 0, 5, 5, 5, 5, 5]


async def test_a_restart_between_looking_and_pressing_changes_nothing(world: World) -> None:
    await add(world, "custom", {})
    await pay(world, world.alice, 5)
    opened = await world.alice.slash(world.channel, "shop")
    await world.restart()
    item = await item_of(world)
    chosen = await world.alice.select(opened.response, [str(item.item_id)], custom_id="shop:pick")
    await world.restart()
    await press_buy(world, world.alice, chosen)
    assert await balance(world, world.alice) == 0


async def test_an_answer_that_was_lost_is_given_again_and_paid_once(lenient_world: World) -> None:
    world = lenient_world
    await add(world, "coupon", {"units": "ONLY-1"})
    await pay(world, world.alice, 12)
    shown = await counter(world, world.alice)
    path = "/webhooks/*/*/messages/@original"
    world.env.inject_error("PATCH", path, status=500, code=0, times=1)
    lost = await press_buy(world, world.alice, shown)
    assert "ONLY-1" not in texts_of(lost.response)
    await world.restart()
    again = await press_buy(world, world.alice, shown)
    told = texts_of(again.response)
    assert "You've already redeemed this" in told
    assert "`ONLY-1`" in told
    assert await balance(world, world.alice) == 7


async def test_who_cannot_is_told_why_and_gets_no_button(world: World) -> None:
    await add(world, "custom", {"price": "5"})
    shown = await counter(world, world.alice)
    assert "need 5 points more" in texts_of(shown.response)
    assert [b.custom_id for b in buttons_of(shown.response)] == ["shop:page:1"]
    item = await item_of(world)
    opened = await world.moderator.slash(world.channel, "shop-admin edit", item="Thing")
    form = await world.moderator.click(opened.response, custom_id=f"shop:item:terms:{item.item_id}")
    role = world.guild.create_role("Patrons")
    await world.env.settle()
    changed = await world.moderator.submit_modal(
        form,
        {
            "per_member": "1",
            "min_level": "3",
            "needs_role": [role],
            "from_at": "2026-03-01",
            "until_at": "2026-04-01 12:00",
        },
    )
    shown = texts_of(changed.response)
    assert "One per member." in shown
    assert "Level 3 or higher." in shown
    assert f"Only for <@&{role.id}>." in shown
    await pay(world, world.alice, 50)
    assert "level 3" in texts_of((await counter(world, world.alice)).response)
    await pay(world, world.alice, 500, source_id=2)
    shown = texts_of((await counter(world, world.alice)).response)
    assert f"Only members with <@&{role.id}>" in shown
    locked = texts_of((await world.alice.slash(world.channel, "shop")).response)
    assert "🔒" in locked


async def test_a_role_is_granted_for_its_days_and_taken_back_after_a_restart(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {"days": "2"}, role=role)
    await pay(world, world.alice, 20)
    bought = await press_buy(world, world.alice, await counter(world, world.alice))
    assert f"<@&{role.id}> is yours until" in texts_of(bought.response)
    assert role.id in member_roles(world, world.alice)
    await world.restart()
    await world.env.advance_time(86_400)
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    await world.env.advance_time(86_400 + 1)
    await tick(world)
    assert role.id not in member_roles(world, world.alice)
    mine = await world.alice.slash(world.channel, "redeem")
    assert "It ended" in texts_of(mine.response)


async def test_more_days_of_a_role_are_added_to_those_that_are_left(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {"days": "2"}, role=role)
    await pay(world, world.alice, 20)
    for _ in range(2):
        await press_buy(world, world.alice, await counter(world, world.alice))
    await world.env.advance_time(3 * 86_400)
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    await world.env.advance_time(86_400 + 1)
    await tick(world)
    assert role.id not in member_roles(world, world.alice)


async def test_who_has_the_role_from_elsewhere_does_not_pay_for_it(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {"days": "2"}, role=role)
    rich = world.guild.add_member(world.env.create_user("rich"), roles=[role])
    await pay(world, rich, 20)
    assert f"You already have <@&{role.id}>" in texts_of((await counter(world, rich)).response)


async def test_a_role_that_cannot_be_given_costs_nothing_and_moderators_see_why(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {}, role=role)
    await pay(world, world.alice, 20)
    shown = await counter(world, world.alice)
    await lift_role(world, role)
    await press_buy(world, world.alice, shown)
    assert await balance(world, world.alice) == 20
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    assert "the role is above mine" in texts_of(queue.response)
    set_locale(world.moderator, "zh-CN")
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    assert "排在我的身份组之上" in texts_of(queue.response)


async def test_a_refusal_nobody_foresaw_is_refunded_at_once(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {"stock": "1"}, role=role)
    await pay(world, world.alice, 20)
    shown = await counter(world, world.alice)
    path = f"/guilds/{world.guild.id}/members/*/roles/*"
    world.env.inject_error("PUT", path, status=403, code=50013, times=1)
    bought = await press_buy(world, world.alice, shown)
    assert "your points are back" in texts_of(bought.response)
    assert await balance(world, world.alice) == 20
    assert (await item_of(world)).stock == 1


async def test_granting_that_was_interrupted_is_done_by_the_next_tick(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {}, role=role)
    await pay(world, world.alice, 20)
    shown = await counter(world, world.alice)
    path = f"/guilds/{world.guild.id}/members/*/roles/*"
    world.env.inject_error("PUT", path, status=500, code=0, times=1)
    bought = await press_buy(world, world.alice, shown)
    assert "is on its way" in texts_of(bought.response)
    await world.restart()
    await world.env.advance_time(600)
    await tick(world)
    assert role.id in member_roles(world, world.alice)
    mine = await world.alice.slash(world.channel, "redeem")
    assert f"<@&{role.id}> is yours." in texts_of(mine.response)


async def test_a_role_that_cannot_be_taken_back_is_shown_to_moderators(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {"days": "1"}, role=role)
    await pay(world, world.alice, 20)
    await press_buy(world, world.alice, await counter(world, world.alice))
    await world.env.advance_time(86_400 + 1)
    await limit_bot(world, manage_roles=False)
    asked = len(world.env.http_requests)
    await tick(world)
    await tick(world)
    assert len(world.env.http_requests) == asked
    queue = texts_of((await world.moderator.slash(world.channel, "shop-admin queue")).response)
    assert f"<@{world.alice.id}>" in queue
    assert "I lack the Manage Roles permission" in queue


async def test_access_to_a_resource_gives_its_role_and_its_link(world: World) -> None:
    role = world.guild.create_role("Readers")
    await world.env.settle()
    url = "https://example.org/book"
    await world.moderator.slash(
        world.channel, "resource add", kind="ebook", title="The Book", url=url, role=role
    )
    await add(world, "resource", {"title": "Read it"}, resource="The Book")
    await pay(world, world.alice, 20)
    bought = await press_buy(world, world.alice, await counter(world, world.alice, "Read it"))
    assert "You have access to “The Book”" in texts_of(bought.response)
    assert any(getattr(b, "url", None) == url for b in buttons_of(bought.response))
    assert role.id in member_roles(world, world.alice)


async def test_codes_come_from_a_file_and_are_in_no_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    added = await add(world, "coupon", {"file": ("codes.txt", b"\xef\xbb\xbfcode\r\nS3CRET-1\r\n")})
    assert "1 added." in texts_of(added.response)
    assert "S3CRET" not in texts_of(added.response)
    await pay(world, world.alice, 20)
    shown = await counter(world, world.alice)
    bought = await press_buy(world, world.alice, shown)
    assert shown.ephemeral
    assert "S3CRET-1" in texts_of(bought.response)
    assert "S3CRET" not in caplog.text
    queue = texts_of((await world.moderator.slash(world.channel, "shop-admin queue")).response)
    assert "S3CRET" not in queue


async def test_a_time_is_chosen_booked_and_handed_over(world: World) -> None:
    await world.app.database.write(
        lambda conn: members.save_guild(conn, Guild(world.guild.id, time_zone="Asia/Shanghai"))
    )
    await add(world, "slot", {"title": "Talk", "units": "2026-03-05 14:00\n2026-03-06 14:00"})
    await pay(world, world.alice, 20)
    shown = await counter(world, world.alice, "Talk")
    assert not any("shop:buy" in str(b.custom_id) for b in buttons_of(shown.response))
    item = await item_of(world, "Talk")
    chosen = await world.alice.select(shown.response, ["1"], custom_id=f"shop:time:{item.item_id}")
    assert "You chose <t:1772690400:F>" in texts_of(chosen.response)
    bought = await press_buy(world, world.alice, chosen)
    assert "Your time: <t:1772690400:F>" in texts_of(bought.response)
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    assert "time: <t:1772690400:f>" in texts_of(queue.response)
    picked = await world.moderator.select(queue.response, ["1"], custom_id="shop:queued")
    done = await world.moderator.click(picked.response, custom_id="shop:queue:done:1")
    assert f"Delivered: Talk to <@{world.alice.id}>" in texts_of(done.response)
    back = await world.moderator.click(done.response, custom_id="shop:queue:list:1")
    assert "No pending orders" in texts_of(back.response)


async def test_a_moderator_refunds_with_a_reason_that_the_member_reads(world: World) -> None:
    await add(world, "custom", {})
    await pay(world, world.alice, 5)
    await press_buy(world, world.alice, await counter(world, world.alice))
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    picked = await world.moderator.select(queue.response, ["1"], custom_id="shop:queued")
    form = await world.moderator.click(picked.response, custom_id="shop:queue:refund:1")
    done = await world.moderator.submit_modal(form, {"reason": "out of *stickers*"})
    assert "Refunded: 5 points" in texts_of(done.response)
    assert await balance(world, world.alice) == 5
    mine = await world.alice.slash(world.channel, "redeem")
    assert r"Refunded: out of \*stickers\*" in texts_of(mine.response)


async def test_refunding_a_role_takes_it_back(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await add(world, "role", {}, role=role)
    await pay(world, world.alice, 5)
    await press_buy(world, world.alice, await counter(world, world.alice))
    service = world.app.services.shop
    await service.orders.refund(world.guild.id, world.moderator.id, 1, "mistake")
    await tick(world)
    assert role.id not in member_roles(world, world.alice)
    assert await balance(world, world.alice) == 5


async def test_items_are_edited_restocked_retired_and_restored(world: World) -> None:
    await add(world, "custom", {"stock": "1"})
    item = await item_of(world)
    opened = await world.moderator.slash(
        world.channel, "shop-admin edit", item=choice(item.item_id)
    )

    async def press(deed: str) -> Any:
        custom_id = f"shop:item:{deed}:{item.item_id}"
        return await world.moderator.click(opened.response, custom_id=custom_id)

    changed = await world.moderator.submit_modal(
        await press("edit"), {"title": "Better", "description": "", "price": "7.5"}
    )
    assert "Better · 7.5 points" in texts_of(changed.response)
    changed = await world.moderator.submit_modal(await press("stock"), {"stock": ""})
    assert "Left: unlimited" in texts_of(changed.response)
    opened = await world.moderator.slash(world.channel, "shop-admin edit", item="Better")
    retired = await press("retire")
    assert "Retired" in texts_of(retired.response)
    assert "The shop is empty" in texts_of(
        (await world.alice.slash(world.channel, "shop")).response
    )
    opened = await world.moderator.slash(world.channel, "shop-admin edit", item="Better")
    await press("restore")
    assert "Better" in texts_of((await world.alice.slash(world.channel, "shop")).response)


async def test_what_a_moderator_writes_badly_is_refused_in_words(lenient_world: World) -> None:
    world = lenient_world

    async def said(kind: str, filled: dict[str, Any], **options: Any) -> str:
        result = await add(world, kind, filled, **options)
        return texts_of(result.response)

    assert "more than 0 and up to 1000000" in (await said("custom", {"price": "free"})).replace(
        ",", ""
    )
    assert "a whole number" in await said("custom", {"stock": "some"})
    assert "I can't read “soon”" in await said("slot", {"units": "soon"})
    assert "is in the past" in await said("slot", {"units": "2026-01-01 10:00"})
    assert "not UTF-8 text" in await said("coupon", {"file": ("codes.bin", b"\xff\xfe\x00")})
    form = await world.moderator.slash(world.channel, "shop-admin add", kind="role")
    assert "Choose the role" in texts_of(form.response)
    form = await world.moderator.slash(world.channel, "shop-admin add", kind="resource")
    assert "Choose the resource" in texts_of(form.response)
    assert (await world.app.services.shop.shelves.shelf(world.guild.id, 1)).offers == ()


async def test_members_do_not_see_the_moderators_side(world: World) -> None:
    for command in ("shop-admin add", "shop-admin edit", "shop-admin queue"):
        with pytest.raises(simcord.SetupError):
            await world.alice.slash(world.channel, command)


async def test_who_was_a_moderator_when_the_button_was_shown_is_refused(
    lenient_world: World,
) -> None:
    world = lenient_world
    await add(world, "custom", {})
    await pay(world, world.alice, 5)
    await press_buy(world, world.alice, await counter(world, world.alice))
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    picked = await world.moderator.select(queue.response, ["1"], custom_id="shop:queued")
    give_roles(world, world.moderator)
    pressed = await world.moderator.click(picked.response, custom_id="shop:queue:done:1")
    assert "Manage Server" in texts_of(pressed.response)
    assert (await world.app.services.shop.orders.queued(world.guild.id, 1)).state == "owed"


async def book(world: World) -> int:
    """Sell access to a book that is for nobody in particular; return the resource."""
    url = "https://books.example/the-book"
    await world.moderator.slash(
        world.channel, "resource add", kind="ebook", title="The Book", url=url
    )
    (found,) = await world.app.services.shop.goods.resources(world.guild.id, "The Book", 2)
    await add(world, "resource", {}, resource="The Book")
    await pay(world, world.alice, 20)
    return found.resource_id


async def test_what_was_bought_is_linked_while_the_buyer_may_use_it(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    number = await book(world)
    await press_buy(world, world.alice, await counter(world, world.alice))
    edit = world.app.services.catalog.edit
    await edit(world.guild.id, world.bob.id, number, {}, role_id=role.id)
    for granted, is_open in (((), False), ((role,), True)):
        give_roles(world, world.alice, *granted)
        mine = (await world.alice.slash(world.channel, "redeem")).response
        assert any(button.url for button in buttons_of(mine)) is is_open
        assert (f"<@&{role.id}>" in texts_of(mine)) is not is_open


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
@pytest.mark.parametrize("closed_by", ["retired", "role"])
async def test_nobody_pays_for_what_cannot_be_opened(
    lenient_world: World, closed_by: str, language: str
) -> None:
    world = lenient_world
    role = world.guild.create_role("Gold")
    await world.env.settle()
    number = await book(world)
    set_locale(world.alice, language)
    shown = await counter(world, world.alice)
    catalog = world.app.services.catalog
    if closed_by == "retired":
        await catalog.set_state(world.guild.id, world.bob.id, number, "retired")
    else:
        await catalog.edit(world.guild.id, world.bob.id, number, {}, role_id=role.id)
    refused = await press_buy(world, world.alice, shown)
    said = {"en-US": "can't be opened with it", "zh-CN": "目前无法凭它打开"}
    assert said[language] in texts_of(refused.followups[0])
    assert await balance(world, world.alice) == 20
    await catalog.set_state(world.guild.id, world.bob.id, number, "live")
    give_roles(world, world.alice, role)
    await press_buy(world, world.alice, await counter(world, world.alice))
    assert await balance(world, world.alice) == 15
