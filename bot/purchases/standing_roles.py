"""Roles that another bot gives to who paid (LaunchPass, Whop, Patreon's), and Discord's own sales.

A role counts as bought while it is held: it is looked at whenever its member is seen. What we give
ourselves proves nothing. Which server an entitlement is about says the product that has its SKU.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.purchases.hearing import Hearing
from bot.purchases.keeping import Keeping
from bot.purchases.rules import Heard
from storage import access, products, purchases, roles
from storage.connection import Connection
from storage.database import Database
from storage.records import Fact, Purchase


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What Discord says of something it sold, or gave for nothing."""

    number: int
    sku_id: int
    user_id: int
    begins_at: datetime | None
    ends_at: datetime | None
    is_deleted: bool
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class StandingRoles:
    """Takes note of roles that stand for a purchase."""

    database: Database
    clock: Clock
    keeping: Keeping

    async def sighted(self, guild_id: int, user_id: int, role_ids: Collection[int]) -> None:
        """Note which of the roles that count a member has come to have, or has no more."""
        async with self.database.read() as conn:
            counted = await access.counted_roles(conn, guild_id)
            theirs = await self._by_role(conn, guild_id, user_id)
        held = {role_id for role_id in counted if role_id in role_ids}
        if held != {role_id for role_id, (_, is_open) in theirs.items() if is_open}:
            await self.database.write(lambda conn: self._note(conn, guild_id, user_id, role_ids))

    async def _note(
        self, conn: Connection, guild_id: int, user_id: int, role_ids: Collection[int]
    ) -> None:
        now = self.clock().timestamp()
        counted = await access.counted_roles(conn, guild_id)
        theirs = await self._by_role(conn, guild_id, user_id)
        for role_id in sorted(counted.keys() | theirs.keys()):
            purchase, is_open = theirs.get(role_id, (None, False))
            is_held = role_id in role_ids and role_id in counted
            if is_held and not is_open:
                if not await roles.reasons(conn, guild_id, user_id, role_id, now):
                    await self._begin(conn, guild_id, user_id, role_id, purchase)
            elif purchase is not None and is_open and not is_held:
                await end(conn, self.keeping, purchase, now)

    async def _begin(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        role_id: int,
        purchase: Purchase | None,
    ) -> None:
        now = self.clock().timestamp()
        # Nothing of a name of ours leads to the member.
        name = secrets.token_hex(12)
        known = await products.called(conn, "role", [str(role_id)], guild_id)
        paid = Fact(
            guild_id=guild_id,
            source="role",
            key=name,
            kind="paid",
            happened_at=now,
            product_key=str(role_id),
            product_id=known[str(role_id)].product_id,
            payments=(name,),
        )
        whose = Fact(
            guild_id=guild_id,
            source="role",
            key=f"{name}:who",
            kind="referred",
            happened_at=now,
            user_id=user_id,
        )
        refs: tuple[str, ...] = (name,)
        if purchase is not None:
            refs = (name, f"purchase:{purchase.purchase_id}")
            await purchases.name(conn, guild_id, "role", refs, purchase.purchase_id)
        heard = Heard(source="role", number=str(role_id), refs=refs, facts=(paid, whose))
        await self.keeping.take(conn, guild_id, heard)

    async def _by_role(
        self, conn: Connection, guild_id: int, user_id: int
    ) -> dict[int, tuple[Purchase, bool]]:
        """Return by role the member's purchase of it, and whether that is going on."""
        found = [
            each
            for each in await purchases.of_member(conn, guild_id, user_id)
            if each.source == "role"
        ]
        told = await purchases.facts(conn, [each.purchase_id for each in found])
        return {
            int(each.number): (each, is_going_on(told[each.purchase_id]))
            for each in reversed(found)
        }


def is_going_on(told: Collection[Fact]) -> bool:
    """Say whether a role was given later than it was taken last."""
    given, taken = (
        max((fact.happened_at for fact in told if fact.kind == kind), default=0.0)
        for kind in ("paid", "ended")
    )
    return given > taken


async def end(conn: Connection, keeping: Keeping, purchase: Purchase, now: float) -> None:
    """Note that somebody has a role no more."""
    fact = Fact(
        guild_id=purchase.guild_id,
        source="role",
        key=secrets.token_hex(12),
        kind="ended",
        happened_at=now,
        received_at=now,
        purchase_id=purchase.purchase_id,
    )
    await purchases.append(conn, fact)
    await keeping.settle(conn, purchase)


def entitled(one: Entitlement, now: float) -> Heard:
    """Return what an entitlement says of a purchase."""
    number = str(one.number)
    # Else when it was made, which its id says.
    made_at = ((one.number >> 22) + 1_420_070_400_000) / 1e3
    at = one.begins_at.timestamp() if one.begins_at else made_at
    paid = Fact(
        guild_id=0,
        source="discord",
        key=f"{number}:{one.ends_at.timestamp():.0f}" if one.ends_at else number,
        kind="paid",
        happened_at=at,
        product_key=str(one.sku_id),
        until_at=one.ends_at.timestamp() if one.ends_at else None,
        payments=(number,),
        amount_minor=0 if one.is_free else None,
    )
    facts: tuple[Fact, ...] = (paid,)
    if one.is_deleted:
        gone = Fact(
            guild_id=0,
            source="discord",
            key=f"{number}:deleted",
            kind="refunded",
            happened_at=now,
            payments=(number,),
        )
        facts = (paid, gone)
    return Heard(
        source="discord", number=number, refs=(number,), facts=facts, discord_id=one.user_id
    )


async def hear(hearing: Hearing, one: Entitlement) -> None:
    """Take note of an entitlement, if a product has its SKU."""
    async with hearing.database.read() as conn:
        known = await products.called(conn, "discord", [str(one.sku_id)])
    if known:
        await hearing.take([entitled(one, hearing.clock().timestamp())])
