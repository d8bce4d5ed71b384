"""How soon an event is durable, and whether any is lost, at thousands of them a second.

The real process (`lyceum run`) hears real gateway events over a real socket, and members use
commands beside. An event's age is measured where another process sees its row committed, looking
every 10 ms. Beside it raw sqlite3 makes the same inserts, a commit for every hundred, with the same
pragmas. The simulated Discord and the sender are one process, the bot another, and each one's
seconds of processor time are told apart: on two cores the bot has one for itself at most.

    python -m benchmarks.load --rates 500 2000 5000 --seconds 60 --with-work
"""

import argparse
import asyncio
import json
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.wire import TOKEN, WireEnv, WireServer

METRICS_TOKEN = "figures for the benchmark"
N_MEMBERS = 300
SLICE_S = 0.02
DISCORD_EPOCH_MS = 1_420_070_400_000
READY_WITHIN_S = 60
DRAIN_WITHIN_S = 120
"""After the last event; what is not durable by then counts as lost."""
COMMAND_EVERY_S = 2.0


@dataclass
class Bench:
    """A bot, the Discord it hears, and who is there."""

    server: WireServer
    folder: Path
    port: int
    process: asyncio.subprocess.Process
    channel: Any
    alice: Any
    templates: list[str]
    """A message of each member, to be filled with a number, an id and words."""
    n_sent: int = 0

    @property
    def database(self) -> Path:
        """Return where the bot's database is."""
        return self.folder / "lyceum.sqlite3"


async def start(folder: Path, port: int) -> Bench:
    """Start a Discord with a server of 300 members, and the bot."""
    env = WireEnv()
    server = WireServer(env)
    await server.start()
    guild = env.create_guild("Load")
    channel = guild.create_text_channel("general")
    people = [guild.add_member(env.create_user(f"member{n}")) for n in range(N_MEMBERS)]
    heard: list[Any] = []
    env.backend.subscribers.append(lambda event, data: heard.append((event, data)))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.wire_cli", str(server.port), "run"),
        env=os.environ
        | {
            "DISCORD_TOKEN": TOKEN,
            "DATABASE_PATH": str(folder / "lyceum.sqlite3"),
            "WEB_PORT": str(port),
            "METRICS_TOKEN": METRICS_TOKEN,
            "MESSAGE_CONTENT_INTENT": "true",
            "COMMANDS_A_MINUTE": "0",
        },
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await _says(process, b"bot is ready")
    except BaseException:
        process.kill()
        raise
    asyncio.get_running_loop().create_task(_drain(process))
    env.backend.create_message(channel.id, people[0].id, "Hello, a first message to be copied.")
    await asyncio.sleep(1)  # until that one is stored
    (payload,) = (data for event, data in heard if event == "MESSAGE_CREATE")
    message = json.loads(json.dumps(payload, default=str))
    return Bench(
        server=server,
        folder=folder,
        port=port,
        process=process,
        channel=channel,
        alice=people[0],
        templates=[_template(message, person.id) for person in people],
    )


def _template(message: dict[str, Any], author_id: int) -> str:
    about = message | {
        "id": "THE ID",
        "author": message["author"] | {"id": str(author_id)},
        "content": "THE WORDS",
        "nonce": None,
    }
    frame = json.dumps({"op": 0, "t": "MESSAGE_CREATE", "s": "THE NUMBER", "d": about})
    frame = frame.replace("%", "%%").replace('"THE NUMBER"', "%(s)d")
    return frame.replace("THE ID", "%(id)d").replace("THE WORDS", "%(words)s")


async def _says(process: asyncio.subprocess.Process, words: bytes) -> None:
    assert process.stderr is not None
    async with asyncio.timeout(READY_WITHIN_S):
        while words not in (line := await process.stderr.readline()):
            assert line, "the bot ended"


