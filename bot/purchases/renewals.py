"""How much what was bought is used, for moderators: counts without names."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.dates import DAY_S
from bot.purchases import use
from bot.purchases.use import USES as USES
from bot.purchases.use import Use
from storage import products, renewals
from storage.connection import Connection
from storage.database import Database
from storage.records import Product

SOON_DAYS = 30
Counts = Mapping[Use, int | None]
"""Members by use; None where a group is too small to be shown."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a product is used by all who have it, and by those whose time ends soon.

    None for fewer than five members of whom anything is known, and where it opens nothing.
    """

    product: Product
    everybody: Counts | None
    ending: Counts | None


@dataclass(frozen=True, slots=True)
class Renewals:
    """Counts of use."""

    database: Database
    clock: Clock

    async def renewals(self, guild_id: int) -> list[Renewal]:
        """Return the use of every product that opens something."""
        async with self.database.read() as conn:
            found = await products.listed(conn, guild_id)
            return [await self._renewal(conn, one) for one in found if one.resource_ids]

    async def _renewal(self, conn: Connection, product: Product) -> Renewal:
        now = self.clock().timestamp()
        n_all = len(product.resource_ids)
        found = [
            use.counted(use.use(n_used, n_all) for n_used in await self._uses(conn, product, until))
            for until in (None, now + SOON_DAYS * DAY_S)
        ]
        return Renewal(product, *found)

    async def _uses(self, conn: Connection, product: Product, until: float | None) -> list[int]:
        now = self.clock().timestamp()
        return await renewals.uses(conn, product.guild_id, product.product_id, use.USED, now, until)
