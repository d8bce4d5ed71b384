"""How many signed webhooks are acknowledged in a second, and how long one takes.

Beside them a bare aiohttp handler that commits one row with ``synchronous=FULL``: what the same
machine can do at most. With ``--refit N`` the bot's own refit of a planted server with N events
runs beside both, in its process; with ``--busy`` a niced process multiplies matrices. Run it as
``python -m benchmarks.webhooks``.
"""

import argparse
import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.app import make_services
from bot.purchases.hooks import Hooks
from bot.settings import Settings
from storage.database import open_database
from tests.purchases import shops

AT_ONCE = 16
BUSY = "import numpy as n\na = n.random.rand(900, 900)\nwhile True: a @ a"
GUILD, MODERATOR = 2**60 + 1, 2**60 + 2


async def _serve(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    return runner, f"http://{host}:{port}"


async def _load(n: int, send: Callable[[int], Awaitable[None]]) -> list[float]:
    """Send `n` messages, `AT_ONCE` at a time; return how long each took, in seconds."""
    took: list[float] = []
    numbers = iter(range(n))

    async def stream() -> None:
        for number in numbers:
            begun = time.perf_counter()
            await send(number)
            took.append(time.perf_counter() - begun)

    await asyncio.gather(*(stream() for _ in range(AT_ONCE)))
    return sorted(took)


def _say(name: str, took: list[float], within_s: float) -> None:
    p50, p99 = (1_000 * took[int(share * (len(took) - 1))] for share in (0.5, 0.99))
    print(f"{name:24} {len(took) / within_s:7.0f} /s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")


@asynccontextmanager
async def _refitting(folder: Path, n_events: int) -> AsyncIterator[None]:
    """Refit another server's model meanwhile, from the start to the end."""
    if not n_events:
        yield
        return
    from bot.recommend.refit import run_refit

    planted = import_module("benchmarks.synthetic")

    path = folder / "planted.sqlite3"
    if not path.exists():
        async with open_database(path):
            pass
        sizes = {"n_members": n_events // 40, "n_resources": n_events // 50}
        planted.plant(path, n_events=n_events, **sizes)
    done: list[str] = []

    async def again() -> None:
        while True:
            done.append((await run_refit(path, planted.GUILD, now=planted.NOW)).state)

    task = asyncio.create_task(again())
    await asyncio.sleep(2)  # its process has begun
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        print(f"  beside it a refit of {n_events:,} events; {len(done)} ended meanwhile")


async def _ours(folder: Path, n: int) -> None:
    settings = Settings(
        _env_file=None,
        database_path=folder / "ours.sqlite3",
        stripe_webhook_secret=shops.SECRETS["stripe"],
    )
    import numpy as np

    async with open_database(settings.database_path) as database:
        made = make_services(settings, database, lambda: datetime.now(UTC), np.random.default_rng())
        products = made.purchases.products
        one = await products.add(GUILD, MODERATOR, {"title": "Pro"})
        await products.identify(
            GUILD, MODERATOR, one.product_id, "stripe", "plink_1", is_known=True
        )
        app = web.Application()
        Hooks(made.purchases.hearing).add_to(app)
        runner, root = await _serve(app)
        async with aiohttp.ClientSession() as browser:

            async def send(number: int) -> None:
                sent = shops.checkout(time.time(), str(number))
                async with browser.post(
                    f"{root}/hooks/stripe", data=sent.body, headers=sent.headers
                ) as answer:
                    assert answer.status == 200

            begun = time.perf_counter()
            took = await _load(n, send)
            _say("webhooks of Stripe", took, time.perf_counter() - begun)
        await runner.cleanup()
        await made.pages.close()


async def _bare(folder: Path, n: int) -> None:
    with closing(sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB)")

        async def commit(request: web.Request) -> web.Response:
            raw.execute("INSERT INTO rows (body) VALUES (?)", (await request.read(),))
            return web.Response(text="{}")

        app = web.Application()
        app.router.add_post("/", commit)
        runner, root = await _serve(app)
        async with aiohttp.ClientSession() as browser:

            async def send(number: int) -> None:
                body = shops.checkout(time.time(), str(number)).body
                async with browser.post(f"{root}/", data=body) as answer:
                    assert answer.status == 200

            begun = time.perf_counter()
            took = await _load(n, send)
            _say("a bare row", took, time.perf_counter() - begun)
        await runner.cleanup()


async def _measure(folder: Path, n: int, n_events: int) -> None:
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {AT_ONCE} at once")
    for measure in (_bare, _ours):
        async with _refitting(folder, n_events):
            await measure(folder, n)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1_500, help="messages of each kind")
    parser.add_argument("--refit", type=int, default=0, metavar="N", help="beside a refit")
    parser.add_argument("--busy", action="store_true", help="beside a niced, busy process")
    asked = parser.parse_args()
    busy = None
    if asked.busy:
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        busy = subprocess.Popen(["nice", "-n", "10", sys.executable, "-c", BUSY], env=environment)
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_measure(Path(folder), asked.n, asked.refit))
    finally:
        if busy is not None:
            busy.kill()


if __name__ == "__main__":
    main()
