"""Who is on a board, in which place, and what is counted."""

import random
from typing import Any

import pytest
from sqlalchemy import event, update

from bot.boards.rules import Period
from bot.errors import UserError
from bot.rewards.ruleset import RuleSet, Seasons
from storage import boards, ledger, members
from storage.database import Database
from storage.fading import LEAST, weight_of
from storage.records import BoardSpan, LedgerEntry, Standing
from storage.schema import period_points
from tests.points.deliveries import GUILD, HOUR, PLAIN, START, Desk, deleted, go_by, message

DAY = 24 * HOUR
WITHOUT_SEASONS: tuple[Period, ...] = ("week", "month", "all", "lately")


@pytest.fixture
async def desk(database: Database) -> Desk:
    await go_by(database, PLAIN)
    return Desk(database)


async def test_boards_count_from_monday_and_from_the_first(desk: Desk) -> None:
    await desk.deliver(
        message(1, author=10, at=START - HOUR),
        message(2, author=11, at=START - 10 * HOUR),
        message(3, author=11, at=START - DAY),
        message(4, author=12, at=START - 20 * DAY),
        message(5, author=12, at=START - 21 * DAY),
        message(6, author=12, at=START - 22 * DAY),
    )
    week = await desk.board(12, "week")
    month = await desk.board(12, "month")
    always = await desk.board(12, "all")
    assert [(s.user_id, s.amount) for s in week.top] == [(10, 100)]
    assert [(s.user_id, s.amount) for s in month.top] == [(11, 200), (10, 100)]
    assert [(s.user_id, s.rank) for s in always.top] == [(12, 1), (11, 2), (10, 3)]
    assert week.own is None
    assert always.own is not None
    assert always.own.rank == 1


async def test_a_board_without_a_period_is_the_shortest_with_anybody_on_it(desk: Desk) -> None:
    assert (await desk.board(10)).period == "all"
    await desk.deliver(message(1, at=START - 20 * DAY))
    assert (await desk.board(10)).period == "all"
    await desk.deliver(message(2, at=START - DAY))
    assert (await desk.board(10)).period == "month"
    await desk.deliver(message(3))
    assert (await desk.board(10)).period == "week"


async def test_ties_go_to_who_got_there_first_and_ranks_agree_with_the_board(desk: Desk) -> None:
    await desk.deliver(*(message(n, author=30 - n, at=START + n) for n in range(14)))
    await desk.deliver(message(50, author=40, at=START))
    for period in WITHOUT_SEASONS:
        board = await desk.board(17, period)
        assert [s.user_id for s in board.top] == [30, 40, 29, 28, 27, 26, 25, 24, 23, 22]
        assert board.own is not None
        assert board.own.rank == 15
        for standing in board.top:
            own = (await desk.board(standing.user_id, period)).own
            assert own == standing


async def test_hidden_members_are_on_no_board_and_leave_no_gap(desk: Desk) -> None:
    await desk.deliver(*(message(n, author=10 + n, at=START + n) for n in range(4)))
    await desk.points.show_on_boards(GUILD, 11, False)
    board = await desk.board(11, "week")
    assert [(s.user_id, s.rank) for s in board.top] == [(10, 1), (12, 2), (13, 3)]
    assert board.own is None
    assert board.is_hidden
    assert (await desk.board(12, "all")).own == board.top[1]
    assert (await desk.points.standing(GUILD, 11)).rank is None
    await desk.points.show_on_boards(GUILD, 11, True)
    assert (await desk.points.standing(GUILD, 11)).rank == 2


async def test_nobody_is_on_a_board_with_nothing(desk: Desk) -> None:
    await desk.deliver(message(1), deleted(1))
    assert (await desk.board(10, "week")).top == ()
    assert (await desk.board(10, "all")).own is None


async def test_the_places_around_ones_own_are_shown_where_it_is_not_at_the_top(desk: Desk) -> None:
    await desk.deliver(*(message(n, author=100 + n, at=START + n) for n in range(16)))
    for period in WITHOUT_SEASONS:
        board = await desk.board(113, period)
        assert [(s.user_id, s.rank) for s in board.around] == [
            (111, 12),
            (112, 13),
            (113, 14),
            (114, 15),
            (115, 16),
        ]
        assert (await desk.board(100, period)).around == ()
        assert (await desk.board(999, period)).around == ()
        assert [s.rank for s in (await desk.board(110, period)).around] == [9, 10, 11, 12, 13]


async def test_points_fade_by_half_in_a_week_and_are_gone_in_six(desk: Desk) -> None:
    await desk.deliver(
        message(1, author=10, at=START - 7 * DAY),
        message(2, author=10, at=START - 7 * DAY + 60),
        message(3, author=11, at=START - 5 * DAY),
        message(4, author=12),
        message(5, author=13, at=START - 42 * DAY),
    )
    board = await desk.board(13, "lately")
    assert [(s.user_id, s.amount) for s in board.top] == [(10, 100), (12, 100), (11, 61)]
    assert board.own is None
    desk.now += 7 * DAY
    assert [(s.user_id, s.amount) for s in (await desk.board(13, "lately")).top] == [
        (10, 50),
        (12, 50),
        (11, 30),
    ]


async def test_points_given_before_counting_began_are_on_no_weeks_board(desk: Desk) -> None:
    opening = LedgerEntry(
        guild_id=GUILD,
        user_id=10,
        kind="opening",
        amount=5_000_00,
        source_id=1,
        rule_set=0,
        day=0,
        earned_at=START,
        recorded_at=START,
    )
    await desk.database.write(lambda conn: ledger.append(conn, opening))
    assert (await desk.board(10, "week")).top == ()
    assert (await desk.board(10, "month")).top == ()
    assert (await desk.board(10, "lately")).top == ()
    assert [s.amount for s in (await desk.board(10, "all")).top] == [5_000_00]
    assert await desk.differences() == []


