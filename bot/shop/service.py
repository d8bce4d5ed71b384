"""The shop's use cases, one a file: goods, the shelves they stand on, orders, their delivery."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.points.service import PointsService
from bot.search.service import SearchService
from bot.shop.delivery import Delivery
from bot.shop.goods import Goods as Goods
from bot.shop.orders import Orders
from bot.shop.shelf import Shelves
from storage.database import Database


@dataclass(frozen=True, slots=True)
class ShopService:
    """Sells what a guild's moderators put on the shelf."""

    goods: Goods
    shelves: Shelves
    orders: Orders
    delivery: Delivery

    @classmethod
    def of(
        cls,
        database: Database,
        clock: Clock,
        points: PointsService,
        words: SearchService | None = None,
    ) -> "ShopService":
        """Return the shop of every guild in a database."""
        shelves = Shelves(database, clock, points)
        orders = Orders(database=database, clock=clock, points=points, shelves=shelves)
        return cls(
            goods=Goods(database, clock, words or SearchService()),
            shelves=shelves,
            orders=orders,
            delivery=Delivery(database, clock, orders),
        )
