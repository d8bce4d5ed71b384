"""Rings are seen as counts over groups, and what they made can be held, released, reversed."""

from itertools import permutations

from bot.rulebook import rules
from bot.rulebook.rules import Edge
from storage import ledger, members
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
            world.guild.id,
            user,
            "helpful",
            200,
            5_000 + i,
            0,
            20_260_302,
            now,
            now,
            giver,
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
    assert "Group 1: 6 members, 120 acts, 240 points among themselves, 100%" in text
    assert not any(str(member) in text for member in people)
    seen = await world.app.services.rulebook.evidence(world.guild.id)
    (ring,) = seen.found.rings
    await world.restart()
    opened = await world.moderator.select(
        shown.response, [ring.key], custom_id=f"rulebook:rings:{seen.since}:{seen.last}"
    )
    assert all(f"<@{member}>" in texts_of(opened.response) for member in people)

    async def press(result: object, deed: str) -> str:
        button = button_id(opened.response, f"rulebook:ring:{deed}:.*")
        form = await world.moderator.click(opened.response, custom_id=button)
        done = await world.moderator.submit_modal(form, {"reason": "looks like a ring"})
        return texts_of(done.response)

    assert "Held: 120 of 120 entries" in await press(opened, "hold")
    assert await balance(world, people[0]) == 0
    assert "Held: 0 of 120 entries" in await press(opened, "hold")
    owner = await world.person("r0").slash(world.channel, "points", why=True)
    assert "On hold while moderators look at it; nothing is decided." in texts_of(owner.response)
    assert "Released: 120 of 120" in await press(opened, "release")
    assert await balance(world, people[0]) == 4_000
    assert "Reversed: 120 of 120" in await press(opened, "reverse")
    assert await balance(world, people[0]) == 0
    assert "not there any more" in await press(opened, "hold")
    async with world.app.database.read() as conn:
        rows = await members.audit_rows(conn, world.guild.id)
        assert await ledger.differences(conn) == []
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
    assert "群体 1：6 人，互动 120 次" in texts_of(shown.response)
