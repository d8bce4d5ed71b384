"""Nobody has the bot give a role that they may not give themselves, now or when it is given."""

from pathlib import Path
from typing import Any

import discord
import pytest
from discord import AppCommandOptionType
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.roles import DANGEROUS, dangers
from storage import levels, products
from tests.discord_sim import (
    World,
    button_id,
    buttons_of,
    give_permissions,
    lift_role,
    make_owner,
    member_roles,
    set_locale,
    staff_channel,
    texts_of,
)
from tests.levels.test_levels import LEVEL, pay, reward, tick
from tests.shop import test_commands as shop
from tests.test_access import give_roles

BOT = Path(__file__).parent.parent / "bot"
MODERATOR = {"manage_guild": True, "manage_roles": True}
HARMLESS = set(
    "add_reactions attach_files bypass_slowmode change_nickname connect create_events"
    " create_expressions create_instant_invite create_private_threads"
    " create_public_threads embed_links external_emojis external_stickers pin_messages"
    " priority_speaker read_message_history read_messages request_to_speak send_messages"
    " send_messages_in_threads send_polls send_tts_messages send_voice_messages"
    " set_voice_channel_status speak stream use_application_commands use_embedded_activities"
    " use_external_apps use_external_sounds use_soundboard use_voice_activation".split()
)
JUDGED = {"levels reward: role", "product add: role", "product edit: role", "shop-admin add: role"}
SHOWN_ONLY = {
    "resource add: role": "whom a resource is shown to; access to it is judged when it is sold",
    "resource edit: role": "the same",
    "levels remove-reward: role": "takes a reward away",
    "task new: reviewers": "who may mark what is handed in, too",
    "task edit: reviewers": "the same",
    "product id: role": "which role of another bot counts as bought",
}
"""Options of a role that gives nothing to anybody, and why."""
MENUS = {
    "bot/shop/item_forms.py": "who may redeem an item",
    "bot/questions/setup_screen.py": "who helps to look after questions",
    "bot/rulebook/value_form.py": "whose points count more",
}
"""Menus of roles in forms, none of which gives one, and what they are for."""


# --------------------------------------------------------------------------- everything


def test_every_permission_of_discord_is_dangerous_or_harmless() -> None:
    # Other names of the same permissions do not come up here.
    known = {name for name, _ in discord.Permissions.all()}
    assert known == DANGEROUS | HARMLESS
    assert not DANGEROUS & HARMLESS
    assert {n for n in known if n.startswith("manage_")} <= DANGEROUS


async def test_every_option_of_a_role_is_judged_or_gives_nothing(world: World) -> None:
    of_role = {AppCommandOptionType.role, AppCommandOptionType.mentionable}
    found = {
        f"{command.qualified_name}: {option.display_name}"
        for command in world.client.tree.walk_commands()
        for option in getattr(command, "parameters", ())
        if option.type in of_role
    }
    assert found == JUDGED | SHOWN_ONLY.keys()


def test_every_menu_of_roles_gives_nothing() -> None:
    found = {
        path.relative_to(BOT.parent).as_posix()
        for path in BOT.rglob("*.py")
        if "RoleSelect" in (text := path.read_text("utf-8")) or "MentionableSelect" in text
    }
    assert found == set(MENUS)


# ------------------------------------------------------------------------ when it is set


async def ways(world: World, role: Any, actor: Any) -> list[str]:
    """Try every way there is to have the bot give a role; return what each answers."""
    url = f"https://example.org/{role.id}"
    book = {"kind": "ebook", "title": f"Book {role.id}", "url": url}
    await actor.slash(world.channel, "resource add", **book, role=role)
    answers = [
        await actor.slash(world.channel, "levels reward", role=role, level=1),
        await actor.slash(world.channel, "product add", title=f"Sold {role.id}", role=role),
        await actor.slash(world.channel, "shop-admin add", kind="role", role=role),
        await actor.slash(
            world.channel, "shop-admin add", kind="resource", resource=str(book["title"])
        ),
    ]
    return ["form" if each.modal else texts_of(each.response) for each in answers]


