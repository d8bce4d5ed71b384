"""A shop outside Discord, which speaks to the bot as any does: in signed messages over HTTP.

It sells one course with a role. Nothing is handed to the bot in memory: what is bought here goes
to `/hooks/standard` over a socket, with a signature of Standard Webhooks, and what the page shows
afterwards is read where anybody's access is read.
"""

import base64
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import aiohttp
from aiohttp import web

from bot import cards
from bot.app import App
from bot.dates import utc
from bot.purchases.hooks import Hooks
from storage import access
from storage.records import Product

COURSE: Final = {
    "kind": "course",
    "title": "Recommender systems that earn trust · 值得信任的推荐系统",
    "url": "https://study.example/courses/recommenders",
    "summary": "From a first baseline to an honest experiment. · 从基线到实验。",
    "tags": "recommender-systems, machine-learning",
    "language": "en",
    "minutes": "480",
}
PRICE: Final = {"price": "199", "currency": "CNY"}
KEY: Final = "course-recommenders"
ROLE: Final = "Course members"
Deal = Literal["paid", "refunded"]


def new_secret() -> str:
    """Return a secret as shops that sign by Standard Webhooks make them."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


@dataclass
class Market:
    """The shop: ``door`` is where the bot listens for it."""

    app: App
    guild_id: int
    secret: str
    door: str
    product: Product
    browser: aiohttp.ClientSession
    orders: dict[int, list[str]] = field(default_factory=dict)
    last: dict[int, tuple[Deal, int]] = field(default_factory=dict)

    async def deal(self, user_id: int, deal: Deal) -> int:
        """Sell the course to somebody, or give their money back; return what the bot answered."""
        service = self.app.services.purchases
        offer = await service.claims.offer(self.guild_id, user_id, self.product.product_id)
        theirs = self.orders.setdefault(user_id, [])
        if deal == "paid":
            theirs.append(f"S-{secrets.randbelow(900_000) + 100_000}")
        elif not theirs:
            return 0
        data: dict[str, Any] = {"order": theirs[-1], "payment": f"{theirs[-1]}-1"}
        data |= {"amount": self.product.price_minor, "currency": self.product.currency}
        if deal == "paid":
            data |= {"product": KEY, "reference": offer.url.rpartition("=")[2]}
        status = await self._send(f"purchase.{deal}", data)
        self.last[user_id] = deal, status
        return status

    async def _send(self, kind: str, data: Mapping[str, Any]) -> int:
        now = self.app.clock().timestamp()
        said = {"type": kind, "timestamp": utc(now).isoformat(), "data": dict(data)}
        body = json.dumps(said).encode()
        number, stamp = f"msg_{secrets.token_hex(8)}", str(int(now))
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        proof = hmac.digest(key, f"{number}.{stamp}.".encode() + body, "sha256")
        headers = {
            "Content-Type": "application/json",
            "webhook-id": number,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
        }
        async with self.browser.post(self.door, data=body, headers=headers) as answer:
            return answer.status

    async def state(self, people: Mapping[str, int]) -> dict[str, Any]:
        """Return what is sold, and of each person whether they have it and its role."""
        product, now = self.product, self.app.clock().timestamp()
        buyers = {}
        async with self.app.database.read() as conn:
            for key, user_id in people.items():
                has = await access.one(conn, self.guild_id, user_id, product.product_id)
                owned = await access.owned(conn, self.guild_id, user_id, [], now)
                deal, status = self.last.get(user_id, ("", 0))
                buyers[key] = {
                    "deal": deal,
                    "status": status,
                    "opens": bool(owned & set(product.resource_ids)),
                    "has_role": has is not None and has.given_role_id is not None,
                }
        price = cards.money(product.price_minor, product.currency)
        return {"title": product.title, "price": price, "buyers": buyers}


async def stocked(app: App, guild_id: int, moderator: int, role_id: int) -> Product:
    """Put the course into the catalogue and tell the bot that it is sold."""
    course = await app.services.catalog.add(guild_id, moderator, dict(COURSE))
    service, who = app.services.purchases.products, (guild_id, moderator)
    raw = {"title": COURSE["title"], **PRICE, "url": "https://study.example/buy?me={reference}"}
    made = await service.add(*who, raw, role_id=role_id)
    await service.open_resource(*who, made.product_id, course, is_open=True)
    made, _ = await service.identify(*who, made.product_id, "standard", KEY, is_known=True)
    return made


@asynccontextmanager
async def market(app: App, product: Product, secret: str) -> AsyncIterator[Market]:
    """Open the bot's door for shops on a port of this machine, and the shop."""
    served = web.Application()
    Hooks(app.services.purchases.hearing).add_to(served)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        (address,) = runner.addresses
        async with aiohttp.ClientSession() as browser:
            yield Market(
                app=app,
                guild_id=product.guild_id,
                secret=secret,
                door=f"http://127.0.0.1:{address[1]}/hooks/standard",
                product=product,
                browser=browser,
            )
    finally:
        await runner.cleanup()
