"""What redeeming leads to on Discord: roles given and taken back, orders told to moderators.

Giving and taking a role twice changes nothing, so whatever a restart interrupted is done again.
A role that cannot be given is refunded; one that cannot be taken back is tried again every hour
and shown to moderators with the fix, see `/shop-admin queue`. Of a buyer who had everything
erased the end of the role is all that is known, and it goes with the role.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

import discord

from bot import channels
from bot.i18n import Speaker
from bot.messenger import UnreachableError
from bot.roles import GoneError, RoleError, RoleProblem, Roles
from bot.shop import views
from bot.shop.service import Orders, Receipt, ShopService
from storage.records import Redemption, RoleEnd

log = logging.getLogger(__name__)

UNREACHABLE_WAIT_S = 300


@dataclass(frozen=True, slots=True)
class Grants:
    """Gives and takes what `ShopService` wrote down as owed or over."""

    service: ShopService
    roles: Roles

    async def hand_over(self, receipt: Receipt) -> Receipt:
        """Grant what was just redeemed, if it is a role; return the receipt as it is then."""
        bought = receipt.redemption
        if bought.state != "owed" or bought.role_id is None:
            return receipt
        return await self._grant(receipt)

    async def tick(self, now: datetime) -> None:
        """Grant what an interruption left owed, and take back what is over."""
        for bought in await self.service.due(now):
            if bought.state == "owed":
                await self._grant(Receipt(bought, None, 0))
            else:
                await self.take_back(bought)
        for end in await self.service.ends_due(now):
            await self._end(end)

    async def _grant(self, receipt: Receipt) -> Receipt:
        bought = receipt.redemption
        assert bought.role_id is not None
        try:
            await self.roles.give(bought.guild_id, bought.user_id, bought.role_id, bought.title)
        except (RoleError, GoneError) as error:
            problem = error.problem if isinstance(error, RoleError) else "left"
            log.warning("shop: redemption %s is refunded: %s", bought.redemption_id, problem)
            return await self.service.not_granted(bought, problem)
        except UnreachableError:
            await self.service.stuck(bought, "unreachable", wait_s=UNREACHABLE_WAIT_S)
            return receipt
        granted = await self.service.granted(bought)
        return Receipt(granted, receipt.resource, receipt.balance, receipt.is_new)

    async def take_back(self, bought: Redemption) -> None:
        """Take a role whose time is over, unless more of it was bought."""
        try:
            problem = await self._take(bought, bought.title)
        except UnreachableError:
            await self.service.stuck(bought, "unreachable", wait_s=UNREACHABLE_WAIT_S)
            return
        if problem is None:
            await self.service.ended(bought)
        else:
            await self.service.stuck(bought, problem)

    async def _end(self, end: RoleEnd) -> None:
        """Take a role whose buyer was erased."""
        try:
            problem = await self._take(end, "over")
        except UnreachableError:
            await self.service.end_stuck(end, wait_s=UNREACHABLE_WAIT_S)
            return
        if problem is None:
            await self.service.end_over(end)
        else:
            await self.service.end_stuck(end)

    async def _take(self, over: Redemption | RoleEnd, reason: str) -> RoleProblem | None:
        """Take a role, unless more of it was bought; return what keeps it from being taken."""
        assert over.role_id is not None
        if await self.service.must_keep(over):
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
        for orders in await self.grants.service.to_tell():
            await self._tell(orders)

    async def _tell(self, orders: Orders) -> None:
        texts = await self.speaker.to_guild(orders.guild_id)
        first, last = orders.redemptions[0], orders.redemptions[-1]
        nonce = f"o{first.redemption_id}-{last.redemption_id}"[-25:]
        view = views.orders(orders, texts)
        is_sent = await channels.post_to_staff(
            self.client, orders.guild_id, orders.channel_id, view, nonce, texts
        )
        if is_sent is False:
            # The queue shows the same; a closed channel is not asked again and again.
            log.warning("shop: moderators' channel of guild %s is closed", orders.guild_id)
        if is_sent is not None:
            await self.grants.service.told(orders)
