from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.errors import UserError
from storage import audit, events, privacy, rulebook
from storage.database import Database
from storage.schema import balances, daily_points
from storage.schema import events as events_table
from tests.points.deliveries import (
    GUILD,
    HOUR,
    PARTY,
    PLAIN,
    START,
    Desk,
    deleted,
    go_by,
    message,
    reaction,
    reply,
    unreaction,
)

DAY = 24 * HOUR


@pytest.fixture
async def desk(database: Database) -> Desk:
    await go_by(database, PLAIN)
    made = Desk(database)
    await made.know(*range(10, 41))
    return made


async def test_a_message_a_reply_and_a_helpful_reaction_pay_the_defaults(desk: Desk) -> None:
    await desk.deliver(message(1), reply(2, at=START + 60), reaction(1, giver=11))
    assert await desk.balance() == 100 + 200 + 200
    assert await desk.balance(11) == 0
    assert await desk.differences() == []


async def test_an_event_that_paid_its_own_member_is_marked_and_no_other(desk: Desk) -> None:
    await desk.deliver(
        message(1), message(2, at=START + 5), reaction(1, giver=11), message(3, length_class=1)
    )
    async with desk.database.read() as conn:
        rows = await conn.execute(select(events_table.c.source_id, events_table.c.is_rewarded))
    found = sorted(tuple(row) for row in rows if row.source_id < 10)
    assert found == [(1, False), (1, True), (2, False), (3, False)]


async def test_messages_pay_once_a_minute_even_when_delivered_late(desk: Desk) -> None:
    await desk.deliver(message(1), message(2, at=START + 59), message(3, at=START - 59))
    assert await desk.balance() == 100
    await desk.deliver(message(4, at=START + 60), message(5, at=START - 60))
    assert await desk.balance() == 300


async def test_replies_and_messages_share_the_cooldown(desk: Desk) -> None:
    await desk.deliver(reply(1), message(2, at=START + 30))
    assert await desk.balance() == 200


MESSAGES = 3 * (100 + 50 + 33 + 25 + 20 + 16) + 2 * 14
"""What twenty messages of a day come to: three in full, three a half, three a third…"""


async def test_twenty_messages_a_day_pay_ever_less_and_the_next_day_begins_anew(
    desk: Desk,
) -> None:
    await desk.deliver(*(message(n, at=START + 60 * n) for n in range(25)))
    assert await desk.balance() == MESSAGES
    await desk.deliver(message(99, at=START + DAY))
    assert await desk.balance() == MESSAGES + 100


async def test_a_day_ends_at_the_guilds_own_midnight(desk: Desk) -> None:
    await desk.live_in("Asia/Shanghai")
    await desk.deliver(*(message(n, at=START + 60 * n) for n in range(25)))
    midnight = START + 7 * HOUR
    await desk.deliver(message(98, at=midnight - 60), message(99, at=midnight))
    assert await desk.balance() == MESSAGES + 100
    days = [entry.day for entry in await desk.history(10, 2)]
    assert days == [20260303, 20260302]


async def test_all_capped_rules_together_pay_at_most_the_daily_cap(desk: Desk) -> None:
    await desk.know(*range(1_000, 1_040))
    for name in ("message", "reply", "helpful"):
        await desk.set(name, "taper", "0")
    await desk.deliver(*(message(n, at=START + 60 * n) for n in range(20)))
    await desk.deliver(*(reply(100 + n, at=START + HOUR + 60 * n, to=11 + n) for n in range(10)))
    await desk.deliver(*(reaction(n % 20, giver=1_000 + n) for n in range(40)))
    assert await desk.balance() == 100 * 100
    account = await desk.points.standing(GUILD, 10)
    assert account.capped_today == account.daily_cap == 100 * 100


async def test_one_giver_pays_less_each_time_and_twice_a_day_at_most(desk: Desk) -> None:
    await desk.deliver(*(message(n, at=START - 40 * DAY) for n in range(8)))
    before = await desk.balance()
    paid: list[int] = []
    for day, n in ((0, 0), (0, 1), (0, 2), (1, 3), (1, 4), (6, 5), (7, 6)):
        await desk.deliver(reaction(n, giver=11, at=START + day * DAY + n))
        paid.append(await desk.balance() - before - sum(paid))
    # On day 7 only the three of days 1 and 6 lie within the 7 days before.
    assert paid == [200, 100, 0, 66, 50, 40, 50]


async def test_one_giver_pays_once_for_a_message_whatever_the_emoji(desk: Desk) -> None:
    await desk.deliver(reaction(1, giver=11), reaction(1, giver=11, emoji="❤️"))
    assert await desk.balance() == 200


