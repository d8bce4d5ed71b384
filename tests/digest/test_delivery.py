"""What goes out, once, and what never does: real database, a messenger that can fail."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.errors import UserError
from bot.messenger import ClosedError, Letter, TooManyError, UnreachableError
from storage import members
from storage.schema import audit, deliveries, digest_settings, impressions
from tests.digest.conftest import GUILD, Post, add, resource, stock

ANNA, BEN = 11, 12
TO_MONDAY = {"hours": 21}


async def test_a_digest_goes_out_when_the_local_hour_has_come(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(hours=20, minutes=59)
    await post.tick()
    assert post.messenger.sent == []
    post.clock.pass_by(minutes=1)
    await post.tick()
    assert post.messenger.got(ANNA) == 1
    (delivery,) = await post.deliveries(ANNA)
    assert (delivery.state, delivery.period, len(delivery.items)) == ("sent", "2026-W10", 3)
    assert delivery.message_id == 9_001
    assert (await post.setting(ANNA)).due_at == post.clock().timestamp() + 7 * 86_400


async def test_nothing_goes_to_anybody_who_did_not_opt_in(post: Post) -> None:
    await post.services.digest.subscriptions.set_time(GUILD, ANNA, 0, 9, None)
    await post.opt_in(BEN)
    await post.services.digest.subscriptions.turn_off(GUILD, BEN)
    for _ in range(15):
        post.clock.pass_by(days=1)
        await post.tick()
    assert post.messenger.sent == []
    assert await post.deliveries(ANNA) == []


async def test_two_ticks_send_one_digest(post: Post) -> None:
    await post.opt_in(ANNA, BEN)
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    await post.tick()
    assert (post.messenger.got(ANNA), post.messenger.got(BEN)) == (1, 1)


async def test_concurrent_ticks_send_one_digest(post: Post) -> None:
    await post.opt_in(ANNA, BEN)
    post.clock.pass_by(**TO_MONDAY)
    await asyncio.gather(*(post.tick() for _ in range(8)))
    assert (post.messenger.got(ANNA), post.messenger.got(BEN)) == (1, 1)
    assert await post.states(ANNA) == ["sent"]


async def test_a_slow_send_is_not_taken_for_a_crash(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)

    async def slow(letter: Letter) -> None:
        post.messenger.before_send = None
        post.clock.pass_by(minutes=30)
        await post.tick()

    post.messenger.before_send = slow
    await post.tick()
    assert post.messenger.attempts == [ANNA]
    assert await post.states(ANNA) == ["sent"]


async def test_the_next_week_shows_other_resources(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    post.clock.pass_by(days=7)
    await post.tick()
    first, second = await post.deliveries(ANNA)
    assert (len(first.items), len(second.items)) == (3, 3)
    assert not {i.resource_id for i in first.items} & {i.resource_id for i in second.items}
    post.clock.pass_by(days=7)
    await post.tick()
    assert await post.states(ANNA) == ["sent", "sent", "skipped"]


async def test_too_little_to_recommend_skips_the_week_and_sends_nothing(post: Post) -> None:
    guild_id = 2
    await stock(post.database, 2, guild_id)
    await post.services.digest.subscriptions.turn_on(guild_id, ANNA)
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    await post.tick()
    assert post.messenger.attempts == []
    (delivery,) = await post.deliveries(ANNA)
    assert (delivery.state, delivery.error) == ("skipped", "only 2 of 2 to recommend")
    status = await post.services.digest.subscriptions.status(guild_id, ANNA)
    assert status.setting.due_at == post.clock().timestamp() + 7 * 86_400


async def test_turned_off_between_claim_and_send_is_skipped(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    await die(post, ANNA)
    await post.services.digest.subscriptions.turn_off(GUILD, ANNA)
    post.clock.pass_by(minutes=2)
    await post.tick()
    assert post.messenger.sent == []
    assert await post.states(ANNA) == ["skipped"]


async def die(post: Post, user_id: int, *, arrives: bool = False) -> None:
    """End the process while it sends, before or after Discord has the message."""
    post.messenger.faults[user_id] = asyncio.CancelledError()
    post.messenger.arrives = arrives
    with pytest.raises(asyncio.CancelledError):
        await post.tick()
    post.messenger.faults.clear()
    post.messenger.arrives = False
    post.restart()
    assert (await post.states(user_id))[-1] == "claimed"


@pytest.mark.parametrize("arrives", [False, True], ids=["before", "after"])
async def test_a_crash_while_sending_neither_loses_nor_doubles(post: Post, arrives: bool) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    await die(post, ANNA, arrives=arrives)
    await post.tick()
    assert post.messenger.got(ANNA) == int(arrives), "a fresh claim is left alone"
    post.clock.pass_by(minutes=2)
    await asyncio.gather(post.tick(), post.tick(), post.tick())
    await post.tick()
    assert post.messenger.got(ANNA) == 1
    (delivery,) = await post.deliveries(ANNA)
    assert (delivery.state, delivery.message_id) == ("sent", 9_001)


async def test_a_resumed_letter_is_the_same_letter(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    seen: list[Letter] = []

    async def keep(letter: Letter) -> None:
        seen.append(letter)

    post.messenger.before_send = keep
    await die(post, ANNA)
    post.clock.pass_by(minutes=2)
    await post.tick()
    first, second = seen
    assert first.nonce == second.nonce
    assert len(first.nonce) <= 25
    assert components(first) == components(second)
    assert await count_impressions(post) == 3


def components(letter: Letter) -> Any:
    view: Any = letter.view
    return view.to_components()


async def count_impressions(post: Post) -> int:
    async with post.database.read() as conn:
        return len((await conn.execute(select(impressions.c.impression_id))).all())


async def test_a_crash_right_after_the_claim_is_resumed(post: Post) -> None:
    await post.opt_in(ANNA)
    now = post.clock.pass_by(**TO_MONDAY)
    assert await post.services.digest.claims.claim_due(GUILD, ANNA, (), now) is not None
    post.restart()
    for _ in range(3):
        post.clock.pass_by(minutes=5)
        await post.tick()
    assert post.messenger.got(ANNA) == 1


async def test_a_lost_claim_is_given_up_after_a_day(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    await die(post, ANNA)
    post.clock.pass_by(days=1)
    await post.tick()
    assert post.messenger.sent == []
    assert await post.states(ANNA) == ["failed"]


async def test_an_erased_member_gets_nothing_from_a_claim(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)

    async def erase(letter: Letter) -> None:
        await post.database.write(lambda conn: conn.execute(delete(deliveries)))
        await post.database.write(lambda conn: conn.execute(delete(digest_settings)))

    post.messenger.before_send = erase
    post.messenger.faults[ANNA] = ClosedError("closed")
    await post.tick()
    post.messenger.faults.clear()
    post.clock.pass_by(minutes=5)
    await post.tick()
    assert post.messenger.sent == []
    assert await post.deliveries(ANNA) == [], "nothing comes back"


async def test_closed_messages_end_the_digest_until_it_is_turned_on_again(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    post.messenger.faults[ANNA] = ClosedError("50007")
    await post.tick()
    for _ in range(3):
        post.clock.pass_by(days=7)
        await post.tick()
    assert post.messenger.attempts == [ANNA]
    assert await post.states(ANNA) == ["closed"]
    assert await post.services.digest.subscriptions.claim_notice(GUILD, ANNA)
    assert not await post.services.digest.subscriptions.claim_notice(GUILD, ANNA)
    post.messenger.faults.clear()
    status = await post.services.digest.subscriptions.turn_on(GUILD, ANNA)
    assert status.setting.closed_at is None
    post.clock.pass_by(days=7)
    await post.tick()
    assert post.messenger.got(ANNA) == 1


async def test_too_many_conversations_stop_the_run_and_lose_nothing(post: Post) -> None:
    people = list(range(21, 25))
    await post.opt_in(*people)
    post.clock.pass_by(**TO_MONDAY)
    post.messenger.faults[people[1]] = TooManyError("40003")
    await post.tick()
    assert post.messenger.attempts == people[:2]
    post.messenger.faults.clear()
    for _ in range(5):
        post.clock.pass_by(minutes=5)
        await post.tick()
    assert [post.messenger.got(person) for person in people] == [1, 1, 1, 1]


async def test_an_outage_of_discord_ends_the_run_early_and_loses_nothing(post: Post) -> None:
    people = list(range(21, 26))
    await post.opt_in(*people)
    post.clock.pass_by(**TO_MONDAY)
    post.messenger.faults = dict.fromkeys(people, UnreachableError("503"))
    await post.tick()
    assert post.messenger.attempts == people[:3]
    post.messenger.faults.clear()
    post.messenger.unreachable = UnreachableError("503")
    post.clock.pass_by(minutes=5)
    await post.tick()
    post.messenger.unreachable = None
    for _ in range(5):
        post.clock.pass_by(minutes=5)
        await post.tick()
    assert [post.messenger.got(person) for person in people] == [1] * 5


async def test_a_refused_letter_fails_and_does_not_hinder_the_others(post: Post) -> None:
    await post.opt_in(ANNA, BEN)
    post.clock.pass_by(**TO_MONDAY)
    post.messenger.faults[ANNA] = ValueError("400 Bad Request")
    await post.tick()
    post.clock.pass_by(minutes=5)
    await post.tick()
    assert post.messenger.attempts == [ANNA, BEN]
    assert await post.states(ANNA) == ["failed"]
    assert await post.states(BEN) == ["sent"]


async def test_at_most_five_first_messages_go_out_in_ten_minutes_and_fifty_a_day(
    post: Post,
) -> None:
    people = list(range(100, 160))
    await post.opt_in(*people)
    post.clock.pass_by(**TO_MONDAY)
    await asyncio.gather(post.tick(), post.tick())
    assert len(post.messenger.sent) == 5
    post.clock.pass_by(minutes=5)
    await post.tick()
    assert len(post.messenger.sent) == 5
    post.clock.pass_by(minutes=5)
    await post.tick()
    assert len(post.messenger.sent) == 10
    for _ in range(12):
        post.clock.pass_by(minutes=10)
        await post.tick()
    assert len(post.messenger.sent) == 50
    assert [letter.user_id for letter in post.messenger.sent] == people[:50], "in order"
    post.clock.pass_by(days=1)
    await post.tick()
    assert len(post.messenger.sent) == 55


async def test_whoever_had_a_digest_before_is_not_limited(post: Post) -> None:
    people = list(range(100, 112))
    await post.opt_in(*people)
    post.clock.pass_by(**TO_MONDAY)
    for _ in range(3):
        await post.tick()
        post.clock.pass_by(minutes=10)
    post.clock.pass_by(days=7)
    await post.tick()
    assert [post.messenger.got(person) for person in people] == [2] * 12


async def test_a_member_who_left_gets_nothing(post: Post) -> None:
    await post.opt_in(ANNA)
    post.messenger.gone.add(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    await post.tick()
    assert post.messenger.attempts == []
    assert await post.states(ANNA) == ["skipped"]


async def test_what_needs_a_role_is_shown_to_those_who_have_it(post: Post) -> None:
    guild_id = 3
    for number in range(3):
        await add(post.database, resource(number, guild_id, role_id=77))
    for user_id in (ANNA, BEN):
        await post.services.digest.subscriptions.turn_on(guild_id, user_id)
    now = post.clock.pass_by(**TO_MONDAY)
    assert await post.services.digest.claims.claim_due(guild_id, ANNA, (), now) is None
    parcel = await post.services.digest.claims.claim_due(guild_id, BEN, (77,), now)
    assert parcel is not None
    assert len(parcel.picks) == 3


async def test_members_get_their_digest_at_their_own_hour(post: Post) -> None:
    await post.services.digest.subscriptions.set_time(GUILD, ANNA, 0, 9, "Asia/Shanghai")
    await post.services.digest.subscriptions.set_time(GUILD, BEN, 0, 9, "America/New_York")
    await post.opt_in(ANNA, BEN)
    post.clock.pass_by(hours=13)  # 01:00 UTC
    await post.tick()
    assert (post.messenger.got(ANNA), post.messenger.got(BEN)) == (1, 0)
    post.clock.pass_by(hours=13)  # 14:00 UTC
    await post.tick()
    assert (post.messenger.got(ANNA), post.messenger.got(BEN)) == (1, 1)


async def test_a_time_zone_changed_elsewhere_moves_the_next_digest(post: Post) -> None:
    await post.opt_in(ANNA)
    await post.database.write(
        lambda conn: members.change_member(conn, GUILD, ANNA, 1.0, time_zone="America/New_York")
    )
    status = await post.services.digest.subscriptions.status(GUILD, ANNA)
    assert status.setting.due_at == post.clock().timestamp() + 26 * 3_600
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    assert post.messenger.sent == []
    post.clock.pass_by(hours=5)
    await post.tick()
    assert post.messenger.got(ANNA) == 1


async def test_another_weekday_in_the_same_week_brings_no_second_digest(post: Post) -> None:
    await post.opt_in(ANNA)
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    status = await post.services.digest.subscriptions.set_time(GUILD, ANNA, 3, 9, None)
    promised = status.setting.due_at
    assert promised == post.clock().timestamp() + 10 * 86_400, "Thursday of the next week"
    await post.services.digest.subscriptions.turn_off(GUILD, ANNA)
    status = await post.services.digest.subscriptions.turn_on(GUILD, ANNA)
    assert status.setting.due_at == promised
    post.clock.pass_by(days=9)
    await post.tick()
    assert post.messenger.got(ANNA) == 1


async def test_a_digest_at_once_comes_at_most_every_ten_minutes(post: Post) -> None:
    await post.opt_in(ANNA)
    assert await post.run.now(GUILD, ANNA, 501) == "sent"
    with pytest.raises(UserError, match="error-digest-too-soon"):
        await post.run.now(GUILD, ANNA, 502)
    post.clock.pass_by(minutes=10)
    assert await post.run.now(GUILD, ANNA, 503) == "sent"
    assert [one.period for one in await post.deliveries(ANNA)] == ["now-501", "now-503"]


async def test_asking_twice_at_the_same_instant_sends_one_digest(post: Post) -> None:
    await post.opt_in(ANNA)
    asked = [post.run.now(GUILD, ANNA, number) for number in (501, 502, 503)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(one) for one in outcomes].count("sent") == 1
    assert post.messenger.attempts == [ANNA]


async def test_a_digest_at_once_does_not_replace_the_weekly_one(post: Post) -> None:
    await post.opt_in(ANNA)
    await post.run.now(GUILD, ANNA, 501)
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    assert post.messenger.got(ANNA) == 2


async def test_a_digest_at_once_needs_the_opt_in(post: Post) -> None:
    with pytest.raises(UserError, match="error-digest-off"):
        await post.run.now(GUILD, ANNA, 501)
    assert post.messenger.attempts == []


@pytest.mark.parametrize("fault", [TooManyError("40003"), UnreachableError("503")])
async def test_a_digest_at_once_that_discord_delays_follows_by_itself(
    post: Post, fault: Exception
) -> None:
    await post.opt_in(ANNA)
    post.messenger.faults[ANNA] = fault
    assert await post.run.now(GUILD, ANNA, 501) == "later"
    with pytest.raises(UserError, match="error-digest-too-soon"):
        await post.run.now(GUILD, ANNA, 502)
    post.messenger.faults.clear()
    post.clock.pass_by(minutes=5)
    await post.tick()
    assert post.messenger.got(ANNA) == 1


async def test_a_digest_at_once_to_closed_messages_is_told_at_once(post: Post) -> None:
    await post.opt_in(ANNA)
    post.messenger.faults[ANNA] = ClosedError("50007")
    assert await post.run.now(GUILD, ANNA, 501) == "closed"
    assert not await post.services.digest.subscriptions.claim_notice(GUILD, ANNA)
    with pytest.raises(UserError, match="error-digest-closed"):
        await post.run.now(GUILD, ANNA, 502)
    assert post.messenger.attempts == [ANNA]


async def test_opting_in_and_out_is_recorded(post: Post) -> None:
    await post.opt_in(ANNA, ANNA)
    assert (await post.setting(ANNA)).opted_in_at == post.clock().timestamp()
    assert await post.services.digest.subscriptions.turn_off(GUILD, ANNA)
    assert not await post.services.digest.subscriptions.turn_off(GUILD, ANNA)
    assert (await post.setting(ANNA)).opted_in_at is None
    async with post.database.read() as conn:
        rows = (await conn.execute(select(audit.c.action, audit.c.actor_id))).all()
    assert [tuple(row) for row in rows] == [("digest.on", ANNA), ("digest.off", ANNA)]


async def test_a_letters_stop_button_is_its_receivers_only(post: Post) -> None:
    await post.opt_in(ANNA, BEN)
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    (delivery,) = await post.deliveries(ANNA)
    assert await post.services.digest.subscriptions.stop(delivery.delivery_id, BEN) is None
    assert (await post.setting(ANNA)).is_on
    assert await post.services.digest.subscriptions.stop(delivery.delivery_id, ANNA) == GUILD
    assert not (await post.setting(ANNA)).is_on


async def test_an_untracked_members_digest_leaves_no_impressions(post: Post) -> None:
    await post.opt_in(ANNA)
    await post.database.write(
        lambda conn: members.change_member(conn, GUILD, ANNA, 1.0, is_tracked=False)
    )
    post.clock.pass_by(**TO_MONDAY)
    await post.tick()
    assert post.messenger.got(ANNA) == 1
    assert await count_impressions(post) == 0
