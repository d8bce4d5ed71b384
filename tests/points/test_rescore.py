"""Re-scoring, case by case: what stays, was spent, is erased, may be taken back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.errors import UserError
from bot.rewards import kinds
from bot.rewards.ruleset import RuleSet
from storage import boards, consistency, ledger, privacy, recounts, rescores
from storage.database import Database, open_database
from storage.records import BoardSpan, Event, EventKind, LedgerEntry, Rescore
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
NEXT = START + 3 * DAY


def with_message(points: int, **more: Any) -> RuleSet:
    rules = PLAIN
    return replace(rules, message=replace(rules.message, points=points, **more))


def helpful(**changes: Any) -> RuleSet:
    rules = PLAIN
    return replace(rules, helpful=replace(rules.helpful, **changes))


class Office:
    """A desk that can re-score."""

    def __init__(self, database: Database) -> None:
        self.desk = Desk(database)

    async def publish(self, rules: RuleSet) -> int:
        return await self.desk.database.write(
            lambda conn: self.desk.points.publish(conn, GUILD, rules, actor_id=99, reason="new")
        )

    async def decide(
        self, version: int, since: float = START - HOUR, undoes: int | None = None
    ) -> Rescore:
        wanted = Rescore(
            guild_id=GUILD,
            version=version,
            from_version=0,
            since_at=since,
            until_event=0,
            paid_until=0,
            created_by=99,
            reason="fairer",
            created_at=self.desk.now,
            undoes=undoes,
        )

        async def job(conn: Any) -> Rescore:
            rescore_id = await self.desk.points.decide(conn, wanted)
            found = await rescores.decision(conn, GUILD, rescore_id)
            assert found is not None
            return found

        return await self.desk.database.write(job)

    async def rescore(self, rules: RuleSet, since: float = START - HOUR) -> Rescore:
        self.desk.now = max(self.desk.now, NEXT)
        decision = await self.decide(await self.publish(rules), since)
        return await self.desk.points.carry_out(decision, lambda done, of: None)

    async def undo(self, done: Rescore) -> Rescore:
        decision = await self.decide(done.version, done.since_at, done.rescore_id)
        return await self.desk.points.carry_out(decision, lambda done, of: None)

    async def earned(self, user_id: int = 10) -> int:
        async with self.desk.database.read() as conn:
            assert await consistency.problems(conn) == []
            return await ledger.earned(conn, GUILD, user_id)

    async def entries(self, user_id: int = 10) -> list[LedgerEntry]:
        return (await self.desk.history(user_id, 50))[::-1]


@pytest.fixture
async def office(tmp_path: Any) -> Any:
    async with open_database(tmp_path / "points.sqlite3") as database:
        made = Office(database)
        await go_by(database, PLAIN)
        await made.desk.know(10, 11, 12)
        yield made


async def test_a_changed_payment_is_taken_back_and_paid_anew_for_the_same_event(
    office: Office,
) -> None:
    await office.desk.deliver(message(1), message(2, at=START + HOUR))
    done = await office.rescore(with_message(250))
    assert (done.n_entries, done.n_members, done.amount) == (2, 1, 300)
    old, _, back, new, *_ = await office.entries()
    assert (back.reverses, back.amount, back.event_id) == (old.entry_id, -100, old.event_id)
    assert (new.amount, new.event_id, new.rule_set) == (250, old.event_id, 1)
    assert (new.day, new.earned_at) == (old.day, old.earned_at)
    assert back.rescore_id == new.rescore_id == done.rescore_id
    assert await office.earned() == 500


async def test_what_did_not_change_has_no_new_entry(office: Office) -> None:
    await office.desk.deliver(message(1), reaction(1, 11))
    done = await office.rescore(helpful(points=300))
    assert done.n_entries == 1
    assert [e.kind for e in await office.entries()] == ["message", "helpful", "helpful", "helpful"]


async def test_boards_move_on_the_days_when_things_happened(office: Office) -> None:
    office.desk.now = START + 2 * DAY
    await office.desk.deliver(message(1), message(2, at=START + 2 * DAY))
    await office.rescore(with_message(250), since=START + DAY)

    async def of_day(day: int) -> int:
        async with office.desk.database.read() as conn:
            found = await boards.places(conn, GUILD, BoardSpan(days=((day, day),)), 10)
            return found.top[0].amount

    assert await of_day(20_260_302) == 100
    assert await of_day(20_260_304) == 250


async def test_deleting_takes_back_just_what_is_now_paid(office: Office) -> None:
    await office.desk.deliver(message(1), reaction(1, 11), reaction(1, 12))
    done = await office.rescore(with_message(250))
    await office.desk.deliver(unreaction(1, 12), deleted(1))
    assert await office.earned() == 0
    await office.undo(done)
    assert await office.earned() == 0
    assert sum(entry.amount for entry in await office.entries()) == 0


async def test_what_pays_nothing_now_stays_undone_when_it_was_deleted_before_the_way_back(
    office: Office,
) -> None:
    await office.desk.deliver(message(1), reaction(1, 11), message(2, at=START + HOUR))
    done = await office.rescore(helpful(points=0))
    assert await office.earned() == 200
    await office.desk.deliver(unreaction(1, 11))
    await office.undo(done)
    assert await office.earned() == 200
    assert len(await office.entries()) == 6  # paid, taken back; restored, taken back


async def test_late_events_are_paid_by_the_new_rules_until_the_count_is_taken_back(
    office: Office,
) -> None:
    await office.desk.deliver(message(1))
    done = await office.rescore(with_message(250))
    await office.desk.deliver(message(2, at=START + HOUR))
    assert await office.earned() == 500
    await office.undo(done)
    assert await office.earned() == 350
    await office.desk.deliver(message(3, at=START + 2 * HOUR))
    assert await office.earned() == 450
    await office.desk.deliver(message(4, at=NEXT + HOUR))
    assert await office.earned() == 700


async def test_events_wait_while_a_count_is_carried_out_and_are_paid_in_order(
    office: Office,
) -> None:
    await office.desk.deliver(message(1))
    office.desk.now = NEXT
    decision = await office.decide(await office.publish(with_message(250, per_day=1)))
    await office.desk.deliver(
        message(2, at=NEXT), deleted(2), message(3, at=NEXT + HOUR), message(4, at=START + HOUR)
    )
    assert await office.earned() == 100
    with pytest.raises(UserError, match="error-points-rescoring"):
        await office.decide(1)
    done = await office.desk.points.carry_out(decision, lambda done, of: None)
    assert done.finished_at == NEXT
    assert done.n_entries == 1
    assert await office.earned() == 500  # the second was deleted, the fourth is one too many
    assert await office.desk.points.carry_out(decision, lambda done, of: None) == done


async def test_what_moderators_hold_or_took_back_is_left_alone(office: Office) -> None:
    await office.desk.deliver(*(message(n, at=START + n * HOUR) for n in range(1, 4)))
    first, second, _ = await office.entries()
    points, write = office.desk.points, office.desk.database.write
    await write(
        lambda conn: points.entries.hold(conn, [first.entry_id], actor_id=99, reason="look")
    )
    await write(
        lambda conn: points.entries.reverse(conn, second.entry_id, actor_id=99, reason="ring")
    )
    done = await office.rescore(with_message(250))
    assert done.n_entries == 1
    assert await office.earned() == 250
    await write(
        lambda conn: points.entries.release(conn, [first.entry_id], actor_id=99, reason="fine")
    )
    assert await office.earned() == 350
    await office.undo(done)
    assert await office.earned() == 200


async def test_a_hold_on_what_was_counted_anew_goes_on_when_that_is_taken_back(
    office: Office,
) -> None:
    await office.desk.deliver(message(1))
    done = await office.rescore(with_message(250))
    points, write = office.desk.points, office.desk.database.write
    new = (await office.entries())[-1]
    await write(lambda conn: points.entries.hold(conn, [new.entry_id], actor_id=99, reason="look"))
    assert await office.earned() == 0
    await office.undo(done)
    assert await office.earned() == 0
    again = next(e for e in (await office.entries())[::-1] if e.kind == "message" and e.amount > 0)
    released = await write(
        lambda conn: points.entries.release(conn, [again.entry_id], actor_id=99, reason="fine")
    )
    assert len(released) == 1
    assert await office.earned() == 100


async def test_a_count_of_what_was_taken_back_by_a_moderator_since_leaves_it(
    office: Office,
) -> None:
    await office.desk.deliver(message(1))
    done = await office.rescore(with_message(250))
    new = (await office.entries())[-1]
    await office.desk.database.write(
        lambda conn: office.desk.points.entries.reverse(
            conn, new.entry_id, actor_id=99, reason="ring"
        )
    )
    await office.undo(done)
    assert await office.earned() == 0


async def test_whoever_spent_what_is_taken_owes_nothing_and_keeps_what_they_bought(
    office: Office,
) -> None:
    await office.desk.deliver(*(message(n, at=START + n * HOUR) for n in range(1, 4)))
    points, write = office.desk.points, office.desk.database.write
    await write(lambda conn: points.entries.spend(conn, GUILD, 10, amount=250, source_id=7))
    done = await office.rescore(with_message(50))
    assert await office.earned() == 150
    assert await office.desk.balance() == 0  # 50 were left, 150 are taken, 100 of them waived
    waived = (await office.entries())[-1]
    assert (waived.kind, waived.amount, waived.is_spending) == ("rescore", 100, True)
    assert done.amount == -150
    await office.undo(done)
    assert await office.desk.balance() == 50
    assert await office.earned() == 300


async def test_a_debt_that_a_moderator_made_is_not_waived(office: Office) -> None:
    await office.desk.deliver(message(1))
    points, write = office.desk.points, office.desk.database.write
    await write(
        lambda conn: points.entries.give(
            conn, GUILD, 10, kind="deduct", amount=-500, source_id=3, actor_id=99
        )
    )
    await office.rescore(with_message(50))
    assert await office.desk.balance() == -400  # what it was, no more and no less
    assert await office.earned() == -450


async def test_thanks_of_somebody_who_was_erased_stay(office: Office) -> None:
    await office.desk.deliver(message(1), reaction(1, 11), reaction(1, 12))
    await office.desk.database.write(lambda conn: privacy.erase(conn, GUILD, 11))
    before = await office.earned()
    done = await office.rescore(helpful(points=0))
    assert await office.earned() == before - 200
    await office.undo(done)
    assert await office.earned() == before


async def test_erasing_forgets_who_decided_and_export_shows_it(office: Office) -> None:
    await office.desk.deliver(message(1))
    done = await office.rescore(with_message(250))
    async with office.desk.database.read() as conn:
        (row,) = (await privacy.export(conn, GUILD, 99))["rescores"]
        assert row["reason"] == "fairer"
        exported = await privacy.export(conn, GUILD, 10)
        assert [row["rescore_id"] for row in exported["ledger"]] == [0, 1, 1]
    await office.desk.database.write(lambda conn: privacy.erase(conn, GUILD, 99))
    await office.desk.database.write(lambda conn: privacy.erase(conn, GUILD, 10))
    async with office.desk.database.read() as conn:
        kept = await rescores.decision(conn, GUILD, done.rescore_id)
        assert kept is not None
        assert kept.created_by == 0
    assert await office.earned() == 0
    await office.undo(done)
    assert await office.earned() == 0


async def test_only_events_that_still_pay_are_marked_for_the_trainer(office: Office) -> None:
    await office.desk.deliver(message(1, length_class=1), message(2, at=START + HOUR))

    async def marked() -> list[int]:
        async with office.desk.database.read() as conn:
            rows = await conn.execute(
                text("SELECT source_id FROM events WHERE is_rewarded AND source_id < 100")
            )
            return sorted(rows.scalars())

    assert await marked() == [2]
    done = await office.rescore(with_message(100, min_length=1, per_day=1))
    assert await marked() == [1]
    await office.undo(done)
    assert await marked() == [2]


async def test_two_counts_are_taken_back_one_after_the_other(office: Office) -> None:
    await office.desk.deliver(message(1), message(2, at=START + DAY))
    first = await office.rescore(with_message(250))
    second = await office.rescore(with_message(70), since=START + HOUR)
    assert await office.earned() == 320
    await office.undo(second)
    assert await office.earned() == 500
    await office.undo(first)
    assert await office.earned() == 200


async def test_an_answer_accepted_again_since_is_not_paid_twice(office: Office) -> None:
    accept = Event(
        guild_id=GUILD,
        source_id=1,
        kind=EventKind.ACCEPTED,
        user_id=11,
        occurred_at=START + 60,
        qualifier=0,
        channel_id=5,
        target_id=10,
    )
    await office.desk.deliver(message(1), accept)
    rules = PLAIN
    done = await office.rescore(replace(rules, answer=replace(rules.answer, points=0)))
    assert await office.earned() == 100
    office.desk.now = NEXT + HOUR
    await office.publish(rules)
    later = replace(accept, user_id=12, qualifier=1, occurred_at=NEXT + 2 * HOUR)
    await office.desk.deliver(later)
    assert await office.earned() == 1_600
    await office.undo(done)
    assert await office.earned() == 1_600


async def test_a_resource_that_fewer_keep_since_is_not_paid_for_that_again(
    office: Office,
) -> None:
    await office.desk.shelve([500])

    def keep(user_id: int, kind: EventKind = EventKind.SAVE) -> Event:
        return Event(
            guild_id=GUILD,
            source_id=900 + user_id,
            kind=kind,
            user_id=user_id,
            occurred_at=START,
            resource_id=500,
            target_id=10,
            channel_id=5,
        )

    await office.desk.deliver(*(keep(user_id) for user_id in range(20, 30)))
    assert await office.earned() == 200
    rules = PLAIN
    done = await office.rescore(replace(rules, savers=replace(rules.savers, points=0)))
    assert await office.earned() == 0
    await office.desk.deliver(keep(25, EventKind.UNSAVE))
    await office.undo(done)
    assert await office.earned() == 0


async def test_what_is_counted_before_the_day_fills_the_same_windows(office: Office) -> None:
    """Thanks from before the moment lower what the same giver's thanks after it are worth."""
    office.desk.now = START + DAY
    await office.desk.deliver(message(1), message(2, at=START + DAY))
    await office.desk.deliver(reaction(1, 11, at=START), reaction(2, 11, at=START + DAY))
    await office.rescore(helpful(points=1_000), since=START + HOUR)
    paid = [entry for entry in await office.entries() if entry.kind == "helpful"]
    assert [entry.amount for entry in paid] == [200, 100, -100, 500]


