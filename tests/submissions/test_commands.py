"""Proposing, deciding and reviewing, as members press through it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.app import make_jobs
from bot.pages.reader import Reader
from bot.pages.service import PagesService
from storage import catalog, submissions
from storage.records import Resource, Submission
from tests.discord_sim import (
    World,
    button_id,
    buttons_of,
    set_locale,
    staff_channel,
    texts_of,
)
from tests.pages.hostile import Hostile, hostile_server

PAGE = (
    '<html lang="en"><head><title>Graphs in practice</title>'
    '<meta property="og:description" content="How graphs are used.">'
    '<meta property="og:type" content="article"><meta name="author" content="Ada Lovelace">'
    '<meta property="article:published_time" content="2024-03-09"></head></html>'
)
PAID = PAGE.replace(
    "</head>",
    '<meta property="product:price:amount" content="49.90">'
    '<meta property="product:price:currency" content="USD"></head>',
)


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    async with hostile_server() as opened:
        opened.says("/graphs", PAGE)
        opened.says("/paid", PAID)
        yield opened


@pytest.fixture
async def site(lenient_world: World, hostile: Hostile) -> AsyncIterator[World]:
    """A world whose bot may reach the test's own server, and nothing else of this machine."""
    reader = Reader()
    service = lenient_world.app.services.submissions
    pages = PagesService(hostile.fetcher(), reader)
    object.__setattr__(service, "pages", pages)
    yield lenient_world
    await reader.close()


async def draft(world: World, hostile: Hostile, path: str = "/graphs", who: Any = None) -> Any:
    return await (who or world.alice).slash(world.channel, "submit", url=hostile.url(path))


async def press(member: Any, shown: Any, step: str) -> Any:
    return await member.click(shown, custom_id=button_id(shown, rf"submissions:\w+:{step}:\d+"))


async def hand_in(world: World, hostile: Hostile, path: str = "/graphs", who: Any = None) -> Any:
    shown = await draft(world, hostile, path, who)
    return await press(who or world.alice, shown.response, "submit")


async def stored(world: World) -> list[Submission]:
    async with world.app.database.read() as conn:
        found = [await submissions.one(conn, world.guild.id, n) for n in range(1, 20)]
    return [each for each in found if each is not None]


async def resources(world: World) -> list[Resource]:
    async with world.app.database.read() as conn:
        return await catalog.live(conn, world.guild.id)


async def points(world: World, member: Any) -> int:
    account = await world.app.services.points.standing(world.guild.id, member.id)
    return account.amount


async def case(world: World) -> Any:
    """Return the first of the queue as a moderator sees it."""
    shown = await world.moderator.slash(world.channel, "review")
    (number,) = [str(each.submission_id) for each in await stored(world) if each.state == "waiting"]
    return await world.moderator.select(shown.response, [number], custom_id="submissions:queue")


async def tick(world: World, minutes: int = 2) -> None:
    await world.env.advance_time(60 * minutes)
    (job,) = (job for job in make_jobs(world.app, world.client) if job.name == "submissions")
    await job.run(world.env.now())
    await world.env.settle()


async def test_a_page_is_filled_in_handed_in_and_approved(site: World, hostile: Hostile) -> None:
    shown = await draft(site, hostile)
    said = texts_of(shown.response)
    assert "Graphs in practice" in said and "Ada Lovelace" in said and "unknown" in said
    sent = await press(site.alice, shown.response, "submit")
    assert "was submitted" in texts_of(sent.response)
    open_case = await case(site)
    assert "no earlier decisions" in texts_of(open_case.response)
    done = await press(site.moderator, open_case.response, "publish")
    assert "Approved by" in texts_of(done.response)
    (made,) = await resources(site)
    assert (made.title, made.kind, made.creator) == (
        "Graphs in practice",
        "article",
        "Ada Lovelace",
    )
    assert await points(site, site.alice) == 1_000
    await tick(site)
    letter = site.alice.user.dm_channel.last_message
    assert "is in the catalogue now" in texts_of(letter)
    await tick(site)
    assert len(site.alice.user.dm_channel.history()) == 1
    mine = await site.alice.slash(site.channel, "submissions")
    assert "in the catalogue" in texts_of(mine.response)


