"""What `/ask` costs before anything is posted, at 50,000 resources and 50,000 solved questions.

    python benchmarks/asking.py [--n 50000] [--asked 200] [--seed 0]

Resources are those of `titles` (real titles of three collections, mixed anew), questions are made
of their titles. Measured is `Looking.fitting`, with the database, from the title to what is shown:
how long it takes, and how long the event loop is held at a time meanwhile, which is what everybody
else in the process waits. The first one builds both indexes.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import titles
from sqlalchemy import insert

from bot.app import open_app
from bot.settings import Settings
from storage.connection import Connection
from storage.folding import words_of
from storage.schema import questions, resources

GUILD, CHANNEL = 1, 2
CITEULIKE = Path(__file__).resolve().parents[2] / "shared" / "data" / "citeulike-a"
FORMS = ("How do I {}?", "Why does {} fail here?", "{}怎么学？", "Where do I start with {}")
_PART = 2_000


def rows_of(n: int, rng: Random) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return rows of resources and of solved questions about as many of them."""
    items = titles.world(n, CITEULIKE, rng, None)
    made = [
        {
            "resource_id": number,
            "guild_id": GUILD,
            "kind": "article",
            "title": one.title,
            "url": f"https://example.org/{number}",
            "url_key": f"example.org/{number}",
            "summary": one.summary,
            "tags": list(one.tags),
            "folded": words_of(one.title, one.tags, one.summary),
            "published_at": 0.0,
            "created_at": 0.0,
            "updated_at": 0.0,
        }
        for number, one in enumerate(items, 1)
    ]
    asked = [
        {
            "question_id": number,
            "guild_id": GUILD,
            "user_id": 1_000 + number % 500,
            "channel_id": CHANNEL,
            "thread_id": 10_000 + number,
            "title": rng.choice(FORMS).format(" ".join(one.title.split()[:5]))[:100],
            "tags": list(one.tags[:2]),
            "folded": "",
            "state": "solved",
            "asked_at": float(number),
            "last_word_at": float(number),
            "last_word_id": number,
        }
        for number, one in enumerate(items, 1)
    ]
    return made, asked


async def held(stop: asyncio.Event, gaps_ms: list[float]) -> None:
    """Take down how long the loop did not come round, every millisecond."""
    last = time.perf_counter()
    while not stop.is_set():
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        gaps_ms.append(1e3 * (now - last))
        last = now


async def measure(args: argparse.Namespace, folder: Path) -> None:
    rng = Random(args.seed)
    made, asked = rows_of(args.n, rng)
    settings = Settings(_env_file=None, database_path=folder / "asking.sqlite3")
    async with open_app(settings, clock=lambda: datetime.now(UTC), seed=args.seed) as app:

        async def fill(conn: Connection) -> None:
            for table, rows in ((resources, made), (questions, asked)):
                for at in range(0, len(rows), _PART):
                    await conn.execute(insert(table), rows[at : at + _PART])

        await app.database.write(fill)
        looking = app.services.questions.looking

        async def ask(title: str) -> float:
            began = time.perf_counter()
            await looking.fitting(GUILD, title, channel_ids=[CHANNEL], role_ids=())
            return 1e3 * (time.perf_counter() - began)

        wanted = [str(one["title"]) for one in rng.sample(asked, args.asked)]
        stop = asyncio.Event()
        first_gaps_ms: list[float] = []
        watching = asyncio.create_task(held(stop, first_gaps_ms))
        began = time.perf_counter()
        preparing = asyncio.create_task(app.services.search.prepare(app.clock()))
        await asyncio.sleep(0.1)
        early_ms, is_whole = [], False
        while not is_whole:  # as members do who ask while the bot has just started
            at = time.perf_counter()
            found = await looking.fitting(GUILD, wanted[0], channel_ids=[CHANNEL], role_ids=())
            early_ms.append(1e3 * (time.perf_counter() - at))
            is_whole = found.is_whole
            await asyncio.sleep(0.1)
        await preparing
        ready_s = time.perf_counter() - began
        stop.set()
        await watching
        stop = asyncio.Event()
        gaps_ms: list[float] = []
        watching = asyncio.create_task(held(stop, gaps_ms))
        times_ms = [await ask(title) for title in wanted]
        stop.set()
        await watching
        p50, p99 = np.percentile(times_ms, (50, 99))
        print(f"{args.n:,} resources, {args.n:,} solved questions, {args.asked} asked")
        print(f"after a start both indexes are built in {ready_s:.1f} s, beside the bot;")
        print(f"who asks meanwhile is answered after {np.median(early_ms):.0f} ms, ", end="")
        print(f"at most {max(early_ms):.0f} ms (with what is ready), of {len(early_ms)};")
        print(f"the loop is held at most {max(first_gaps_ms):.0f} ms")
        print(f"until what fits is known: p50 {p50:.0f} ms, p99 {p99:.0f} ms")
        print(f"the loop is held at a time: p99 {np.percentile(gaps_ms, 99):.0f} ms,", end=" ")
        print(f"at most {max(gaps_ms):.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=50_000)
    parser.add_argument("--asked", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(args, Path(folder)))


if __name__ == "__main__":
    main()
