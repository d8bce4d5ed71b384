"""Purchases' use cases, one a file: products, what is heard of purchases, what is done by hand."""

from dataclasses import dataclass

from bot.catalog.service import ANY_STATE, CatalogService
from bot.clock import Clock
from bot.purchases.by_hand import ByHand
from bot.purchases.keeping import Keeping
from bot.purchases.owed import Owed
from bot.purchases.products import Products
from storage.database import Database
from storage.records import Resource


@dataclass(frozen=True, slots=True)
class PurchasesService:
    """What is sold elsewhere, and who has it."""

    database: Database
    clock: Clock
    keeping: Keeping
    products: Products
    by_hand: ByHand
    owed: Owed
    catalog: CatalogService

    @classmethod
    def of(cls, database: Database, clock: Clock, catalog: CatalogService) -> "PurchasesService":
        """Return the purchases of every guild in a database."""
        keeping = Keeping(database, clock)
        return cls(
            database=database,
            clock=clock,
            keeping=keeping,
            products=Products(database, clock, keeping),
            by_hand=ByHand(database, clock, keeping),
            owed=Owed(database, clock),
            catalog=catalog,
        )

    async def resource(self, guild_id: int, text: str) -> Resource:
        """Return the resource that an option means; raises UserError where none or more fit."""
        return await self.catalog.pick(guild_id, text, states=ANY_STATE)

    async def resources(self, guild_id: int, text: str) -> list[Resource]:
        """Return resources that fit what is typed."""
        return await self.catalog.find(guild_id, text, is_typing=True)
