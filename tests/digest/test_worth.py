"""That a letter is worth it: unopened ones grow fewer, unlikely cards stay out, hours are kept."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import UserError
from recommender.calibration import PRIOR
from storage import members, snapshots
from storage.records import DigestItem, EventKind, Snapshot
from storage.schema import audit, events
from tests.digest.conftest import GUILD, Post, add, resource, stock
from tests.digest.test_commands import letters, opt_in, tick, to_next
from tests.digest.test_delivery import ANNA, BEN, TO_MONDAY
from tests.discord_sim import World, _components, set_locale, texts_of

WEEK = {"days": 7}


async def weeks(post: Post, n: int) -> list[bool]:
    """Let weeks pass; say of each whether a letter came."""
    came = []
    for _ in range(n):
        before = post.messenger.got(ANNA)
        await post.tick()
        came.append(post.messenger.got(ANNA) > before)
        post.clock.pass_by(**WEEK)
    return came


async def more(post: Post, n: int) -> None:
    """Add to the eight resources there are."""
    for number in range(9, n):
        await add(post.database, resource(number, published_at=1.0 * number))


async def ready(post: Post) -> None:
    await more(post, 60)
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)


def notes(post: Post) -> list[str | None]:
    found = []
    for letter in post.messenger.sent:
        view: Any = letter.view
        text = str(view.to_components())
        half, last = "half as often" in text, "this is the last one" in text
        found.append("slowed" if half else "asking" if last else None)
    return found


async def opened(post: Post, item: DigestItem) -> None:
    now = post.clock().timestamp()
    await post.services.links.open(item.impression_id, ANNA, role_ids=())
    async with post.database.read() as conn:
        found = (await conn.execute(select(events.c.occurred_at))).scalars().all()
    assert now in found


async def test_letters_nobody_opens_halve_then_ask_then_stop_and_each_says_so(post: Post) -> None:
    await ready(post)
    came = await weeks(post, 16)
    assert came[:4] == [True] * 4
    assert came[4:10] == [False, True] * 3, "every second week"
    assert sum(came[10:]) == 0, "asked once, then none"
    assert notes(post) == [None, None, None, "slowed", None, None, "asking"]
    status = await post.services.digest.subscriptions.status(GUILD, ANNA)
    assert not status.setting.is_on
    async with post.database.read() as conn:
        assert (await conn.execute(select(audit.c.action))).scalars().all() == [
            "digest.on",
            "digest.off",
        ]
    await post.opt_in(ANNA)
    assert (await weeks(post, 2))[-1]


async def test_an_open_brings_the_old_pace_back(post: Post) -> None:
    await ready(post)
    await weeks(post, 4)
    slowed = (await post.deliveries(ANNA))[-1]
    await opened(post, slowed.items[0])
    assert (await weeks(post, 4))[1:] == [True] * 3
    assert notes(post)[4:] == [None] * 3


async def test_who_is_asked_and_says_so_keeps_getting_them(post: Post) -> None:
    await ready(post)
    await weeks(post, 10)
    last = (await post.deliveries(ANNA))[-1]
    assert last.note == "asking"
    keep = post.services.digest.subscriptions.keep
    assert await keep(last.delivery_id, BEN) is None
    assert await keep(last.delivery_id, ANNA) == GUILD
    assert (await weeks(post, 4))[1:] == [True] * 3
    await weeks(post, 30)
    assert not (await post.setting(ANNA)).is_on
    assert await keep(last.delivery_id, ANNA) == GUILD, "also when they had stopped"
    assert (await post.setting(ANNA)).is_on


async def test_of_who_is_not_tracked_nobody_can_tell(post: Post) -> None:
    await ready(post)
    await post.database.write(
        lambda conn: members.change_member(conn, GUILD, ANNA, 1.0, is_tracked=False)
    )
    assert sum(await weeks(post, 9)) == 9


async def test_a_pause_and_a_pace_are_kept(post: Post) -> None:
    await ready(post)
    subscriptions = post.services.digest.subscriptions
    await subscriptions.set_cadence(GUILD, ANNA, "fortnightly")
    assert (await weeks(post, 5))[1:] == [True, False, True, False]
    status = await subscriptions.pause(GUILD, ANNA, "2026-06-01")
    assert status.setting.due_at is not None
    assert (await weeks(post, 9))[:8] == [False] * 8
    status = await subscriptions.pause(GUILD, ANNA, None)
    for wrong in ("tomorrow", "2020-01-01", "2036-01-01", "2026-13-01"):
        with pytest.raises(UserError, match="error-digest-pause"):
            await subscriptions.pause(GUILD, ANNA, wrong)


async def test_a_year_of_months_brings_one_letter_each(post: Post) -> None:
    await more(post, 120)
    await post.opt_in(ANNA)
    await post.services.digest.subscriptions.set_time(GUILD, ANNA, 6, 2, "Europe/Berlin")
    await post.services.digest.subscriptions.set_cadence(GUILD, ANNA, "monthly")
    months = []
    for _ in range(365):
        before = post.messenger.got(ANNA)
        await post.tick()
        if post.messenger.got(ANNA) > before:
            months.append(post.clock().month)
            for item in (await post.deliveries(ANNA))[-1].items[:1]:
                await post.services.links.open(item.impression_id, ANNA, role_ids=())
        post.clock.pass_by(days=1)
    assert len(months) >= 11
    assert len(set(months)) == len(months)


async def test_several_servers_never_write_to_a_member_in_the_same_hour(post: Post) -> None:
    others = (2, 3)
    for guild_id in others:
        await stock(post.database, 8, guild_id)
        await post.services.digest.subscriptions.turn_on(guild_id, ANNA)
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    for n_hours in range(4):
        for _ in range(12):
            await post.tick()
            assert post.messenger.got(ANNA) == min(3, n_hours + 1)
            post.clock.pass_by(minutes=5)
        post.clock.pass_by(minutes=1)
    await post.tick()
    assert post.messenger.got(ANNA) == 3


async def test_what_is_unlikely_to_be_opened_is_not_sent_and_the_status_says_why(
    post: Post,
) -> None:
    await post.opt_in(ANNA)
    hardly = PRIOR.packed() | {"intercept": -6.0}
    attempt = Snapshot(
        guild_id=GUILD,
        state="rejected",
        reason="",
        metrics={"calibration": hardly},
        as_of_at=1.0,
        created_at=1.0,
    )
    await post.database.write(lambda conn: snapshots.store(conn, attempt))
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    assert post.messenger.sent == []
    (skipped,) = await post.deliveries(ANNA)
    assert (skipped.state, skipped.n_gated, skipped.items) == ("skipped", 8, ())
    status = await post.services.digest.subscriptions.status(GUILD, ANNA)
    assert status.skipped is not None
    found = await post.services.digest.claims.preview(GUILD, ANNA, ())
    assert (found.picks, found.n_gated, found.is_worth_sending) == ((), 8, False)
    assert await post.run.now(GUILD, ANNA, 501) == "sent", "who asks gets what there is"


async def test_the_preview_and_the_status_in_both_languages(world: World) -> None:
    r = await world.alice.slash(world.channel, "digest preview")
    assert "I found nothing to show you" in texts_of(r.response)
    await world.alice.slash(world.channel, "digest on")
    await to_next(world)
    await tick(world)
    r = await world.alice.slash(world.channel, "digest status")
    assert "**The last one was not sent**" in texts_of(r.response)
    assert "I found nothing to show you; I send a digest from three on." in texts_of(r.response)
    await stock(world.app.database, 8, world.guild.id)
    set_locale(world.alice, "zh-CN")
    r = await world.alice.slash(world.channel, "digest preview")
    assert texts_of(r.response).startswith("## 你的下一期会是这样")
    assert texts_of(r.response).count("### Article") == 3
    assert letters(world, world.alice) == []
    r = await world.alice.slash(world.channel, "digest pace", every="monthly")
    assert "每月一次，周一 09:00（UTC）送达" in texts_of(r.response)
    r = await world.alice.slash(world.channel, "digest pause", until="2026-12-24")
    assert re.search(r"暂停到 <t:\d+:D>", texts_of(r.response))
    r = await world.alice.slash(world.channel, "digest pause")
    assert "暂停到" not in texts_of(r.response)


async def test_a_word_about_a_card_is_an_event_of_its_own(world: World) -> None:
    await opt_in(world, world.alice)
    await to_next(world)
    await tick(world)
    (letter,) = letters(world, world.alice)
    menus = menus_of(letter)
    assert len(menus) == 3
    for menu, word, kind in zip(
        menus,
        ("useful", "too_hard", "less"),
        (EventKind.USEFUL, EventKind.TOO_HARD, 13),
        strict=True,
    ):
        r = await world.alice.user.select(letter, [word], custom_id=menu)
        assert "Article" in texts_of(r.response)
        async with world.app.database.read() as conn:
            kinds = (await conn.execute(select(events.c.kind))).scalars().all()
        assert kinds[-1] == kind


def menus_of(letter: Any) -> list[str]:
    found = re.findall(r"digest:say:\d+", str(_components(letter)))
    return list(dict.fromkeys(found))