async def test_a_kept_board_that_disagrees_with_its_days_is_found(desk: Desk) -> None:
    await desk.deliver(message(1), message(2, at=START - 2 * DAY), deleted(1))

    async def found() -> list[tuple[int, int, int]]:
        async with desk.database.read() as conn:
            return [(d.period, d.days, d.kept) for d in await boards.differences(conn)]

    assert await found() == []
    change = update(period_points).where(period_points.c.period == 202602).values(amount=7)
    await desk.database.write(lambda conn: conn.execute(change))
    assert await found() == [(202602, 100, 7)]


SPANS = {
    "all": BoardSpan(),
    "week": BoardSpan(periods=(20260302,)),
    "month": BoardSpan(periods=(202603,)),
    "quarter": BoardSpan(periods=(20261,)),
    "months": BoardSpan(periods=(202601, 202602, 202603)),
    "days": BoardSpan(days=((20260227, 20260303),)),
    "mixed": BoardSpan((202603,), ((20260115, 20260120), (20260227, 20260228))),
    "lately": BoardSpan(lately=20260303),
}


def expected(entries: list[tuple[int, int, int, float]], span: BoardSpan) -> list[Any]:
    """Rank entries of (user, day, amount, moment) the slow way."""
    unit = weight_of(span.lately) or 1.0
    sums: dict[int, list[float]] = {}
    for user_id, day, amount, at in entries:
        is_in = bool(set(ledger.periods_of(day)) & set(span.periods))
        is_in |= any(first <= day <= last for first, last in span.days)
        if span != BoardSpan() and not is_in and not span.lately:
            continue
        kept = sums.setdefault(user_id, [0.0, 0.0])
        kept[0] += amount * (weight_of(day) if span.lately else 1.0)
        kept[1] = max(kept[1], at)
    rows = [(-total / unit, at, user_id) for user_id, (total, at) in sums.items()]
    ordered = sorted(row for row in rows if row[0] < (-LEAST if span.lately else 0))
    return [Standing(row[2], round(-row[0]), rank) for rank, row in enumerate(ordered, start=1)]


@pytest.mark.parametrize("name", SPANS)
async def test_every_board_is_what_counting_the_ledger_gives(database: Database, name: str) -> None:
    rng = random.Random(name)
    days = [20260115, 20260226, 20260227, 20260301, 20260302, 20260303]
    entries = [
        (rng.randrange(1, 40), rng.choice(days), rng.choice((-40, 20, 60, 100)), float(at % 7))
        for at in range(400)
    ]
    hidden = {3, 17}

    async def fill(conn: Any) -> None:
        for n, (user_id, day, amount, at) in enumerate(entries):
            await ledger.append(
                conn,
                LedgerEntry(
                    guild_id=GUILD,
                    user_id=user_id,
                    kind="award",
                    amount=amount,
                    source_id=n,
                    rule_set=0,
                    day=day,
                    earned_at=at,
                    recorded_at=at,
                ),
            )
        for user_id in hidden:
            await members.change_member(conn, GUILD, user_id, 0.0, is_on_boards=False)

    await database.write(fill)
    shown = [entry for entry in entries if entry[0] not in hidden]
    board = expected(shown, SPANS[name])
    assert len(board) > 15
    async with database.read() as conn:
        for user_id in range(1, 41):
            seen = await boards.places(conn, GUILD, SPANS[name], user_id)
            own = next((s for s in board if s.user_id == user_id), None)
            near = board[max(own.rank - 3, 0) : own.rank + 2] if own and own.rank > 10 else []
            assert seen == boards.Places(tuple(board[:10]), own, tuple(near))
            if name == "all":
                assert await boards.rank(conn, GUILD, user_id) == (own.rank if own else None)


@pytest.mark.parametrize("name", ["all", "lately", "week", "quarter"])
async def test_a_kept_board_reads_its_indexes(desk: Desk, name: str) -> None:
    await desk.deliver(*(message(n, author=100 + n, at=START + n) for n in range(14)))
    said: list[tuple[str, Any]] = []
    async with desk.database.read() as conn:

        def listen(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
            said.append((statement, values))

        event.listen(conn.sync_connection, "before_cursor_execute", listen)
        await boards.places(conn, GUILD, SPANS[name], 113)
        plans = []
        for statement, values in list(said):
            rows = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.append(" ".join(str(row[-1]) for row in rows))
    (plan,) = plans
    assert "TEMP B-TREE" not in plan, plan
    assert "SCAN balances" not in plan and "SCAN period_points" not in plan, plan
    assert ("_faded (" if name == "lately" else "_board (") in plan
    assert "ix_members_boards" in plan


async def test_a_season_is_the_rules_and_there_may_be_none(desk: Desk) -> None:
    await desk.deliver(message(1, author=11, at=START - 40 * DAY), message(2, at=START - 1 * DAY))
    with pytest.raises(UserError):
        await desk.board(10, "season")
    await desk.database.write(
        lambda conn: desk.points.publish(
            conn, GUILD, RuleSet(seasons=Seasons("quarterly")), actor_id=99, reason="a test"
        )
    )
    board = await desk.board(10, "season")
    assert board.days == (20260101, 20260331)
    assert [(s.user_id, s.amount) for s in board.top] == [(11, 100), (10, 100)]
