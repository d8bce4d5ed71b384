import json
from typing import Any

import pytest

from storage import audit, consent, consistency, ledger, members, privacy, snapshots
from storage.connection import Connection
from storage.records import AuditRow, Member, Snapshot
from tests.discord_sim import World, buttons_of, set_locale, texts_of
from tests.privacy.test_bytes import sell


async def stored(world: World, person: Any) -> Member:
    async with world.app.database.read() as conn:
        return await members.member(conn, world.guild.id, person.id)


async def counted(world: World, person: Any) -> dict[str, int]:
    async with world.app.database.read() as conn:
        counts = await privacy.counts(conn, world.guild.id, person.id)
    return {table: n for table, n in counts.items() if n}


async def trail(world: World) -> list[AuditRow]:
    async with world.app.database.read() as conn:
        return await audit.rows(conn, world.guild.id)


async def card_of(world: World, person: Any) -> Any:
    return (await person.slash(world.channel, "privacy")).response


async def test_the_card_says_what_is_stored_and_what_for(world: World) -> None:
    await world.alice.slash(world.channel, "profile interests", interests="Rust")
    result = await world.alice.slash(world.channel, "privacy")
    assert result.ephemeral
    text = texts_of(result.response)
    start = int(world.env.now().timestamp())
    assert f"Since <t:{start}:D>, and only in this server:" in text
    assert "- your profile and choices" in text
    assert "**What it's for:**" in text
    assert "Kept by whoever runs this bot, until you erase it or 30 days after" in text
    assert "is left out of every later training" in text
    assert "goes out of use within a day" in text
    assert [button.custom_id for button in buttons_of(result.response)] == [
        "privacy:export",
        "privacy:track:off",
        "privacy:learn:on",
        "privacy:learn:all",
        "privacy:erase",
        "privacy:notice",
    ]


async def test_a_stranger_reads_that_nothing_is_stored(world: World) -> None:
    assert "Nothing yet." in texts_of(await card_of(world, world.alice))


async def test_the_card_reads_chinese(world: World) -> None:
    set_locale(world.bob, "zh-CN")
    card = await card_of(world, world.bob)
    assert "Lyceum 在这里存了你的哪些数据" in texts_of(card)
    assert "目前什么都没有。" in texts_of(card)
    question = await world.bob.click(card, custom_id="privacy:erase")
    assert "要删除你在这里的数据吗？" in texts_of(question.response)
    erased = await world.bob.click(question.response, custom_id="privacy:erase:all")
    assert "已删除" in texts_of(erased.response)


async def test_the_export_is_a_file_with_every_row(world: World) -> None:
    await world.alice.slash(world.channel, "profile interests", interests="Rust, 机器学习")
    await world.app.services.profile.answer_consent(world.guild.id, world.alice.id, is_granted=True)
    card = await card_of(world, world.alice)
    await world.restart()
    result = await world.alice.click(card, custom_id="privacy:export")
    assert result.ephemeral
    assert "Everything Lyceum stores about you" in result.response.content
    (file,) = result.response.attachments
    assert file.filename == f"lyceum-{world.guild.id}-{world.alice.id}.json"
    document = json.loads(await file.read())
    tables = document["tables"]
    assert set(tables) == {table.name for table in privacy.personal_tables()}
    assert {name: len(rows) for name, rows in tables.items() if rows} == await counted(
        world, world.alice
    )
    (member,) = tables["members"]
    assert member["user_id"] == str(world.alice.id)
    assert member["interests"] == ["Rust", "机器学习"]
    assert member["consent_at"] == world.env.now().isoformat(timespec="seconds")
    assert [row["action"] for row in tables["audit"]] == ["consent-granted"]


async def test_learning_is_switched_on_and_off_in_place(world: World) -> None:
    card = await card_of(world, world.alice)
    when = f"<t:{int(world.env.now().timestamp())}:f>"
    for state, learning, offered in (
        ("on", f"yes, from what you have done since {when}", ["all", "off"]),
        ("all", "yes, from everything recorded here", ["on", "off"]),
        ("on", f"yes, from what you have done since {when}", ["all", "off"]),
        ("off", "no, you declined", ["on", "all"]),
    ):
        pressed = await world.alice.click(card, custom_id=f"privacy:learn:{state}")
        assert pressed.response.id == card.id
        assert pressed.followups == []
        assert f"**Learning from you:** {learning}" in texts_of(pressed.response)
        ids = [str(button.custom_id) for button in buttons_of(pressed.response)]
        assert [i.split(":")[2] for i in ids if i.startswith("privacy:learn")] == offered
        card = pressed.response
        await world.restart()
    rows = [(row.action, row.details) for row in await trail(world)]
    assert rows[::-1] == [
        ("consent-granted", {}),
        ("consent-granted", {"has_earlier": True}),
        ("consent-granted", {}),
        ("consent-declined", {}),
    ]


