"""One message a week that nobody asked for, over everything the bot sends by itself."""

import ast
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import insert, update

from bot import opening, outbox
from bot.dates import DAY_S
from bot.digest import ends, views
from bot.i18n import Texts
from bot.messenger import UnreachableError
from bot.opening import APART_S, BEGUN, UNASKED, WEEK_S
from bot.purchases.outbox import Outbox
from bot.purchases.sending import LOOKED_AT
from storage import catalog, digests, products, reminders
from storage.connection import Connection
from storage.records import Begun, NoticeKind, Product, Purpose, Reminder
from storage.schema import accesses, deliveries, invitations, purchase_notices
from tests.digest.conftest import GUILD, Post, resource
from tests.digest.test_delivery import ANNA, BEN, TO_MONDAY
from tests.digest.test_worth import ready

BOT = Path(__file__).parents[2] / "bot"
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
AT = 1_700_000_000.0


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("earlier", sorted(BEGUN))
def test_of_one_server_comes_one_a_week_and_servers_keep_an_hour_apart(
    purpose: Purpose, earlier: Purpose
) -> None:
    def waits(guild_id: int, ago_s: float) -> opening.Wait | None:
        begun = [Begun(guild_id=guild_id, user_id=ANNA, purpose=earlier, at=AT - ago_s)]
        return opening.waits(purpose, GUILD, AT, begun)

    is_weekly = {purpose, earlier} <= UNASKED
    for ago_s in (0.0, APART_S, DAY_S, WEEK_S - 1):
        assert waits(GUILD, ago_s) == ("week" if is_weekly else None)
    for ago_s in (-APART_S, 0.0, APART_S):
        assert waits(GUILD + 1, ago_s) == ("hour" if purpose in BEGUN else None)
    assert waits(GUILD, WEEK_S) is None
    assert waits(GUILD, -DAY_S) is None, "claimed before the clock was put back"
    assert waits(GUILD + 1, APART_S + 1) is None


def test_every_letter_says_what_it_is_for_and_who_begins_one_asks_first() -> None:
    found = []
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Letter":
                given = {each.arg: each.value for each in node.keywords}
                assert "purpose" in given, path
                found.append((path.parent, given["purpose"]))
    assert len(found) >= 6
    for folder, purpose in found:
        is_answer = isinstance(purpose, ast.Constant) and purpose.value == "answer"
        asks = any("outbox.wait" in each.read_text() for each in folder.glob("*.py"))
        assert is_answer or asks, f"{folder.name} writes unasked and asks bot.outbox nowhere"


async def put(conn: Connection, of: str, guild_id: int, at: float) -> None:
    """Store that something was sent to Anna, as each feature that sends remembers it."""
    about: dict[str, Any] = {"guild_id": guild_id, "user_id": ANNA, "claimed_at": at}
    if of == "digest":
        row = about | {"period": f"p{at}", "state": "sent", "nonce": "n", "items": []}
        await conn.execute(insert(deliveries).values(row))
    elif of == "invitation":
        row = about | {"state": "passed", "reach": "dm", "sent_at": at}
        await conn.execute(insert(invitations).values(row))
    else:
        row = about | {"kind": of, "about_at": at, "state": "sent"}
        await conn.execute(insert(purchase_notices).values(row))


@pytest.mark.parametrize("of", ["digest", "ending", "renewal", "receipt", "invitation"])
async def test_whatever_was_sent_is_remembered_by_all_others(post: Post, of: str) -> None:
    at = post.clock().timestamp()
    await post.database.write(lambda conn: put(conn, of, GUILD, at - DAY_S))
    await post.database.write(lambda conn: put(conn, of, GUILD + 1, at - 60))
    async with post.database.read() as conn:
        for purpose in PURPOSES:
            alone = await outbox.waits(conn, purpose, GUILD, BEN, at)
            assert alone is None
            assert await outbox.waits(conn, purpose, GUILD, ANNA, at) == (
                "hour" if purpose in BEGUN else None
            )
            later = await outbox.waits(conn, purpose, GUILD, ANNA, at + 2 * APART_S)
            is_weekly = purpose in UNASKED and of in ("digest", "ending", "renewal")
            assert later == ("week" if is_weekly else None)
            expected = {ANNA} if purpose in BEGUN else set()
            assert await outbox.waiting(conn, purpose, GUILD, {ANNA, BEN}, at) == expected


