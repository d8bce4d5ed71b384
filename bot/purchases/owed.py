"""Which roles members are owed for products, and which are over.

This remembers; `bot.purchases.giving` does it on Discord, after a restart, too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.dates import DAY_S
from storage import access, members, products, roles
from storage.database import Database
from storage.records import Access, Product

TRY_AGAIN_S = 3_600
DUE_BATCH = 50
LOOKS_MAX = 100
LOOK_EVERY_S = 3_600


@dataclass(frozen=True, slots=True)
class Owed:
    """Roles that products give."""

    database: Database
    clock: Clock

    async def due(self, now: datetime) -> list[tuple[Access, Product]]:
        """Return whose role is to be given or taken back, each with its product."""
        at = now.timestamp()
        async with self.database.read() as conn:
            found = await access.due(
                conn,
                at,
                tried_before=at - TRY_AGAIN_S,
                left_before=at - DAY_S,
                limit=DUE_BATCH,
            )
            known = [await products.one(conn, e.guild_id, e.product_id) for e in found]
        return [(has, one) for has, one in zip(found, known, strict=True) if one is not None]

    async def must_keep(self, has: Access, role_id: int) -> bool:
        """Say whether something else has given a member a role as well."""
        async with self.database.read() as conn:
            reasons = await roles.reasons(conn, has.guild_id, has.user_id, role_id, self._now)
        return bool(reasons)

    async def given(self, has: Access, role_id: int | None) -> None:
        """Say which role a member has for a product now."""
        await self.database.write(lambda conn: access.settled(conn, has, role_id, self._now))

    async def stuck(self, has: Access, problem: str) -> None:
        """Remember what keeps a role from being given or taken, so that it is tried again later."""
        await self.database.write(
            lambda conn: access.settled(conn, has, has.given_role_id, self._now, problem)
        )

    async def judged(self, product: Product, problem: str | None) -> None:
        """Remember why a product's role cannot be given, None for nothing."""
        if product.role_problem != problem:
            await self.database.write(
                lambda conn: products.change(
                    conn,
                    product.guild_id,
                    product.product_id,
                    role_problem=problem,
                    is_problem_told=False,
                )
            )

    async def untold(self) -> list[tuple[Product, int]]:
        """Return whose role cannot be given, with the channel of moderators to be told there.

        Where moderators have no channel, `/product list` has to do.
        """
        async with self.database.read() as conn:
            found = await products.troubled(conn, DUE_BATCH)
            guilds = {each.guild_id: await members.guild(conn, each.guild_id) for each in found}
        channels = {number: one.staff_channel_id for number, one in guilds.items()}
        return [(one, to) for one in found if (to := channels[one.guild_id]) is not None]

    async def told(self, product: Product) -> None:
        """Remember that moderators know of a product's role."""
        await self.database.write(
            lambda conn: products.change(
                conn, product.guild_id, product.product_id, is_problem_told=True
            )
        )

    async def lost(
        self, guild_id: int, user_id: int, role_ids: Collection[int]
    ) -> list[tuple[Access, Product]]:
        """Return what a member who is there lacks of the roles they bought and have still."""
        async with self.database.read() as conn:
            of_member = await access.of_member(conn, guild_id, user_id)
            known = {
                each.product_id: await products.one(conn, guild_id, each.product_id)
                for each in of_member
                if each.holds(self._now)
            }
        return [
            (has, product)
            for has in of_member
            if (product := known.get(has.product_id)) is not None
            and product.role_id is not None
            # Who came in by an invitation has it already, and it is to be taken back some day.
            and (product.role_id not in role_ids or has.given_role_id != product.role_id)
        ]

    async def to_look_at(self) -> dict[int, set[int]]:
        """Return members by guild whose roles nobody has looked at lately, and note it."""
        now = self._now
        async with self.database.read() as conn:
            found = await access.unseen(conn, now, before=now - LOOK_EVERY_S, limit=LOOKS_MAX)
        if found:
            await self.database.write(lambda conn: access.saw(conn, found, now))
        by_guild: dict[int, set[int]] = {}
        for each in found:
            by_guild.setdefault(each.guild_id, set()).add(each.user_id)
        return by_guild

    async def to_look_for(self) -> dict[int, list[Access]]:
        """Return by guild what was bought without a role, while nobody knows who is there.

        A role that is given says it by itself; who bought what has none may be outside as well.
        """
        now = self._now
        async with self.database.read() as conn:
            found = await access.unplaced(conn, now, before=now - LOOK_EVERY_S, limit=LOOKS_MAX)
        if found:
            await self.database.write(lambda conn: access.saw(conn, found, now))
        by_guild: dict[int, list[Access]] = {}
        for each in found:
            by_guild.setdefault(each.guild_id, []).append(each)
        return by_guild

    async def placed(self, has: Access, *, is_there: bool) -> None:
        """Remember whether who bought something is in the server."""
        await self.database.write(
            lambda conn: access.placed(conn, has, self._now, is_there=is_there)
        )

    async def came(self, guild_id: int, user_id: int) -> None:
        """Remember that somebody is in the server who was not."""
        async with self.database.read() as conn:
            found = await access.of_member(conn, guild_id, user_id)
            known = {n: await products.one(conn, guild_id, n) for n in _outside(found)}
        for has in found:
            product = known.get(has.product_id)
            if product is not None and product.role_id is None:
                await self.placed(has, is_there=True)

    @property
    def _now(self) -> float:
        return self.clock().timestamp()


def _outside(found: Collection[Access]) -> list[int]:
    """Return the products that a member bought who was not in the server when last looked for."""
    return [has.product_id for has in found if has.problem == "left"]
