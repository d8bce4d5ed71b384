"""What points cost: awards a second beside raw SQLite, boards of a large guild, a long replay.

    python benchmarks/ledger.py [awards|boards|replay] [--runs 5] [--rows N] [--events N]

Awards: messages that are stored already are paid for in batches, one transaction each; raw
SQLite does the same inserts and updates from prepared tuples on the same file format and
durability, in the same run, turn about. Boards: 100,000 members, rows of the ledger over a
year. Replay: a month of events of 10,000 members under one rule set, then under two at once.
Everything is measured in the processor's time of the whole process, all threads: on a machine
that does other work, time on the wall says little.
"""

import argparse
import asyncio
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from bot.boards import rules as board_rules
from bot.boards.service import SUMMED_AT_ONCE
from bot.emoji import emoji_hash
from bot.points import replaying
from bot.points.service import PointsService
from bot.rewards import calendar
from bot.rewards.ruleset import RuleSet
from storage import boards as board_rows
from storage import consistency, events, ledger, seasons
from storage.connection import Connection
from storage.database import Database, open_database
from storage.fading import weight_of
from storage.records import BoardSpan, Event, EventKind

GUILD = 1
DAY_S = 86_400
NOW = datetime(2026, 3, 31, tzinfo=UTC).timestamp()
BATCH = 2_000
THUMB = emoji_hash("👍")


def memory_mb() -> float:
    """Return the most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def resident_mb() -> float:
    """Return the memory this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def percentile(times: list[float], share: float) -> float:
    """Return the time in ms below which a share of them lies."""
    return 1_000 * sorted(times)[min(int(share * len(times)), len(times) - 1)]


# ----------------------------------------------------------------------- awards


async def awards(n_runs: int, n_awards: int, n_members: int) -> None:
    """Print awards a second, raw inserts a second and their ratio, run by run."""
    ours, raws = [], []
    for run in range(n_runs):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ours.sqlite3"
            async with open_database(path) as database:
                stored = await store(database, n_awards, n_members, run)
                ours.append(n_awards / await pay(database, stored))
                async with database.read() as conn:
                    n_paid = await ledger.next_id(conn) - 1
                    assert await consistency.differences(conn) == []
            assert n_paid == n_awards, n_paid
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "raw.sqlite3"
            async with open_database(path) as database:
                await store(database, n_awards, n_members, run)
            raws.append(n_awards / raw(path, n_awards))
        ratio = ours[-1] / raws[-1]
        print(f"run {run + 1}: {ours[-1]:,.0f} awards/s, raw {raws[-1]:,.0f}/s, ratio {ratio:.2f}")
    ratio = statistics.median(a / b for a, b in zip(ours, raws, strict=True))
    print(
        f"median of {n_runs}: {statistics.median(ours):,.0f} awards/s,"
        f" raw {statistics.median(raws):,.0f}/s, ratio {ratio:.2f}, peak {memory_mb():.0f} MB"
    )


