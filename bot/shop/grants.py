"""Roles that were bought: granted at once, or after an interruption, and taken back at their end.

Giving and taking a role twice changes nothing, so whatever a restart interrupted is done again.
A role that cannot be given is refunded; one that cannot be taken back is tried again every hour
and shown to moderators with the mend, see `/shop-admin queue`.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.messenger import UnreachableError
from bot.roles import GoneError, RoleError, Roles
from bot.shop.service import Receipt, ShopService
from storage.records import Redemption

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
        assert bought.role_id is not None
        if not await self.service.must_keep(bought):
            try:
                await self.roles.take(bought.guild_id, bought.user_id, bought.role_id, bought.title)
            except GoneError:
                pass
            except RoleError as error:
                if error.problem != "gone":
                    log.warning("shop: a role cannot be taken back: %s", error.problem)
                    await self.service.stuck(bought, error.problem)
                    return
            except UnreachableError:
                await self.service.stuck(bought, "unreachable", wait_s=UNREACHABLE_WAIT_S)
                return
        await self.service.ended(bought)
