"""What the bot says it can do: by role, in both languages, when asked, mentioned or written to."""

import re
from typing import Any

import discord
import pytest

from bot.i18n import LANGUAGES, Texts
from tests.discord_sim import World, buttons_of, set_locale, texts_of
from tests.experts.test_invitations import card

MODERATORS_ONLY = "/rules list"
KEYS = (
    "start-help-member",
    "start-help-ask",
    "start-help-expert",
    "start-help-moderator",
    "start-mentioned",
    "start-skipped",
)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_names_what_there_is_and_moderators_see_theirs_too(
    world: World, language: str
) -> None:
    for person in (world.alice, world.moderator):
        set_locale(person, language)
        said = texts_of((await person.slash(world.channel, "help")).response)
        assert Texts(language)("start-help-title-member") in said
        assert len(said) < 600
        assert MODERATORS_ONLY not in said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_rest_of_help_takes_its_place_by_role(world: World, language: str) -> None:
    for person, is_moderator in ((world.alice, False), (world.moderator, True)):
        set_locale(person, language)
        shown = (await person.slash(world.channel, "help")).response
        offered = {each.custom_id for each in buttons_of(shown)}
        assert ("start:help:moderator" in offered) == is_moderator
        assert "start:help:ask" in offered and "start:help:expert" not in offered
        part = "moderator" if is_moderator else "ask"
        after = await person.click(shown, custom_id=f"start:help:{part}")
        said = texts_of(after.response)
        assert Texts(language)(f"start-help-title-{part}") in said and len(said) < 1_200
        assert (MODERATORS_ONLY in said) == is_moderator
        assert "start:help:member" in {each.custom_id for each in buttons_of(after.response)}


async def test_help_is_one_message_and_asks_nothing(world: World) -> None:
    result = await world.alice.slash(world.channel, "help")
    assert len(result.followups) == 0
    result = await world.alice.click(result.response, custom_id="start:help:ask")
    assert len(result.followups) == 0
    result = await world.alice.slash(world.channel, "saved")
    assert len(result.followups) == 1  # what there is to ask is asked after the next


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_command_that_help_names_exists(world: World, language: str) -> None:
    texts = Texts(language)
    known = {
        each.qualified_name
        for each in world.client.tree.walk_commands()
        if isinstance(each, discord.app_commands.Command)
    }
    for key in KEYS:
        named = re.findall(r"`/([a-z -]+)`", texts(key))
        assert named and set(named) <= known


async def answers(world: World, channel: Any) -> list[str]:
    messages = world.env.backend.messages.get(channel.id, {}).values()
    me = world.client.user
    assert me is not None
    return [str(each) for each in messages if each.author_id == me.id]


async def test_a_mention_is_answered_once_in_ten_minutes(world: World) -> None:
    me = world.client.user
    assert me is not None
    for _ in range(3):
        await world.alice.send(world.channel, f"<@{me.id}> what can you do?")
    assert len(await answers(world, world.channel)) == 1
    await world.env.advance_time(601)
    await world.alice.send(world.channel, f"<@{me.id}> and now?")
    assert len(await answers(world, world.channel)) == 2


async def test_a_channel_is_answered_once_a_minute_whoever_mentions(world: World) -> None:
    me = world.client.user
    assert me is not None
    for person in (world.alice, world.bob):
        await person.send(world.channel, f"<@{me.id}>")
    assert len(await answers(world, world.channel)) == 1


async def test_nobody_else_is_answered(world: World) -> None:
    await world.alice.send(world.channel, "hello everybody, what can you do?")
    assert await answers(world, world.channel) == []


async def test_a_direct_message_is_answered_in_every_language(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    await world.alice.send_dm("my secret question")
    dm = world.alice.user.dm_channel
    assert len(await answers(world, dm)) == 1
    assert "secret" not in caplog.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_tells_experts_of_their_card(world: World, language: str) -> None:
    set_locale(world.bob, language)
    before = (await world.bob.slash(world.channel, "help")).response
    await card(world, world.bob)
    after = (await world.bob.slash(world.channel, "help")).response
    offered = [{each.custom_id for each in buttons_of(shown)} for shown in (before, after)]
    assert ["start:help:expert" in each for each in offered] == [False, True]
    shown = await world.bob.click(after, custom_id="start:help:expert")
    assert Texts(language)("start-help-expert").splitlines()[0] in texts_of(shown.response)
