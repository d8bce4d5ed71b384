"""Reviews by invitation: who fits is asked, passes on, accepts, and writes it under `/review`."""

from typing import Any

import pytest

from storage import experts, submissions
from storage.records import Invitation, Submission
from tests.discord_sim import World, button_id, buttons_of, close_dms, texts_of
from tests.experts.test_invitations import card, letters, tick
from tests.submissions.test_commands import case, press

SCORES = {name: ["4"] for name in ("is_correct", "is_clear", "is_current", "is_worth")}


async def propose(world: World, *, price: str = "", title: str = "Indexes in practice") -> int:
    """Have Alice's page wait for a decision; return its number."""
    now = world.app.clock().timestamp()
    waiting = Submission(
        guild_id=world.guild.id,
        user_id=world.alice.id,
        url_key="example.org/indexes",
        fields={
            "url": "https://example.org/indexes",
            "title": title,
            "kind": "article",
            "tags": "sql, databases",
            **({"price": price, "currency": "USD"} if price else {}),
        },
        state="waiting",
        created_at=now,
        submitted_at=now,
        posted_at=now,
    )
    return await world.app.database.write(lambda conn: submissions.add(conn, waiting))


async def seek(world: World) -> Any:
    asking = await press(world.moderator, (await case(world)).response, "ask")
    button = button_id(asking.response, r"expert:seek:\d+")
    return await world.moderator.click(asking.response, custom_id=button)


async def asked_for(world: World, number: int) -> list[Invitation]:
    async with world.app.database.read() as conn:
        return await experts.of_submission(conn, number)


async def answer(world: World, member: Any, word: str) -> Any:
    letter = letters(member)[-1]
    return await member.user.click(letter, custom_id=button_id(letter, rf"expert:{word}:\d+"))


async def test_who_fits_is_asked_and_the_review_is_paid_like_any_other(world: World) -> None:
    await card(world, world.bob)
    await card(world, world.person("rusty"), topics=("rust",))
    number = await propose(world)
    assert "asked now" in texts_of((await seek(world)).response)
    await tick(world)
    assert [each.user_id for each in await asked_for(world, number)] == [world.bob.id]
    assert "Indexes in practice" in texts_of(letters(world.bob)[-1])
    assert "asked for one review" in texts_of((await case(world)).response)
    assert "/review" in texts_of((await answer(world, world.bob, "yes")).response)
    assert "asked for one review" not in texts_of((await case(world)).response)

    shown = await world.bob.slash(world.channel, "review")
    form = await press(world.bob, shown.response, "review")
    await world.bob.submit_modal(form, {**SCORES, "sentence": "Clear and short."})
    assert "Clear and short." in texts_of((await case(world)).response)
    account = await world.app.services.points.standing(world.guild.id, world.bob.id)
    assert account.amount == 500
    await tick(world, hours=80)
    assert len(await asked_for(world, number)) == 1


async def test_a_pass_and_a_silence_pass_on_and_what_costs_money_asks_two(world: World) -> None:
    people = [world.bob, *(world.person(name) for name in ("carol", "dan", "eve"))]
    for each in people:
        await card(world, each)
    number = await propose(world, price="49.90")
    assert "2 reviews" in texts_of((await seek(world)).response)
    await tick(world)
    first, second = [each.user_id for each in await asked_for(world, number)]
    (passer,) = [each for each in people if each.id == first]
    await answer(world, passer, "no")
    await tick(world)
    assert len(await asked_for(world, number)) == 3
    await tick(world, hours=13)
    states = {each.user_id: each.state for each in await asked_for(world, number)}
    assert states[first] == "passed" and states[second] == "expired" and len(states) == 4
    assert not [letter for letter in letters(world.alice) if "expert:" in str(buttons_of(letter))]


async def test_a_decision_withdraws_what_waits(world: World) -> None:
    await card(world, world.bob)
    number = await propose(world)
    await seek(world)
    await press(world.moderator, (await case(world)).response, "publish")
    await tick(world)
    assert [each.state for each in await asked_for(world, number)] == ["withdrawn"]
    assert not [letter for letter in letters(world.bob) if buttons_of(letter)]


async def test_an_answer_after_the_decision_is_told_so(lenient_world: World) -> None:
    world = lenient_world
    await card(world, world.bob)
    await propose(world)
    await seek(world)
    await tick(world)
    await press(world.moderator, (await case(world)).response, "publish")
    late = await answer(world, world.bob, "yes")
    assert "gone" in texts_of(late.response)


@pytest.mark.parametrize("why", ["topic", "own", "cap"])
async def test_where_nobody_fits_the_moderator_is_told(lenient_world: World, why: str) -> None:
    world = lenient_world
    if why == "own":
        await card(world, world.alice)
    elif why == "topic":
        await card(world, world.bob, topics=("rust",))
    else:
        await card(world, world.bob, weekly_max=1)
        await propose(world, title="Before")
        await seek(world)
        await tick(world)
        await press(world.moderator, (await case(world)).response, "publish")
    number = await propose(world)
    refused = await seek(world)
    assert "No expert card fits" in texts_of(refused.response)
    assert await asked_for(world, number) == []
    await tick(world)
    assert await asked_for(world, number) == []


async def test_closed_messages_pass_on_at_once(world: World) -> None:
    dan = world.person("dan")
    await card(world, world.bob)
    close_dms(world.env, world.bob)
    number = await propose(world)
    await seek(world)
    await card(world, dan)
    await tick(world)
    await tick(world)
    states = {each.user_id: each.state for each in await asked_for(world, number)}
    assert states == {world.bob.id: "failed", dan.id: "sent"}


async def test_it_is_asked_in_the_experts_language(world: World) -> None:
    await world.bob.slash(world.channel, "profile language", language="zh-CN")
    await card(world, world.bob, topics=("数据库",))
    await propose(world)
    await seek(world)
    await tick(world)
    assert "想请专家看看" in texts_of(letters(world.bob)[-1])
