"""Buying and claiming, for members: a link that says who they are, or the order's number later."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import UserError
from bot.purchases import references
from bot.purchases.hearing import Keys
from bot.purchases.keeping import Keeping
from storage import access, catalog, products, purchases
from storage.connection import Connection
from storage.database import Database
from storage.records import Access, Fact, Product, Resource

TRIES_MAX = 5
TRIES_S = 3_600


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as one member may buy it.

    ``url`` carries who they are where ``is_known``; it is empty where nobody said where it is sold.
    ``access`` is what they have of it by now.
    """

    product: Product
    opens: tuple[Resource, ...]
    url: str
    is_known: bool
    access: Access | None


@dataclass(frozen=True, slots=True)
class Claims:
    """What members do about purchases."""

    database: Database
    clock: Clock
    keeping: Keeping
    keys: Keys

    async def offer(
        self, guild_id: int, user_id: int, product_id: int, *, is_live: bool = True
    ) -> Offer:
        """Return what a product costs a member, opens and is bought at.

        Raises
        ------
        UserError
            It is not sold any more.
        """

        async def job(conn: Connection) -> Offer:
            product = await products.one(conn, guild_id, product_id)
            if product is None or (is_live and product.state != "live"):
                raise UserError("error-purchases-not-sold")
            key = await self.keys.ours(conn)
            reference = references.reference(key, guild_id, user_id)
            opened = await catalog.by_ids(conn, guild_id, product.resource_ids)
            has = await access.one(conn, guild_id, user_id, product_id)
            return Offer(
                product=product,
                opens=tuple(one for one in opened.values() if one.state == "live"),
                url=references.link(product.buy_url, reference) if product.buy_url else "",
                is_known=references.carries(product.buy_url),
                access=has if has is not None and has.holds(self._now) else None,
            )

        return await self.database.write(job)

    async def still(self, guild_id: int, user_id: int, product_id: int) -> Offer | None:
        """Return what `offer` does, of a product that is not sold any more, too."""
        try:
            return await self.offer(guild_id, user_id, product_id, is_live=False)
        except UserError:
            return None

    async def claim(
        self, guild_id: int, user_id: int, text: str, *, source_id: int
    ) -> list[Product]:
        """Make unclaimed purchases a member's, by an order number or the buyer's e-mail address.

        Returns
        -------
        list of Product
            What they are of; purchases of products that nobody knows yet are claimed, too.

        Raises
        ------
        UserError
            Nothing unclaimed fits, or they have tried too often.
        """
        # A try counts whether anything is found or not, so it is written apart.
        await self.database.write(lambda conn: self._try(conn, guild_id, user_id))

        async def job(conn: Connection) -> list[Product]:
            number = text.strip().removeprefix("#").strip()
            address = None
            if references.is_address(text):
                address = references.address_hash(await self.keys.ours(conn), text)
            found = await purchases.claimable(conn, guild_id, {number, text.strip()}, address)
            if not number or not found:
                raise UserError("error-purchases-claim")
            for each in found:
                fact = Fact(
                    guild_id=guild_id,
                    source=each.source,
                    key=f"claim:{guild_id}:{source_id}:{each.purchase_id}",
                    kind="claimed",
                    happened_at=self._now,
                    received_at=self._now,
                    user_id=user_id,
                    purchase_id=each.purchase_id,
                )
                await purchases.append(conn, fact)
                await self.keeping.settle(conn, each)
            return await self._bought(conn, guild_id, [each.purchase_id for each in found])

        return await self.database.write(job)

    async def _try(self, conn: Connection, guild_id: int, user_id: int) -> None:
        since = self._now - TRIES_S
        if await purchases.count_tries(conn, guild_id, user_id, since) >= TRIES_MAX:
            raise UserError("error-purchases-tries", limit=TRIES_MAX)
        await purchases.add_try(conn, guild_id, user_id, self._now, since)

    async def _bought(
        self, conn: Connection, guild_id: int, purchase_ids: list[int]
    ) -> list[Product]:
        told = await purchases.facts(conn, purchase_ids)
        ids = {fact.product_id for facts in told.values() for fact in facts if fact.product_id}
        found = [await products.one(conn, guild_id, number) for number in sorted(ids)]
        return [one for one in found if one is not None]

    @property
    def _now(self) -> float:
        return self.clock().timestamp()
