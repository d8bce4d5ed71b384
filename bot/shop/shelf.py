"""What members see of a shop: pages of what is for sale, and one item before it is redeemed."""

from collections.abc import Collection
from dataclasses import dataclass

from bot import mentions
from bot.clock import Clock
from bot.errors import StaleError
from bot.points.service import PointsService
from bot.shop import rules
from bot.shop.goods import item_of
from bot.shop.rules import Hindrance
from storage import catalog, goods, ledger, members, orders
from storage.connection import Connection
from storage.database import Database
from storage.records import ShopItem, ShopUnit

PAGE_SIZE = 8
TIMES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Offer:
    """An item as one member sees it; ``hindrance`` is why they cannot redeem it now."""

    item: ShopItem
    hindrance: Hindrance | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the shop, and what the member may spend. Pages count from 1."""

    offers: tuple[Offer, ...]
    balance: int
    page: int
    n_pages: int


@dataclass(frozen=True, slots=True)
class Counter:
    """One item before it is redeemed; ``times`` are what is free of a consultation."""

    offer: Offer
    balance: int
    time_zone: str
    times: tuple[ShopUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelves:
    """The shop as each member may use it."""

    database: Database
    clock: Clock
    points: PointsService

    async def shelf(
        self, guild_id: int, user_id: int, page: int = 1, *, role_ids: Collection[int] = ()
    ) -> Shelf:
        """Return a page of what is for sale; a page beyond the last is taken as the last."""
        now = self._now
        async with self.database.read() as conn:
            items = [
                item
                for item in await goods.items(conn, guild_id, now)
                if item.until_at is None or item.until_at > now
            ]
            n_pages = max(1, -(-len(items) // PAGE_SIZE))
            page = min(max(1, page), n_pages)
            shown = items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
            level = await self.points.level(conn, guild_id, user_id)
            offers = [await self.offer(conn, item, user_id, role_ids, level) for item in shown]
            balance = await ledger.balance(conn, guild_id, user_id)
        return Shelf(offers=tuple(offers), balance=balance, page=page, n_pages=n_pages)

    async def counter(
        self, guild_id: int, user_id: int, item_id: int, *, role_ids: Collection[int] = ()
    ) -> Counter:
        """Return one item before it is redeemed.

        Raises
        ------
        UserError
            There is no such item any more.
        """
        async with self.database.read() as conn:
            item = await item_of(conn, guild_id, item_id, self._now)
            if item.state != "live":
                raise StaleError("error-shop-gone")
            level = await self.points.level(conn, guild_id, user_id)
            offer = await self.offer(conn, item, user_id, role_ids, level)
            times = await goods.free_times(conn, item_id, self._now, TIMES_SHOWN)
            zone = (await members.guild(conn, guild_id)).time_zone
            balance = await ledger.balance(conn, guild_id, user_id)
        return Counter(offer=offer, balance=balance, time_zone=zone, times=tuple(times))

    async def offer(
        self,
        conn: Connection,
        item: ShopItem,
        user_id: int,
        role_ids: Collection[int],
        level: int,
    ) -> Offer:
        """Return an item with what keeps a member of that level and those roles from it."""
        found = rules.hindrance(
            item,
            now=self._now,
            level=level,
            n_had=await orders.count_of_member(conn, item.item_id, user_id),
            role_ids=role_ids,
        )
        if found is None and item.role_id is not None:
            held = await orders.role_held(conn, item.guild_id, user_id, item.role_id)
            if rules.has_already(item, held, role_ids):
                found = Hindrance("error-shop-has-role", {"role": mentions.role(item.role_id)})
        if found is None and item.resource_id is not None:
            resource = await catalog.standing(conn, item.guild_id, item.resource_id)
            if not rules.gives_access(item, resource, role_ids):
                found = Hindrance("error-shop-resource-closed", {})
        return Offer(item, found)

    @property
    def _now(self) -> float:
        return self.clock().timestamp()
