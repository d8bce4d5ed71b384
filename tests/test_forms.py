"""Every form lands where whoever opened it meant, and nowhere else."""

import ast
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
import pytest
from sqlalchemy import select

from bot import forms
from bot.i18n import Texts
from bot.rewards import calendar, fields
from bot.rulebook import views
from storage.schema import metadata
from tests.discord_sim import (
    START,
    World,
    button_id,
    form_parts,
    send_form,
    set_locale,
    texts_of,
)
from tests.rulebook.test_evidence import make_ring
from tests.rulebook.test_rescore import day, wrote
from tests.test_access import give_roles

BOT = Path(__file__).parent.parent / "bot"
EXPIRED = Texts("en")("error-form-expired")
REFUSED = Texts("en")("error-not-allowed")


# ------------------------------------------------------------------------ how each is opened


async def stocked(world: World) -> int:
    """Put an item on the shelf of a world's server and return its number."""
    written = {"title": "Thing", "description": "", "price": "5"}
    shop = world.app.services.shop
    made = await shop.add(world.guild.id, world.moderator.id, "custom", written)
    return made.item.item_id


async def open_add(world: World) -> Any:
    return await world.moderator.slash(world.channel, "shop-admin add", kind="custom")


async def press_item(world: World, deed: str) -> Any:
    item_id = await stocked(world)
    card = await world.moderator.slash(world.channel, "shop-admin edit", item="Thing")
    return await world.moderator.click(card.response, custom_id=f"shop:item:{deed}:{item_id}")


async def open_edit(world: World) -> Any:
    return await press_item(world, "edit")


async def open_stock(world: World) -> Any:
    return await press_item(world, "stock")


async def open_terms(world: World) -> Any:
    return await press_item(world, "terms")


async def open_refund(world: World) -> Any:
    item_id, services = await stocked(world), world.app.services
    here, buyer = world.guild.id, world.alice.id
    await world.app.database.write(
        lambda conn: services.points.give(conn, here, buyer, kind="award", amount=500, source_id=1)
    )
    await services.shop.redeem(here, buyer, item_id, price=500, source_id=here)
    (bought,) = await services.shop.queue(here)
    queue = await world.moderator.slash(world.channel, "shop-admin queue")
    number = str(bought.redemption_id)
    one = await world.moderator.select(queue.response, [number], custom_id="shop:queued")
    return await world.moderator.click(one.response, custom_id=f"shop:queue:refund:{number}")


async def open_interests(world: World) -> Any:
    card = await world.moderator.slash(world.channel, "profile view")
    return await world.moderator.click(card.response, custom_id="profile:interests")


async def open_change(world: World) -> Any:
    draft = await world.moderator.slash(world.channel, "rules draft")
    section = await world.moderator.select(
        draft.response, ["message"], custom_id="rulebook:section"
    )
    return await world.moderator.select(
        section.response, ["points"], custom_id="rulebook:field:message"
    )


async def drafted(world: World) -> None:
    book, field = world.app.services.rulebook, fields.field_of("message", "points")
    await book.edit(world.guild.id, world.moderator.id, field, "3")


async def asked(world: World, template: str) -> Any:
    shown = await world.moderator.slash(world.channel, "rules publish")
    return await world.moderator.click(
        shown.response, custom_id=button_id(shown.response, template)
    )


async def open_publish(world: World) -> Any:
    await drafted(world)
    return await asked(world, views.PUBLISH_TEMPLATE)


async def earned(world: World) -> None:
    """Let a member earn something that the draft would pay otherwise."""
    await wrote(world, world.alice, 3, 1_000)
    await drafted(world)


async def open_since(world: World) -> Any:
    await earned(world)
    return await asked(world, views.SINCE_TEMPLATE)


async def open_anew(world: World) -> Any:
    await earned(world)
    since = {"rescore-since": day(world)}
    shown = await world.moderator.slash(world.channel, "rules publish", **since)
    again = button_id(shown.response, views.ANEW_TEMPLATE)
    return await world.moderator.click(shown.response, custom_id=again)


