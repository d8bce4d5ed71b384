"""What redeeming leads to on Discord: roles given and taken back, moderators notified of orders.

Giving and taking a role twice changes nothing, so whatever a restart interrupted is done again.
A role that cannot be given is refunded; one that cannot be taken back is tried again every hour
and shown to moderators with the fix, see `/shop-admin queue`. Of a buyer who had everything
erased the end of the role is all that is known, and it goes with the role.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import discord

from bot import channels, jobs
from bot.i18n import Speaker, Texts
from bot.messenger import UnreachableError
from bot.roles import GoneError, Present, RoleError, RoleProblem, Roles, Wanted
from bot.shop import desk
from bot.shop.delivery import Broken, Delivery, NewOrders
from bot.shop.orders import Receipt
from storage.records import Redemption, RoleEnd, ShopItem

log = logging.getLogger(__name__)

UNREACHABLE_WAIT_S = 300


@dataclass(frozen=True, slots=True)
class Grants:
    """Gives and takes what `Delivery` wrote down as owed or over."""

    delivery: Delivery
    roles: Roles

    async def hand_over(self, receipt: Receipt) -> Receipt:
        """Grant what was just redeemed, if it is a role; return the receipt as it is then."""
        bought = receipt.redemption
        if bought.state != "owed" or bought.role_id is None:
            return receipt
        return await self._grant(receipt)

    async def tick(self, now: datetime) -> None:
        """Grant what an interruption left owed, and take back what is over."""
        await jobs.each("a bought role", await self.delivery.due(now), self._settle)
        await jobs.each("the end of a role", await self.delivery.ends_due(now), self._end)

    async def _settle(self, bought: Redemption) -> None:
        if bought.state == "owed":
            await self._grant(Receipt(bought, None, 0))
        else:
            await self.take_back(bought)

    async def _grant(self, receipt: Receipt) -> Receipt:
        bought = receipt.redemption
        assert bought.role_id is not None
        try:
            await self._give(bought)
        except (RoleError, GoneError) as error:
            problem = error.problem if isinstance(error, RoleError) else "left"
            log.warning("shop: redemption %s is refunded: %s", bought.redemption_id, problem)
            return await self.delivery.not_granted(bought, problem)
        except UnreachableError:
            await self.delivery.stuck(bought, "unreachable", wait_s=UNREACHABLE_WAIT_S)
            return receipt
        granted = await self.delivery.granted(bought)
        return Receipt(
            redemption=granted,
            resource=receipt.resource,
            balance=receipt.balance,
            is_new=receipt.is_new,
        )

    async def _give(self, bought: Redemption) -> None:
        assert bought.role_id is not None
        giver = await self.delivery.giver(bought)
        wanted = Wanted(bought.guild_id, bought.role_id, giver)
        await self.roles.give(wanted, bought.user_id, bought.title)

    async def seen(self, guild_id: int, present: Present) -> None:
        """Give a member who left and came back what they bought and have still."""
        for bought in await self.delivery.lost(
            guild_id, present.user_id, present.joined_at, present.role_ids
        ):
            try:
                await self._give(bought)
            except RoleError as error:
                log.warning("shop: a role cannot be given again: %s", error.problem)
                await self.delivery.stuck(bought, error.problem)
            except (GoneError, UnreachableError):
                continue  # in an hour somebody looks again
            else:
                await self.delivery.given_again(bought)

    async def look(self) -> None:
        """Ask for some who have a role, in case they came back; and for who sells roles."""
        by_guild: dict[int, set[int]] = {}
        for bought in await self.delivery.to_look_at():
            by_guild.setdefault(bought.guild_id, set()).add(bought.user_id)
        for guild_id, user_ids in by_guild.items():
            try:
                found = await self.roles.present(guild_id, user_ids)
            except UnreachableError as error:
                log.info("shop: nobody can tell who is there: %s", error)
                continue
            for present in found:
                await self.seen(guild_id, present)
        if await self.delivery.must_look():
            await self.problems(await self.delivery.all_live_roles())

    async def problems(self, items: Iterable[ShopItem]) -> list[tuple[ShopItem, RoleProblem]]:
        """Return the items whose role cannot be given as things stand, and remember why."""
        wanted = {
            item: Wanted(item.guild_id, item.role_id, item.role_by)
            for item in items
            if item.role_id is not None
        }
        judged = await self.roles.judged(wanted.values())
        found = []
        for item, each in wanted.items():
            problem = judged.get(each)
            if each in judged and problem != item.role_problem:
                await self.delivery.role_problem(item, problem)
            if problem is not None:
                found.append((item, problem))
        return found

    async def take_back(self, bought: Redemption) -> None:
        """Take a role whose time is over, unless more of it was bought."""
        try:
            problem = await self._take(bought, bought.title)
        except UnreachableError:
            await self.delivery.stuck(bought, "unreachable", wait_s=UNREACHABLE_WAIT_S)
            return
        if problem is None:
            await self.delivery.ended(bought)
        else:
            await self.delivery.stuck(bought, problem)

    async def _end(self, end: RoleEnd) -> None:
        """Take a role whose buyer was erased."""
        try:
            problem = await self._take(end, "over")
        except UnreachableError:
            await self.delivery.end_stuck(end, wait_s=UNREACHABLE_WAIT_S)
            return
        if problem is None:
            await self.delivery.end_over(end)
        else:
            await self.delivery.end_stuck(end)

    async def _take(self, over: Redemption | RoleEnd, reason: str) -> RoleProblem | None:
        """Take a role, unless more of it was bought; return what keeps it from being taken."""
        assert over.role_id is not None
        if await self.delivery.must_keep(over):
            return None
        try:
            await self.roles.take(over.guild_id, over.user_id, over.role_id, reason)
        except GoneError:
            return None
        except RoleError as error:
            if error.problem == "gone":
                return None
            log.warning("shop: a role cannot be taken back: %s", error.problem)
            return error.problem
        return None


@dataclass(frozen=True, slots=True)
class ShopRun:
    """The shop's tick: what is owed, what is over, and what moderators have to deliver."""

    grants: Grants
    client: discord.Client
    speaker: Speaker

    async def tick(self, now: datetime) -> None:
        """Do everything that is due, a bounded part of it."""
        await self.grants.tick(now)
        await self.grants.look()
        orders, broken = await self.grants.delivery.to_notify(), await self.grants.delivery.broken()
        await jobs.each("a notice of orders", orders, self._notify_of_orders)
        await jobs.each("a notice of items", broken, self._notify_of_broken)

    async def _notify_of_orders(self, orders: NewOrders) -> None:
        if await self._notify(orders, partial(desk.orders, orders), orders.nonce):
            await self.grants.delivery.notified(orders)

    async def _notify_of_broken(self, broken: Broken) -> None:
        if await self._notify(broken, partial(desk.broken, broken.items), broken.nonce):
            await self.grants.delivery.notified_broken(broken)

    async def _notify(
        self,
        where: NewOrders | Broken,
        view: Callable[[Texts], discord.ui.LayoutView],
        nonce: str,
    ) -> bool:
        """Notify moderators; return whether that is over and done with."""
        texts = await self.speaker.to_guild(where.guild_id)
        is_sent = await channels.post_to_staff(
            self.client, where.guild_id, where.channel_id, view(texts), nonce, texts
        )
        if is_sent is False:
            # The queue shows the same; a closed channel is not asked again and again.
            log.warning("shop: moderators' channel of guild %s is closed", where.guild_id)
        return is_sent is not None
