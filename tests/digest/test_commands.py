"""What members read and press, in the simulator, with the real messenger."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.digest import views
from bot.digest.delivery import DigestRun
from bot.messenger import DiscordMessenger, Letter, Messenger, Recipient
from storage import digests, members
from storage.records import Delivery, DigestSetting
from storage.schema import deliveries
from tests.digest.conftest import add, resource, stock
from tests.discord_sim import World, button_id, buttons_of, close_dms, set_locale, texts_of

ENGLISH_TIME = re.compile(r"<t:(\d+):F>")


async def opt_in(world: World, member: Any) -> None:
    await stock(world.app.database, 8, world.guild.id)
    await member.slash(world.channel, "digest on")


async def tick(world: World, messenger: Messenger | None = None) -> None:
    """Tick as the scheduler does, whose tasks belong to the bot."""
    run = DigestRun(
        world.app.services.digest,
        messenger or DiscordMessenger(world.client),
        world.app.speaker,
    )
    with world.env._bot_scope():
        task = asyncio.ensure_future(run.tick(world.env.now()))
    await world.env.settle()
    await task


async def to_next(world: World) -> None:
    """Let time pass until the next digest is due (the world begins on a Monday at nine)."""
    await world.env.advance_time(7 * 86_400)


def letters(world: World, member: Any) -> list[Any]:
    channel = member.user.dm_channel
    return [] if channel is None else list(channel.history())


async def setting(world: World, member: Any) -> DigestSetting | None:
    async with world.app.database.read() as conn:
        return await digests.setting(conn, world.guild.id, member.id)


async def last_delivery(world: World) -> Delivery:
    async with world.app.database.read() as conn:
        newest = select(deliveries.c.delivery_id).order_by(deliveries.c.delivery_id.desc())
        number = (await conn.execute(newest.limit(1))).scalar_one()
        found = await digests.delivery(conn, number)
    assert found is not None
    return found


async def test_opting_in_says_when_the_first_one_comes(world: World) -> None:
    r = await world.alice.slash(world.channel, "digest on")
    text = texts_of(r.response)
    assert r.ephemeral
    assert "every week, on Monday at 09:00 (UTC)" in text
    match = ENGLISH_TIME.search(text)
    assert match is not None
    due_s = (world.env.now() + timedelta(days=7)).timestamp()
    assert abs(int(match[1]) - due_s) < 60


async def test_opting_in_and_out_in_chinese(world: World) -> None:
    set_locale(world.bob, "zh-CN")
    r = await world.bob.slash(world.channel, "digest on")
    assert "**每周精选已开启**" in texts_of(r.response)
    assert "每周一次，周一 09:00（UTC）送达" in texts_of(r.response)
    r = await world.bob.slash(world.channel, "digest off")
    assert texts_of(r.response) == "每周精选已关闭。想恢复的话，用 `/digest on`。"
    r = await world.bob.slash(world.channel, "digest off")
    assert "本来就没有开启" in texts_of(r.response)


async def test_a_time_may_be_chosen_before_opting_in(world: World) -> None:
    r = await world.alice.slash(
        world.channel, "digest time", weekday=4, hour=18, timezone="Europe/Berlin"
    )
    assert "Friday at 18:00 (Europe/Berlin)" in texts_of(r.response)
    assert "still off" in texts_of(r.response)
    r = await world.alice.slash(world.channel, "digest on")
    assert "every week, on Friday at 18:00 (Europe/Berlin)" in texts_of(r.response)
    found = await setting(world, world.alice)
    assert found is not None
    assert f"<t:{int(found.due_at or 0)}:F>" in texts_of(r.response)


async def test_time_zones_are_suggested(world: World) -> None:
    suggested = await world.alice.autocomplete(
        world.channel, "digest time", "timezone", "shang", weekday=0, hour=9
    )
    assert suggested[0] == {"name": "Asia/Shanghai", "value": "Asia/Shanghai"}


async def test_an_unknown_time_zone_is_refused_in_one_sentence(lenient_world: World) -> None:
    world = lenient_world
    r = await world.alice.slash(world.channel, "digest time", weekday=0, hour=9, timezone="Mars")
    assert "I don't know the time zone “Mars”" in texts_of(r.response)
    set_locale(world.bob, "zh-CN")
    r = await world.bob.slash(world.channel, "digest time", weekday=0, hour=9, timezone="火星")
    assert texts_of(r.response).startswith("没有“火星”这个时区，")
    assert await setting(world, world.alice) is None


async def test_the_status_says_off_then_on_then_when_the_last_one_came(world: World) -> None:
    r = await world.alice.slash(world.channel, "digest status")
    assert "Your digest is off" in texts_of(r.response)
    await opt_in(world, world.alice)
    r = await world.alice.slash(world.channel, "digest status")
    assert "Your digest is on" in texts_of(r.response)
    assert "last one" not in texts_of(r.response)
    await world.alice.slash(world.channel, "digest now")
    r = await world.alice.slash(world.channel, "digest status")
    assert re.search(r"The last one came <t:\d+:R>", texts_of(r.response))


async def test_without_the_opt_in_a_digest_is_shown_right_here_and_nothing_is_sent(
    world: World,
) -> None:
    await stock(world.app.database, 8, world.guild.id)
    r = await world.alice.slash(world.channel, "digest now")
    assert r.ephemeral
    assert "Nothing was sent, because your digest is off. `/digest on`" in texts_of(r.response)
    assert "Article 8" in texts_of(r.response)
    assert button_id(r.response, r"card:save:\d+")
    assert letters(world, world.alice) == []
    async with world.app.database.read() as conn:
        assert (await conn.execute(select(deliveries.c.delivery_id))).all() == []


async def test_too_small_a_catalogue_is_said_in_one_sentence(lenient_world: World) -> None:
    world = lenient_world
    r = await world.alice.slash(world.channel, "digest now")
    assert "fewer than three things to recommend" in texts_of(r.response)
    await world.alice.slash(world.channel, "digest on")
    set_locale(world.alice, "zh-CN")
    r = await world.alice.slash(world.channel, "digest now")
    assert "还不到三项" in texts_of(r.response)
    assert letters(world, world.alice) == []


async def test_a_digest_at_once_comes_by_direct_message_and_not_twice(
    lenient_world: World,
) -> None:
    world = lenient_world
    await opt_in(world, world.alice)
    r = await world.alice.slash(world.channel, "digest now")
    assert texts_of(r.response) == "Your digest is in your direct messages."
    assert len(letters(world, world.alice)) == 1
    r = await world.alice.slash(world.channel, "digest now")
    assert re.search(r"you can get the next one <t:\d+:R>", texts_of(r.response))
    assert len(letters(world, world.alice)) == 1


async def test_the_weekly_letter_in_english(world: World) -> None:
    await opt_in(world, world.alice)
    await tick(world)
    assert letters(world, world.alice) == []
    await to_next(world)
    await tick(world)
    await tick(world)
    (letter,) = letters(world, world.alice)
    text = texts_of(letter)
    assert text.startswith("## This week in Lyceum\n")
    assert text.count("### Article") == 3
    assert "You get this because you turned on digests in Lyceum." in text
    assert "Stop these messages" in text
    assert len(text) <= 4_000
    assert len(buttons_of(letter)) == 7
    assert letters(world, world.bob) == []


@pytest.mark.parametrize("is_chosen", [True, False])
async def test_the_weekly_letter_in_chinese(world: World, is_chosen: bool) -> None:
    if not is_chosen:
        set_locale(world.bob, "zh-CN")
    await opt_in(world, world.bob)
    if is_chosen:
        await world.app.database.write(
            lambda conn: members.change_member(
                conn, world.guild.id, world.bob.id, 1.0, language="zh-CN"
            )
        )
    await to_next(world)
    await tick(world)
    (letter,) = letters(world, world.bob)
    text = texts_of(letter)
    assert text.startswith("## Lyceum 本周精选\n")
    assert "收到这条私信，是因为你在 Lyceum 开启了每周精选。" in text
    assert "不再接收" in text
    assert "收藏" in text


async def test_the_letters_buttons_work_in_the_conversation(world: World) -> None:
    await opt_in(world, world.alice)
    await to_next(world)
    await tick(world)
    (letter,) = letters(world, world.alice)
    actor = world.alice.user
    opened = await actor.click(letter, custom_id=button_id(letter, r"card:open:\d+"))
    assert "https://learn.example/" in str(
        [texts_of(opened.response), [b.url for b in buttons_of(opened.response)]]
    )
    saved = await actor.click(letter, custom_id=button_id(letter, r"card:save:\d+"))
    assert saved.acknowledged


async def test_the_stop_button_works_after_a_restart_and_again(world: World) -> None:
    await opt_in(world, world.alice)
    await to_next(world)
    await tick(world)
    (letter,) = letters(world, world.alice)
    await world.restart()
    stop = button_id(letter, r"digest:stop:\d+")
    r = await world.alice.user.click(letter, custom_id=stop)
    assert "no more digests from **Lyceum**" in texts_of(r.response)
    r = await world.alice.user.click(letter, custom_id=stop)
    assert "no more digests from **Lyceum**" in texts_of(r.response)
    found = await setting(world, world.alice)
    assert found is not None
    assert not found.is_on
    await to_next(world)
    await tick(world)
    assert len([m for m in letters(world, world.alice) if "###" in texts_of(m)]) == 1


async def test_closed_messages_are_told_once_in_the_guild(world: World) -> None:
    await opt_in(world, world.alice)
    reopen = close_dms(world.env, world.alice)
    await to_next(world)
    await tick(world)
    await tick(world)
    posts = [r for r in world.env.http_requests if r.method == "POST" and "/messages" in r.path]
    assert len(posts) == 1, "a closed conversation is not tried again"
    r = await world.alice.slash(world.channel, "digest status")
    assert "Your digest is paused" in texts_of(r.response)
    told = [m for m in r.followups if "I couldn't send you your digest" in texts_of(m)]
    assert len(told) == 1
    r = await world.alice.slash(world.channel, "digest status")
    assert not [m for m in r.followups if "I couldn't send you your digest" in texts_of(m)]
    reopen()
    await world.alice.slash(world.channel, "digest on")
    await to_next(world)
    await tick(world)
    assert len(letters(world, world.alice)) == 1


async def test_closed_messages_are_told_at_once_to_who_asked_for_a_digest(world: World) -> None:
    await opt_in(world, world.alice)
    close_dms(world.env, world.alice)
    set_locale(world.alice, "zh-CN")
    r = await world.alice.slash(world.channel, "digest now")
    assert "我没能给你发私信。" in texts_of(r.response)
    assert not [m for m in r.followups if "每周精选没能送达" in texts_of(m)]


@dataclass
class DyingMessenger:
    """The real messenger in a process that ends while it sends."""

    real: DiscordMessenger
    arrives: bool

    async def recipient(self, guild_id: int, user_id: int) -> Recipient | None:
        return await self.real.recipient(guild_id, user_id)

    async def was_sent(self, user_id: int, marker: str, since: datetime) -> int | None:
        return await self.real.was_sent(user_id, marker, since)

    async def send(self, letter: Letter) -> int:
        if self.arrives:
            await self.real.send(letter)
        raise asyncio.CancelledError


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_claim_left_by_a_crash_is_finished_with_exactly_one_letter(
    world: World, arrives: bool
) -> None:
    await opt_in(world, world.alice)
    await to_next(world)
    with pytest.raises(asyncio.CancelledError):
        await tick(world, DyingMessenger(DiscordMessenger(world.client), arrives))
    assert (await last_delivery(world)).state == "claimed"
    await world.restart()
    await tick(world)
    assert len(letters(world, world.alice)) == int(arrives)
    for _ in range(3):
        await world.env.advance_time(300)
        await tick(world)
    (letter,) = letters(world, world.alice)
    delivery = await last_delivery(world)
    assert (delivery.state, delivery.message_id) == ("sent", letter.id)


async def test_a_letter_is_found_by_its_whole_marker(world: World) -> None:
    await opt_in(world, world.alice)
    await world.alice.slash(world.channel, "digest now")
    messenger, since = DiscordMessenger(world.client), world.env.now() - timedelta(minutes=5)
    delivery = await last_delivery(world)
    assert delivery.delivery_id == 1
    (letter,) = letters(world, world.alice)
    found = await messenger.was_sent(world.alice.id, views.stop_id(1), since)
    assert found == letter.id
    assert await messenger.was_sent(world.alice.id, "digest:stop:", since) is None
    assert await messenger.was_sent(world.alice.id, views.stop_id(11), since) is None
    later = world.env.now() + timedelta(hours=2)
    assert await messenger.was_sent(world.alice.id, views.stop_id(1), later) is None


@pytest.mark.parametrize(
    ("status", "code", "n_attempts", "state"),
    [(403, 40003, 1, "claimed"), (503, 0, 2, "claimed"), (400, 50035, 2, "failed")],
)
async def test_discords_refusals_end_the_run_or_the_letter(
    world: World, status: int, code: int, n_attempts: int, state: str
) -> None:
    await opt_in(world, world.alice)
    await world.bob.slash(world.channel, "digest on")
    await to_next(world)
    for member in (world.alice, world.bob):
        world.env.backend.get_dm_channel(member.id)
    world.env.inject_error(
        "POST", "/channels/*/messages", status=status, code=code, times=n_attempts
    )
    await tick(world)
    assert (await last_delivery(world)).state == state
    assert letters(world, world.alice) == []
    await world.env.advance_time(300)
    await tick(world)
    assert len(letters(world, world.alice)) == (0 if state == "failed" else 1)
    await world.env.advance_time(300)
    await tick(world)
    assert len(letters(world, world.bob)) == (0 if state == "failed" else 1)


async def test_a_member_who_left_the_guild_is_not_written_to(world: World) -> None:
    messenger = DiscordMessenger(world.client)
    stranger = world.env.create_user("stranger")
    assert await messenger.recipient(world.guild.id, stranger.id) is None
    assert await messenger.recipient(1, world.alice.id) is None
    found = await messenger.recipient(world.guild.id, world.moderator.id)
    assert found is not None
    assert found.guild_name == "Lyceum"
    assert len(found.role_ids) == 2


async def test_a_digest_that_is_resumed_shows_what_the_member_may_see_now(world: World) -> None:
    role = world.guild.create_role("Insiders")
    own = world.env.backend.guilds[world.guild.id].members[world.alice.id].role_ids
    own.append(role.id)
    for n in range(4):
        hidden = resource(n, world.guild.id, role_id=role.id, published_at=float(n))
        await add(world.app.database, hidden)
    await world.alice.slash(world.channel, "digest on")
    await to_next(world)
    with pytest.raises(asyncio.CancelledError):
        await tick(world, DyingMessenger(DiscordMessenger(world.client), False))
    own.remove(role.id)
    await world.restart()
    for _ in range(3):
        await world.env.advance_time(300)
        await tick(world)
    assert not any("Article" in texts_of(letter) for letter in letters(world, world.alice))
