"""What a draft would have done: the figures by hand, and the answer in the simulator."""

from typing import Any

import pytest

from bot.rewards import levels
from bot.rewards.ruleset import Levels, RuleSet
from bot.rewards.tally import _DAYS_OPEN, BOARD, Place, Tally, gini, movers, places
from bot.rulebook.rescoring import Progress
from storage import ledger, members
from storage.records import Event, EventKind
from tests.discord_sim import World, button_id, set_locale, texts_of
from tests.points.deliveries import PLAIN, go_by
from tests.rulebook.test_commands import change, set_rule


async def wrote(world: World, member: Any, n: int, first_id: int) -> None:
    """Let a member write `n` messages worth paying, five minutes apart, up to now."""
    begin = world.env.now().timestamp()
    events = [
        Event(
            guild_id=world.guild.id,
            source_id=first_id + i,
            kind=EventKind.MESSAGE,
            user_id=member.id,
            occurred_at=begin - 300.0 * i,
            length_class=2,
        )
        for i in range(n)
    ]
    await world.app.services.activity.record(events)


class Paid:
    def __init__(self, kind: str, user_id: int, amount: int, day: int = 20_260_301) -> None:
        self.kind, self.user_id, self.amount, self.day = kind, user_id, amount, day


@pytest.fixture
async def world(world: World) -> World:
    await go_by(world.app.database, PLAIN, world.guild.id)
    return world


def test_the_gini_coefficient_is_the_textbooks() -> None:
    assert gini([]) == 0.0
    assert gini([0, 0]) == 0.0
    assert gini([5, 5, 5, 5]) == pytest.approx(0.0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)


def test_a_tally_takes_back_what_is_taken_back_and_knows_who_hit_a_cap() -> None:
    tally = Tally(RuleSet())
    paid = Paid("message", 1, 100)
    tally.add([(paid, 1, False), (Paid("helpful", 2, 10_000), 2, False), (paid, 3, True)])
    assert dict(tally.minted) == {"message": 0, "helpful": 10_000}
    assert tally.totals[1] == 0
    assert tally.at_cap == {2}
    tally.add((Paid("answer", 3, 9_000_000), n, False) for n in range(10))
    assert tally.at_cap == {2}  # answers are not capped
    assert tally.at_limit == {3}


def test_a_tally_keeps_the_latest_days_only() -> None:
    tally = Tally(RuleSet())
    for day in range(20_260_301, 20_260_331):
        tally.add([(Paid("message", 1, 100, day=day), day, False)])
    assert len(tally._days) == _DAYS_OPEN
    tally.add([(Paid("message", 1, 100, day=20_260_301), 9, False)])  # a very late one
    assert tally.totals[1] == 3_100


def test_places_leave_out_who_stays_off_the_boards() -> None:
    before, after = Tally(RuleSet()), Tally(RuleSet())
    before.totals.update({1: 300, 2: 200, 3: 100, 4: 50})
    after.totals.update({1: 100, 2: 200, 3: 900, 4: 950, 5: 1})
    found = places(before, after, {4})
    assert [(each.user_id, each.before, each.after) for each in found] == [
        (3, 3, 1),
        (2, 2, 2),
        (1, 1, 3),
        (5, None, 4),
    ]
    rising, falling = movers(found)
    assert [each.user_id for each in rising] == [5, 3]
    assert [each.user_id for each in falling] == [1]
    assert Place(user_id=9, before=1, after=None, amount_before=5, amount_after=0).rise == -BOARD


def test_levels_are_compared_by_both_curves() -> None:
    mee6, linear = Levels(), Levels("linear", 100)
    assert levels.level_moves(mee6, mee6, [5_000]) == (0, 0)
    amounts = [0, 2_000, 9_999, 10_000, 1_000_000]
    expected = [
        levels.level_of(linear, amount) - levels.level_of(mee6, amount) for amount in amounts
    ]
    assert levels.level_moves(mee6, linear, amounts) == (
        sum(change > 0 for change in expected),
        sum(change < 0 for change in expected),
    )