async def test_with_the_notice_policy_the_card_offers_the_way_out(world: World) -> None:
    await world.moderator.slash(world.channel, "server consent", policy="notice")
    await world.alice.slash(world.channel, "profile view")
    card = await card_of(world, world.alice)
    assert "by this server's default; you can opt out" in texts_of(card)
    off = await world.alice.click(card, custom_id="privacy:learn:off")
    assert "no, you declined" in texts_of(off.response)


async def learned(world: World, person: Any) -> None:
    """Let a model serve that has learned from somebody."""
    now = world.env.now().timestamp()
    live = Snapshot(
        guild_id=world.guild.id,
        state="live",
        reason="accepted",
        metrics={},
        as_of_at=now,
        created_at=now,
        arrays=b"x",
    )

    async def job(conn: Connection) -> None:
        snapshot_id = await snapshots.store(conn, live)
        windows = await consent.windows(conn, world.guild.id)
        taught = {person.id: windows[person.id]}
        await consent.remember(conn, world.guild.id, snapshot_id, taught, now)

    await world.app.database.write(job)


def tomorrow(world: World) -> str:
    return f"<t:{int(world.env.now().timestamp()) + 86_400}:f>"


@pytest.mark.parametrize("press", ["learn:off", "learn:on", "track:off"])
async def test_who_withdraws_reads_until_when_what_was_learned_from_them_is_used(
    world: World, press: str
) -> None:
    """Text: privacy-line-until."""
    card = await card_of(world, world.alice)
    allowed = await world.alice.click(card, custom_id="privacy:learn:all")
    await learned(world, world.alice)
    assert "stays in use until" not in texts_of(await card_of(world, world.alice))
    withdrawn = await world.alice.click(allowed.response, custom_id=f"privacy:{press}")
    until = f"What was learned from you before stays in use until {tomorrow(world)} at the latest."
    assert until in texts_of(withdrawn.response)
    assert "stays in use until" not in texts_of(await card_of(world, world.bob))
    await world.env.advance_time(86_400)
    assert "stays in use until" not in texts_of(await card_of(world, world.alice))


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("en-US", "What the recommendations in use have learned from you goes out of use by {}"),
        ("zh-CN", "现有的推荐从你的记录中学到的内容，最晚用到 {}"),
    ],
)
async def test_who_is_erased_reads_until_when_what_was_learned_from_them_is_used(
    world: World, locale: str, says: str
) -> None:
    """Text: privacy-erased-until."""
    set_locale(world.alice, locale)
    card = await card_of(world, world.alice)
    await world.alice.click(card, custom_id="privacy:learn:on")
    await learned(world, world.alice)
    question = await world.alice.click(card, custom_id="privacy:erase")
    erased = await world.alice.click(question.response, custom_id="privacy:erase:all")
    assert says.format(tomorrow(world)) in texts_of(erased.response)
    assert await counted(world, world.alice) == {}


async def test_asking_again_ends_what_was_learned_from_those_who_did_not_answer(
    world: World,
) -> None:
    await world.moderator.slash(world.channel, "server consent", policy="notice")
    await world.alice.slash(world.channel, "profile view")
    await learned(world, world.alice)
    await world.moderator.slash(world.channel, "server consent", policy="ask")
    card = await card_of(world, world.alice)
    assert f"stays in use until {tomorrow(world)}" in texts_of(card)


async def untracked(world: World) -> set[int]:
    async with world.app.database.read() as conn:
        ids = {world.alice.id, world.bob.id}
        return await members.untracked(conn, world.guild.id, ids)


async def test_tracking_stops_and_begins_again(world: World) -> None:
    card = await card_of(world, world.alice)
    off = await world.alice.click(card, custom_id="privacy:track:off")
    assert "**Tracking:** off; nothing you do is recorded" in texts_of(off.response)
    assert await untracked(world) == {world.alice.id}
    await world.restart()
    on = await world.alice.click(off.response, custom_id="privacy:track:on")
    assert "**Tracking:** on" in texts_of(on.response)
    assert await untracked(world) == set()
    actions = [row.action for row in await trail(world)]
    assert actions == ["tracking-resumed", "tracking-stopped"]


async def test_messages_of_those_not_tracked_are_not_logged(world: World) -> None:
    await world.alice.send(world.channel, "a question about generators")
    card = await card_of(world, world.alice)
    before = await counted(world, world.alice)
    assert before["events"] == 1
    assert "1 message: when, where and how long" in texts_of(card)
    await world.alice.click(card, custom_id="privacy:track:off")
    await world.alice.send(world.channel, "another one")
    assert (await counted(world, world.alice))["events"] == 1


async def test_erasing_is_asked_back_and_may_be_cancelled(world: World) -> None:
    await world.alice.slash(world.channel, "profile interests", interests="Rust")
    card = await card_of(world, world.alice)
    question = await world.alice.click(card, custom_id="privacy:erase")
    assert question.response.id == card.id
    text = texts_of(question.response)
    assert "This can't be undone." in text
    assert "- **Erase and stop tracking**: nothing is recorded any more" in text
    assert [button.label for button in buttons_of(question.response)] == [
        "Erase everything",
        "Erase and stop tracking",
        "Cancel",
    ]
    kept = await world.alice.click(question.response, custom_id="privacy:card")
    assert "- your profile and choices" in texts_of(kept.response)
    assert (await stored(world, world.alice)).interests == ("Rust",)