@pytest.mark.parametrize("n_events", [0, 1])
async def test_a_count_of_a_guild_that_did_nothing_is_over_at_once(
    office: Office, n_events: int
) -> None:
    done = await office.rescore(with_message(50), since=NEXT - HOUR * n_events)
    assert (done.n_entries, done.amount) == (0, 0)
    assert done.finished_at is not None


async def test_progress_is_told_while_reading_and_while_writing(office: Office) -> None:
    await office.desk.deliver(*(message(n, at=START + n * HOUR) for n in range(1, 20)))
    told: list[tuple[int, int]] = []
    seen: Callable[[int, int], None] = lambda done, of: told.append((done, of))  # noqa: E731
    office.desk.now = NEXT
    decision = await office.decide(await office.publish(with_message(250)))
    await office.desk.points.carry_out(decision, seen)
    assert told == [(22, 22), (19, 19)]


def test_versions_in_words_hold_the_kinds_a_count_may_change() -> None:
    assert "rescore" not in kinds.GIVEN
    assert recounts.WAIVED == "rescore"


async def test_an_answer_that_somebody_erased_accepted_is_not_paid_again(office: Office) -> None:
    accept = Event(
        guild_id=GUILD,
        source_id=1,
        kind=EventKind.ACCEPTED,
        user_id=11,
        occurred_at=START + 60,
        qualifier=0,
        channel_id=5,
        target_id=10,
    )
    later = replace(accept, user_id=12, qualifier=1, occurred_at=START + 120)
    await office.desk.deliver(message(1), accept, later)
    await office.desk.database.write(lambda conn: privacy.erase(conn, GUILD, 11))
    assert await office.earned() == 1_600
    await office.rescore(with_message(200))
    assert await office.earned() == 1_700


async def test_a_reply_to_somebody_erased_stays_a_reply(office: Office) -> None:
    await office.desk.deliver(reply(1, to=11))
    await office.desk.database.write(lambda conn: privacy.erase(conn, GUILD, 11))
    await office.rescore(with_message(50))
    assert await office.earned() == 200


async def test_what_undid_nothing_before_the_moment_undoes_nothing_in_the_count(
    office: Office,
) -> None:
    """A party and its end before the thanks: these still lock thanks the other way."""
    thanks = reaction(2, 10, 11, START + 3 * HOUR)
    await office.desk.deliver(
        message(1),
        reaction(1, 11, emoji=PARTY),
        unreaction(1, 11, emoji=PARTY),
        reaction(1, 11, at=START + 60),
        message(2, 11, START + 2 * HOUR),
        thanks,
    )
    assert await office.earned(11) == 100
    done = await office.rescore(helpful(points=300), since=START + HOUR)
    assert done.n_entries == 0
    assert await office.earned(11) == 100