async def test_an_approval_is_undone_with_its_points_and_given_again(
    site: World, hostile: Hostile
) -> None:
    await hand_in(site, hostile)
    done = await press(site.moderator, (await case(site)).response, "publish")
    back = await press(site.moderator, done.response, "undo")
    assert await resources(site) == [] and await points(site, site.alice) == 0
    await press(site.moderator, back.response, "publish")
    assert len(await resources(site)) == 1 and await points(site, site.alice) == 1_000
    await tick(site)
    assert len(site.alice.user.dm_channel.history()) == 1


async def test_a_rejection_says_why_and_keeps_what_was_typed(site: World, hostile: Hostile) -> None:
    await hand_in(site, hostile)
    form = await press(site.moderator, (await case(site)).response, "reject")
    done = await site.moderator.submit_modal(form, {"reason": "Too short."})
    assert "Rejected by" in texts_of(done.response) and await resources(site) == []
    await tick(site)
    assert "Too short." in texts_of(site.alice.user.dm_channel.last_message)
    assert await points(site, site.alice) == 0


async def test_a_duplicate_answers_with_what_is_there(site: World, hostile: Hostile) -> None:
    await hand_in(site, hostile)
    waiting = await draft(site, hostile, who=site.bob)
    assert "waiting for the moderators" in texts_of(waiting.response)
    await press(site.moderator, (await case(site)).response, "publish")
    again = await draft(site, hostile, "/graphs?utm_source=x", who=site.bob)
    assert "in the catalogue already" in texts_of(again.response)
    assert "Graphs in practice" in texts_of(again.response)
    assert button_id(again.response, r"shared:open:\d+")


async def test_a_message_is_saved_without_its_text(site: World, hostile: Hostile) -> None:
    message = await site.bob.send(site.channel, f"secret words {hostile.url('/graphs')} more")
    shown = await site.alice.context_menu(site.channel, "Save as resource", message)
    assert "Graphs in practice" in texts_of(shown.response)
    assert "secret" not in str(await stored(site))
    empty = await site.bob.send(site.channel, "no link here")
    refused = await site.alice.context_menu(site.channel, "Save as resource", empty)
    assert "no link" in texts_of(refused.response)


async def test_what_cannot_be_read_is_filled_in_by_hand(site: World, hostile: Hostile) -> None:
    shown = await site.alice.slash(site.channel, "submit", url="http://10.0.0.1/inside")
    assert "not on the public internet" in texts_of(shown.response) or "port" in texts_of(
        shown.response
    )
    submit = next(b for b in buttons_of(shown.response) if "submit" in (b.custom_id or ""))
    assert submit.disabled
    form = await press(site.alice, shown.response, "edit")
    ready = await site.alice.submit_modal(form, {"title": "By hand", "kind": ["tool"]})
    details = await press(site.alice, ready.response, "details")
    refused = await site.alice.submit_modal(details, {"price": "cheap"})
    assert "not a price" in texts_of(refused.response) and "cheap" in texts_of(refused.response)
    sent = await press(site.alice, ready.response, "submit")
    assert "was submitted" in texts_of(sent.response)


async def test_what_costs_money_needs_two_reviews_by_others(site: World, hostile: Hostile) -> None:
    await hand_in(site, hostile, "/paid")
    open_case = await case(site)
    assert "0 of 2" in texts_of(open_case.response)
    refused = await press(site.moderator, open_case.response, "publish")
    assert "2 reviews" in texts_of(refused.response) or "2 reviews" in str(refused.followups)
    deciding, (one,) = site.app.services.submissions.deciding, await stored(site)
    scores = {"is_correct": 5, "is_clear": 4, "is_current": 3, "is_worth": 4}
    for who in (site.bob, site.moderator):
        await deciding.ask(site.guild.id, site.moderator.id, one.submission_id, who.id)
        await deciding.review(site.guild.id, who.id, one.submission_id, scores, "Good.")
    assert await points(site, site.bob) == 500 and await points(site, site.moderator) == 0
    done = await press(site.moderator, (await case(site)).response, "publish")
    assert "Approved by" in texts_of(done.response) and "An expert" in texts_of(done.response)