async def test_only_the_last_helpful_emoji_taken_away_takes_the_points_away(desk: Desk) -> None:
    await desk.deliver(
        reaction(1, giver=11),
        reaction(1, giver=11, emoji="❤️"),
        reaction(1, giver=11, emoji=PARTY),
        unreaction(1, giver=11),
    )
    assert await desk.balance() == 200
    await desk.deliver(unreaction(1, giver=11, emoji="❤️"))
    assert await desk.balance() == 0
    await desk.deliver(unreaction(1, giver=11, emoji=PARTY))
    assert await desk.balance() == 0


async def test_reacting_again_does_not_pay_again(desk: Desk) -> None:
    await desk.deliver(reaction(1, giver=11), unreaction(1, giver=11))
    await desk.deliver(reaction(1, giver=11), reaction(1, giver=11, emoji="❤️"))
    assert await desk.balance() == 0


async def test_a_reaction_removed_before_it_was_added_pays_nothing(desk: Desk) -> None:
    await desk.deliver(unreaction(1, giver=11), reaction(1, giver=11))
    assert await desk.balance() == 0
    assert await desk.history(10) == []


async def test_a_deleted_message_takes_back_everything_it_paid(desk: Desk) -> None:
    await desk.deliver(message(1), reaction(1, giver=11), reaction(1, giver=12), message(2, 11))
    await desk.deliver(deleted(1), deleted(1), unreaction(1, giver=11))
    assert await desk.balance() == 0
    assert await desk.balance(11) == 100
    assert len(await desk.history(10)) == 6
    await desk.deliver(reaction(1, giver=13))
    assert await desk.balance() == 0


async def test_a_message_deleted_before_it_arrived_pays_nothing(desk: Desk) -> None:
    await desk.deliver(deleted(1), message(1), reaction(1, giver=11))
    assert await desk.balance() == 0


async def test_what_was_taken_back_makes_room_under_the_caps_of_its_day(desk: Desk) -> None:
    await desk.deliver(*(message(n, at=START + 60 * n) for n in range(21)))
    desk.now += 3 * DAY
    await desk.deliver(deleted(0), message(50, at=START + HOUR), message(51, at=START + 2 * HOUR))
    assert await desk.balance() == MESSAGES - 100 + 14
    entries = await desk.history(10, 3)
    assert [(e.day, e.amount) for e in entries][:2] == [(20260302, 14), (20260302, -100)]


async def test_a_reversal_goes_by_the_rules_that_paid(desk: Desk) -> None:
    await desk.deliver(reaction(1, giver=11), reaction(1, giver=11, emoji=PARTY))
    await desk.set("helpful", "emoji", "🙏")
    await desk.set("helpful", "points", "50")
    await desk.deliver(unreaction(1, giver=11, emoji=PARTY))
    assert await desk.balance() == 200
    await desk.deliver(unreaction(1, giver=11))
    assert await desk.balance() == 0


async def test_entries_name_the_rules_they_were_paid_by(desk: Desk) -> None:
    await desk.deliver(message(1))
    assert await desk.set("message", "points", "2.5") == 1
    await desk.deliver(message(2, at=START + 60))
    entries = await desk.history(10)
    assert [(e.rule_set, e.amount) for e in entries] == [(1, 250), (0, 100)]


async def test_guilds_share_nothing(desk: Desk) -> None:
    await desk.set("message", "points", "7")
    await desk.deliver(message(1))
    assert await desk.balance() == 700
    assert (await desk.book.versions.in_force(2)).version == 0
    assert (await desk.boards.board(2, 10)).top == ()


async def test_a_new_member_has_an_empty_account(desk: Desk) -> None:
    account = await desk.points.standing(GUILD, 10)
    assert (account.amount, account.level, account.rank) == (0, 0, None)
    assert (account.floor, account.ceiling) == (0, 2_000)
    assert account.entries == ()


async def test_a_change_is_a_new_version_with_an_audit_row(desk: Desk) -> None:
    await desk.set("message", "points", "2")
    await desk.set("helpful", "emoji", "🙏 ⭐")
    published = await desk.book.versions.in_force(GUILD)
    assert published.version == 2 and published.published is not None
    assert (published.published.by, published.published.reason) == (99, "a test")
    assert published.rules.message.points == 200
    assert published.rules.helpful.emoji == ("🙏", "⭐")
    async with desk.database.read() as conn:
        first = await rulebook.rule_set(conn, GUILD, 1)
        row = (await audit.rows(conn, GUILD))[0]
    assert first is not None
    assert first.rules["helpful"]["emoji"] != ["🙏", "⭐"]
    assert (row.action, row.subject, row.actor_id) == ("rules.publish", "2", 99)
    assert row.details["version"] == 2
    assert row.details["changes"] == {"helpful.emoji": ["👍 ❤️ 🙏 💡 💯 ✅ ⭐", "🙏 ⭐"]}
    assert row.details["reason"] == "a test"


