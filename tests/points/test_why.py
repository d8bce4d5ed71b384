"""`/points why`: every entry with the reason it is what it is."""

from dataclasses import replace
from typing import Any

import pytest

from bot.rewards.decisions import Explained, explain
from bot.rewards.example import good_day
from bot.rewards.ruleset import Multipliers, RuleSet
from storage import ledger, statements
from storage.database import Database
from storage.records import LedgerEntry, RuleUse
from tests.discord_sim import World, button_id, set_locale, texts_of
from tests.points.deliveries import PLAIN, go_by, message

LONG = "what a helpful thing to say"
USUAL = PLAIN
ROLES = replace(USUAL, multipliers=Multipliers(roles=((7, 150),)))


@pytest.fixture
async def world(world: World) -> World:
    await go_by(world.app.database, PLAIN, world.guild.id)
    return world


@pytest.mark.parametrize(
    ("rules", "kind", "amount", "expected"),
    [
        (USUAL, "message", 100, Explained("full")),
        (USUAL, "message", 50, Explained("share", 2)),
        (USUAL, "message", 33, Explained("share", 3)),
        (USUAL, "message", 73, Explained("cut")),
        (USUAL, "helpful", 200, Explained("full")),
        (USUAL, "helpful", 66, Explained("share", 3)),
        (USUAL, "helpful", 50, Explained("share", 4)),
        (USUAL, "answer", 375, Explained("share", 4)),
        (USUAL, "checkin", 200, Explained("full")),
        (USUAL, "checkin", 100, Explained("cut")),
        (ROLES, "message", 150, Explained("more")),
        (ROLES, "message", 73, Explained("less")),
    ],
)
def test_an_amount_says_why_it_is_so(
    rules: RuleSet, kind: str, amount: int, expected: Explained
) -> None:
    assert explain(rules, kind, amount) == expected


def test_a_newcomers_click_is_told_from_a_share() -> None:
    rules = replace(USUAL, helpful=replace(USUAL.helpful, taper=0, pair_days=0))
    assert explain(rules, "helpful", 20) == Explained("newcomer", 1)
    assert explain(rules, "helpful", 60) == Explained("cut")


@pytest.mark.parametrize(
    ("amount", "percent", "expected"),
    [
        (250, 100, Explained("full")),
        (62, 25, Explained("unanswered")),
        (125, 50, Explained("unanswered")),
        (15, 25, Explained("unanswered", 4)),
        (62, 100, Explained("share", 4)),
        (25, 10, Explained("newcomer")),
        (6, 10, Explained("newcomer", 4)),
        (100, 100, Explained("cut")),
    ],
)
def test_whose_click_it_was_is_told_from_a_share(
    amount: int, percent: int, expected: Explained
) -> None:
    assert explain(RuleSet(), "helpful", amount, percent) == expected


def test_a_good_day_comes_to_what_these_payments_do() -> None:
    parts = [(part.kind, part.n, part.amount) for part in good_day(RuleSet())]
    assert parts == [
        *(("message", 4, 208), ("reply", 4, 800), ("helpful", 6, 1_500), ("answer", 1, 1_500)),
    ]
    off = replace(RuleSet(), reply=replace(RuleSet().reply, points=0))
    assert [part.kind for part in good_day(off)] == ["message", "helpful", "answer"]


async def test_what_a_good_day_is_and_whose_click_counts_less_is_said(world: World) -> None:
    await world.alice.send(world.channel, LONG)
    told = await why(world, world.alice)
    assert "A good day here: 4 messages (3.5)" in told
    set_locale(world.alice, "zh-CN")
    assert "在这里，不错的一天：4 条发言" in await why(world, world.alice)


async def test_what_rules_paid_and_held_back_is_summed_up(world: World) -> None:
    points, bob = world.app.services.points, world.bob.id
    start = points.clock().timestamp() - 3_600
    events = [message(n, bob, start + 61 * n) for n in range(5)]
    moved = [replace(event, guild_id=world.guild.id) for event in events]
    await world.app.services.activity.record(moved)
    uses = await points.uses(world.guild.id)
    assert uses == {"message": RuleUse(paid=400, n_paid=1, held=100, n_held=1)}


async def why(world: World, member: Any) -> str:
    return texts_of((await member.slash(world.channel, "points", why=True)).response)


async def test_nothing_to_explain_is_said(world: World) -> None:
    assert "nothing to explain" in await why(world, world.alice)