async def open_undo(world: World) -> Any:
    await earned(world)
    book = world.app.services.rulebook
    stamp = (await book.draft(world.guild.id)).stamp
    since = calendar.day_start(day(world), "UTC")
    await book.publish(world.guild.id, world.moderator.id, stamp, "fairer", since=since)
    await world.app.services.points.go_on()
    shown = await world.moderator.slash(world.channel, "rules history")
    undo = button_id(shown.response, views.UNDO_TEMPLATE)
    return await world.moderator.click(shown.response, custom_id=undo)


async def open_ring(world: World) -> Any:
    await make_ring(world)
    seen = await world.app.services.rulebook.evidence(world.guild.id)
    shown = await world.moderator.slash(world.channel, "rules evidence")
    rings = f"rulebook:rings:{seen.since}:{seen.last}"
    (ring,) = seen.found.rings
    one = await world.moderator.select(shown.response, [ring.key], custom_id=rings)
    hold = button_id(one.response, r"rulebook:ring:hold:.*")
    return await world.moderator.click(one.response, custom_id=hold)


@dataclass(frozen=True)
class Case:
    """A form: where in the code it is shown, how it is opened, filled in, and what it leaves."""

    form: str
    place: str
    open: Callable[[World], Awaitable[Any]]
    filled: Callable[[int], dict[str, Any]]
    stored: Callable[[int], str]
    """What the server's rows hold afterwards that they did not hold before, "" for nothing."""
    is_for_everybody: bool = False


def reason(n: int) -> dict[str, Any]:
    return {"reason": f"reason {n}"}


CASES = [
    Case(
        "shop:add",
        "shop/cog.py:add",
        open_add,
        lambda n: {"title": f"Item {n}", "price": "5"},
        lambda n: f"Item {n}",
    ),
    Case(
        "shop:edit",
        "shop/cog.py:on_item",
        open_edit,
        lambda n: {"title": f"Better {n}", "price": "5"},
        lambda n: f"Better {n}",
    ),
    Case(
        "shop:stock",
        "shop/cog.py:on_item",
        open_stock,
        lambda n: {"stock": f"4{n}"},
        lambda n: f"4{n}",
    ),
    Case(
        "shop:terms",
        "shop/cog.py:on_item",
        open_terms,
        lambda n: {"per_member": f"7{n}"},
        lambda n: f"7{n}",
    ),
    Case(
        "shop:refund",
        "shop/cog.py:on_queue",
        open_refund,
        reason,
        lambda n: f"reason {n}",
    ),
    Case(
        "profile:interests",
        "profile/cog.py:press_interests",
        open_interests,
        lambda n: {"interests": f"topic {n}"},
        lambda n: f"topic {n}",
        is_for_everybody=True,
    ),
    Case(
        "rulebook:change",
        "rulebook/cog.py:_ask",
        open_change,
        lambda n: {"value": f"7{n}"},
        lambda n: f"7{n}",
    ),
    Case(
        "rulebook:publish",
        "rulebook/cog.py:on_publish",
        open_publish,
        reason,
        lambda n: f"reason {n}",
    ),
    Case(
        "rulebook:since",
        "rulebook/cog.py:on_since",
        open_since,
        lambda n: {"day": START.strftime("%Y-%m-%d")},
        lambda n: "",
    ),
    Case("rulebook:anew", "rulebook/cog.py:on_anew", open_anew, reason, lambda n: f"reason {n}"),
    Case("rulebook:undo", "rulebook/cog.py:on_undo", open_undo, reason, lambda n: f"reason {n}"),
    Case("rulebook:ring", "rulebook/cog.py:on_ring", open_ring, reason, lambda n: f"reason {n}"),
]
BY_NAME = pytest.mark.parametrize("case", CASES, ids=lambda case: case.form)


# ---------------------------------------------------------------------------- no form is missed


