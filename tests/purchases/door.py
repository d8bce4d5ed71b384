"""The bot's door for shops as tests stand before it: a real socket, a product, a clock."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from bot.catalog.service import CatalogService
from bot.links.service import LinksService
from bot.points.service import PointsService
from bot.purchases import references
from bot.purchases.hearing import Keys
from bot.purchases.hooks import Hooks
from bot.purchases.service import PurchasesService
from storage import access, members
from storage.database import Database
from storage.records import Product
from tests.links.test_web import serving
from tests.purchases import shops
from tests.purchases.shops import SECRETS, Sent

GUILD, MO, ANN = 2**60 + 1, 2**60 + 11, 2**60 + 12
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = b"our own secret"
ALL_SECRETS = SECRETS | {"afdian": shops.rsa().pem}


@dataclass
class Shop:
    """A bot's web server with a product, and the clock it goes by."""

    database: Database
    service: PurchasesService
    browser: aiohttp.ClientSession
    root: str
    at: datetime

    @property
    def now(self) -> float:
        return self.at.timestamp()

    @property
    def reference(self) -> str:
        return references.reference(KEY, GUILD, ANN)

    def later(self, **span: float) -> float:
        self.at += timedelta(**span)
        return self.now

    async def send(self, sent: Sent, **headers: str) -> int:
        address = f"{self.root}/hooks/{sent.source}"
        given = {**sent.headers, **headers}
        async with self.browser.post(address, data=sent.body, headers=given) as answer:
            return answer.status

    async def sells(self, title: str = "Pro", **keys: str) -> Product:
        products = self.service.products
        fields = {"term": keys.pop("term", "forever")}
        made = await products.add(GUILD, MO, {"title": title}, **fields)
        for source, key in keys.items():
            who = (GUILD, MO, made.product_id)
            made, _ = await products.identify(*who, source, key, is_known=True)  # type: ignore[arg-type]
        return made

    async def until(self, user_id: int = ANN) -> list[float | None]:
        """Return for each product of a member in which days from now it ends."""
        async with self.database.read() as conn:
            found = await access.of_member(conn, GUILD, user_id)
        return [
            None if each.ends_at is None else round((each.ends_at - self.now) / 86_400, 2)
            for each in found
            if each.holds(self.now)
        ]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database.path)) as raw:
            return raw.execute(query).fetchall()


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Shop]:
    """Serve a bot's door for a while."""
    hold: dict[str, Shop] = {}

    def clock() -> datetime:
        return hold["shop"].at

    links = LinksService(database, clock, None)
    points = PointsService(database, clock)
    catalog = CatalogService(database=database, clock=clock, links=links, points=points)
    keys = Keys(sources=ALL_SECRETS, own=KEY.decode())
    service = PurchasesService.of(database, clock, catalog, points, keys)
    app = web.Application()
    Hooks(service.hearing).add_to(app)
    async with serving(app) as root, aiohttp.ClientSession() as browser:
        made = hold["shop"] = Shop(
            database=database, service=service, browser=browser, root=root, at=START
        )
        await database.write(
            lambda conn: members.change_member(conn, GUILD, ANN, made.now, is_tracked=True)
        )
        yield made