async def store(
    database: Database, n_awards: int, n_members: int, seed: int
) -> list[tuple[Event, int]]:
    """Store messages that all pay: each member's are minutes apart, none too many a day."""
    chance = random.Random(seed)
    order = list(range(n_awards))
    chance.shuffle(order)
    happened = [
        Event(
            guild_id=GUILD,
            source_id=1_000_000 + n,
            kind=EventKind.MESSAGE,
            user_id=1_000 + member % n_members,
            occurred_at=NOW + (member // n_members) * 300.0,
            channel_id=5,
            length_class=2,
            novelty=1,
        )
        for n, member in enumerate(order)
    ]
    stored: list[tuple[Event, int]] = []
    for start in range(0, n_awards, BATCH):
        part = happened[start : start + BATCH]
        ids = await database.write(partial(append, part))
        stored += [(event, event_id) for event, event_id in zip(part, ids, strict=True) if event_id]
    return stored


async def append(part: list[Event], conn: Connection, *, now: float = NOW) -> list[int | None]:
    """Store events."""
    return await events.append_many(conn, part, now)


async def award(points: PointsService, part: list[tuple[Event, int]], conn: Connection) -> None:
    """Pay for events."""
    await points.award_many(conn, part)


async def pay(database: Database, stored: list[tuple[Event, int]]) -> float:
    """Award everything in batches; return the processor's seconds that took."""
    points = PointsService(database, lambda: datetime.fromtimestamp(NOW, UTC))
    begin = time.process_time()
    for start in range(0, len(stored), BATCH):
        part = stored[start : start + BATCH]
        await database.write(partial(award, points, part))
    return time.process_time() - begin


def raw(path: Path, n_awards: int) -> float:
    """Write the same rows with sqlite3 alone; return the processor's seconds that took."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    rows = connection.execute(
        "SELECT event_id, source_id, user_id, occurred_at FROM events ORDER BY event_id"
    ).fetchall()
    day = calendar.day_of(NOW, "UTC")
    begin = time.process_time()
    for start in range(0, n_awards, BATCH):
        part = rows[start : start + BATCH]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO ledger (guild_id, user_id, kind, amount, source_id, rule_set, day,"
            " earned_at, recorded_at, event_id) VALUES (1, ?, 'message', 100, ?, 0, ?, ?, ?, ?)",
            [(user, source, day, at, NOW, event) for event, source, user, at in part],
        )
        connection.executemany(
            "INSERT INTO balances (guild_id, user_id, amount, earned, reached_at)"
            " VALUES (1, ?, 100, 100, ?) ON CONFLICT DO UPDATE SET amount = amount + 100,"
            " earned = earned + 100, reached_at = max(reached_at, excluded.reached_at)",
            [(user, at) for _, _, user, at in part],
        )
        connection.executemany(
            "INSERT INTO daily_points (guild_id, day, user_id, amount, reached_at)"
            " VALUES (1, ?, ?, 100, ?) ON CONFLICT DO UPDATE SET amount = amount + 100,"
            " reached_at = max(reached_at, excluded.reached_at)",
            [(day, user, at) for _, _, user, at in part],
        )
        connection.executemany(
            "UPDATE events SET is_rewarded = 1 WHERE event_id = ?", [row[:1] for row in part]
        )
        connection.execute("COMMIT")
    seconds = time.process_time() - begin
    connection.close()
    return seconds


# ----------------------------------------------------------------------- boards


async def boards(n_rows: int, n_members: int, n_asked: int) -> None:
    """Print how long boards and ranks of a large guild take."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "boards.sqlite3"
        async with open_database(path):
            pass
        fill(path, n_rows, n_members)
        async with open_database(path) as database:
            size = path.stat().st_size / 1e9
            print(f"{n_members:,} members, {n_rows:,} rows of the ledger, {size:.1f} GB")
            await ask(database, n_members, n_asked)


def fill(path: Path, n_rows: int, n_members: int) -> None:
    """Write a year of payments and the sums that go with them."""
    chance = random.Random(1)
    days = [date(2026, 3, 31) - timedelta(days=n) for n in range(365)]
    numbers = [d.year * 10_000 + d.month * 100 + d.day for d in days]

    def entries() -> Iterator[tuple[int, ...]]:
        for n in range(n_rows):
            back = int(365 * chance.random() ** 2)
            user = 1_000 + int(n_members * chance.random() ** 2)
            yield user, 10 * chance.randrange(1, 40), n, numbers[back], int(NOW - back * DAY_S)

    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    made = entries()
    while part := list(islice(made, 100_000)):
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO ledger (guild_id, user_id, kind, amount, source_id, rule_set, day,"
            " earned_at, recorded_at, event_id)"
            " VALUES (1, ?1, 'message', ?2, ?3, 0, ?4, ?5, ?5, ?3)",
            part,
        )
        connection.execute("COMMIT")
    connection.executescript(
        "INSERT INTO balances (guild_id, user_id, amount, earned, reached_at)"
        " SELECT guild_id, user_id, sum(amount), sum(amount), max(earned_at)"
        " FROM ledger GROUP BY guild_id, user_id;"
        "INSERT INTO daily_points SELECT guild_id, user_id, day, sum(amount), max(earned_at)"
        " FROM ledger GROUP BY guild_id, user_id, day;"
    )
    periods = [(number, period) for number in numbers for period in ledger.periods_of(number)]
    connection.execute("CREATE TEMP TABLE calendar (day, period)")
    connection.executemany("INSERT INTO calendar VALUES (?, ?)", periods)
    connection.execute("CREATE TEMP TABLE weights (day, weight)")
    connection.executemany(
        "INSERT INTO weights VALUES (?, ?)", [(day, weight_of(day)) for day in numbers]
    )
    connection.executescript(
        "INSERT INTO period_points SELECT guild_id, user_id, period, sum(amount), max(reached_at)"
        " FROM daily_points NATURAL JOIN calendar GROUP BY guild_id, user_id, period;"
    )
    connection.executescript(
        "UPDATE balances SET faded = s.faded FROM (SELECT user_id, sum(amount * weight) AS faded"
        " FROM daily_points NATURAL JOIN weights GROUP BY user_id) AS s"
        " WHERE s.user_id = balances.user_id; ANALYZE;"
    )
    connection.close()


async def keep(database: Database, season: tuple[int, int]) -> BoardSpan:
    """Have the sums of a season kept, as asking for its board does, and say what that took."""
    await database.write(lambda conn: seasons.note(conn, GUILD, *season))
    begin, longest, is_due = time.process_time(), 0.0, True
    while is_due:
        since = time.process_time()
        is_due = await database.write(partial(seasons.fill, at_once=SUMMED_AT_ONCE))
        longest = max(longest, time.process_time() - since)
    took = time.process_time() - begin
    print(f"a season summed once: {took:.1f} s, {1_000 * longest:.0f} ms at most at once")
    async with database.read() as conn:
        period = await seasons.kept(conn, GUILD, *season)
    assert period
    return BoardSpan(periods=(period,))


async def ask(database: Database, n_members: int, n_asked: int) -> None:
    """Time each question many times, ranks of members from all over the board."""
    chance = random.Random(2)
    quarter, other = (20260101, 20260401), (20250814, 20260325)
    spans: dict[str, BoardSpan] = {
        period: board_rules.window(period, NOW, "UTC", quarter).span
        for period in board_rules.PERIODS
    }
    name = "season of other dates, asked for the first time"
    spans[name] = board_rules.window("season", NOW, "UTC", other).span
    spans["season of other dates"] = await keep(database, other)
    async with database.read() as conn:
        for name, span in spans.items():
            n_times = n_asked if span.is_kept else n_asked // 20
            tops, whole = [], []
            for _ in range(n_times):
                begin = time.process_time()
                await board_rows.places(conn, GUILD, span, 0)
                tops.append(time.process_time() - begin)
                member = 1_000 + chance.randrange(n_members)
                begin = time.process_time()
                await board_rows.places(conn, GUILD, span, member)
                whole.append(time.process_time() - begin)
            for what, times in (("top 10", tops), ("top 10, my rank and around", whole)):
                print(
                    f"{name}, {what}: median {percentile(times, 0.5):.1f} ms,"
                    f" p99 {percentile(times, 0.99):.1f} ms ({len(times)} times)"
                )


# ----------------------------------------------------------------------- replay


async def replay(n_runs: int, n_events: int, n_members: int) -> None:
    """Print how long a replay takes, and the memory it holds at each quarter of the way."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "replay.sqlite3"
        async with open_database(path) as database:
            made = month(n_events, n_members)
            while part := list(islice(made, 20_000)):
                await database.write(partial(append, part, now=part[-1].occurred_at))
        async with open_database(path) as database:
            for name, rules in (("one rule set", [RuleSet()]), ("two at once", [RuleSet()] * 2)):
                taken = []
                for _ in range(n_runs):
                    seconds, n_moves, held = await fold(database, rules)
                    taken.append(seconds)
                quarters = ", ".join(f"{mb:.0f}" for mb in held)
                print(
                    f"replay of {n_events:,} events, {name}: median of {n_runs}"
                    f" {statistics.median(taken):.1f} s of the processor, {n_moves:,} moves;"
                    f" MB at each quarter: {quarters}"
                )


async def fold(database: Database, rules: list[RuleSet]) -> tuple[float, int, list[float]]:
    """Replay everything once; return processor's seconds, moves and memory at the quarters."""
    begin, n_moves, held = time.process_time(), 0, [resident_mb()]
    async with database.read() as conn:
        async for stretch in replaying.replay(conn, GUILD, rules):
            n_moves += len(stretch.moves[0])
            if stretch.n_read * 4 >= len(held) * stretch.n_total:
                held.append(resident_mb())
    return time.process_time() - begin, n_moves, held


def month(n_events: int, n_members: int) -> Iterator[Event]:
    """Yield a month of messages, replies and reactions, some of them undone."""
    chance = random.Random(3)
    step = 30 * DAY_S / n_events
    recent: list[Event] = []
    for n in range(n_events):
        at = NOW - 30 * DAY_S + n * step
        user = 1_000 + int(n_members * chance.random() ** 2)
        dice = chance.random()
        if dice < 0.65 or not recent:
            target = chance.choice(recent).user_id if recent and dice < 0.25 else None
            event = Event(
                guild_id=GUILD,
                source_id=10**9 + n,
                kind=EventKind.MESSAGE,
                user_id=user,
                occurred_at=at,
                channel_id=5,
                target_id=target if target != user else None,
                length_class=chance.choice((1, 2, 2, 3)),
                novelty=int(chance.random() < 0.95),
                in_thread=target is not None,
            )
            recent = [*recent[-500:], event]
        else:
            on = chance.choice(recent)
            kind = EventKind.REACTION if dice < 0.97 else EventKind.MESSAGE_DELETED
            event = Event(
                guild_id=GUILD,
                source_id=on.source_id,
                kind=kind,
                user_id=user if kind == EventKind.REACTION else on.user_id,
                occurred_at=at,
                qualifier=THUMB if kind == EventKind.REACTION else 0,
                channel_id=5,
                target_id=on.user_id if kind == EventKind.REACTION else None,
                length_class=on.length_class,
                novelty=on.novelty,
            )
        yield event


def main() -> None:
    """Read the command line and run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", default=["awards", "boards", "replay"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--awards", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    if "awards" in options.what:
        asyncio.run(awards(options.runs, options.awards, n_members=10_000))
    if "boards" in options.what:
        asyncio.run(boards(options.rows, n_members=100_000, n_asked=400))
    if "replay" in options.what:
        asyncio.run(replay(options.runs, options.events, n_members=10_000))


if __name__ == "__main__":
    main()
