"""What members say of resources, and what others see of it, through the simulator."""

from functools import partial
from typing import Any

from bot.feedback.delivery import FeedbackRun
from storage import catalog, feedback
from storage.connection import Connection
from storage.records import EventKind, Rating
from storage.schema import events, link_checks, opinions, ratings
from tests.discord_sim import World, button_id, buttons_of, set_locale, staff_channel, texts_of
from tests.links.test_buttons import seed
from tests.recommend.test_commands import rows
from tests.test_access import give_roles


async def more(world: World, who: Any) -> Any:
    """Press More on the card of the only resource."""
    shown = await who.slash(world.channel, "search", query="owner")
    number = button_id(shown.response, r"card:more:\d+")
    return (await who.click(shown.response, custom_id=number)).response


async def opened(world: World, who: Any) -> Any:
    shown = await who.slash(world.channel, "search", query="owner")
    number = button_id(shown.response, r"card:open:\d+")
    return (await who.click(shown.response, custom_id=number)).response


async def say(world: World, who: Any, message: Any, what: str) -> Any:
    number = f"say:{what}:{world.guild.id}:1"
    result = await who.click(message, custom_id=number)
    return result.response or message


def labels(message: Any) -> set[str]:
    return {button.label or "" for button in buttons_of(message)}


async def said(world: World, who: Any) -> list[tuple[str, int]]:
    found = [row for row in await rows(world, events) if row.user_id == who.id]
    return [(EventKind(row.kind).name, row.qualifier) for row in found if row.kind >= 40]


async def test_what_is_said_of_what_was_opened_is_kept_shown_and_taken_back(world: World) -> None:
    await seed(world)
    message = await opened(world, world.alice)
    message = await say(world, world.alice, message, "useful")
    message = await say(world, world.alice, message, "too_easy")
    assert {"Useful ✓", "Too easy ✓", "Too hard"} <= labels(message)
    message = await say(world, world.alice, message, "too_hard")
    assert {"Useful ✓", "Too easy", "Too hard ✓"} <= labels(message)
    await world.restart()
    message = await say(world, world.alice, message, "useful")
    assert {"Useful", "Too hard ✓"} <= labels(message)
    assert [row.mark for row in await rows(world, opinions)] == ["too_hard"]
    easy, useful = int(EventKind.TOO_EASY), int(EventKind.USEFUL)
    assert await said(world, world.alice) == [
        ("USEFUL", 0),
        ("TOO_EASY", 0),
        ("RETRACTED", easy),
        ("TOO_HARD", 0),
        ("RETRACTED", useful),
    ]
    again = await opened(world, world.alice)
    assert "Too hard ✓" in labels(again)


async def test_who_has_not_opened_it_may_only_know_it_or_report_its_link(
    lenient_world: World,
) -> None:
    world = lenient_world
    await seed(world)
    panel = await more(world, world.alice)
    refused = await world.alice.click(panel, custom_id=f"say:useful:{world.guild.id}:1")
    assert "Open it first" in texts_of(refused.response)
    panel = await say(world, world.alice, panel, "known")
    assert "I know it ✓" in labels(panel)


async def test_nobody_praises_their_own(lenient_world: World) -> None:
    world = lenient_world
    await seed(world, creator_id=world.alice.id)
    message = await opened(world, world.alice)
    stars = await world.alice.select(message, ["5"], custom_id=f"say:stars:{world.guild.id}:1")
    assert "You made this" in texts_of(stars.response)
    message = await say(world, world.alice, message, "outdated")
    assert "Outdated ✓" in labels(message)


async def test_two_reports_of_a_broken_link_have_it_looked_at_until_one_is_taken_back(
    world: World,
) -> None:
    await seed(world)
    for who in (world.alice, world.alice, world.bob):
        await say(world, who, await more(world, who), "broken")
    assert not await rows(world, link_checks)
    await say(world, world.alice, await more(world, world.alice), "broken")
    (check,) = await rows(world, link_checks)
    assert check.resource_id == 1
    async with world.app.database.read() as conn:
        assert await feedback.checks_due(conn) == [
            (world.guild.id, 1, "https://doc.rust-lang.org/book/")
        ]
    listed = await world.moderator.slash(world.channel, "resource reported")
    assert "One link is reported" in texts_of(listed.response)
    await say(world, world.bob, await more(world, world.bob), "broken")
    assert not await rows(world, link_checks)
    await say(world, world.bob, await more(world, world.bob), "broken")
    now = world.app.clock().timestamp()
    done = partial(feedback.checked, is_alive=True, looked_at=now)
    await world.app.database.write(lambda conn: done(conn, world.guild.id, 1))
    assert not await rows(world, link_checks) and not await rows(world, opinions)


