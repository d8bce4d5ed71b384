"""What moderators do about purchases: grant one, give it back, say whose it is, undo each of these.

All of it is facts of the same log, so nothing that was heard is ever changed.
"""

from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.legible import is_blank
from bot.purchases import money, rules
from bot.purchases.keeping import Keeping
from bot.purchases.products import existing
from bot.purchases.rules import Heard
from storage import audit, invites, products, purchases
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, Fact, FactKind, Purchase

SHOWN = 10
WAITING_SHOWN = 25
_DONE: dict[FactKind, AuditAction] = {
    "paid": "purchase.grant",
    "refunded": "purchase.refund",
    "assigned": "purchase.assign",
}


@dataclass(frozen=True, slots=True)
class Bought:
    """One purchase as it stands: what for, how much, whose.

    ``titles`` are of products, ``amounts`` in minor units by currency, refunds taken off;
    ``fact_id`` is what somebody did by hand just now.
    """

    purchase: Purchase
    titles: tuple[str, ...]
    amounts: tuple[tuple[str, int], ...]
    is_refunded: bool
    fact_id: int = 0


@dataclass(frozen=True, slots=True)
class Invitation:
    """What lets a buyer into the server: for which product, its code, until when."""

    title: str
    code: str
    ends_at: float


@dataclass(frozen=True, slots=True)
class ByHand:
    """Moderators' part in purchases."""

    database: Database
    clock: Clock
    keeping: Keeping

    async def grant(
        self,
        guild_id: int,
        actor_id: int,
        user_id: int,
        product_id: int,
        *,
        source_id: int,
        reason: str,
        days: int | None = None,
    ) -> Bought:
        """Give a member a product, for good, for as long as it is sold, or for some days.

        Parameters
        ----------
        source_id
            Of the interaction: answered twice it gives once.

        Raises
        ------
        UserError
            The reason says nothing, or there is no such product.
        """
        _require(reason)
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Bought:
            product = await existing(conn, guild_id, product_id)
            key = f"{guild_id}:{source_id}"
            by: dict[str, Any] = {"happened_at": now, "actor_id": actor_id, "reason": reason}
            paid = Fact(
                guild_id=guild_id,
                source="hand",
                key=f"{key}:paid",
                kind="paid",
                product_id=product_id,
                term="days" if days else product.term,
                days=days or product.days,
                payments=(key,),
                **by,
            )
            whose = replace(paid, key=f"{key}:whose", kind="assigned", user_id=user_id)
            whose = replace(whose, product_id=None, term=None, days=None, payments=())
            heard = Heard(source="hand", number=f"G{source_id}", refs=(key,), facts=(paid, whose))
            taken = await self.keeping.take(conn, guild_id, heard)
            purchase = replace(taken.purchase, user_id=user_id)
            paid_id = next((each.fact_id for each in taken.new if each.kind == "paid"), 0)
            if paid_id:
                await self._note(conn, actor_id, "purchase.grant", purchase, reason=reason)
            return await self._bought(conn, purchase, paid_id)

        return await self.database.write(job)

    async def refund(
        self, guild_id: int, actor_id: int, purchase_id: int, *, source_id: int, reason: str
    ) -> Bought:
        """Take a purchase back, whatever gave it; money is given back where it was paid."""
        _require(reason)
        changes: dict[str, Any] = {"kind": "refunded", "reason": reason}
        return await self._add(guild_id, actor_id, purchase_id, source_id, changes)

    async def assign(
        self,
        guild_id: int,
        actor_id: int,
        purchase_id: int,
        user_id: int,
        *,
        source_id: int,
        reason: str,
    ) -> Bought:
        """Say whose a purchase is."""
        _require(reason)
        changes: dict[str, Any] = {"kind": "assigned", "reason": reason, "user_id": user_id}
        return await self._add(guild_id, actor_id, purchase_id, source_id, changes)

    async def undo(self, guild_id: int, actor_id: int, fact_id: int, *, source_id: int) -> Bought:
        """Undo what a moderator did, whoever it was; once.

        Raises
        ------
        StaleError
            It was undone already, or its member was erased.
        """
        async with self.database.read() as conn:
            fact = await purchases.fact(conn, guild_id, fact_id)
        if fact is None or fact.kind not in _DONE or fact.source != "hand":
            raise StaleError("error-purchases-undone")
        changes: dict[str, Any] = {"kind": "undone", "undoes": rules.named(fact)}
        return await self._add(guild_id, actor_id, fact.purchase_id, source_id, changes, fact)

    async def _add(
        self,
        guild_id: int,
        actor_id: int,
        purchase_id: int,
        source_id: int,
        changes: dict[str, Any],
        undone: Fact | None = None,
    ) -> Bought:
        """Add to the log what a moderator says of a purchase."""
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Bought:
            purchase = await purchases.one(conn, guild_id, purchase_id)
            if purchase is None:
                raise StaleError("error-purchases-unknown")
            told = (await purchases.facts(conn, [purchase_id]))[purchase_id]
            if undone is not None and any(f.undoes == rules.named(undone) for f in told):
                raise StaleError("error-purchases-undone")
            if changes["kind"] == "refunded" and _is_refunded(told):
                raise StaleError("error-purchases-refunded")
            fact = Fact(
                guild_id=guild_id,
                source="hand",
                key=f"{guild_id}:{source_id}:{changes['kind']}",
                happened_at=now,
                received_at=now,
                actor_id=actor_id,
                purchase_id=purchase_id,
                **changes,
            )
            fact_id = await purchases.append(conn, fact)
            owner = await self.keeping.settle(conn, purchase)
            changed = replace(purchase, user_id=owner)
            if fact_id is not None:
                action: AuditAction = "purchase.undo" if undone else _DONE[fact.kind]
                about = changed if owner else purchase
                await self._note(conn, actor_id, action, about, reason=fact.reason)
            return await self._bought(conn, changed, fact_id or 0)

        return await self.database.write(job)

    async def of_member(self, guild_id: int, user_id: int) -> list[Bought]:
        """Return what a member bought last."""
        async with self.database.read() as conn:
            found = await purchases.of_member(conn, guild_id, user_id, SHOWN)
            return [await self._bought(conn, each) for each in found]

    async def invitations(self, guild_id: int, user_id: int) -> list[Invitation]:
        """Return the invitations that wait for a buyer who is not in the server."""
        now = self.clock().timestamp()
        since = now - rules.INVITED_S
        async with self.database.read() as conn:
            found = await invites.open_ones(conn, guild_id, user_id, now, since=since)
            named = {n: await products.one(conn, guild_id, n) for n, _, _ in found}
        return [
            Invitation(title=known.title, code=code, ends_at=made_at + rules.INVITED_S)
            for number, code, made_at in found
            if (known := named[number]) is not None
        ]

    async def unclaimed(self, guild_id: int) -> list[Bought]:
        """Return purchases that wait for somebody to claim them."""
        async with self.database.read() as conn:
            found = await purchases.unclaimed(conn, guild_id, WAITING_SHOWN)
            return [await self._bought(conn, each) for each in found]

    async def lately(self, guild_id: int, text: str) -> list[Bought]:
        """Return the latest purchases whose number holds a text."""
        async with self.database.read() as conn:
            found = await purchases.lately(conn, guild_id, text.strip(), WAITING_SHOWN)
            return [await self._bought(conn, each) for each in found]

    async def numbered(self, guild_id: int, number: str) -> Bought:
        """Return the purchase with an order number.

        Raises
        ------
        UserError
            There is none, or there are several.
        """
        async with self.database.read() as conn:
            found = await purchases.numbered(conn, guild_id, number.strip().removeprefix("#"))
            if len(found) != 1:
                raise UserError("error-purchases-number", value=number[:100])
            return await self._bought(conn, found[0])

    async def _bought(self, conn: Connection, purchase: Purchase, fact_id: int = 0) -> Bought:
        told = (await purchases.facts(conn, [purchase.purchase_id]))[purchase.purchase_id]
        ids = {f.product_id for f in told if f.kind == "paid" and f.product_id is not None}
        named = [await products.one(conn, purchase.guild_id, number) for number in sorted(ids)]
        return Bought(
            purchase=purchase,
            titles=tuple(each.title for each in named if each is not None),
            amounts=money.amounts(told),
            is_refunded=_is_refunded(told),
            fact_id=fact_id,
        )

    async def _note(
        self,
        conn: Connection,
        actor_id: int,
        action: AuditAction,
        purchase: Purchase,
        **details: Any,
    ) -> None:
        row = AuditRow(
            guild_id=purchase.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(purchase.purchase_id),
            details=details,
            about=(purchase.user_id,) if purchase.user_id else (),
        )
        await audit.append(conn, row)


def _require(reason: str) -> None:
    if is_blank(reason):
        raise UserError("error-purchases-reason")


def _is_refunded(told: list[Fact]) -> bool:
    return bool(rules.payments(told)) and not rules.kept_payments(told)
