"""Cards, finding somebody, and invitations: sent once, answered, passed on, never above a cap."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.experts.delivery import InvitationsRun
from bot.messenger import DiscordMessenger
from storage.records import Expert
from storage.schema import experts, invitations
from tests.discord_sim import World, button_id, close_dms, set_locale, texts_of
from tests.questions.scenes import Forum, open_forum


async def card(world: World, member: Any, **changes: Any) -> None:
    """Put an expert there who is always available."""
    said: dict[str, Any] = {
        "topics": ("sql",),
        "languages": ("en",),
        "time_zone": "UTC",
        "weekdays": tuple(range(7)),
        "from_hour": 0,
        "to_hour": 24,
        "reach": "dm",
    }
    now = world.app.clock().timestamp()
    await world.app.services.experts.save(
        Expert(
            guild_id=world.guild.id,
            user_id=member.id,
            created_at=now,
            updated_at=now,
            **said | changes,
        )
    )


async def tick(world: World, **later: float) -> None:
    if later:
        await world.env.advance_time(timedelta(**later).total_seconds())
    run = InvitationsRun(
        inviting=world.app.services.experts.inviting,
        messenger=DiscordMessenger(world.client),
        client=world.client,
        speaker=world.app.speaker,
    )
    await run.tick(world.app.clock())
    await world.env.settle()


async def states(world: World) -> list[tuple[int, str]]:
    async with world.app.database.read() as conn:
        rows = await conn.execute(
            select(invitations.c.user_id, invitations.c.state).order_by(invitations.c.invitation_id)
        )
        return [(user_id, state) for user_id, state in rows]


def letters(member: Any) -> list[Any]:
    return list(member.user.dm_channel.history()) if member.user.dm_channel else []


async def asked(world: World, *members: Any, **changes: Any) -> tuple[Forum, Any]:
    """Return a forum and a question that experts were asked for."""
    forum = await open_forum(world, "Solved", "sql")
    for member in members:
        await card(world, member, **changes)
    thread = await forum.ask(world.alice, "Why is my query slow?", tags=(51,))
    await tick(world, minutes=31)
    return forum, thread


async def test_a_card_is_a_form_and_found_by_its_topic(world: World) -> None:
    form = await world.bob.slash(
        world.channel, "expert card", languages="both", timezone="Berlin", weekly=5
    )
    filled = {"topics": "SQL, Postgres", "hours": "9-17", "days": ["0", "1"], "reach": ["dm"]}
    shown = await world.bob.submit_modal(form, filled | {"offer": "https://cal.example/bob"})
    assert "Europe/Berlin" in texts_of(shown.response) and "Postgres" in texts_of(shown.response)
    found = await world.alice.slash(world.channel, "expert find", topic="sql")
    assert str(world.bob.id) in texts_of(found.response)
    again = await world.bob.slash(world.channel, "expert card")
    assert "SQL, Postgres" in str(again.modal)
    set_locale(world.alice, "zh-CN")
    found = await world.alice.slash(world.channel, "expert find", topic="rust")
    assert "没有其他专家可以请教" in texts_of(found.response)


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ({"topics": "\u200b", "hours": "9-17"}, "1 to 10 topics"),
        ({"topics": "a", "hours": "late"}, "full hours"),
    ],
)
async def test_what_is_refused_says_what_is_accepted(
    lenient_world: World, filled: dict[str, Any], sentence: str
) -> None:
    world = lenient_world
    form = await world.bob.slash(world.channel, "expert card")
    refused = await world.bob.submit_modal(form, filled | {"days": ["1"], "reach": ["dm"]})
    assert sentence in texts_of(refused.response)


async def test_a_question_without_an_answer_invites_two_experts_once(world: World) -> None:
    carol, dan = world.person("carol"), world.person("dan")
    forum = await open_forum(world, "Solved", "sql")
    for member in (world.bob, carol, dan):
        await card(world, member)
    thread = await forum.ask(world.alice, "Why is my query slow?", tags=(51,))
    await tick(world, minutes=29)
    assert await states(world) == []
    await tick(world, minutes=2)
    await tick(world)
    await world.restart()
    await tick(world)
    assert [state for _, state in await states(world)] == ["sent", "sent"]
    assert sum(len(letters(each)) for each in (world.bob, carol, dan)) == 2
    await forum.tick()
    (shown,) = forum.cards(thread)
    assert "Experts asked: 2" in texts_of(shown)


async def test_an_accepted_invitation_is_said_without_a_name_and_a_pass_not_at_all(
    world: World,
) -> None:
    carol = world.person("carol")
    forum, thread = await asked(world, world.bob, carol)
    (letter,) = letters(world.bob)
    done = await world.bob.user.click(letter, custom_id=button_id(letter, r"expert:yes:\d+"))
    assert str(thread.id) in texts_of(done.response)
    (letter,) = letters(carol)
    await carol.user.click(letter, custom_id=button_id(letter, r"expert:no:\d+"))
    await forum.tick()
    (shown,) = forum.cards(thread)
    assert "coming: 1" in texts_of(shown)
    assert str(carol.id) not in texts_of(shown)
    assert sorted(await states(world)) == sorted([(world.bob.id, "accepted"), (carol.id, "passed")])


async def test_no_word_passes_on_to_the_next(world: World) -> None:
    carol, dan = world.person("carol"), world.person("dan")
    await asked(world, world.bob, carol, dan)
    await tick(world, hours=11)
    assert len(await states(world)) == 2
    await tick(world, hours=2)
    found = await states(world)
    assert [state for _, state in found] == ["expired", "expired", "sent"]
    assert len({user_id for user_id, _ in found}) == 3


async def test_a_mention_in_the_thread_is_deleted_when_somebody_passes(world: World) -> None:
    forum, thread = await asked(world, world.bob, reach="thread")
    (said,) = [m for m in forum.cards(thread) if "could you answer this" in texts_of(m)]
    await world.bob.click(said, custom_id=button_id(said, r"expert:no:\d+"))
    assert not [m for m in forum.cards(thread) if "could you answer this" in texts_of(m)]


async def test_somebody_elses_invitation_cannot_be_answered(lenient_world: World) -> None:
    world = lenient_world
    forum, thread = await asked(world, world.bob, reach="thread")
    (said,) = [m for m in forum.cards(thread) if "could you answer this" in texts_of(m)]
    refused = await world.alice.click(said, custom_id=button_id(said, r"expert:yes:\d+"))
    assert "for somebody else" in texts_of(refused.response)
    assert [state for _, state in await states(world)] == ["sent"]


async def test_a_crash_between_claiming_and_sending_loses_and_doubles_nothing(
    world: World,
) -> None:
    await asked(world, world.bob)

    async def forget(conn: Any) -> None:
        await conn.execute(update(invitations).values(state="claimed", message_id=None))

    await world.app.database.write(forget)
    await tick(world, minutes=5)
    assert len(letters(world.bob)) == 1
    assert [state for _, state in await states(world)] == ["sent"]


async def test_who_takes_no_messages_is_asked_nothing_more_and_somebody_else_is(
    world: World,
) -> None:
    carol = world.person("carol")
    close_dms(world.env, world.bob)
    await asked(world, world.bob, carol)
    await tick(world)
    found = dict(await states(world))
    assert found[world.bob.id] == "failed" and found[carol.id] == "sent"
    mine = await world.app.services.experts.mine(world.guild.id, world.bob.id)
    assert mine.card is not None and mine.card.closed_at is not None
    shown = await world.bob.slash(world.channel, "expert pause")
    assert "Paused" in texts_of(shown.response)


async def test_nobody_is_asked_above_their_cap_or_for_their_own_question(world: World) -> None:
    forum = await open_forum(world, "Solved", "sql")
    await card(world, world.bob, weekly_max=1)
    await card(world, world.alice)
    for title in ("Slow query one", "Slow query two"):
        await forum.ask(world.alice, title, tags=(51,))
    await tick(world, minutes=31)
    assert await states(world) == [(world.bob.id, "sent")]
    await tick(world, days=3)
    assert [user for user, _ in await states(world)] == [world.bob.id]


async def test_an_answer_or_a_pause_ends_the_asking(world: World) -> None:
    forum, thread = await asked(world, world.bob)
    await world.bob.slash(world.channel, "expert pause")
    assert await states(world) == [(world.bob.id, "withdrawn")]
    carol = world.person("carol")
    await card(world, carol)
    await world.moderator.send(thread, "Because of the cast.")
    await tick(world, hours=1)
    assert len(await states(world)) == 1
    assert (await forum.question(thread)).state == "answered"


async def test_who_may_not_see_the_channel_is_not_asked(world: World) -> None:
    from tests.questions.test_asking import hide

    forum = await open_forum(world, "Solved", "sql")
    await card(world, world.bob)
    await forum.ask(world.alice, "Why is my query slow?", tags=(51,))
    await hide(world, forum.channel, view_channel=False)
    await tick(world, minutes=31)
    assert await states(world) == [(world.bob.id, "failed")]
    assert letters(world.bob) == []


async def test_a_server_may_want_cards_approved(world: World) -> None:
    await world.app.services.questions.change(
        world.guild.id, world.moderator.id, approves_experts=True
    )
    await card(world, world.bob)
    found = await world.alice.slash(world.channel, "expert find", topic="sql")
    assert "Nobody else can be asked" in texts_of(found.response)
    waiting = await world.moderator.slash(world.channel, "expert review")
    await world.moderator.click(
        waiting.response, custom_id=button_id(waiting.response, r"experts:approve:\d+")
    )
    found = await world.alice.slash(world.channel, "expert find", topic="sql")
    assert str(world.bob.id) in texts_of(found.response)
    log = await world.moderator.slash(world.channel, "server log", kind="questions")
    assert "approved the expert card" in texts_of(log.response)


async def test_leaving_and_erasing_take_the_card_and_what_was_asked(world: World) -> None:
    await asked(world, world.bob)
    await world.bob.slash(world.channel, "expert leave")
    async with world.app.database.read() as conn:
        assert (await conn.execute(select(experts))).all() == []
    await world.app.services.privacy.erase(world.guild.id, world.bob.id, is_tracking_stopped=False)
    assert await states(world) == []


async def test_what_was_opened_for_digests_counts_for_invitations_too(world: World) -> None:
    members = [world.person(f"expert{n}") for n in range(8)]
    forum = await open_forum(world, "Solved", "sql")
    for member in members:
        await card(world, member)
    for n in range(4):
        await forum.ask(world.alice, f"Slow query {n}", tags=(51,))
    await tick(world, minutes=31)
    assert sum(len(letters(each)) for each in members) == 5
    await tick(world, minutes=11)
    assert sum(len(letters(each)) for each in members) == 8


async def test_who_sells_time_in_the_shop_is_booked_there(world: World) -> None:
    goods = world.app.services.shop.goods
    filled = {"title": "An hour with Bob", "price": "5"}
    await goods.add(world.guild.id, world.moderator.id, "custom", filled)
    await card(world, world.bob, offer="Book an hour with Bob")
    found = await world.alice.slash(world.channel, "expert find", topic="sql")
    booking = button_id(found.response, r"shop:show:\d+")
    shown = await world.alice.click(found.response, custom_id=booking)
    assert "An hour with Bob" in texts_of(shown.response)
    await card(world, world.bob, offer="Book an hour with Carol")
    found = await world.alice.slash(world.channel, "expert find", topic="sql")
    assert "shop:show" not in str(found.response)