async def buy(post: Post, user_id: int, ends_at: float) -> int:
    async def job(conn: Connection) -> int:
        number = await products.add(
            conn, Product(guild_id=GUILD, title="Rust course", term="days", days=30)
        )
        row = {
            "guild_id": GUILD,
            "user_id": user_id,
            "product_id": number,
            "from_at": 0.0,
            "ends_at": ends_at,
            "until_at": ends_at,
        }
        await conn.execute(insert(accesses).values(row))
        return number

    return await post.database.write(job)


async def remind(post: Post, kind: NoticeKind, within_s: float) -> list[Reminder]:
    """Claim and send what the reminders' tick would."""
    sent, now = [], post.clock().timestamp()
    async with post.database.read() as conn:
        due = await reminders.due(
            conn, now, kind, within_s=within_s, long_s=60 * DAY_S, limit=LOOKED_AT
        )
    box = Outbox(post.database, post.clock)
    for one in due:
        if (claimed := await box.claim(one)) is not None:
            await box.sent(claimed, 1)
            sent.append(claimed)
    return sent


async def test_a_weekly_letter_speaks_of_ends_and_no_reminder_comes_beside_it(post: Post) -> None:
    await ready(post)
    begin = post.clock().timestamp()
    await buy(post, ANNA, begin + 17 * DAY_S)
    alone, said = [], 0
    for _ in range(18):
        await post.tick()
        for kind, within_s in (("ending", 3 * DAY_S), ("renewal", 14 * DAY_S)):
            alone += await remind(post, kind, within_s)  # type: ignore[arg-type]
        post.clock.pass_by(days=1)
    assert alone == []
    views: list[Any] = [letter.view for letter in post.messenger.sent]
    letters = [str(view.to_components()) for view in views]
    said = sum("Rust course" in letter for letter in letters)
    assert (len(letters), said) == (3, 2)


async def test_the_preview_speaks_of_ends_and_of_what_renews_itself(post: Post) -> None:
    await ready(post)
    now = post.clock().timestamp()
    await buy(post, ANNA, now + 5 * DAY_S)
    (end,) = await ends.of_member(post.database, GUILD, ANNA, now)
    assert (end.notice.kind, end.is_renewed) == ("ending", False)
    shown = await post.services.digest.claims.preview(GUILD, ANNA, ())
    both = (end, replace(end, title="会员", is_renewed=True))
    for language, said in (("en", "renews itself"), ("zh-CN", "自动续费")):
        view: Any = views.preview(shown, Texts(language), is_on=True, ending=both)
        text = str(view.to_components())
        assert "Rust course" in text and "会员" in text and said in text
    assert await ends.of_member(post.database, GUILD, ANNA, now), "a preview tells nobody"


async def test_after_a_reminder_the_digest_takes_its_next_turn_a_week_later(post: Post) -> None:
    await ready(post)
    await post.services.digest.subscriptions.set_cadence(GUILD, ANNA, "fortnightly")
    await post.tick()
    post.clock.pass_by(days=10)
    await buy(post, ANNA, post.clock().timestamp() + 13 * DAY_S)
    assert await remind(post, "renewal", 14 * DAY_S)
    came = []
    for _ in range(30):
        before = post.messenger.got(ANNA)
        await post.tick()
        came.append(post.messenger.got(ANNA) > before)
        post.clock.pass_by(days=1)
    assert came.index(True) == 11, "the Monday after the one that lies within the week"


async def test_what_two_servers_claimed_before_an_outage_arrives_an_hour_apart(post: Post) -> None:
    await ready(post)
    for number in range(1, 12):
        await post.database.write(
            lambda conn, n=number: put_resource(conn, 2, n)  # type: ignore[misc]
        )
    await post.services.digest.subscriptions.turn_on(2, ANNA)
    await post.services.digest.subscriptions.set_time(2, ANNA, 0, 11, None)
    post.messenger.faults = {ANNA: UnreachableError("503")}
    await post.tick()
    post.clock.pass_by(hours=2)
    await post.tick()
    assert [one.state for one in await post.deliveries(ANNA)] == ["claimed"], "the other waits"
    post.messenger.faults = {}
    came = []
    for minute in range(0, 150, 10):
        before = post.messenger.got(ANNA)
        await post.tick()
        came += [minute] * (post.messenger.got(ANNA) - before)
        post.clock.pass_by(minutes=10)
    assert len(came) == 2
    assert came[1] - came[0] > APART_S / 60