@pytest.mark.parametrize(
    ("locale", "owed", "code"),
    [
        ("en-US", "One order of yours is not delivered yet", "You redeemed a code"),
        ("zh-CN", "你有 1 笔兑换还没有发放", "你兑换过 1 个兑换码"),
    ],
)
async def test_erasing_warns_of_what_would_be_lost(
    world: World, locale: str, owed: str, code: str
) -> None:
    set_locale(world.alice, locale)
    card = await card_of(world, world.alice)
    nothing = await world.alice.click(card, custom_id="privacy:erase")
    assert "⚠️" not in texts_of(nothing.response)
    await sell(world)
    card = await card_of(world, world.alice)
    question = texts_of((await world.alice.click(card, custom_id="privacy:erase")).response)
    assert owed in question
    assert code in question


@pytest.mark.parametrize("how", ["all", "stop"])
async def test_erasing_leaves_nothing_or_the_id_on_the_do_not_track_list(
    world: World, how: str
) -> None:
    for person in (world.alice, world.bob):
        await person.slash(world.channel, "profile interests", interests="Rust")
        await person.send(world.channel, "a question about generators")
    of_bob = await counted(world, world.bob)
    card = await card_of(world, world.alice)
    await world.alice.click(card, custom_id="privacy:learn:on")
    question = await world.alice.click(card, custom_id="privacy:erase")
    await world.restart()
    erased = await world.alice.click(question.response, custom_id=f"privacy:erase:{how}")
    text = texts_of(erased.response)
    assert erased.response.id == card.id
    assert erased.followups == []
    assert "Later training won't use" in text
    assert "The recommendations in use have learned nothing from you." in text
    if how == "all":
        assert "you count as a new member" in text
        assert await counted(world, world.alice) == {}
    else:
        assert "Only your ID stays" in text
        assert await counted(world, world.alice) == {"members": 1}
        assert await stored(world, world.alice) == Member(
            world.guild.id,
            world.alice.id,
            is_tracked=False,
            created_at=world.env.now().timestamp(),
        )
    assert await counted(world, world.bob) == of_bob
    newest = (await trail(world))[0]
    assert (newest.actor_id, newest.action, newest.details) == (0, "member-erased", {})


async def test_erasing_twice_says_that_nothing_was_left(world: World) -> None:
    question = await world.alice.click(await card_of(world, world.alice), custom_id="privacy:erase")
    await world.app.services.privacy.erase(
        world.guild.id, world.alice.id, is_tracking_stopped=False
    )
    again = await world.alice.click(question.response, custom_id="privacy:erase:all")
    assert "There was nothing left to erase." in texts_of(again.response)
    assert await counted(world, world.alice) == {}


async def test_who_was_erased_is_a_newcomer_and_asked_again(world: World) -> None:
    first = await world.alice.slash(world.channel, "profile view")
    await world.alice.click(first.followups[0], custom_id="consent:yes")
    await world.app.services.privacy.erase(
        world.guild.id, world.alice.id, is_tracking_stopped=False
    )
    again = await world.alice.slash(world.channel, "profile view")
    assert len(again.followups) == 1


async def test_erasing_here_leaves_the_member_elsewhere(world: World) -> None:
    service = world.app.services.privacy
    for guild_id in (world.guild.id, 77):
        await world.app.services.profile.set_interests(guild_id, world.alice.id, "Rust")
    await service.erase(world.guild.id, world.alice.id, is_tracking_stopped=False)
    elsewhere = await service.report(77, world.alice.id)
    assert elsewhere.profile.member.interests == ("Rust",)
    assert elsewhere.holdings.rows["members"] == 1


async def points_of(world: World, person: Any) -> int:
    async with world.app.database.read() as conn:
        return await ledger.balance(conn, world.guild.id, person.id)


async def test_erasing_a_giver_leaves_the_points_of_others_and_every_sum_right(
    world: World,
) -> None:
    await world.alice.send(world.channel, "a long enough question about generators in Python")
    asked = world.channel.last_message
    await world.bob.react(asked, "👍")
    await world.bob.send(world.channel, "a long enough answer about generators in Python")
    answer = world.channel.last_message
    await world.alice.react(answer, "👍")
    of_bob = await points_of(world, world.bob)
    assert of_bob > 0
    assert await points_of(world, world.alice) > 0
    await world.app.services.privacy.erase(world.guild.id, world.alice.id, is_tracking_stopped=True)
    assert await points_of(world, world.alice) == 0
    assert await points_of(world, world.bob) == of_bob
    await world.alice.unreact(answer, "👍")
    await world.bob.unreact(asked, "👍")
    async with world.app.database.read() as conn:
        assert await consistency.problems(conn) == []
    assert await counted(world, world.alice) == {"members": 1}
