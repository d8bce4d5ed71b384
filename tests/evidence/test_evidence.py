"""Rings are seen as counts over groups, and what they made can be held, released, reversed."""

from itertools import permutations

from bot.evidence import rules, views
from bot.evidence.rules import Edge
from storage import audit, consistency, ledger
from storage.records import LedgerEntry
from tests.discord_sim import World, button_id, set_locale, texts_of

RING = tuple(range(1, 11))


def ring_edges(people: tuple[int, ...], n: int = 5) -> list[Edge]:
    return [(a, b, n, 100 * n, n - 1) for a, b in permutations(people, 2)]


def honest_edges(first: int = 100, n_members: int = 60) -> list[Edge]:
    return [
        (first + i, first + (i * 7 + step) % n_members, 2, 200, 0)
        for i in range(n_members)
        for step in (1, 5, 11, 23)
        if i != (i * 7 + step) % n_members
    ]


def test_a_ring_of_ten_is_found_in_an_honest_community() -> None:
    found = rules.patterns(ring_edges(RING) + honest_edges() + [(100, 1, 2, 200, 0)])
    (ring,) = found.rings
    assert ring.members == RING
    assert (ring.n_acts, ring.amount, ring.n_quick) == (450, 45_000, 360)
    assert ring.mutual == 1.0
    assert 0.99 < ring.inside < 1.0
    assert found.n_mutual == 10


def test_nothing_is_said_about_fewer_than_five() -> None:
    found = rules.patterns(ring_edges((1, 2), 9) + ring_edges((5, 6), 9))
    assert found.rings == ()
    assert found.n_mutual is None
    assert found.n_concentrated is None
    assert rules.patterns([]).mutual_acts == 0.0


def test_a_whole_community_that_thanks_itself_is_no_ring() -> None:
    assert rules.patterns(ring_edges(tuple(range(20)))).rings == ()


def test_two_rings_are_told_apart() -> None:
    other = tuple(range(21, 27))
    found = rules.patterns(ring_edges(RING) + ring_edges(other) + honest_edges(200, 80))
    assert {ring.members for ring in found.rings} == {RING, other}


async def make_ring(world: World) -> list[int]:
    """Let six members pay each other four times, among others who do not."""
    people = [world.person(f"r{n}").id for n in range(6)]
    crowd = [world.person(f"c{n}").id for n in range(12)]
    now = world.env.now().timestamp()
    pairs = list(permutations(people, 2)) * 4
    pairs += [(a, b) for a, b in permutations(crowd, 2)] * 2
    async with world.app.database.read() as conn:
        first = await ledger.next_id(conn)
    entries = [
        LedgerEntry(
            guild_id=world.guild.id,
            user_id=user,
            kind="helpful",
            amount=200,
            source_id=5_000 + i,
            rule_set=0,
            day=20_260_302,
            earned_at=now,
            recorded_at=now,
            giver_id=giver,
            entry_id=first + i,
        )
        for i, (giver, user) in enumerate(pairs)
    ]
    await world.app.database.write(lambda conn: ledger.append_many(conn, entries))
    return people


async def balance(world: World, user_id: int) -> int:
    async with world.app.database.read() as conn:
        return await ledger.balance(conn, world.guild.id, user_id)


async def test_a_ring_is_held_released_and_reversed(lenient_world: World) -> None:
    world = lenient_world
    people = await make_ring(world)
    assert await balance(world, people[0]) == 4_000
    shown = await world.moderator.slash(world.channel, "rules evidence")
    text = texts_of(shown.response)
    assert "Group 1: 6 members, 120 interactions and 240 points within the group, 100%" in text
    assert not any(str(member) in text for member in people)
    seen = await world.app.services.evidence.evidence(world.guild.id)
    (ring,) = seen.found.rings
    await world.restart()
    opened = await world.moderator.select(
        shown.response, [ring.key], custom_id=f"rulebook:rings:{seen.since}:{seen.last}"
    )
    assert all(f"<@{member}>" in texts_of(opened.response) for member in people)

    async def press(result: object, verdict: str) -> str:
        button = button_id(opened.response, f"rulebook:ring:{verdict}:.*")
        form = await world.moderator.click(opened.response, custom_id=button)
        done = await world.moderator.submit_modal(form, {"reason": "looks like a ring"})
        return texts_of(done.response)

    assert "Held: 120 of 120 entries" in await press(opened, "hold")
    assert await balance(world, people[0]) == 0
    assert "Held: 0 of 120 entries" in await press(opened, "hold")
    owner = await world.person("r0").slash(world.channel, "points", why=True)
    assert "On hold while moderators look into it; nothing has been decided yet." in texts_of(
        owner.response
    )
    assert "Released: 120 of 120" in await press(opened, "release")
    assert await balance(world, people[0]) == 4_000
    assert "Reversed: 120 of 120" in await press(opened, "reverse")
    assert await balance(world, people[0]) == 0
    assert "no longer there" in await press(opened, "hold")
    async with world.app.database.read() as conn:
        rows = await audit.rows(conn, world.guild.id)
        assert await consistency.differences(conn) == []
    assert [row.action for row in rows] == [
        "ring.reverse",
        "ring.release",
        "ring.hold",
        "ring.hold",
    ]
    assert rows[0].details == {"entries": 120, "members": 6, "reason": "looks like a ring"}


