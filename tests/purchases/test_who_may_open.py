"""Who has not bought it never reads its address: in every command, suggestion, button and file.

The commands are enumerated, so a new one is tried, too, moderators' ones among them; so is every
button and menu of what they answer, and what those answer.
"""

import dataclasses
import json
from typing import Any

import aiohttp
import discord
import pytest
from simcord.backend.errors import SetupError

from bot.app import make_jobs
from bot.errors import UserError
from bot.links import routes
from storage import access, members, privacy
from tests.discord_sim import World, buttons_of, texts_of
from tests.links.test_web import BROWSER, serving
from tests.purchases.scenes import COURSE, URL, grant, later, shelved, sold, tick
from tests.purchases.test_roles_and_files import identify, set_roles
from tests.test_hostile_numbers import answer, invoke, leaves, plain

SECRET = "courses.example/rust?key=secret"
DEEP = 2
"""How many presses after a command are tried."""
SKIPPED = {"privacy:erase", "privacy:confirm", "privacy:track", "privacy:export"}
"""Buttons that take the member away or out of sight."""
POSTING = {"channel digests", "mornings", "insights", "feedback", "wishes", "checks", "reminders"}
"""Jobs that write where others read."""


async def fields_of(message: Any) -> str:
    """Return all that a message shows and holds: texts, addresses of buttons, files."""
    if message is None:
        return ""
    held = [texts_of(message), *(str(button.url) for button in buttons_of(message))]
    held += [(await each.read()).decode("utf-8", "replace") for each in message.attachments]
    held += [str(each.description) for each in message.attachments]
    return " ".join(held)


async def tried(world: World, member: Any, command: Any) -> Any:
    """Run a command about the course, in every option that names something."""
    values = {}
    for option in command.parameters:
        is_text = option.type is discord.AppCommandOptionType.string
        if is_text and not option.choices and (option.required or option.autocomplete):
            values[option.display_name] = COURSE
        elif option.required:
            values[option.display_name] = plain(world, option)
    return await answer(world, invoke(world, member, command, values))


async def pressed(world: World, member: Any, message: Any, depth: int, seen: set[str]) -> int:
    """Press every button of a message, and of what that answers; return how many."""
    n_pressed = 0
    for button in buttons_of(message):
        custom_id = getattr(button, "custom_id", None)
        kind = (custom_id or "").rstrip("0123456789")
        if not custom_id or button.disabled or kind in seen:
            continue
        if custom_id.startswith(tuple(SKIPPED)):
            continue
        seen.add(kind)
        try:
            result = await member.click(message, custom_id=custom_id)
        except SetupError:  # an earlier press took it away
            continue
        n_pressed += 1
        assert SECRET not in await fields_of(result.response), custom_id
        if depth > 1 and result.response is not None:
            n_pressed += await pressed(world, member, result.response, depth - 1, seen)
    return n_pressed


@pytest.mark.parametrize(("is_tracked", "has_twin"), [(True, True), (False, False)])
async def test_who_has_not_bought_it_reads_its_address_nowhere(
    lenient_world: World, is_tracked: bool, has_twin: bool
) -> None:
    world = lenient_world
    course = await shelved(world)
    if has_twin:  # what has the same title is told apart by something else than its address
        await shelved(world, COURSE, "https://courses.example/second")
    await sold(world, "Rust course", course, raw={"url": "https://shop.example/{reference}"})
    await grant(world, world.bob)  # somebody has it, and Alice has not
    # A server may hand a command to somebody without the permission; the bot does not.
    for stored in world.env.backend.commands[None].values():
        stored["default_member_permissions"] = None
    now = world.app.clock().timestamp()
    who = (world.guild.id, world.alice.id, now)
    await world.app.database.write(
        lambda conn: members.change_member(conn, *who, is_tracked=is_tracked)
    )
    n_commands = n_pressed = n_named = 0
    seen: set[str] = set()
    for command in leaves(world):
        said = f"/{command.qualified_name}"
        result = await tried(world, world.alice, command)
        assert SECRET not in await fields_of(result.response), said
        if result.modal is None and result.response is not None:
            n_pressed += await pressed(world, world.alice, result.response, DEEP, seen)
        for option in command.parameters:
            if option.autocomplete:
                asked = {option.display_name: COURSE[:4]}
                found = await answer(
                    world, invoke(world, world.alice, command, asked, option.display_name)
                )
                choices = str(found.autocomplete_choices)
                assert SECRET not in choices, said
                n_named += COURSE in choices
        n_commands += 1
    assert n_commands > 100 and n_named > 2, (n_commands, n_named)
    assert n_pressed > (15 if is_tracked else 9), n_pressed
    shown = str(world.env.backend.messages)
    assert SECRET not in shown


