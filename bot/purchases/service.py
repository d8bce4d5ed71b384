"""Purchases' use cases, one a file: products, what is heard of purchases, what is done by hand."""

from dataclasses import dataclass

from bot.catalog.service import ANY_STATE, CatalogService
from bot.clock import Clock
from bot.points.service import PointsService
from bot.purchases.by_hand import ByHand
from bot.purchases.claims import Claims
from bot.purchases.hearing import Hearing, Keys
from bot.purchases.keeping import Keeping
from bot.purchases.owed import Owed
from bot.purchases.products import Products
from bot.purchases.receipts import Receipts
from bot.purchases.renewals import Renewals
from bot.purchases.report import Reports
from bot.purchases.standing_roles import StandingRoles
from storage import products
from storage.database import Database
from storage.records import PurchaseSource, Resource


@dataclass(frozen=True, slots=True)
class PurchasesService:
    """What is sold elsewhere, and who has it."""

    database: Database
    clock: Clock
    keeping: Keeping
    products: Products
    by_hand: ByHand
    owed: Owed
    hearing: Hearing
    claims: Claims
    standing_roles: StandingRoles
    reports: Reports
    receipts: Receipts
    renewals: Renewals
    catalog: CatalogService

    @classmethod
    def of(
        cls,
        database: Database,
        clock: Clock,
        catalog: CatalogService,
        points: PointsService,
        keys: Keys | None = None,
    ) -> "PurchasesService":
        """Return the purchases of every guild in a database."""
        keeping, keys = Keeping(database, clock, points), keys or Keys()
        return cls(
            database=database,
            clock=clock,
            keeping=keeping,
            products=Products(database, clock, keeping),
            by_hand=ByHand(database, clock, keeping),
            owed=Owed(database, clock),
            hearing=Hearing(database=database, clock=clock, keeping=keeping, keys=keys),
            claims=Claims(database=database, clock=clock, keeping=keeping, keys=keys),
            standing_roles=StandingRoles(database, clock, keeping),
            reports=Reports(database, clock),
            receipts=Receipts(database, clock, points),
            renewals=Renewals(database, clock),
            catalog=catalog,
        )

    async def sells_on(self, source: PurchaseSource) -> bool:
        """Say whether any product of any server is sold at a source."""
        async with self.database.read() as conn:
            return await products.is_called_by(conn, source)

    async def resource(self, guild_id: int, text: str) -> Resource:
        """Return the resource that an option means; raises UserError where none or more fit."""
        return await self.catalog.pick(guild_id, text, states=ANY_STATE)

    async def resources(self, guild_id: int, text: str) -> list[Resource]:
        """Return resources that fit what is typed."""
        return await self.catalog.find(guild_id, text, is_typing=True)