async def test_an_expert_is_asked_reviews_and_may_sign(site: World, hostile: Hostile) -> None:
    await hand_in(site, hostile)
    asking = await press(site.moderator, (await case(site)).response, "ask")
    (one,) = await stored(site)
    custom_id = f"submissions:asked:{one.submission_id}"
    await site.moderator.select(asking.response, [site.bob], custom_id=custom_id)
    await tick(site)
    assert "asks you to review" in texts_of(site.bob.user.dm_channel.last_message)
    shown = await site.bob.slash(site.channel, "review")
    form = await press(site.bob, shown.response, "review")
    answers = {name: ["4"] for name in ("is_correct", "is_clear", "is_current", "is_worth")}
    done = await site.bob.submit_modal(form, {**answers, "sentence": "Clear and short."})
    seen = await case(site)
    assert "An expert" in texts_of(seen.response) and "Clear and short." in texts_of(seen.response)
    await press(site.bob, done.response, "sign")
    assert "An expert" not in texts_of((await case(site)).response)
    assert await points(site, site.bob) == 500


async def test_moderators_are_shown_it_in_their_channel(site: World, hostile: Hostile) -> None:
    staff = staff_channel(site)
    await site.moderator.slash(site.channel, "levels staff", channel=staff)
    await hand_in(site, hostile)
    await tick(site)
    assert "Proposed by" in texts_of(staff.last_message)
    done = await press(site.moderator, staff.last_message, "publish")
    assert "Approved by" in texts_of(staff.last_message) or "Approved" in texts_of(done.response)
    n_posted = len(staff.history())
    await tick(site)
    assert len(staff.history()) == n_posted


async def test_trust_publishes_at_once_and_ends_with_a_rejection(
    site: World, hostile: Hostile
) -> None:
    for n in range(5):
        hostile.says(f"/p{n}", PAGE.replace("Graphs", f"Topic {n}"))
        await hand_in(site, hostile, f"/p{n}")
        await press(site.moderator, (await case(site)).response, "publish")
    hostile.says("/p6", PAGE.replace("Graphs", "Topic six"))
    sent = await hand_in(site, hostile, "/p6")
    assert "in the catalogue now" in texts_of(sent.response)
    (trusted,) = [each for each in await stored(site) if each.is_trusted]
    deciding = site.app.services.submissions.deciding
    here, number = site.guild.id, trusted.submission_id
    await deciding.reject(here, site.moderator.id, number, "No.")
    assert "Topic six in practice" not in [each.title for each in await resources(site)]
    hostile.says("/p7", PAGE.replace("Graphs", "Topic seven"))
    sent = await hand_in(site, hostile, "/p7")
    assert "was submitted" in texts_of(sent.response)


async def test_nobody_decides_on_their_own(site: World, hostile: Hostile) -> None:
    await hand_in(site, hostile, who=site.moderator)
    refused = await press(site.moderator, (await case(site)).response, "publish")
    assert await resources(site) == []
    assert refused is not None


async def test_an_erased_proposer_takes_along_what_waits(site: World, hostile: Hostile) -> None:
    await hand_in(site, hostile)
    looked_at = await case(site)
    privacy = site.app.services.privacy
    await privacy.erase(site.guild.id, site.alice.id, is_tracking_stopped=False)
    assert await stored(site) == []
    await press(site.moderator, looked_at.response, "publish")
    assert await resources(site) == []
    await tick(site)


async def test_it_is_all_there_in_chinese(site: World, hostile: Hostile) -> None:
    set_locale(site.alice, "zh-CN")
    shown = await draft(site, hostile)
    assert "推荐这个网页吗" in texts_of(shown.response)
    sent = await press(site.alice, shown.response, "submit")
    assert "已提交" in texts_of(sent.response)


async def test_a_page_comes_with_the_servers_own_tags_and_with_no_others_where_they_are_closed(
    site: World, hostile: Hostile
) -> None:
    for name, more in (("maths", {}), ("graph-theory", {"under": "maths", "aliases": "graphs"})):
        await site.moderator.slash(site.channel, "tags add", name=name, **more)
    await site.moderator.slash(site.channel, "tags policy", unknown="refused")
    shown = await draft(site, hostile)
    (begun,) = await stored(site)
    assert begun.fields["tags"] == "graph-theory"  # the narrowest of what the title names
    form = await press(site.alice, shown.response, "edit")
    filled = {"title": "Graphs", "kind": ["article"]}
    refused = await site.alice.submit_modal(form, {**filled, "tags": "grafs"})
    assert "Not in this server's tags: grafs" in texts_of(refused.response)
    again = await press(site.alice, shown.response, "edit")
    kept = await site.alice.submit_modal(again, {**filled, "tags": "graphs, maths"})
    await press(site.alice, kept.response, "submit")
    await press(site.moderator, (await case(site)).response, "publish")
    assert [one.tags for one in await resources(site)] == [("graph-theory", "maths")]