async def test_entries_name_rule_message_and_conditions(world: World) -> None:
    written = await world.alice.send(world.channel, LONG)
    told = await why(world, world.alice)
    url = f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{written.id}"
    assert "**+1** · a message" in told
    assert f"[the message]({url})" in told
    assert "default rules" in told
    assert (
        "Message: 1 point, at most 20 a day · once every 60 seconds · counts towards the daily cap"
        in told
    )
    await world.alice.delete(written)
    assert "**−1** · message deleted, points taken back" in await why(world, world.alice)


async def test_moderators_reasons_and_purchases_are_there(world: World) -> None:
    points = world.app.services.points
    guild_id, user_id = world.guild.id, world.alice.id

    async def job(conn: Any) -> None:
        await points.entries.give(
            conn, guild_id, user_id, kind="award", amount=900, source_id=1, reason="a *talk*"
        )
        await points.entries.give(
            conn, guild_id, user_id, kind="deduct", amount=-100, source_id=2, reason="spam"
        )
        spent = await points.entries.spend(
            conn, guild_id, user_id, amount=300, source_id=3, reason="Sticker"
        )
        await points.entries.reverse(conn, spent, reason="sold out")

    await world.app.database.write(job)
    told = await why(world, world.alice)
    assert "**+9** · given by a moderator" in told
    assert r"Reason: a \*talk\*" in told
    assert "**−1** · taken by a moderator" in told
    assert "**−3** · redeemed" in told
    assert "**+3** · refunded" in told
    set_locale(world.alice, "zh-CN")
    told = await why(world, world.alice)
    assert "**+9** · 管理员奖励" in told
    assert "原因：spam" in told


async def test_held_points_are_told_neutrally(world: World) -> None:
    await world.alice.send(world.channel, LONG)
    points = world.app.services.points
    account = await points.standing(world.guild.id, world.alice.id)
    (line,) = account.entries
    await world.app.database.write(
        lambda conn: points.entries.hold(
            conn, [line.entry.entry_id], actor_id=world.moderator.id, reason=""
        )
    )
    told = await why(world, world.alice)
    assert "On hold while moderators look into it; nothing has been decided yet." in told
    assert "**−1** · on hold" in told


async def test_pages_turn_in_place_and_after_a_restart(world: World) -> None:
    points = world.app.services.points

    async def job(conn: Any) -> None:
        for n in range(1, 20):
            await points.entries.give(
                conn,
                world.guild.id,
                world.alice.id,
                kind="award",
                amount=100 * n,
                source_id=n,
                reason=f"number {n}",
            )

    await world.app.database.write(job)
    opened = await world.alice.slash(world.channel, "points")
    await world.restart()
    first = await world.alice.click(
        opened.response, custom_id=button_id(opened.response, r"points:why:1")
    )
    assert "number 19" in texts_of(first.response)
    assert "number 11" not in texts_of(first.response)
    second = await world.alice.click(first.response, custom_id="points:why:2")
    assert "number 11" in texts_of(second.response)
    last = await world.alice.click(second.response, custom_id="points:why:3")
    assert "number 1" in texts_of(last.response)


async def test_why_is_about_oneself(world: World) -> None:
    await world.bob.send(world.channel, LONG)
    result = await world.alice.slash(world.channel, "points", member=world.bob, why=True)
    assert "nothing to explain" in texts_of(result.response)


async def test_pages_hold_every_entry_once_and_what_a_decision_changed_as_one(
    database: Database,
) -> None:
    def entry(n: int, kind: str = "message", rescore_id: int = 0) -> LedgerEntry:
        return LedgerEntry(
            guild_id=1,
            user_id=7,
            kind=kind,
            amount=n,
            source_id=n,
            rule_set=0,
            day=20_260_302,
            earned_at=float(n),
            recorded_at=float(n),
            entry_id=n,
            event_id=n if kind == "message" else None,
            rescore_id=rescore_id,
            is_spending=kind == "rescore",
        )

    plain = [entry(n) for n in range(1, 21)]
    counted = [entry(n, rescore_id=1 + n % 2) for n in range(21, 27)]
    waived = [entry(27, "rescore", 1)]
    later = [entry(n) for n in range(28, 31)]
    await database.write(lambda conn: ledger.append_many(conn, [*plain, *counted, *waived, *later]))
    found: list[tuple[int, int, int]] = []
    async with database.read() as conn:
        for offset in range(0, 40, 7):
            page = await statements.folded(conn, 1, 7, 7, offset)
            found += [(each.entry.entry_id, each.entry.amount, each.n_events) for each in page]
    told = [(n, n, 0) for n in (30, 29, 28, 27)]
    told += [(26, 22 + 24 + 26, 3), (25, 21 + 23 + 25, 3)]
    assert found == [*told, *((n, n, 0) for n in range(20, 0, -1))]