@pytest.mark.parametrize(
    ("rule", "name", "written", "key"),
    [
        ("nonsense", "points", "1", "error-points-rule"),
        ("message", "pair_days", "1", "error-points-field"),
        ("message", "points", "1", "error-points-unchanged"),
        ("message", "points", "1001", "error-points-points"),
        ("message", "cooldown_s", "x", "error-points-seconds"),
        ("message", "per_day", "0", "error-points-count"),
        ("message", "min_length", "4", "error-points-length"),
        ("message", "is_capped", "maybe", "error-points-switch"),
        ("helpful", "emoji", "nice", "error-points-emoji"),
        ("helpful", "pair_days", "366", "error-points-days"),
        ("levels", "percent", "0", "error-points-percent"),
        ("general", "daily_cap", "0.5", "error-points-points"),
        ("general", "lock_h", "721", "error-points-hours"),
        ("general", "zone", "Nowhere", "error-points-zone"),
        ("levels", "curve", "steep", "error-points-choice"),
        ("levels", "thresholds", "5, 1", "error-points-amounts"),
        ("multipliers", "channels", "general", "error-points-weights"),
        ("seasons", "starts", "today", "error-points-dates"),
    ],
)
async def test_a_bad_change_is_refused_and_changes_nothing(
    desk: Desk, rule: str, name: str, written: str, key: str
) -> None:
    with pytest.raises(UserError) as refused:
        await desk.set(rule, name, written)
    assert refused.value.key == key
    assert (await desk.book.versions.in_force(GUILD)).version == 0


async def test_a_refusal_says_the_bounds_in_the_members_unit(desk: Desk) -> None:
    with pytest.raises(UserError) as refused:
        await desk.set("message", "points", "1001")
    assert refused.value.params == {"low": 0, "high": 1_000, "field": "points"}


@pytest.mark.parametrize("table", [balances, daily_points])
async def test_sums_that_disagree_with_the_ledger_are_found(desk: Desk, table: Any) -> None:
    await desk.deliver(message(1), message(2, author=11))
    change = update(table).where(table.c.user_id == 10).values(amount=table.c.amount + 1)
    await desk.database.write(lambda conn: conn.execute(change))
    found = await desk.differences()
    assert {(d.guild_id, d.user_id) for d in found} == {(GUILD, 10)}
    assert found[0].ledger == 100
    assert found[0].day is None


async def test_points_on_the_wrong_day_or_of_nobody_are_found(desk: Desk) -> None:
    await desk.deliver(message(1))
    move = update(daily_points).values(day=20260303)
    await desk.database.write(lambda conn: conn.execute(move))
    assert {d.day for d in await desk.differences()} == {20260302, 20260303}
    extra = insert(balances).values(guild_id=3, user_id=4, amount=5, earned=5, reached_at=0)
    await desk.database.write(lambda conn: conn.execute(extra))
    assert (3, 4, None) in {(d.guild_id, d.user_id, d.day) for d in await desk.differences()}


async def test_erasing_givers_leaves_every_sum_and_every_reversal_right(desk: Desk) -> None:
    await desk.deliver(message(1), reaction(1, giver=11), reaction(1, giver=12))
    await desk.database.write(lambda conn: privacy.erase(conn, GUILD, 11))
    await desk.database.write(lambda conn: privacy.erase(conn, GUILD, 12))
    assert await desk.balance() == 500
    await desk.deliver(deleted(1))
    assert await desk.balance() == 0
    assert await desk.differences() == []


async def test_erasing_a_member_erases_their_points(desk: Desk) -> None:
    await desk.deliver(message(1), reaction(1, giver=11), deleted(1), message(2, at=START + 60))
    await desk.database.write(lambda conn: privacy.erase(conn, GUILD, 10))
    assert await desk.history(10) == []
    assert (await desk.board(10)).top == ()
    assert await desk.differences() == []


async def test_points_and_event_are_written_together_or_not_at_all(desk: Desk) -> None:
    async def fail_after(conn: Any) -> None:
        event_id = await events.append(conn, message(1), START)
        assert event_id is not None
        await desk.points.award(conn, message(1), event_id)
        raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        await desk.database.write(fail_after)
    assert await desk.balance() == 0
    await desk.deliver(message(1))
    assert await desk.balance() == 100
