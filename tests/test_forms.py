"""Every form lands where whoever opened it meant, and nowhere else."""

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot import forms
from bot.i18n import Texts
from tests.discord_sim import World, form_parts, send_form, send_forms, set_locale, texts_of
from tests.form_cases import BY_NAME, CASES, Case, open_add, open_interests, rows
from tests.test_access import give_roles

BOT = Path(__file__).parent.parent / "bot"
EXPIRED = Texts("en")("error-form-expired")
REFUSED = Texts("en")("error-not-allowed")


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


async def test_a_form_that_is_sent_five_times_at_once_is_taken_once_beside_anothers(
    lenient_world: World,
) -> None:
    here, there = lenient_world, await second(lenient_world)
    sent = []
    for world, title in ((here, "Here"), (there, "There")):
        opened, who, where = await open_add(world), world.moderator, world.channel
        parts = form_parts(who, where, opened, {"title": title, "price": "5"})
        sent.append((who, where, parts))
    answers = await send_forms(here.env, [*sent * 5])
    assert sum(EXPIRED in texts_of(each.response) for each in answers) == 8
    for world, title in ((here, "Here"), (there, "There")):
        found = await world.app.services.shop.goods.find(world.guild.id, "", any_state=True)
        assert [item.title for item in found] == [title]


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
