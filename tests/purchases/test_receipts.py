"""What a membership gave: counted, drawn and said, to its member alone, and every month once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot import draw
from bot.app import make_jobs
from bot.dates import DAY_S
from bot.purchases import receipt_rules as rules
from bot.purchases import receipt_screen, use
from storage import access
from storage.connection import Connection
from storage.records import Access, Deed, Event, EventKind
from storage.schema import purchase_notices, question_answers, questions
from tests.discord_sim import World, button_id, close_dms, open_channel, set_locale, texts_of
from tests.experts.test_invitations import letters
from tests.purchases.scenes import grant, later, shelved, sold

HOUR = 3_600.0


def at(year: int, month: int, day: int, hour: int = 0) -> float:
    return datetime(year, month, day, hour, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("now", "zone", "wanted_since", "month"),
    [
        (at(2026, 3, 1, 9), "UTC", at(2026, 2, 10), (2026, 2)),
        (at(2026, 3, 1, 8), "UTC", at(2026, 2, 10), None),  # too early in the morning
        (at(2026, 3, 1, 8), "Asia/Shanghai", at(2026, 2, 10), (2026, 2)),  # it is 16:00 there
        (at(2026, 3, 1, 9), "America/New_York", at(2026, 2, 10), None),  # it is 4:00 there
        (at(2026, 3, 31, 23), "UTC", at(2026, 2, 10), (2026, 2)),  # late, but not lost
        (at(2026, 3, 20), "UTC", at(2026, 3, 1, 10), None),  # wanted from then on
        (at(2026, 1, 1, 9), "UTC", at(2025, 12, 31), (2025, 12)),
    ],
)
def test_when_a_monthly_receipt_is_due(
    now: float, zone: str, wanted_since: float, month: tuple[int, int] | None
) -> None:
    found = rules.due(now, zone, wanted_since)
    # On the first day before nine it is the month before that is not due any more.
    assert (found and found.month) == month


def test_what_counts_is_different_resources_of_the_span_that_stand() -> None:
    over = rules.Span(100.0, 200.0)
    deeds = [
        Deed(1, EventKind.DONE, 100.0),
        Deed(1, EventKind.DONE, 150.0),
        Deed(2, EventKind.DONE, 150.0, stands=False),
        Deed(3, EventKind.DONE, 200.0),
        Deed(1, EventKind.SAVE, 199.0),
        Deed(2, EventKind.SAVE, 99.0),
        Deed(4, EventKind.OPEN, 120.0),
        Deed(5, EventKind.OPEN, 120.0),
        Deed(5, EventKind.LIKED, 120.0),
    ]
    assert rules.counted(deeds, over) == rules.Done(finished=1, saved=1, opened=2)


@pytest.mark.parametrize(
    ("n_used", "n_all", "said"),
    [
        *((0, 0, None), (0, 1, "little"), (1, 1, "much"), (1, 3, "some"), (2, 3, "much")),
        *((1, 500, "some"), (4, 500, "some"), (5, 500, "much"), (0, 500, "little")),
    ],
)
def test_use_in_three_words(n_used: int, n_all: int, said: str | None) -> None:
    assert use.use(n_used, n_all) == said


@pytest.mark.parametrize(
    ("much", "some", "little", "shown"),
    [
        (2, 1, 1, None),  # fewer than five members
        (5, 6, 7, (5, 6, 7)),
        (9, 0, 0, (9, 0, 0)),
        (9, 2, 8, (9, None, None)),  # else the whole would tell
        (9, 2, 3, (9, None, None)),
        (9, 4, 0, (None, None, None)),
        (6, 1, 0, (None, None, None)),
    ],
)
def test_groups_under_five_are_not_shown_and_cannot_be_worked_out(
    much: int, some: int, little: int, shown: tuple[int | None, ...] | None
) -> None:
    members: list[tuple[use.Use, int]] = [("much", much), ("some", some), ("little", little)]
    found = use.counted([None, *(word for word, n in members for _ in range(n))])
    assert (found and tuple(found[each] for each in use.USES)) == shown


async def monthly(world: World) -> None:
    jobs = {job.name: job for job in make_jobs(world.app, world.client)}
    await jobs["receipts"].run(world.app.clock())
    await world.env.settle()


def got(member: Any) -> list[Any]:
    return [each for each in letters(member) if "Your month in" in texts_of(each)]


async def lived(world: World) -> None:
    """Let Alice buy, open, save and finish something, answer once and be answered twice."""
    course = await shelved(world)
    other = await shelved(world, "Go", "https://go.example/")
    await sold(world, "Rust course", course, other, term="days", days=300)
    await grant(world, world.alice)
    guild_id, now = world.guild.id, world.app.clock().timestamp()
    log = world.app.services.points

    async def job(conn: Connection) -> None:
        for n, kind in enumerate((EventKind.OPEN, EventKind.SAVE, EventKind.DONE)):
            event = Event(
                guild_id=guild_id,
                source_id=900 + n,
                kind=kind,
                user_id=world.alice.id,
                occurred_at=now,
                resource_id=course.resource_id,
            )
            await log.record(conn, event)
        asked = {"guild_id": guild_id, "channel_id": 1, "title": "?", "asked_at": now}
        asked |= {"last_word_at": now, "last_word_id": 1}
        answered = {"guild_id": guild_id, "written_at": now}
        for n, (asker, helpers) in enumerate(
            [
                (world.alice.id, [world.bob.id, world.moderator.id, world.alice.id]),
                (world.bob.id, [world.alice.id]),
            ]
        ):
            added = insert(questions).values(asked | {"user_id": asker, "thread_id": n + 1})
            number = (await conn.execute(added.returning(questions.c.question_id))).scalar_one()
            for k, helper in enumerate(helpers):
                answer = {"message_id": 10 * n + k + 1, "question_id": number, "user_id": helper}
                await conn.execute(insert(question_answers).values(answered | answer))
        accepted = update(question_answers).where(question_answers.c.message_id == 11)
        await conn.execute(accepted.values(accepted_at=now))

    await world.app.database.write(job)


@pytest.mark.parametrize("value", ["7", "1,234.5", "1,234,567.89", "-99,999,999.99"])
def test_a_number_is_written_smaller_before_it_is_cut(value: str) -> None:
    size = receipt_screen.size_of(value, 152)
    assert draw.width_of(value, size, weight="bold") <= 152
    assert (size == 26) == (len(value) < 9)


async def test_a_receipt_says_what_it_shows_to_its_member_alone(lenient_world: World) -> None:
    world = lenient_world
    await lived(world)
    await open_channel(world, world.channel)
    result = await world.alice.slash(world.channel, "receipt")
    assert result.ephemeral
    told = texts_of(result.response)
    for line in ("Finished: 1", "Opened: 1", "Saved: 1", "Answers you got: 2"):
        assert line in told
    assert "Answers you gave: 1, 1 of them accepted" in told
    assert "Rust course" in told and "1 of 2 resources used" in told and "Only you see this" in told
    (picture,) = result.response.attachments
    assert "Finished: 1" in picture.description and "1 of 2 resources used" in picture.description
    shown = await world.alice.click(
        result.response, custom_id=button_id(result.response, r"receipt:show:last")
    )
    assert "2026-02" in texts_of(shown.response) and "Nothing here yet" in texts_of(shown.response)
    set_locale(world.bob, "zh-CN")
    result = await world.bob.slash(world.channel, "receipt")
    assert "给出的回答: 1" in texts_of(result.response)
    assert "Rust course" not in texts_of(result.response)


async def test_who_turned_it_on_gets_one_a_month_whatever_restarts(lenient_world: World) -> None:
    world = lenient_world
    await lived(world)
    for member in (world.alice, world.bob, world.moderator):
        result = await member.slash(world.channel, "receipt")
        on = button_id(result.response, r"receipt:monthly:on:days")
        result = await member.click(result.response, custom_id=on)
        assert "first of every month" in texts_of(result.response)
    close_dms(world.env, world.bob)
    await monthly(world)
    assert not got(world.alice)
    later(world, days=31)
    await monthly(world)
    await world.restart()
    await monthly(world)
    assert len(got(world.alice)) == 1
    (letter,) = got(world.alice)
    assert "2026-03" in texts_of(letter) and "Finished: 1" in texts_of(letter)
    assert not got(world.moderator) or "Answers you gave: 1" in texts_of(got(world.moderator)[0])
    closed = await world.bob.slash(world.channel, "receipt")
    assert "didn't arrive" in texts_of(closed.response)
    # What was claimed and sent before a crash is not sent again.
    claimed = update(purchase_notices).values(state="claimed", sent_at=None, message_id=None)
    await world.app.database.write(lambda conn: conn.execute(claimed))
    later(world, minutes=10)
    await monthly(world)
    assert len(got(world.alice)) == 1
    stop = button_id(letter, r"receipt:stop:\d+:\d+")
    stopped = await world.alice.user.click(letter, custom_id=stop)
    assert "No more monthly receipts" in texts_of(stopped.response)
    later(world, days=31)
    await monthly(world)
    assert not got(world.alice)  # the last one was put away


async def test_moderators_see_counts_of_use_and_no_names(lenient_world: World) -> None:
    world = lenient_world
    await lived(world)
    result = await world.moderator.slash(world.channel, "product renewals")
    told = texts_of(result.response)
    assert "Rust course" in told and "fewer than five members" in told
    now = world.app.clock().timestamp()
    service = world.app.services.purchases
    (product,) = await service.products.find(world.guild.id, "Rust")

    async def job(conn: Connection) -> None:
        for n in range(12):
            has = Access(
                guild_id=world.guild.id,
                user_id=2**60 + n,
                product_id=product.product_id,
                from_at=now - 1,
                ends_at=now + 10 * DAY_S if n < 6 else None,
                until_at=None,
            )
            await access.keep(conn, has)

    await world.app.database.write(job)
    (found,) = await service.renewals.renewals(world.guild.id)
    # Of thirteen members, as the list of products says, twelve would tell on the last.
    assert found.everybody == {"much": None, "some": None, "little": None}
    assert found.ending == {"much": 0, "some": 0, "little": 6}
    result = await world.moderator.slash(world.channel, "product renewals")
    assert "little ?" in texts_of(result.response) and "little 6" in texts_of(result.response)