async def _drain(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if b"ERROR" in line:
            print(line.decode().rstrip())


def frames(bench: Bench, n: int, first: int) -> Iterator[str]:
    """Yield messages as the gateway sends them, stamped with this moment."""
    at_ms = int(time.time() * 1_000) - DISCORD_EPOCH_MS
    for number in range(first, first + n):
        frame = bench.templates[number % len(bench.templates)]
        words = f"A message of some words about topic {number}, number {number * 7919}."
        message_id = (at_ms << 22) + number % (1 << 22)
        yield frame % {"s": 1_000_000 + number, "id": message_id, "words": words}


async def send(bench: Bench, rate: int, seconds: float) -> float:
    """Send events at a rate, in slices of 20 ms; return how long that took in seconds."""
    began, n_all = time.perf_counter(), int(rate * seconds)
    n = 0
    while n < n_all:
        due = min(int((time.perf_counter() - began) * rate) + 1, n_all)
        for frame in frames(bench, due - n, bench.n_sent):
            await bench.server.send_raw(frame)
        bench.n_sent += due - n
        n = due
        await asyncio.sleep(SLICE_S)
    return time.perf_counter() - began


WATCHER = """
import json, sqlite3, sys, time
path, n_wanted, within_s = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
raw = sqlite3.connect(path, isolation_level=None)
last, n_before = raw.execute("SELECT coalesce(max(event_id), 0), count(*) FROM events").fetchone()
print("ready", flush=True)
ages, end = [], time.time() + within_s
while len(ages) < n_wanted and time.time() < end:
    rows = raw.execute("SELECT event_id, source_id FROM events WHERE event_id > ? AND kind = 1"
                       " ORDER BY event_id", (last,)).fetchall()
    now = time.time() * 1000 - 1420070400000
    ages += [now - (source >> 22) for _, source in rows]
    last = rows[-1][0] if rows else last
    time.sleep(0.01)
print(json.dumps(ages))
"""


async def measure(bench: Bench, rate: int, seconds: float, *, is_working: bool) -> dict[str, Any]:
    """Send at a rate and return what became of it."""
    n_wanted = int(rate * seconds)
    watcher = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WATCHER, str(bench.database), str(n_wanted)),
        str(seconds + DRAIN_WITHIN_S),
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 28,
    )
    assert watcher.stdout is not None
    await watcher.stdout.readline()
    before = await figures(bench)
    answers: list[float] = []
    using = asyncio.create_task(_use(bench, answers))
    beside = asyncio.create_task(_work(bench)) if is_working else None
    own_s, began = time.process_time(), time.perf_counter()
    sent_s = await send(bench, rate, seconds)
    ages = json.loads(await watcher.stdout.read())
    all_s, own_s = time.perf_counter() - began, time.process_time() - own_s
    for task in (using, beside):
        if task is not None:
            task.cancel()
    await asyncio.gather(*(t for t in (using, beside) if t), return_exceptions=True)
    after = await figures(bench)
    return {
        "rate": rate,
        "with_work": is_working,
        "sent": n_wanted,
        "sent_a_second": round(n_wanted / sent_s),
        "not_durable": n_wanted - len(ages),
        "durable_a_second": round(len(ages) / all_s),
        "behind_s": round(all_s - sent_s, 1),
        "durable_p50_ms": quantile(ages, 0.5),
        "durable_p99_ms": quantile(ages, 0.99),
        "lag_p99_ms": lag_p99_ms(before, after),
        "command_p50_ms": round(1_000 * statistics.median(answers), 1) if answers else None,
        "bot_cpu_ms_an_event": round(1_000 * _cpu_s(before, after) / n_wanted, 2),
        "bot_cores": round(_cpu_s(before, after) / all_s, 2),
        "discord_cpu_ms_an_event": round(1_000 * own_s / n_wanted, 2),
        "load": os.getloadavg()[0],
        "memory_mb": round(after["process_resident_memory_bytes"] / 1e6),
    }


def _cpu_s(before: dict[str, float], after: dict[str, float]) -> float:
    return after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"]


async def _use(bench: Bench, answers: list[float]) -> None:
    """Have a member use a command now and then."""
    while True:
        await asyncio.sleep(COMMAND_EVERY_S)
        began = time.perf_counter()
        await bench.alice.slash(bench.channel, "points")
        answers.append(time.perf_counter() - began)


async def _work(bench: Bench) -> None:
    """Refit and back up beside, over and over."""
    while True:
        for command in ("refit", "backup"):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", command, "--database", str(bench.database)),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            await process.wait()


async def figures(bench: Bench) -> dict[str, float]:
    """Return what the bot says of itself."""
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(f"http://127.0.0.1:{bench.port}/metrics") as answer:
            text = await answer.text()
    found = re.findall(r"^([^#\s]+) ([0-9.e+]+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def lag_p99_ms(before: dict[str, float], after: dict[str, float]) -> float | None:
    """Return the bucket below which the loop was late at 99 of 100 beats."""
    bucket = re.compile(r'lyceum_loop_lag_seconds_bucket\{le="([^"]+)"\}')
    counts = {
        float(found[1].replace("+Inf", "inf")): after[name] - before.get(name, 0.0)
        for name in after
        if (found := bucket.fullmatch(name))
    }
    n_all = max(counts.values(), default=0.0)
    fitting = [late for late, n in counts.items() if n >= 0.99 * n_all]
    return round(1_000 * min(fitting), 1) if n_all and fitting else None


def quantile(values: list[float], share: float) -> float | None:
    """Return a quantile, None of nothing."""
    if not values:
        return None
    return round(sorted(values)[min(int(share * len(values)), len(values) - 1)], 1)


def raw_inserts(folder: Path, n_rows: int = 50_000, at_once: int = 100) -> float:
    """Return how many rows a second sqlite3 inserts by itself, as durably."""
    with closing(sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)) as raw:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute(
            "CREATE TABLE events (event_id INTEGER PRIMARY KEY, guild_id, source_id, kind, user_id,"
            " qualifier, occurred_at, recorded_at, channel_id, length_class,"
            " UNIQUE (guild_id, source_id, kind, user_id, qualifier))"
        )
        began = time.perf_counter()
        for start in range(0, n_rows, at_once):
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany(
                "INSERT INTO events VALUES (NULL, 1, ?, 1, ?, 0, 0.0, 0.0, 2, 3)",
                ((n, n % N_MEMBERS) for n in range(start, start + at_once)),
            )
            raw.execute("COMMIT")
        return n_rows / (time.perf_counter() - began)


async def main() -> None:
    """Measure each rate, and print a line of JSON for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=int, nargs="+", default=[500, 2_000, 5_000])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--with-work", action="store_true", help="again beside refit and backup")
    parser.add_argument("--port", type=int, default=18_080)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(json.dumps({"raw_sqlite3_rows_a_second": round(raw_inserts(folder))}))
        bench = await start(folder, asked.port)
        try:
            for is_working in (False, True) if asked.with_work else (False,):
                for rate in asked.rates:
                    found = await measure(bench, rate, asked.seconds, is_working=is_working)
                    print(json.dumps(found), flush=True)
        finally:
            bench.process.terminate()
            await bench.process.wait()
            await bench.server.stop()


if __name__ == "__main__":
    asyncio.run(main())