async def rate_all(world: World, n: int, stars: int) -> None:
    """Have some members, who are nobody in particular, rate the resource."""

    async def job(conn: Connection) -> None:
        for user_id in range(1, n + 1):
            given = Rating(guild_id=world.guild.id, resource_id=1, user_id=user_id, stars=stars)
            await feedback.rate(conn, given)
            await feedback.mark(conn, world.guild.id, user_id, 1, "useful", 1.0)

    await world.app.database.write(job)


async def test_numbers_are_shown_from_five_members_on(world: World) -> None:
    await seed(world)
    await rate_all(world, 4, 5)
    assert "Too few ratings to show" in texts_of(await more(world, world.alice))
    await rate_all(world, 5, 5)
    shown = texts_of(await more(world, world.alice))
    assert "**4.5** of 5 · 5 ratings" in shown and "5 members said: Useful 5" in shown
    set_locale(world.alice, "zh-CN")
    shown = texts_of(await more(world, world.alice))
    assert "**4.5** / 5 · 5 人评分" in shown and "有用 5" in shown


async def test_stars_change_and_go(world: World) -> None:
    await seed(world)
    message = await opened(world, world.alice)
    number = f"say:stars:{world.guild.id}:1"
    for stars in ("5", "2", "2", "0"):
        result = await world.alice.select(message, [stars], custom_id=number)
        message = result.response or message
    liked, disliked = int(EventKind.LIKED), int(EventKind.DISLIKED)
    assert await said(world, world.alice) == [
        ("LIKED", 5),
        ("RETRACTED", liked),
        ("DISLIKED", 2),
        ("RETRACTED", disliked),
    ]
    assert not await rows(world, ratings) and "Say why" not in labels(message)


async def write(world: World, message: Any, sentence: str) -> Any:
    form = await world.alice.click(message, custom_id=f"say:sentence:{world.guild.id}:1")
    return await world.alice.submit_modal(form, {"sentence": sentence})


async def test_a_sentence_is_read_by_others_when_a_moderator_lets_it_through(
    world: World,
) -> None:
    await seed(world)
    message = await opened(world, world.alice)
    number = f"say:stars:{world.guild.id}:1"
    message = (await world.alice.select(message, ["4"], custom_id=number)).response or message
    message = (await write(world, message, "Clear,  and\nshort.")).response or message
    assert "Say why ✓" in labels(message)
    assert "Clear" not in texts_of(await more(world, world.bob))
    queue = await world.moderator.slash(world.channel, "resource sentences")
    case = await world.moderator.select(queue.response, ["1"], custom_id="feedback:queue")
    shown = await world.moderator.click(case.response, custom_id="feedback:show:1")
    assert "lets others read it" in texts_of(shown.response or case.response)
    panel = texts_of(await more(world, world.bob))
    assert "> ★★★★☆ Clear, and short." in panel and "alice" not in panel
    await write(world, message, "Something else.")
    assert "Clear" not in texts_of(await more(world, world.bob))
    (rating,) = await rows(world, ratings)
    assert (rating.state, rating.posted_at) == ("waiting", None)


async def test_sentences_reach_the_moderators_channel_once(world: World) -> None:
    await seed(world)
    waiting = Rating(
        guild_id=world.guild.id,
        resource_id=1,
        user_id=world.alice.id,
        stars=3,
        sentence="So so.",
        state="waiting",
    )
    await world.app.database.write(partial(feedback.rate, given=waiting))
    run = FeedbackRun(world.app.services.feedback, world.client, world.app.speaker)
    channel = staff_channel(world)
    await world.moderator.slash(world.channel, "levels staff", channel=channel)
    before = len(channel.history())
    for _ in range(2):
        await run.tick(world.app.clock())
    posted = channel.history()[before:]
    assert len(posted) == 1 and "So so." in texts_of(posted[0])


async def test_what_is_for_a_role_is_judged_by_those_who_have_it(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Gold")
    give_roles(world, world.alice, role)
    await seed(world, role_id=role.id)
    panel = await more(world, world.alice)
    give_roles(world, world.alice)
    refused = await world.alice.click(panel, custom_id=f"say:known:{world.guild.id}:1")
    assert "only for" in texts_of(refused.response)
    async with world.app.database.read() as conn:
        assert await catalog.resource(conn, world.guild.id, 1) is not None
    assert not await rows(world, opinions)
