"""Things to sell and points to pay for them, for the shop's tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.points.service import PointsService
from bot.shop.service import ShopService
from storage import consistency, ledger
from storage.database import Database
from storage.records import ItemKind, ShopItem
from storage.schema import ledger as ledger_table
from storage.schema import redemptions, shop_items, shop_units

GUILD, MODERATOR = 7, 99
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Shop:
    """A shop on a database, with a clock that stands where it is put."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        self.points = PointsService(database, lambda: self.now)
        self.service = ShopService.of(database, lambda: self.now, self.points)
        self._sources = iter(range(1, 10**6))

    async def pay(self, user_id: int, points: int) -> None:
        """Give a member points."""
        await self.database.write(
            lambda conn: self.points.entries.give(
                conn,
                GUILD,
                user_id,
                kind="award",
                amount=100 * points,
                source_id=next(self._sources),
            )
        )

    async def sell(
        self,
        kind: ItemKind = "custom",
        written: Mapping[str, str] | None = None,
        *,
        price: str = "5",
        role_id: int | None = None,
        **terms: Any,
    ) -> ShopItem:
        """Put an item on the shelf, with `terms` as its columns say."""
        texts = {"title": f"A {kind}", "description": "", "price": price} | dict(written or {})
        stocked = await self.service.goods.add(GUILD, MODERATOR, kind, texts, role_id=role_id)
        item_id = stocked.item.item_id
        if terms:
            await self.database.write(
                lambda conn: conn.execute(
                    update(shop_items).where(shop_items.c.item_id == item_id).values(**terms)
                )
            )
        return (await self.service.goods.stocked(GUILD, item_id)).item

    async def buy(self, user_id: int, item: ShopItem, **options: Any) -> Any:
        """Redeem an item by a confirmation of its own."""
        options.setdefault("source_id", next(self._sources))
        options.setdefault("price", item.price)
        return await self.service.orders.redeem(GUILD, user_id, item.item_id, **options)

    async def balance(self, user_id: int) -> int:
        async with self.database.read() as conn:
            return await ledger.balance(conn, GUILD, user_id)

    async def counts(self, item: ShopItem) -> dict[str, int]:
        """Return how many of an item are redeemed, left on the shelf and taken of its units."""
        async with self.database.read() as conn:
            sold = select(func.count()).where(
                redemptions.c.item_id == item.item_id, redemptions.c.state != "refunded"
            )
            taken = select(func.count()).where(
                shop_units.c.item_id == item.item_id, shop_units.c.taken_at.is_not(None)
            )
            stock = select(shop_items.c.stock).where(shop_items.c.item_id == item.item_id)
            spent = select(func.count()).where(
                ledger_table.c.kind == "spend", ledger_table.c.reverses.is_(None)
            )
            return {
                "sold": (await conn.execute(sold)).scalar_one(),
                "taken": (await conn.execute(taken)).scalar_one(),
                "stock": (await conn.execute(stock)).scalar_one(),
                "spends": (await conn.execute(spent)).scalar_one(),
            }

    async def is_consistent(self) -> bool:
        async with self.database.read() as conn:
            return await consistency.differences(conn) == []
