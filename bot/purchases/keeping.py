"""Takes what was heard of purchases into the log, and keeps what members have in step with it.

Everything happens in one transaction: the fact, whose purchase it is, what they have by it, and the
events that say so. What is there already changes nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.points.service import PointsService
from bot.purchases import money, rules
from bot.purchases.rules import Heard
from storage import access, events, members, products, purchases
from storage.connection import Connection
from storage.database import Database
from storage.records import Access, Event, EventKind, Fact, Product, Purchase, Terms


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of something heard: its purchase, and the facts that were new."""

    purchase: Purchase
    new: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Keeping:
    """The log of purchases, and what follows from it."""

    database: Database
    clock: Clock
    points: PointsService

    async def take(
        self,
        conn: Connection,
        guild_id: int,
        heard: Heard,
        email_hash: str = "",
        *,
        found: Sequence[Purchase] | None = None,
    ) -> Taken:
        """Take what was heard into the log of a server, or of the one that knows the order.

        Parameters
        ----------
        found
            The purchases that what was heard is about; None for who has not looked.
        """
        if found is None:
            found = await purchases.of_refs(conn, heard.source, heard.refs)
        purchase = await self._one(conn, guild_id, heard, found, email_hash)
        if email_hash and not purchase.email_hash and purchase.user_id != 0:
            await purchases.change(conn, purchase.purchase_id, email_hash=email_hash)
        await purchases.name(
            conn, purchase.guild_id, heard.source, heard.refs, purchase.purchase_id
        )
        keys = {fact.product_key for fact in heard.facts if fact.product_key}
        known = await products.terms(conn, heard.source, keys, purchase.guild_id)
        new = []
        for fact in heard.facts:
            said = replace(
                _sold(fact, known.get(fact.product_key)),
                guild_id=purchase.guild_id,
                purchase_id=purchase.purchase_id,
                received_at=self._now,
            )
            fact_id = await purchases.append(conn, said)
            if fact_id is not None:
                new.append(replace(said, fact_id=fact_id))
        if new or len(found) > 1:
            await self.settle(conn, purchase)
        return Taken(purchase, tuple(new))

    async def _one(
        self,
        conn: Connection,
        guild_id: int,
        heard: Heard,
        found: Collection[Purchase],
        email_hash: str,
    ) -> Purchase:
        """Return the purchase that something is about: new, known, or several that become one."""
        if not found:
            new = Purchase(
                guild_id=guild_id,
                source=heard.source,
                number=heard.number,
                email_hash=email_hash,
                created_at=min(fact.happened_at for fact in heard.facts),
            )
            return replace(new, purchase_id=await purchases.add(conn, new))
        kept = min(found, key=lambda each: each.purchase_id)
        others = [each for each in found if each is not kept]
        if others:
            await purchases.merge(conn, kept.purchase_id, [each.purchase_id for each in others])
            for each in others:
                if each.user_id:
                    await self.renew(conn, each.guild_id, {each.user_id})
            hashes = [each.email_hash for each in (kept, *others) if each.email_hash]
            if hashes and not kept.email_hash:
                await purchases.change(conn, kept.purchase_id, email_hash=hashes[0])
        return kept

    async def settle(self, conn: Connection, purchase: Purchase) -> int | None:
        """Bring in step whose a purchase is and what they have by it; return whose it is."""
        told = (await purchases.facts(conn, [purchase.purchase_id]))[purchase.purchase_id]
        owner = rules.owner(told)
        at = min((fact.happened_at for fact in told), default=purchase.created_at)
        changes: dict[str, Any] = {"user_id": owner, "created_at": at}
        if owner == 0:
            changes["email_hash"] = ""
        if owner == 0 or any(getattr(purchase, name) != each for name, each in changes.items()):
            await purchases.change(conn, purchase.purchase_id, **changes)
        # Who had it first: what was paid for one payment goes before it comes again.
        whose = [each for each in dict.fromkeys((purchase.user_id, owner)) if each]
        await self.renew(conn, purchase.guild_id, whose)
        return owner

    async def renew(self, conn: Connection, guild_id: int, user_ids: Iterable[int]) -> None:
        """Work out again what members have by all they bought."""
        for user_id in user_ids:
            theirs = await purchases.of_member(conn, guild_id, user_id)
            told = await purchases.facts(conn, [each.purchase_id for each in theirs])
            paid_for = {
                fact.product_id
                for facts in told.values()
                for fact in facts
                if fact.kind == "paid" and fact.product_id is not None
            }
            had = {
                each.product_id: each for each in await access.of_member(conn, guild_id, user_id)
            }
            for product_id in sorted(paid_for | had.keys()):
                product = await products.one(conn, guild_id, product_id)
                if product is not None:
                    await self._renew_one(conn, user_id, product, told, had.get(product_id))

    async def _renew_one(
        self,
        conn: Connection,
        user_id: int,
        product: Product,
        told: dict[int, list[Fact]],
        had: Access | None,
    ) -> None:
        found = rules.standing(told.values(), product.product_id, product.grace_days)
        if found is None and had is None:
            return
        blank = Access(
            guild_id=product.guild_id,
            user_id=user_id,
            product_id=product.product_id,
            from_at=self._now,
        )
        known = had or blank
        now_has = (
            replace(
                known,
                from_at=found.from_at,
                ends_at=found.ends_at,
                until_at=found.until_at,
                is_bought=found.is_bought,
            )
            if found is not None  # else it is somebody else's by now
            else replace(known, ends_at=self._now, until_at=self._now, is_bought=False)
        )
        paid_ids = [
            fact.fact_id
            for facts in told.values()
            for fact in facts
            if fact.kind in ("paid", "undone", "assigned", "claimed")
        ]
        now_has = await self._say(conn, product, now_has, max(paid_ids, default=0))
        now_has = await self._pay(conn, product, now_has, told)
        if now_has != had:
            await access.keep(conn, replace(now_has, tried_at=None, problem=None))
        if now_has.paid_event_id:
            await access.mark_bought(conn, [now_has.paid_event_id])

    async def _say(self, conn: Connection, product: Product, has: Access, source_id: int) -> Access:
        """Log that a member bought what a product opens, or got their money back."""
        if has.is_bought and has.event_id is None:
            await self.say_of(conn, product.resource_ids, has, EventKind.PURCHASE, source_id)
            return replace(has, event_id=source_id)
        if not has.is_bought and has.event_id is not None:
            # What it was said of then, whatever the product opens by now.
            whose = (conn, has.guild_id, has.user_id)
            of = await events.of_source(*whose, has.event_id, EventKind.PURCHASE)
            await self.say_of(conn, sorted(of), has, EventKind.REFUND, has.event_id)
            return replace(has, event_id=None)
        return has

    async def _pay(
        self, conn: Connection, product: Product, has: Access, told: dict[int, list[Fact]]
    ) -> Access:
        """Log that money came for a product, or that none was kept: a rule may pay points for it.

        Once for each product, however often a subscription is renewed. What was given back is
        logged of who is not tracked by now, too, for points go back with the money.
        """
        came = money.first(told.values(), product) if has.is_bought else None
        if (came is None) == (has.paid_event_id is None):
            return has
        if came is None:
            said = await events.one(conn, has.paid_event_id or 0)
            if said is not None:
                back = replace(said, kind=EventKind.PAID_BACK, occurred_at=self._now)
                await self.points.record(conn, back)
            return replace(has, paid_event_id=None)
        if await members.untracked(conn, has.guild_id, {has.user_id}):
            return replace(has, paid_event_id=0)
        event = Event(
            guild_id=has.guild_id,
            source_id=came.fact_id,
            kind=EventKind.PAID,
            user_id=has.user_id,
            occurred_at=min(came.happened_at, self._now),
            qualifier=await events.n_of_source(conn, has.guild_id, came.fact_id, EventKind.PAID),
        )
        return replace(has, paid_event_id=await self.points.record(conn, event) or 0)

    async def say_of(
        self,
        conn: Connection,
        resource_ids: Iterable[int],
        has: Access,
        kind: EventKind,
        source_id: int,
    ) -> None:
        """Log an event of each of these resources, unless the member is not tracked."""
        if await members.untracked(conn, has.guild_id, {has.user_id}):
            return
        at = min(has.from_at, self._now) if kind is EventKind.PURCHASE else self._now
        for resource_id in resource_ids:
            event = Event(
                guild_id=has.guild_id,
                source_id=source_id,
                kind=kind,
                user_id=has.user_id,
                occurred_at=at,
                qualifier=resource_id,
                resource_id=resource_id,
            )
            await events.append(conn, event, self._now)

    @property
    def _now(self) -> float:
        return self.clock().timestamp()


def _sold(fact: Fact, product: Terms | None) -> Fact:
    """Return a payment with what was sold for it, as it is sold now."""
    if product is None or fact.kind != "paid":
        return fact
    if fact.source == "role":
        return replace(fact, product_id=product.product_id, term="subscription", days=None)
    days = product.days and product.days * (fact.days or 1)  # several months at once
    return replace(fact, product_id=product.product_id, term=product.term, days=days)
