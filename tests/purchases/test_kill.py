"""A real process is killed under a stream of webhooks: what it acknowledged is there, once."""

import asyncio
import contextlib
import random
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import aiohttp
import discord
import pytest

from tests.patience import patient, turns
from tests.purchases import shops
from tests.test_process import Scene, running, scene

__all__ = ["scene"]

N_ORDERS = 120


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _sell(path: Path, guild_id: int, role_id: int, giver_id: int) -> None:
    """Store a product that gives a role, known by a payment link."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "INSERT INTO products (guild_id, title, term, role_id, role_by, added_by, created_at,"
            " updated_at) VALUES (?, 'Pro', 'forever', ?, ?, ?, 1, 1)",
            (guild_id, role_id, giver_id, giver_id),
        )
        raw.execute("INSERT INTO product_keys VALUES (?, 'stripe', 'plink_1', 1)", (guild_id,))
        raw.commit()


@pytest.mark.slow
@pytest.mark.timeout(patient(900))
async def test_what_was_acknowledged_survives_any_number_of_kills(scene: Scene) -> None:
    port = _free_port()
    settings = (
        f"web_port={port}",
        f"stripe_webhook_secret={shops.SECRETS['stripe']}",
        "purchases_key=a key of ours",
    )
    role = scene.guild.create_role("Pro", permissions=discord.Permissions.none())
    buyer = scene.people[1]
    async with running(scene, *settings):
        pass
    owner_id = scene.env.backend.guilds[scene.guild.id].owner_id
    _sell(scene.database, scene.guild.id, role.id, owner_id)
    waiting = [str(n) for n in range(N_ORDERS)]
    acknowledged: set[str] = set()
    chance = random.Random(7)
    reference = shops.reference_of("a key of ours", scene.guild.id, buyer.id)

    async def stream(root: str) -> None:
        async with aiohttp.ClientSession() as browser:
            while True:
                left = [n for n in waiting if n not in acknowledged] or waiting
                number = chance.choice(left)
                sent = shops.checkout(time.time(), number, client_reference_id=reference)
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    async with browser.post(
                        f"{root}/hooks/stripe", data=sent.body, headers=sent.headers
                    ) as answer:
                        assert answer.status == 200
                        acknowledged.add(number)

    while len(acknowledged) < N_ORDERS:
        # So many lives on a slow machine, too: by what was done, not by the clock.
        enough = min(N_ORDERS, len(acknowledged) + chance.randint(1, N_ORDERS // 4))
        async with running(scene, *settings) as process:
            streams = [asyncio.ensure_future(stream(f"http://127.0.0.1:{port}")) for _ in range(4)]
            async for _ in turns(60):
                if len(acknowledged) >= enough:
                    break
            await asyncio.sleep(chance.random() / 10)
            await process.kill()
            for each in streams:
                each.cancel()
            await asyncio.gather(*streams, return_exceptions=True)
        with closing(sqlite3.connect(scene.database)) as raw:
            rows = raw.execute("SELECT number FROM purchases").fetchall()
        numbers = [number.removeprefix("pi_") for (number,) in rows]
        assert len(numbers) == len(set(numbers))
        assert acknowledged <= set(numbers)
    async with running(scene, *settings):
        given = f"SELECT given_role_id FROM accesses WHERE user_id = {buyer.id}"
        await scene.until(given, role.id, within_s=60)
    assert role.id in scene.env.backend.guilds[scene.guild.id].members[buyer.id].role_ids
    paid = scene.rows("SELECT count(*) FROM purchase_facts WHERE kind = 'paid'")
    assert paid == [(N_ORDERS,)]
