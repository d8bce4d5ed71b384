"""What is owed after redeeming: roles given and taken back, and what moderators are notified of.

This remembers; `bot.shop.grants` does it on Discord and says how it went, after a restart, too.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.shop import rules
from bot.shop.orders import Orders, Receipt
from storage import goods, orders, roles
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.records import Redemption, RoleEnd, ShopItem

GRANTED_WITHIN_S = 60
"""How long granting a role takes at most; what is owed for longer was interrupted."""
TRY_AGAIN_S = 3_600
DUE_BATCH = 50
LOOKS_MAX = 100
"""Members asked for in one tick; Discord answers about a hundred at once."""
_LOOKED = "shop:looked"
"""Where a member stands with a role that a level gave them."""
ORDERS_MAX = 200


@dataclass(frozen=True, slots=True)
class NewOrders:
    """What a guild's moderators have to deliver and are to be notified of in a channel."""

    guild_id: int
    channel_id: int
    redemptions: tuple[Redemption, ...]

    @property
    def nonce(self) -> str:
        """Return the nonce of the message about it; Discord takes 25 characters."""
        first, last = self.redemptions[0], self.redemptions[-1]
        return f"o{first.redemption_id}-{last.redemption_id}"[-25:]


@dataclass(frozen=True, slots=True)
class Broken:
    """Items whose role cannot be given, of which a guild's moderators are to be notified."""

    guild_id: int
    channel_id: int
    items: tuple[ShopItem, ...]

    @property
    def nonce(self) -> str:
        """Return the nonce of the message about it."""
        return f"b{self.items[0].item_id}-{self.items[-1].item_id}-{len(self.items)}"[-25:]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Roles that are owed, held or over, and notices to moderators."""

    database: Database
    clock: Clock
    orders: Orders

    # -------------------------------------------------------------------------- roles

    async def due(self, now: datetime) -> list[Redemption]:
        """Return roles whose granting was interrupted, and those whose time is over."""
        at = now.timestamp()
        async with self.database.read() as conn:
            return await orders.due(
                conn,
                at,
                owed_before=at - GRANTED_WITHIN_S,
                tried_before=at - TRY_AGAIN_S,
                limit=DUE_BATCH,
            )

    async def giver(self, bought: Redemption) -> int:
        """Return in whose name a bought role is given, 0 where nobody knows."""
        async with self.database.read() as conn:
            item = await goods.item(conn, bought.guild_id, bought.item_id, self._now)
        return item.role_by if item else 0

    async def granted(self, bought: Redemption) -> Redemption:
        """Say that the role was granted; return the redemption with its end.

        One that was refunded meanwhile is over at once. Of one whose buyer was erased meanwhile
        the end is kept already.
        """

        async def job(conn: Connection) -> Redemption:
            now, role_id = self._now, bought.role_id
            assert role_id is not None
            held = await orders.role_held(conn, bought.guild_id, bought.user_id, role_id)
            others = [each for each in held if each.redemption_id != bought.redemption_id]
            until = rules.ends_at(bought.days, others, now)
            number, cleared = bought.redemption_id, {"problem": None, "tried_at": None}
            if await orders.change_redemption(
                conn, number, now, was=("owed",), state="active", until_at=until, **cleared
            ):
                return replace(bought, state="active", until_at=until, problem=None)
            await orders.change_redemption(conn, number, now, was=("refunded",), until_at=now)
            return await orders.redemption(conn, bought.guild_id, number) or bought

        return await self.database.write(job)

    async def not_granted(self, bought: Redemption, problem: str) -> Receipt:
        """Give the points back for a role that cannot be granted, and leave a trace of why."""

        async def job(conn: Connection) -> Receipt:
            found = await orders.redemption(conn, bought.guild_id, bought.redemption_id)
            if found is None or found.state != "owed":
                return await self.orders.receipt(
                    conn, found or bought
                )  # refunded or erased meanwhile
            refunded = await self.orders.give_back(
                conn, found, actor_id=0, note="", problem=problem
            )
            return await self.orders.receipt(conn, refunded)

        return await self.database.write(job)

    async def must_keep(self, over: Redemption | RoleEnd) -> bool:
        """Say whether a member keeps a role whose time is over.

        They do if they bought more of it, or a level has given it to them as well.
        """
        assert over.role_id is not None
        number = over.redemption_id if isinstance(over, Redemption) else 0
        async with self.database.read() as conn:
            reasons = await roles.reasons(
                conn, over.guild_id, over.user_id, over.role_id, self._now
            )
        return any(reason != ("purchase", number) for reason in reasons)

    async def ended(self, bought: Redemption) -> None:
        """Say that a role whose time was over is taken back."""
        number, cleared = bought.redemption_id, {"problem": None, "tried_at": None}
        if bought.state == "refunded":
            await self._change(number, ("refunded",), until_at=None, **cleared)
        else:
            await self._change(number, ("active",), state="done", **cleared)

    async def stuck(self, bought: Redemption, problem: str, *, wait_s: float = TRY_AGAIN_S) -> None:
        """Remember what keeps a role from being granted or taken back, and try again later."""
        tried_at = self._now + wait_s - TRY_AGAIN_S
        states = ("owed", "active", "refunded")
        await self._change(bought.redemption_id, states, tried_at=tried_at, problem=problem)

    async def _change(self, redemption_id: int, was: Collection[str], **changes: Any) -> None:
        now = self._now

        async def job(conn: Connection) -> None:
            await orders.change_redemption(conn, redemption_id, now, was=was, **changes)

        await self.database.write(job)

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    # ----------------------------------------------------------------- erased buyers

    async def ends_due(self, now: datetime) -> list[RoleEnd]:
        """Return the roles of erased buyers whose time is over."""
        at = now.timestamp()
        async with self.database.read() as conn:
            return await orders.ends_due(conn, at, tried_before=at - TRY_AGAIN_S, limit=DUE_BATCH)

    async def end_over(self, end: RoleEnd) -> None:
        """Forget a role of an erased buyer that was taken back, the last that was kept of them."""

        async def job(conn: Connection) -> None:
            await orders.drop_end(conn, end)
            await stored.ask_for_scrub(conn, self._now)

        await self.database.write(job)

    async def end_stuck(self, end: RoleEnd, *, wait_s: float = TRY_AGAIN_S) -> None:
        """Try again later to take a role of an erased buyer."""
        tried_at = self._now + wait_s - TRY_AGAIN_S
        await self.database.write(lambda conn: orders.end_tried(conn, end, tried_at))

    # ------------------------------------------------------- members who left and came back

    async def to_look_at(self) -> list[Redemption]:
        """Return the next roles that members bought and have still, and were not seen lately."""
        now = self._now
        async with self.database.read() as conn:
            found = await orders.unseen(conn, now, before=now - TRY_AGAIN_S, limit=LOOKS_MAX)
        if found:
            numbers = [bought.redemption_id for bought in found]
            await self.database.write(lambda conn: orders.saw(conn, numbers, now))
        return found

    async def lost(
        self, guild_id: int, user_id: int, joined_at: float, role_ids: Collection[int]
    ) -> list[Redemption]:
        """Return the roles that a member bought, lost by leaving, and is to have again.

        Parameters
        ----------
        joined_at
            When they joined, UTC unix seconds. A role given after that was taken by hand.
        role_ids
            What they have now.
        """
        async with self.database.read() as conn:
            held = await orders.held_by(conn, guild_id, user_id, self._now)
        return [
            bought
            for bought in held
            if bought.role_id not in role_ids
            and (bought.problem is not None or bought.changed_at <= joined_at)
        ]

    async def given_again(self, bought: Redemption) -> None:
        """Say that a member who came back has their role again."""
        await self._change(bought.redemption_id, ("active",), problem=None, tried_at=None)

    # ------------------------------------------------------------- notices to moderators

    async def must_look(self) -> bool:
        """Say whether it is time to look whether roles may be given, and that it was done."""
        now = self._now
        async with self.database.read() as conn:
            last = float(await stored.value(conn, _LOOKED) or 0.0)
        if abs(now - last) < TRY_AGAIN_S:
            return False
        await self.database.write(lambda conn: stored.set_value(conn, _LOOKED, str(now)))
        return True

    async def all_live_roles(self) -> list[ShopItem]:
        """Return the items for sale that grant a role, of every guild."""
        async with self.database.read() as conn:
            return await goods.live_roles(conn, self._now)

    async def role_problem(self, item: ShopItem, problem: str | None) -> None:
        """Remember why an item's role cannot be given, or that it can again."""
        await self.database.write(lambda conn: goods.set_problem(conn, item.item_id, problem))

    async def broken(self) -> list[Broken]:
        """Return by guild the items of which its moderators were not notified yet."""
        async with self.database.read() as conn:
            found = await goods.untold_problems(conn, self._now)
        by_guild: dict[tuple[int, int], list[ShopItem]] = {}
        for channel_id, item in found:
            by_guild.setdefault((item.guild_id, channel_id), []).append(item)
        return [Broken(*where, tuple(items)) for where, items in by_guild.items()]

    async def notified_broken(self, broken: Broken) -> None:
        """Remember that moderators were notified, so that it happens once."""
        numbers = [item.item_id for item in broken.items]
        await self.database.write(lambda conn: goods.set_problem_told(conn, numbers))

    async def to_notify(self) -> list[NewOrders]:
        """Return by guild what its moderators were not notified of yet."""
        async with self.database.read() as conn:
            found = await orders.untold(conn, ORDERS_MAX)
        by_guild: dict[tuple[int, int], list[Redemption]] = {}
        for channel_id, order in found:
            by_guild.setdefault((order.guild_id, channel_id), []).append(order)
        return [NewOrders(*where, tuple(orders)) for where, orders in by_guild.items()]

    async def notified(self, new: NewOrders) -> None:
        """Remember that moderators were notified, so that it happens once."""
        numbers = [order.redemption_id for order in new.redemptions]
        await self.database.write(lambda conn: orders.set_told(conn, numbers))