async def nothing_is_set(world: World) -> bool:
    async with world.app.database.read() as conn:
        rewards = await levels.rewards(conn, world.guild.id)
        sold = await products.listed(conn, world.guild.id)
    if sold:
        return False
    return not rewards and not await world.app.services.shop.goods.live_roles(world.guild.id)


async def test_who_lacks_manage_roles_sets_no_role(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Regular")
    await give_permissions(world, "Mods", manage_guild=True)
    for answer in await ways(world, role, world.moderator):
        assert "You need the Manage Roles permission to have me give" in answer
    set_locale(world.moderator, "zh-CN")
    assert "你需要“管理身份组”权限" in (await ways(world, role, world.moderator))[0]
    assert await nothing_is_set(world)


async def test_a_right_to_manage_one_channels_permissions_is_no_manage_roles(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Regular")
    await give_permissions(world, "Mods", manage_guild=True)
    allowed = discord.Permissions(manage_roles=True).value
    mods = world.guild.roles["Mods"]
    over = Overwrite(mods.id, OverwriteType.ROLE, allowed, 0)
    world.env.backend.set_overwrite(world.channel.id, over)
    await world.env.settle()
    for answer in await ways(world, role, world.moderator):
        assert "You need the Manage Roles permission" in answer


async def test_who_sets_a_role_stands_above_it(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Elders")
    await lower_mods(world, role)
    for answer in await ways(world, role, world.moderator):
        assert "isn't below your highest role" in answer
    await make_owner(world, world.moderator)
    for answer in await ways(world, role, world.moderator):
        assert answer == "form" or "Level 1" in answer or "Sold" in answer


@pytest.mark.parametrize("name", sorted(DANGEROUS))
async def test_a_dangerous_role_is_set_by_nobody_but_the_owner(
    lenient_world: World, name: str
) -> None:
    world = lenient_world
    role = world.guild.create_role("Power", permissions=discord.Permissions(**{name: True}))
    await give_permissions(world, "Mods", administrator=True)
    for answer in await ways(world, role, world.moderator):
        assert "only the server's owner may have me give" in answer
    assert await nothing_is_set(world)
    await make_owner(world, world.moderator)
    for answer in await ways(world, role, world.moderator):
        assert answer == "form" or "Level 1" in answer or "Sold" in answer


async def test_power_in_one_channel_is_power_and_what_everybody_has_is_none(world: World) -> None:
    role = world.guild.create_role("Host")
    await world.env.settle()
    seen = world.client.get_guild(world.guild.id).get_role(role.id)  # type: ignore[union-attr]
    assert seen is not None and dangers(seen) == []
    allowed = discord.Permissions(manage_messages=True, mention_everyone=True, view_channel=True)
    over = Overwrite(role.id, OverwriteType.ROLE, allowed.value, 0)
    world.env.backend.set_overwrite(world.channel.id, over)
    await world.env.settle()
    assert dangers(seen) == ["manage_messages", "mention_everyone"]
    plain = dict.fromkeys(("mention_everyone", "view_channel", "send_messages"), True)
    await give_permissions(world, "@everyone", **plain)
    assert dangers(seen) == ["manage_messages"]


async def test_it_is_asked_again_when_the_form_is_sent(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Gold")
    await world.env.settle()
    form = await world.moderator.slash(world.channel, "shop-admin add", kind="role", role=role)
    await give_permissions(world, "Gold", ban_members=True)
    sent = await world.moderator.submit_modal(form, {"title": "Gold", "price": "5"})
    assert "only the server's owner" in texts_of(sent.response)
    assert await nothing_is_set(world)


async def test_what_the_owner_sells_is_changed_by_nobody_who_may_not_give_it(
    lenient_world: World,
) -> None:
    world = lenient_world
    role = world.guild.create_role("Power", permissions=discord.Permissions(kick_members=True))
    await world.env.settle()
    owner = world.guild.owner
    await make_owner(world, world.moderator)
    await shop.add(world, "role", {"price": "1000000"}, role=role)
    await make_owner(world, owner)
    item = await shop.item_of(world)
    assert item.role_by == world.moderator.id
    shown = await world.moderator.slash(world.channel, "shop-admin edit", item="Thing")
    for deed in ("edit", "terms", "stock"):
        pressed = await world.moderator.click(shown.response, custom_id=f"shop:item:{deed}:1")
        assert pressed.modal is None
        assert "only the server's owner" in texts_of(pressed.response)
    retired = await world.moderator.click(shown.response, custom_id="shop:item:retire:1")
    assert "Retired" in texts_of(retired.response)
    restored = await world.moderator.click(retired.response, custom_id="shop:item:restore:1")
    assert "only the server's owner" in texts_of(restored.response)
    assert (await shop.item_of(world)).state == "retired"


async def test_who_confirms_a_role_may_give_it(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Expert")
    await world.env.settle()
    await reward(world, role, confirm=True)
    await pay(world, world.alice, LEVEL[1])
    await tick(world, 2)
    await give_permissions(world, "Mods", manage_guild=True)
    opened = await world.moderator.slash(world.channel, "levels queue")
    yes = button_id(opened.response, r"levels:yes:\d+")
    pressed = await world.moderator.click(opened.response, custom_id=yes)
    assert "You need the Manage Roles permission" in str(
        [texts_of(each) for each in (pressed.response, *pressed.followups)]
    )
    assert role.id not in member_roles(world, world.alice)
    await give_permissions(world, "Mods", **MODERATOR)
    await world.moderator.click(opened.response, custom_id=yes)
    assert role.id in member_roles(world, world.alice)


# ---------------------------------------------------------------------- when it is given


async def told(world: World) -> Any:
    place = staff_channel(world)
    await world.env.settle()
    await world.moderator.slash(world.channel, "levels staff", channel=place)
    return place


def heard(place: Any) -> list[str]:
    return [texts_of(message) for message in place.history()]


async def test_a_level_gives_no_role_that_became_dangerous_and_says_so_once(world: World) -> None:
    place = await told(world)
    role = world.guild.create_role("Regular")
    await world.env.settle()
    await reward(world, role)
    await tick(world)
    await give_permissions(world, "Regular", manage_messages=True)
    await pay(world, world.alice, LEVEL[1])
    await tick(world, 3)
    assert role.id not in member_roles(world, world.alice)
    (news,) = heard(place)
    assert "only the server's owner may have me give" in news
    assert "Server Settings > Roles" in news
    shown = await world.moderator.slash(world.channel, "levels view")
    assert "only the server's owner" in texts_of(shown.response)
    await give_permissions(world, "Regular")
    await world.env.advance_time(3_700)
    await tick(world, 2)
    assert role.id in member_roles(world, world.alice)
    assert len(heard(place)) == 1


@pytest.mark.parametrize("how", ["lost", "below", "left"])
async def test_a_level_gives_no_role_for_somebody_who_may_not_give_it_any_more(
    world: World, how: str
) -> None:
    place = await told(world)
    role = world.guild.create_role("Regular")
    await world.env.settle()
    deputy = world.guild.add_member(
        world.env.create_user("deputy"), roles=[world.guild.roles["Mods"]]
    )
    await deputy.slash(world.channel, "levels reward", role=role, level=1)
    if how == "lost":
        give_roles(world, deputy)
    elif how == "below":
        await lower_mods(world, role)
    else:
        world.guild.remove_member(deputy)
    await world.env.settle()
    await pay(world, world.alice, LEVEL[1])
    await tick(world, 3)
    assert role.id not in member_roles(world, world.alice)
    (news,) = heard(place)
    assert "set it again with `/levels reward`" in news
    await make_owner(world, world.moderator)
    await reward(world, role)
    await tick(world, 2)
    assert role.id in member_roles(world, world.alice)


async def lower_mods(world: World, role: Any) -> None:
    """Have a role stand above the moderators', and below the bot's."""
    mods = world.guild.roles["Mods"]._role
    lower, higher = sorted((mods.position, role._role.position))
    edit = world.env.backend.edit_role
    edit(world.guild.id, mods.id, {"position": lower})
    edit(world.guild.id, role.id, {"position": higher})
    await world.env.settle()


async def test_what_is_set_and_not_allowed_is_told_once_without_anybody_rising(
    world: World,
) -> None:
    place = await told(world)
    ruled, sold = world.guild.create_role("Ruled"), world.guild.create_role("Sold")
    await world.env.settle()
    await reward(world, ruled, 50)
    await shop.add(world, "role", {"title": "For sale"}, role=sold)
    await give_permissions(world, "Mods", manage_guild=True)
    for _ in range(3):
        await tick(world)
        await shop.tick(world)
        await world.env.advance_time(3_700)
    by_level, by_shop = heard(place)
    assert f"<@&{ruled.id}>" in by_level
    assert "lacks the Manage Roles permission" in by_level
    assert f"<@&{sold.id}>" in by_shop
    assert "save the item again with Change" in by_shop


async def test_nobody_pays_for_a_role_that_is_not_given(lenient_world: World) -> None:
    world = lenient_world
    place = await told(world)
    role = world.guild.create_role("Gold")
    await world.env.settle()
    await shop.add(world, "role", {"title": "Gold"}, role=role)
    await shop.pay(world, world.alice, 20)
    shown = await shop.counter(world, world.alice, "Gold")
    await give_permissions(world, "Gold", manage_roles=True)
    refused = await shop.press_buy(world, world.alice, shown)
    assert "can't be given right now" in str(
        [texts_of(each) for each in (refused.response, *refused.followups)]
    )
    assert await shop.balance(world, world.alice) == 20
    await shop.tick(world)
    await shop.tick(world)
    (news,) = heard(place)
    assert "📦 Roles for sale that I can't give" in news
    assert f"<@&{role.id}>" in news
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    assert "only the server's owner" in texts_of(queue.response)


async def test_saving_an_item_again_has_it_given_in_ones_own_name(world: World) -> None:
    role = world.guild.create_role("Gold")
    await world.env.settle()
    deputy = world.guild.add_member(
        world.env.create_user("deputy"), roles=[world.guild.roles["Mods"]]
    )
    form = await deputy.slash(world.channel, "shop-admin add", kind="role", role=role)
    await deputy.submit_modal(form, {"title": "Gold", "price": "5"})
    world.guild.remove_member(deputy)
    await world.env.settle()
    shown = await world.moderator.slash(world.channel, "shop-admin queue")
    assert "has left or is unknown" in texts_of(shown.response)
    item = await world.moderator.slash(world.channel, "shop-admin edit", item="Gold")
    form = await world.moderator.click(item.response, custom_id="shop:item:edit:1")
    await world.moderator.submit_modal(form, {"title": "Gold", "price": "5"})
    assert (await shop.item_of(world, "Gold")).role_by == world.moderator.id
    shown = await world.moderator.slash(world.channel, "shop-admin queue")
    assert "⚠️" not in texts_of(shown.response)
    await shop.pay(world, world.alice, 20)
    await shop.press_buy(world, world.alice, await shop.counter(world, world.alice, "Gold"))
    assert role.id in member_roles(world, world.alice)
    assert buttons_of(shown.response) == []


async def test_a_role_above_the_bots_is_refused_with_the_fix(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Owners")
    await world.env.settle()
    await lift_role(world, role)
    for answer in await ways(world, role, world.moderator):
        assert "is above my highest role" in answer