def calls() -> list[tuple[str, ast.Call]]:
    """Return every call in the bot with the function it stands in: ``shop/cog.py:add``."""
    found = []
    for path in sorted(BOT.rglob("*.py")):
        stack: list[tuple[str, ast.AST]] = [("", ast.parse(path.read_text("utf-8")))]
        while stack:
            name, node = stack.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = node.name
            if isinstance(node, ast.Call):
                found.append((f"{path.relative_to(BOT).as_posix()}:{name}", node))
            stack += [(name, child) for child in ast.iter_child_nodes(node)]
    return found


def test_every_form_and_every_place_that_shows_one_is_tried_below() -> None:
    made = [call for _, call in calls() if ast.unparse(call.func) == "forms.Form"]
    names = [call.args[0].value for call in made if isinstance(call.args[0], ast.Constant)]
    assert len(names) == len(made), "a form's name is written out where it is made"
    assert len(set(names)) == len(names), "two forms have one name"
    shown = {where for where, call in calls() if ast.unparse(call.func) == "forms.ask"}
    assert set(names) == {case.form for case in CASES}
    assert shown == {case.place for case in CASES}


def test_nothing_but_forms_shows_a_modal() -> None:
    for path in BOT.rglob("*.py"):
        if path != BOT / "forms.py":
            source = path.read_text("utf-8")
            assert "send_modal" not in source and "ui.Modal" not in source, path


# ------------------------------------------------------------------------------- two, crosswise


async def second(world: World, moderator: Any = None) -> World:
    """Return another server with the bot in it, where `moderator`, or another one, moderates."""
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("general")
    mods = guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
    people = [world.env.create_user(name) for name in ("anna", "boris", "mila")]
    alice, bob = (guild.add_member(user) for user in people[:2])
    user = moderator.user if moderator is not None else people[2]
    there = guild.add_member(user, roles=[mods])
    for person in (alice, bob, there):
        set_locale(person, "en-US")
    await world.env.settle()
    return replace(
        world, guild=guild, channel=channel, alice=alice, bob=bob, moderator=there, people={}
    )


async def rows(world: World, guild_id: int | None = None) -> set[str]:
    """Return every row of the database, or those of one server."""
    found = set()
    async with world.app.database.read() as conn:
        for table in metadata.sorted_tables:
            wanted = select(table)
            if guild_id is not None:
                if "guild_id" not in table.c:
                    continue
                wanted = wanted.where(table.c.guild_id == guild_id)
            found |= {f"{table.name} {row}" for row in await conn.execute(wanted)}
    return found


async def new(world: World, before: set[str]) -> str:
    """Return what the rows of a world's server say that they did not say before."""
    return "\n".join(await rows(world, world.guild.id) - before)


async def hand_in(world: World, shown: Any, filled: dict[str, Any]) -> str:
    done = await world.moderator.submit_modal(shown, filled)
    return texts_of(done.response)


@BY_NAME
@pytest.mark.parametrize("is_one", [False, True], ids=["two members", "one member"])
async def test_two_open_forms_of_a_kind_land_each_where_it_was_opened(
    world: World, case: Case, is_one: bool
) -> None:
    here, there = world, await second(world, world.moderator if is_one else None)
    mine, yours = await case.open(here), await case.open(there)
    assert mine.modal["custom_id"] != yours.modal["custom_id"]
    assert mine.modal["custom_id"].startswith(f"{case.form}:")
    for world_, other, shown, n in ((here, there, mine, 11), (there, here, yours, 22)):
        before, untouched = await rows(world_, world_.guild.id), await rows(other, other.guild.id)
        answer = await hand_in(world_, shown, case.filled(n))
        assert EXPIRED not in answer
        assert await rows(other, other.guild.id) == untouched
        written = await new(world_, before)
        assert case.stored(n) in written
        if not case.stored(n):
            assert written == "" and str(*case.filled(n).values()) in answer