async def test_evidence_speaks_chinese(world: World) -> None:
    set_locale(world.moderator, "zh-CN")
    shown = await world.moderator.slash(world.channel, "rules evidence", days=7)
    assert "没有发现 5 到 50 人的群体" in texts_of(shown.response)
    await make_ring(world)
    shown = await world.moderator.slash(world.channel, "rules evidence")
    assert "群体 1：6 人，内部互动 120 次" in texts_of(shown.response)


def test_a_few_who_are_named_are_counted_together_and_named_by_their_key() -> None:
    edges = [*ring_edges((1, 2), 9), (3, 1, 6, 600, 0), *honest_edges()]
    pair = rules.named((2, 1), edges)
    assert pair.members == (1, 2)
    assert (pair.n_acts, pair.amount, pair.n_quick) == (18, 1_800, 16)
    assert (pair.inside, pair.mutual) == (18 / 24, 1.0)
    assert rules.named((1, 2, 3), edges).inside == 1.0
    people = (2**63 - 1, 2**63 - 2, 1, 35)
    few = rules.named(people, edges)
    assert rules.members_of(few.key) == tuple(sorted(people))
    assert len(views.RING_ID.format(act="release", key=few.key, since=10**10, last=10**9)) <= 100
    found = rules.patterns(ring_edges(RING) + honest_edges())
    for key in (found.rings[0].key, "", "_", "1", "1_2_3_4_5", "é_ß"):
        assert rules.members_of(key) == ()


async def make_pair(world: World) -> tuple[int, int]:
    """Let two friends pay each other five times, and be paid twice by a third."""
    one, two, third = (world.person(f"f{n}").id for n in range(3))
    now = world.env.now().timestamp()
    async with world.app.database.read() as conn:
        first = await ledger.next_id(conn)
    pairs = [(one, two), (two, one)] * 5 + [(third, one)] * 2
    entries = [
        LedgerEntry(
            guild_id=world.guild.id,
            user_id=user,
            kind="helpful",
            amount=200,
            source_id=7_000 + i,
            rule_set=0,
            day=20_260_302,
            earned_at=now,
            recorded_at=now,
            giver_id=giver,
            entry_id=first + i,
        )
        for i, (giver, user) in enumerate(pairs)
    ]
    await world.app.database.write(lambda conn: ledger.append_many(conn, entries))
    return one, two


async def test_a_pair_whom_a_moderator_names_is_held_released_and_reversed_as_one(
    lenient_world: World,
) -> None:
    world = lenient_world
    one, two = await make_pair(world)
    friends = {"first": world.person("f0"), "second": world.person("f1")}
    opened = await world.moderator.slash(world.channel, "rules evidence", **friends)
    assert opened.ephemeral
    text = texts_of(opened.response)
    assert "A group of 2" in text
    assert "10 interactions and 20 points within the group: 83% of all they received" in text
    await world.restart()

    async def press(verdict: str) -> str:
        button = button_id(opened.response, f"rulebook:ring:{verdict}:.*")
        form = await world.moderator.click(opened.response, custom_id=button)
        done = await world.moderator.submit_modal(form, {"reason": "they trade"})
        return texts_of(done.response)

    assert "Held: 10 of 10 entries" in await press("hold")
    assert (await balance(world, one), await balance(world, two)) == (400, 0)
    assert "Released: 10 of 10" in await press("release")
    assert (await balance(world, one), await balance(world, two)) == (1_400, 1_000)
    assert "Held: 10 of 10" in await press("hold")
    assert "Reversed: 10 of 10" in await press("reverse")
    assert (await balance(world, one), await balance(world, two)) == (400, 0)
    assert "no longer there" in await press("hold")
    async with world.app.database.read() as conn:
        rows = await audit.rows(conn, world.guild.id)
        assert await consistency.differences(conn) == []
    assert [row.action for row in rows] == [
        "ring.reverse",
        "ring.hold",
        "ring.release",
        "ring.hold",
    ]
    assert rows[0].details == {"entries": 10, "members": 2, "reason": "they trade"}
    assert {row.about for row in rows} == {(one, two)}


async def test_who_is_named_must_be_two_and_have_paid_each_other(lenient_world: World) -> None:
    world = lenient_world
    await make_pair(world)
    one = world.person("f0")
    for options in ({"first": one}, {"first": one, "third": one}):
        refused = await world.moderator.slash(world.channel, "rules evidence", **options)
        assert "Name two to 4 different members." in texts_of(refused.response)
    strangers = {"first": one, "second": world.bob}
    set_locale(world.moderator, "zh-CN")
    refused = await world.moderator.slash(world.channel, "rules evidence", **strangers)
    assert "没有互相带来积分" in texts_of(refused.response)
    friends = {"first": one, "fourth": world.person("f1")}
    shown = await world.moderator.slash(world.channel, "rules evidence", **friends)
    assert "2 人的群体" in texts_of(shown.response)


async def test_only_what_was_earned_in_the_days_is_counted(world: World) -> None:
    await make_ring(world)
    evidence = world.app.services.evidence.evidence
    assert (await evidence(world.guild.id)).found.n_acts == 384
    await world.env.advance_time(8 * 86_400)
    await make_pair(world)
    assert 0 < (await evidence(world.guild.id, 7)).found.n_acts < 384
    later = (await evidence(world.guild.id, 9)).found.n_acts
    assert later == 384 + (await evidence(world.guild.id, 7)).found.n_acts
    await world.env.advance_time(40 * 86_400)
    assert (await evidence(world.guild.id)).found.n_acts == 0