@pytest.mark.parametrize("purpose", PURPOSES)
async def test_of_two_that_are_on_their_way_one_goes_and_the_other_follows(
    post: Post, purpose: Purpose
) -> None:
    at = post.clock().timestamp()
    await post.database.write(lambda conn: put(conn, "digest", 2, at - 7_200))
    async with post.database.read() as conn:
        assert not await outbox.waits_again(conn, purpose, GUILD, ANNA, at)
    change = update(deliveries).values(sent_at=at - 60)
    await post.database.write(lambda conn: conn.execute(change))
    async with post.database.read() as conn:
        waits = await outbox.waits_again(conn, purpose, GUILD, ANNA, at)
        assert waits == (purpose in BEGUN)
        assert not await outbox.waits_again(conn, purpose, 2, ANNA, at)
    change = update(deliveries).values(sent_at=None, state="claimed")
    await post.database.write(lambda conn: conn.execute(change))
    async with post.database.read() as conn:
        assert not await outbox.waits_again(conn, purpose, GUILD, ANNA, at)
        new = await outbox.waits(conn, purpose, GUILD, ANNA, at)
        assert new == ("hour" if purpose in BEGUN else None)
        later = at + 2 * DAY_S
        assert await outbox.waits(conn, purpose, GUILD, ANNA, later) is None, "it never went"


async def test_a_server_that_is_away_keeps_nobody_elses_letters_waiting(post: Post) -> None:
    await ready(post)
    people = range(100, 105)
    for user_id in people:
        await post.services.digest.subscriptions.turn_on(7, user_id)
        await post.services.digest.subscriptions.set_time(7, user_id, 0, 1, None)
    post.messenger.away = {7}
    post.clock.pass_by(days=7)
    await post.tick()
    assert post.messenger.got(ANNA) == 1
    async with post.database.read() as conn:
        assert {one.user_id for one in await digests.due(conn, post.clock().timestamp())} == {
            *people
        }


async def put_resource(conn: Connection, guild_id: int, number: int) -> None:
    await catalog.add(conn, resource(number, guild_id, published_at=1.0 * number))


async def use_last(post: Post) -> None:
    """Open something of the newest letters, so that they go on coming."""
    for one in (await post.deliveries(ANNA))[-2:]:
        for item in one.items[:1]:
            await post.services.links.open(item.impression_id, ANNA, role_ids=())


async def test_a_year_of_everything_begins_nothing_twice_a_week(post: Post) -> None:
    guilds = (GUILD, 2)
    for guild_id in guilds:
        for number in range(9, 150):
            await post.database.write(
                lambda conn, g=guild_id, n=number: put_resource(conn, g, n)  # type: ignore[misc]
            )
        await post.services.digest.subscriptions.turn_on(guild_id, ANNA)
    subscriptions = post.services.digest.subscriptions
    await subscriptions.set_time(GUILD, ANNA, 6, 2, "Europe/Berlin")  # the hour that is skipped
    await subscriptions.set_time(2, ANNA, 6, 2, "Europe/Berlin")
    post.clock.pass_by(**TO_MONDAY)
    for day in range(370):
        if day % 20 == 0:
            await buy(post, ANNA, post.clock().timestamp() + 15 * DAY_S)
        if day == 150:
            await subscriptions.set_cadence(GUILD, ANNA, "monthly")
        for hour in (0, 1, 2, 12) if post.clock().weekday() == 6 else (12,):
            post.clock.now = post.clock.now.replace(hour=hour)
            await post.tick()
            for kind, within_s in (("ending", 3 * DAY_S), ("renewal", 14 * DAY_S)):
                await remind(post, kind, within_s)  # type: ignore[arg-type]
        if day % 7 == 0:
            await use_last(post)
        post.clock.pass_by(days=1)
    async with post.database.read() as conn:
        rows = await conn.execute(deliveries.select().where(deliveries.c.state == "sent"))
        begun = [(row.guild_id, row.claimed_at) for row in rows]
        rows = await conn.execute(purchase_notices.select())
        alone = [row for row in rows if row.message_id == 1]
        begun += [(row.guild_id, row.claimed_at) for row in alone]
    for guild_id in guilds:
        own = sorted(at for of, at in begun if of == guild_id)
        assert min(b - a for a, b in pairwise(own)) >= WEEK_S
    assert alone, "with monthly letters, reminders come by themselves"
    both = sorted(begun, key=lambda each: each[1])
    apart = [b[1] - a[1] for a, b in pairwise(both) if a[0] != b[0]]
    assert min(apart) > APART_S
    assert sum(of == 2 for of, _ in begun) >= 40
