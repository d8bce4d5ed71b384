"""Redeeming, and what moderators do about what was redeemed: deliver it, or refund it.

Redeeming takes the condition, the limit, the stock and the points in one transaction, and writers
follow each other, so any number of presses at once can neither overspend nor oversell. What has
to be done on Discord afterwards (a role) is written down as owed first, see `bot.shop.delivery`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.legible import is_blank
from bot.points.service import PointsService
from bot.rewards.kinds import POINT
from bot.shop.goods import item_of
from bot.shop.shelf import Shelves
from storage import audit, catalog, goods, ledger, members, orders
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, Redemption, Resource, ShopItem, ShopUnit

REDEEMED_SHOWN = 10
QUEUE_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was redeemed, what it gives access to, and what is left to spend.

    ``is_open`` says that the member may use the resource now.
    """

    redemption: Redemption
    resource: Resource | None
    balance: int
    is_new: bool = True
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Orders:
    """Everything that was redeemed, and how it was settled."""

    database: Database
    clock: Clock
    points: PointsService
    shelves: Shelves

    # ------------------------------------------------------------------------ members

    async def redeem(
        self,
        guild_id: int,
        user_id: int,
        item_id: int,
        *,
        price: int,
        source_id: int,
        unit_id: int | None = None,
        role_ids: Collection[int] = (),
    ) -> Receipt:
        """Take the points and the item together, or neither.

        Parameters
        ----------
        price
            What the member was shown.
        source_id
            Of the confirmation: pressed twice, it buys once and returns the same receipt.
        unit_id
            The time chosen for a consultation.

        Raises
        ------
        UserError
            A condition is not met, nothing is left, the price has changed, or the member has
            less than it.
        """

        async def job(conn: Connection) -> Receipt:
            before = await orders.confirmed(conn, guild_id, user_id, source_id)
            if before is not None:
                return await self.receipt(conn, before, is_new=False)
            item = await item_of(conn, guild_id, item_id, self._now)
            level = await self.points.level(conn, guild_id, user_id)
            offer = await self.shelves.offer(conn, item, user_id, role_ids, level)
            if offer.hindrance is not None:
                raise UserError(offer.hindrance.key, **offer.hindrance.params)
            if item.price != price:
                raise UserError("error-shop-price-changed", price=item.price / POINT)
            unit = await self._take(conn, item, unit_id)
            bought = await self._append(conn, item, user_id, source_id, unit)
            entry_id = await self.points.entries.spend(
                conn,
                guild_id,
                user_id,
                amount=item.price,
                source_id=bought.redemption_id,
                reason=item.title,
            )
            changes = {"entry_id": entry_id}
            await orders.change_redemption(
                conn, bought.redemption_id, self._now, was=(bought.state,), **changes
            )
            return await self.receipt(conn, replace(bought, entry_id=entry_id))

        return await self.database.write(job)

    async def _take(self, conn: Connection, item: ShopItem, unit_id: int | None) -> ShopUnit | None:
        if item.kind not in goods.UNIT_KINDS:
            if not await goods.take_stock(conn, item.item_id):
                raise UserError("error-shop-sold-out")
            return None
        if item.kind == "slot" and unit_id is None:
            raise UserError("error-shop-choose-time")
        unit = await goods.take_unit(conn, item.item_id, self._now, unit_id)
        if unit is None:
            raise UserError(
                "error-shop-time-taken" if item.kind == "slot" else "error-shop-sold-out"
            )
        return unit

    async def _append(
        self,
        conn: Connection,
        item: ShopItem,
        user_id: int,
        source_id: int,
        unit: ShopUnit | None,
    ) -> Redemption:
        now = self._now
        is_owed = item.role_id is not None or item.kind in orders.BY_HAND
        bought = Redemption(
            guild_id=item.guild_id,
            user_id=user_id,
            item_id=item.item_id,
            source_id=source_id,
            kind=item.kind,
            title=item.title,
            price=item.price,
            state="owed" if is_owed else "done",
            created_at=now,
            changed_at=now,
            unit_id=unit.unit_id if unit else None,
            code=unit.code if unit else None,
            starts_at=unit.starts_at if unit else None,
            role_id=item.role_id,
            days=item.days,
            resource_id=item.resource_id,
        )
        redemption_id = await orders.add_redemption(conn, bought)
        assert redemption_id is not None, "`confirmed` looked before, and writers follow each other"
        return replace(bought, redemption_id=redemption_id)

    async def receipt(
        self, conn: Connection, bought: Redemption, *, is_new: bool = True
    ) -> Receipt:
        """Return what was redeemed with what it gives access to as things are now."""
        resource = (
            await catalog.standing(conn, bought.guild_id, bought.resource_id)
            if bought.resource_id is not None
            else None
        )
        balance = await ledger.balance(conn, bought.guild_id, bought.user_id)
        return Receipt(redemption=bought, resource=resource, balance=balance, is_new=is_new)

    async def redeemed(
        self, guild_id: int, user_id: int, *, role_ids: Collection[int] | None = None
    ) -> list[Receipt]:
        """Return what a member redeemed last, codes and links with it.

        Parameters
        ----------
        role_ids
            The member's roles now, None for one who may use every resource.
        """
        async with self.database.read() as conn:
            found = await orders.of_member(conn, guild_id, user_id, REDEEMED_SHOWN)
            receipts = [await self.receipt(conn, each, is_new=False) for each in found]
        return [replace(each, is_open=_is_open(each.resource, role_ids)) for each in receipts]

    # --------------------------------------------------------------------- moderators

    async def queue(self, guild_id: int) -> list[Redemption]:
        """Return what moderators have to deliver or to look after, oldest first."""
        async with self.database.read() as conn:
            return await orders.waiting(conn, guild_id, QUEUE_SHOWN)

    async def staff_channel(self, guild_id: int) -> int | None:
        """Return where moderators are notified of orders, None for nowhere."""
        async with self.database.read() as conn:
            return (await members.guild(conn, guild_id)).staff_channel_id

    async def queued(self, guild_id: int, redemption_id: int) -> Redemption:
        """Return one redemption of the guild."""
        async with self.database.read() as conn:
            return await self._redemption(conn, guild_id, redemption_id)

    async def fulfil(self, guild_id: int, actor_id: int, redemption_id: int) -> Redemption:
        """Say that a moderator delivered what was owed."""

        async def job(conn: Connection) -> Redemption:
            bought = await self._redemption(conn, guild_id, redemption_id)
            was_owed = await orders.change_redemption(
                conn, redemption_id, self._now, was=("owed",), state="done", handled_by=actor_id
            )
            if not was_owed:
                raise StaleError("error-shop-handled")
            await self._note(conn, actor_id, "shop.fulfil", bought)
            return replace(bought, state="done", handled_by=actor_id)

        return await self.database.write(job)

    async def refund(
        self, guild_id: int, actor_id: int, redemption_id: int, reason: str
    ) -> Redemption:
        """Give the points back, and the place on the shelf; a code that was read stays used.

        A role that was granted is over at once: the next tick takes it back.

        Raises
        ------
        UserError
            The reason says nothing, or somebody has dealt with it already.
        """
        if is_blank(reason):
            raise UserError("error-shop-reason")

        async def job(conn: Connection) -> Redemption:
            bought = await self._redemption(conn, guild_id, redemption_id)
            refunded = await self.give_back(conn, bought, actor_id=actor_id, note=reason)
            await self._note(conn, actor_id, "shop.refund", bought, reason=reason)
            return refunded

        return await self.database.write(job)

    async def give_back(
        self,
        conn: Connection,
        bought: Redemption,
        *,
        actor_id: int,
        note: str,
        problem: str | None = None,
    ) -> Redemption:
        """Give the points and the place on the shelf back; ``problem`` is why it had to be.

        Raises
        ------
        StaleError
            That has been done already.
        """
        changes: dict[str, Any] = {
            "note": note,
            "handled_by": actor_id,
            "problem": problem,
            "until_at": self._now if bought.state == "active" else None,
        }
        is_first = await orders.change_redemption(
            conn,
            bought.redemption_id,
            self._now,
            was=("owed", "active", "done"),
            state="refunded",
            **changes,
        )
        if not is_first:
            raise StaleError("error-shop-handled")
        if bought.entry_id is not None:
            await self.points.entries.reverse(conn, bought.entry_id, actor_id=actor_id, reason=note)
        if bought.unit_id is not None:
            await goods.free_unit(conn, bought.unit_id)
        else:
            await goods.put_back(conn, bought.item_id)
        return replace(bought, state="refunded", **changes)

    async def _redemption(self, conn: Connection, guild_id: int, redemption_id: int) -> Redemption:
        bought = await orders.redemption(conn, guild_id, redemption_id)
        if bought is None:
            raise StaleError("error-shop-handled")
        return bought

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _note(
        self,
        conn: Connection,
        actor_id: int,
        action: AuditAction,
        bought: Redemption,
        **details: Any,
    ) -> None:
        """Write down what a moderator did about a redemption."""
        row = AuditRow(
            guild_id=bought.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self._now,
            subject=str(bought.redemption_id),
            details=details | {"title": bought.title},
            about=(bought.user_id,),
        )
        await audit.append(conn, row)


def _is_open(resource: Resource | None, role_ids: Collection[int] | None) -> bool:
    needed = resource.role_id if resource is not None else None
    return needed is None or role_ids is None or needed in role_ids
