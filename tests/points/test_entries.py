"""Entries that no event pays: given, spent, reversed, held."""

import asyncio
from typing import Any

import pytest

from bot.errors import UserError
from bot.rewards.fields import field_of, with_value
from storage import audit, ledger, privacy
from storage.database import Database
from storage.records import Event, EventKind, LedgerEntry
from tests.points.deliveries import (
    GUILD,
    PLAIN,
    START,
    Desk,
    deleted,
    go_by,
    message,
    reaction,
    unreaction,
)

MODERATOR = 99


@pytest.fixture
async def desk(database: Database) -> Desk:
    await go_by(database, PLAIN)
    return Desk(database)


async def give(desk: Desk, amount: int, source_id: int = 1, kind: str = "award") -> int | None:
    return await desk.database.write(
        lambda conn: desk.points.entries.give(
            conn,
            GUILD,
            10,
            kind=kind,
            amount=amount,
            source_id=source_id,
            actor_id=MODERATOR,
            reason="well done",
        )
    )


async def spend(desk: Desk, amount: int, source_id: int = 1) -> int:
    return await desk.database.write(
        lambda conn: desk.points.entries.spend(conn, GUILD, 10, amount=amount, source_id=source_id)
    )


async def reverse(desk: Desk, entry_id: int | None) -> int | None:
    assert entry_id is not None
    return await desk.database.write(
        lambda conn: desk.points.entries.reverse(conn, entry_id, actor_id=MODERATOR, reason="no")
    )


async def hold(desk: Desk, *entry_ids: int) -> list[int]:
    return await desk.database.write(
        lambda conn: desk.points.entries.hold(conn, entry_ids, actor_id=MODERATOR, reason="looking")
    )


async def release(desk: Desk, *entry_ids: int) -> list[int]:
    return await desk.database.write(
        lambda conn: desk.points.entries.release(conn, entry_ids, actor_id=MODERATOR, reason="fine")
    )


async def earned(desk: Desk) -> int:
    async with desk.database.read() as conn:
        return await ledger.earned(conn, GUILD, 10)


async def paid(desk: Desk, kind: str = "message") -> LedgerEntry:
    entries = await desk.history(10)
    return next(entry for entry in entries if entry.kind == kind and entry.reverses is None)


async def test_what_a_moderator_gives_names_them_and_their_reason_and_comes_once(
    desk: Desk,
) -> None:
    entry_id = await give(desk, 500)
    assert entry_id is not None
    assert await give(desk, 500) is None
    assert await give(desk, -200, kind="deduct") is not None
    assert await desk.balance() == await earned(desk) == 300
    given = (await desk.history(10))[-1]
    assert (given.kind, given.actor_id, given.reason) == ("award", MODERATOR, "well done")
    assert (given.event_id, given.day) == (None, 20260302)
    assert await desk.differences() == []


async def test_only_what_no_rule_pays_can_be_given(desk: Desk) -> None:
    with pytest.raises(ValueError, match="message"):
        await give(desk, 500, kind="message")


async def test_spending_takes_the_balance_and_leaves_level_and_boards(desk: Desk) -> None:
    await give(desk, 2_500)
    await spend(desk, 2_000)
    account = await desk.points.standing(GUILD, 10)
    assert (account.amount, account.spendable, account.level, account.rank) == (2_500, 500, 1, 1)
    board = await desk.board(10, "week")
    assert [standing.amount for standing in board.top] == [2_500]
    assert await desk.differences() == []


async def test_a_refund_restores_the_exact_balance_once(desk: Desk) -> None:
    await give(desk, 2_500)
    order = await spend(desk, 2_000)
    assert await spend(desk, 2_000) == order
    assert await reverse(desk, order) is not None
    assert await reverse(desk, order) is None
    assert (await desk.balance(), await earned(desk)) == (2_500, 2_500)
    with pytest.raises(ValueError, match="refunded"):
        await spend(desk, 2_000)


async def test_nobody_spends_more_than_they_have_however_many_clicks_at_once(desk: Desk) -> None:
    await give(desk, 1_000)
    clicks = [spend(desk, 300, source_id=n) for n in range(1, 8)]
    done = await asyncio.gather(*clicks, return_exceptions=True)
    refused = [result for result in done if isinstance(result, UserError)]
    assert (len(done) - len(refused), await desk.balance()) == (3, 100)
    assert refused[0].key == "error-points-short"
    assert refused[0].params == {"have": 1, "need": 3}


async def test_a_reversal_by_a_moderator_says_who_and_why(desk: Desk) -> None:
    await desk.deliver(message(1))
    entry = await paid(desk)
    assert await reverse(desk, entry.entry_id) is not None
    back = (await desk.history(10))[0]
    assert (back.amount, back.reverses, back.actor_id, back.reason) == (
        -100,
        entry.entry_id,
        MODERATOR,
        "no",
    )
    await desk.deliver(deleted(1))
    assert await desk.balance() == 0
    assert await desk.differences() == []


async def test_a_mistaken_reversal_can_be_reversed_and_what_it_restored_taken_back_again(
    desk: Desk,
) -> None:
    await desk.deliver(message(1))
    back = await reverse(desk, (await paid(desk)).entry_id)
    assert await reverse(desk, back) is not None
    assert await desk.balance() == 100
    await desk.deliver(deleted(1))
    assert await desk.balance() == 0
    assert await desk.differences() == []