@BY_NAME
async def test_a_form_is_taken_from_nobody_else_nowhere_else_and_once(
    lenient_world: World, case: Case
) -> None:
    here, there = lenient_world, await second(lenient_world)
    mods = here.guild.create_role("Deputies", permissions=discord.Permissions(manage_guild=True))
    deputy = here.guild.add_member(here.env.create_user("deputy"), roles=[mods])
    opened = await case.open(here)
    twin = there.guild.add_member(here.moderator.user)  # the same member, in another server
    before = await rows(here)

    async def refused(member: Any, channel: Any, why: str) -> None:
        parts = form_parts(member, channel, opened, case.filled(22))
        answer = await send_form(here.env, member, channel, parts)
        assert why in texts_of(answer.response)
        assert answer.ephemeral
        assert await rows(here) == before

    await refused(deputy, here.channel, EXPIRED)
    await refused(here.alice, here.channel, EXPIRED)
    await refused(there.moderator, there.channel, EXPIRED)
    await refused(twin, there.channel, EXPIRED)
    if not case.is_for_everybody:
        held = list(here.env.backend.guilds[here.guild.id].members[here.moderator.id].role_ids)
        give_roles(here, here.moderator)
        await refused(here.moderator, here.channel, REFUSED)
        here.env.backend.guilds[here.guild.id].members[here.moderator.id].role_ids = held
    await hand_in(here, opened, case.filled(11))
    assert case.stored(11) in await new(here, before)
    before = await rows(here)
    await refused(here.moderator, here.channel, EXPIRED)


# ------------------------------------------------------------------------------------- its end


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
async def test_a_form_that_has_ended_says_so_also_after_a_restart(
    lenient_world: World, locale: str
) -> None:
    world = lenient_world
    set_locale(world.moderator, locale)
    sentence = Texts("zh-CN" if locale == "zh-CN" else "en")("error-form-expired")
    item = {"title": "Late", "price": "5"}
    late, older = await open_add(world), await open_add(world)
    await world.env.advance_time(forms.LIFE_S + 1)
    before = await rows(world)
    assert sentence in await hand_in(world, late, item)
    await world.restart()
    assert sentence in await hand_in(world, older, item)
    assert await rows(world) == before


async def test_who_takes_their_time_is_still_in_time(world: World) -> None:
    opened = await open_add(world)
    await world.env.advance_time(forms.LIFE_S - 60)
    assert "Slow" in await hand_in(world, opened, {"title": "Slow", "price": "5"})


async def test_forms_that_were_closed_do_not_pile_up_and_end_nobody_elses(world: World) -> None:
    there = await second(world)
    theirs = await open_add(there)
    shown = [await open_add(world) for _ in range(forms.AT_ONCE_MAX + 1)]
    item = {"title": "Thing", "price": "5"}
    assert EXPIRED in await hand_in(world, shown[0], item)
    assert EXPIRED not in await hand_in(world, shown[1], item)
    assert EXPIRED not in await hand_in(world, shown[-1], item)
    assert EXPIRED not in await hand_in(there, theirs, item)


async def test_what_a_stranger_wrote_into_a_form_is_not_what_its_owner_sends(
    lenient_world: World,
) -> None:
    world = lenient_world
    opened = await open_interests(world)
    forged = form_parts(world.bob, world.channel, opened, {"interests": "poison"})
    await send_form(world.env, world.bob, world.channel, forged)
    await send_form(world.env, world.moderator, world.channel, forged | {"components": []})
    known = await world.app.services.profile.profile(world.guild.id, world.moderator.id)
    assert known.member.interests == ()


async def test_nonsense_in_the_place_of_a_form_is_answered_and_changes_nothing(
    lenient_world: World,
) -> None:
    world = lenient_world
    opened = await open_add(world)
    before = await rows(world)
    custom_id = opened.modal["custom_id"]
    for components in ([{"type": 18}], [{"type": 1, "components": [{"type": 4}]}], [{"type": 10}]):
        data = {"custom_id": custom_id, "components": components, "resolved": {}}
        answer = await send_form(world.env, world.bob, world.channel, data)
        assert texts_of(answer.response)
    assert await rows(world) == before
    assert "Thing" in await hand_in(world, opened, {"title": "Thing", "price": "5"})