async def test_a_preview_shows_a_picture_and_a_table_and_changes_nothing(world: World) -> None:
    await wrote(world, world.alice, 9, 4_000)  # before the window
    await world.env.advance_time(20 * 86_400)
    await wrote(world, world.bob, 4, 3_000)
    await world.env.advance_time(18 * 86_400)
    await wrote(world, world.alice, 4, 1_000)
    await wrote(world, world.bob, 3, 2_000)
    await change(world, "message", "points", {"value": "2"})
    await change(world, "message", "per_day", {"value": "3"})
    async with world.app.database.read() as conn:
        earned = await ledger.earned(conn, world.guild.id, world.alice.id)
    shown = await world.moderator.slash(world.channel, "rules preview")
    text = texts_of(shown.response)
    assert shown.ephemeral
    assert "What the draft would have done in 30 days" in text
    assert "11 events replayed under version 0" in text
    assert "Message: 10 → **18**" in text
    assert "**Points awarded**: 10 → **18 (+80%)**" in text
    assert "Gini" in text and "Share of the top 10: 100.0% → **100.0%**" in text
    assert "Reached a rule's daily limit: 0 → **2**" in text
    (attached,) = shown.response.attachments
    assert (await attached.read()).startswith(b"\x89PNG")
    async with world.app.database.read() as conn:
        assert await ledger.earned(conn, world.guild.id, world.alice.id) == earned
    again = await world.moderator.slash(world.channel, "rules preview", days=10)
    assert "7 events replayed" in texts_of(again.response)
    publish = button_id(again.response, r"rulebook:previewed:.*")
    form = await world.moderator.click(again.response, custom_id=publish)
    done = await world.moderator.submit_modal(form, {"reason": "looks fair"})
    assert "Version 1 is published" in texts_of(done.response)
    assert done.ephemeral and done.response.id != again.response.id
    assert "7 events replayed" in texts_of(again.response)  # the preview stays in sight


async def test_a_preview_is_shown_in_chinese(world: World) -> None:
    await wrote(world, world.alice, 4, 1_000)
    await wrote(world, world.bob, 5, 2_000)
    set_locale(world.moderator, "zh-CN")
    await change(world, "message", "per_day", {"value": "4"})
    opened = await world.moderator.slash(world.channel, "rules draft")
    pressed = await world.moderator.click(
        opened.response, custom_id=button_id(opened.response, "rulebook:preview")
    )
    text = texts_of(pressed.response)
    assert "草稿会让最近 30 天变成什么样" in text
    assert "发放的积分" in text and "基尼系数" in text


async def test_who_stays_off_the_boards_is_in_the_sums_but_not_named(world: World) -> None:
    await wrote(world, world.alice, 4, 1_000)
    await wrote(world, world.bob, 2, 2_000)
    now = world.env.now().timestamp()
    await world.app.database.write(
        lambda conn: members.change_member(
            conn, world.guild.id, world.alice.id, now, is_on_boards=False
        )
    )
    await change(world, "message", "per_day", {"value": "1"})
    seen = Progress()
    shown = await world.app.services.rulebook.previews.of_days(world.guild.id, 30, seen)
    assert (seen.n_read, seen.n_total) == (6, 6)
    assert shown.minted == (("message", 550, 200),)
    assert [place.user_id for place in shown.places] == [world.bob.id]


async def test_nothing_to_preview_is_said(lenient_world: World) -> None:
    world = lenient_world
    await set_rule(world, "message", "points", "2")
    shown = await world.moderator.slash(world.channel, "rules preview")
    assert "There is nothing to preview" in texts_of(shown.response)


async def test_a_preview_of_nothing_is_drawn_all_the_same(world: World) -> None:
    await change(world, "message", "points", {"value": "2"})
    shown = await world.moderator.slash(world.channel, "rules preview")
    assert "0 events replayed" in texts_of(shown.response)