async def test_what_moderators_do_shows_its_address_to_nobody_else(lenient_world: World) -> None:
    """A moderator reads what they manage; no command of theirs, and no job, posts it."""
    world = lenient_world
    course = await shelved(world)
    await sold(world, "Rust course", course, raw={"url": "https://shop.example/{reference}"})
    await grant(world, world.bob)
    n_commands = n_seen = n_pressed = 0
    for command in leaves(world):
        result = await tried(world, world.moderator, command)
        n_commands += 1
        if result.modal is not None or result.response is None:
            continue
        n_seen += SECRET in await fields_of(result.response)
        for button in buttons_of(result.response):
            custom_id = getattr(button, "custom_id", None)
            if custom_id and not button.disabled and not custom_id.startswith(tuple(SKIPPED)):
                try:
                    await world.moderator.click(result.response, custom_id=custom_id)
                except SetupError:  # an earlier press took it away
                    continue
                n_pressed += 1
    later(world, days=1)
    for job in make_jobs(world.app, world.client):
        if job.name in POSTING:
            await job.run(world.app.clock())
    await world.env.settle()
    assert n_commands > 100 and n_seen > 0 and n_pressed > 30, (n_commands, n_seen, n_pressed)
    channels = world.env.backend.messages.values()
    public = [each for one in channels for each in one.values() if not each.is_ephemeral]
    assert public and SECRET not in str(public)


async def test_an_export_tells_no_address_that_has_to_be_bought(lenient_world: World) -> None:
    """Whoever proposed a page need not have bought what moderators made of it."""
    world = lenient_world
    service, alice = world.app.services.catalog, world.alice.id
    raw = {"kind": "course", "title": COURSE, "url": "https://courses.example/free"}
    course = await service.add(world.guild.id, alice, raw)
    await service.edit(world.guild.id, world.moderator.id, course.resource_id, {"url": URL})

    async def exported() -> str:
        async with world.app.database.read() as conn:
            return json.dumps(await privacy.export(conn, world.guild.id, alice))

    assert SECRET in await exported()
    await sold(world, "Rust course", course)
    assert SECRET not in await exported() and COURSE in await exported()


async def test_a_link_and_a_file_go_by_the_role_that_is_held_now(lenient_world: World) -> None:
    """What another bot's role opened stays shut when it is lost, seen by us or not."""
    world = lenient_world
    paid = world.guild.create_role("LaunchPass")
    course = await shelved(world)
    await sold(world, "Rust course", course)
    await identify(world, "Rust course", "role", str(paid.id))
    course = dataclasses.replace(course, is_sold=True)
    links = dataclasses.replace(world.app.services.links, public_root="https://learn.example")
    who, holds = (world.guild.id, world.alice.id), {paid.id}

    async def roles_in(guild_id: int, user_id: int) -> set[int]:
        return holds

    await set_roles(world, world.alice, paid)
    await world.alice.slash(world.channel, "points")
    await world.env.settle()
    (shown,) = await world.app.database.write(
        lambda conn: links.show(conn, *who, [course], "search", arm="saved")
    )
    assert shown.url is not None
    later(world, seconds=10)

    async def followed() -> str | None:
        async with serving(routes.make(links, roles_in)) as root:
            path = f"{root}/r/{str(shown.url).rpartition('/')[2]}"
            async with (
                aiohttp.ClientSession() as browser,
                browser.get(path, headers=BROWSER, allow_redirects=False) as answered,
            ):
                assert answered.status in (302, 403)
                return answered.headers.get("Location")

    keeping = world.app.services.library.keeping
    assert await followed() == URL
    ((_, listed),) = await keeping.everything(*who, role_ids=holds)
    assert listed.url == URL
    holds = set()  # nobody told us
    assert await followed() is None
    assert await keeping.everything(*who, role_ids=holds) == []
    now = world.app.clock().timestamp()
    await world.app.database.write(
        lambda conn: members.change_member(conn, *who, now, is_tracked=False)
    )
    (shown,) = await world.app.database.write(
        lambda conn: links.show(conn, *who, [course], "search", arm="saved")
    )
    assert shown.url is None  # the button asks when it is pressed


async def test_the_days_of_grace_are_for_roles_too(lenient_world: World) -> None:
    world = lenient_world
    paid, given = world.guild.create_role("LaunchPass"), world.guild.create_role("Rustaceans")
    course = await shelved(world)
    await sold(world, "Rust course", course, role_id=given.id, grace_days=3)
    await identify(world, "Rust course", "role", str(paid.id))
    links, who = world.app.services.links, (world.guild.id, world.alice.id)

    async def opens() -> bool:
        stored = world.env.backend.guilds[world.guild.id].members[world.alice.id]
        try:
            await links.open_shared(*who, 1, course.resource_id, role_ids=set(stored.role_ids))
        except UserError:
            return False
        return True

    await set_roles(world, world.alice, paid)
    await world.alice.slash(world.channel, "points")
    await tick(world)
    await set_roles(world, world.alice, given)
    await world.alice.slash(world.channel, "points")
    await world.env.settle()
    for days, is_open in ((2, True), (2, False)):
        later(world, days=days)
        await tick(world)
        async with world.app.database.read() as conn:
            at = world.app.clock().timestamp()
            owned = await access.owned(conn, *who, (), at)
        assert (await opens(), course.resource_id in owned) == (is_open, is_open)
        has_role = given.id in world.env.backend.guilds[who[0]].members[who[1]].role_ids
        assert has_role == is_open