async def test_held_points_are_gone_until_released_as_often_as_that_happens(desk: Desk) -> None:
    await desk.deliver(message(1))
    entry = await paid(desk)
    for _ in range(3):
        assert len(await hold(desk, entry.entry_id)) == 1
        assert await hold(desk, entry.entry_id) == []
        assert (await desk.balance(), await earned(desk)) == (0, 0)
        board = await desk.board(10, "week")
        assert board.top == ()
        assert len(await release(desk, entry.entry_id)) == 1
        assert await release(desk, entry.entry_id) == []
        assert await desk.balance() == 100
    assert await desk.differences() == []


@pytest.mark.parametrize("is_released_after", [False, True])
async def test_what_is_held_and_then_undone_is_taken_once(
    desk: Desk, is_released_after: bool
) -> None:
    await desk.deliver(message(1), reaction(1, giver=11))
    entries = [(await paid(desk)).entry_id, (await paid(desk, "helpful")).entry_id]
    assert len(await hold(desk, *entries)) == 2
    await desk.deliver(unreaction(1, giver=11))
    assert await desk.balance() == 0
    await reverse(desk, entries[0])
    if is_released_after:
        assert await release(desk, *entries) == []
    assert await desk.balance() == 0
    assert await hold(desk, *entries) == []
    assert await desk.differences() == []


async def test_entries_name_their_event(desk: Desk) -> None:
    await desk.deliver(message(1), reaction(1, giver=11), unreaction(1, giver=11))
    entries = await desk.history(10)
    assert [entry.event_id for entry in entries] == [3, 2, 1]


async def test_erasing_a_moderator_leaves_what_they_gave(desk: Desk) -> None:
    await give(desk, 500)
    await desk.database.write(lambda conn: privacy.erase(conn, GUILD, MODERATOR))
    assert await desk.balance() == 500
    assert (await paid(desk, "award")).actor_id == 0


async def test_rules_come_into_force_when_they_say_and_not_before(desk: Desk) -> None:
    dear = with_value(PLAIN, field_of("message", "points"), 900)

    async def publish(conn: Any) -> int:
        return await desk.points.publish(
            conn, GUILD, dear, actor_id=MODERATOR, reason="from noon", effective_at=START + 600
        )

    assert await desk.database.write(publish) == 1
    await desk.deliver(message(1, at=START + 599))
    desk.now = START + 700
    await desk.deliver(message(2, author=11, at=START + 599), message(3, author=12, at=desk.now))
    assert [await desk.balance(member) for member in (10, 11, 12)] == [100, 100, 900]
    async with desk.database.read() as conn:
        assert (await desk.points.rules_in_force(conn, GUILD))[0] == 1
        assert await audit.rows(conn, GUILD) == []


async def test_what_a_moderator_took_back_is_not_earned_anew_by_accepting_again(
    desk: Desk,
) -> None:
    def accept(turn: int, kind: EventKind = EventKind.ACCEPTED) -> Event:
        return Event(
            guild_id=GUILD,
            source_id=1,
            kind=kind,
            user_id=11,
            occurred_at=START + turn,
            qualifier=turn,
            target_id=10,
        )

    await desk.deliver(message(1), accept(0))
    await reverse(desk, (await paid(desk, "answer")).entry_id)
    await desk.deliver(accept(1), accept(0, EventKind.UNACCEPTED), accept(2))
    assert await desk.balance() == 100
    await desk.deliver(deleted(1))
    assert await desk.balance() == 0
    assert await desk.differences() == []


async def test_an_answer_whose_points_a_moderator_restored_is_taken_back_as_any_other(
    desk: Desk,
) -> None:
    def turn(n: int, kind: EventKind = EventKind.ACCEPTED) -> Event:
        return Event(
            guild_id=GUILD,
            source_id=1,
            kind=kind,
            user_id=11,
            occurred_at=START + n,
            qualifier=n,
            target_id=10,
        )

    await desk.know(11)
    await desk.deliver(message(1), turn(0))
    back = await reverse(desk, (await paid(desk, "answer")).entry_id)
    assert await reverse(desk, back) is not None
    await desk.deliver(turn(1))
    assert await desk.balance() == 1_600
    await desk.deliver(turn(0, EventKind.UNACCEPTED), turn(1, EventKind.UNACCEPTED))
    assert await desk.balance() == 100
    await desk.deliver(turn(2))
    assert await desk.balance() == 1_600
    assert await desk.differences() == []


async def test_a_block_of_savers_that_a_moderator_took_back_is_not_earned_anew(
    desk: Desk,
) -> None:
    def act(saver: int, kind: EventKind = EventKind.SAVE) -> Event:
        return Event(
            guild_id=GUILD,
            source_id=100 + saver,
            kind=kind,
            user_id=saver,
            occurred_at=START,
            resource_id=7,
            target_id=10,
        )

    await desk.shelve([7])
    await desk.deliver(*(act(saver) for saver in range(20, 30)))
    assert await desk.balance() == 200
    await reverse(desk, (await paid(desk, "savers")).entry_id)
    await desk.deliver(*(act(saver) for saver in range(30, 34)))
    assert await desk.balance() == 100
    await desk.deliver(act(34))  # the third block is new
    assert await desk.balance() == 200
    await desk.deliver(*(act(saver, EventKind.UNSAVE) for saver in range(20, 31)))
    assert await desk.balance() == 0
    assert await desk.differences() == []
