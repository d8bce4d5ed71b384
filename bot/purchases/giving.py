"""Gives the roles that products give, and takes them back when what was paid for is over.

Giving and taking twice changes nothing, so whatever a restart interrupted is done again. A role
that cannot be given is tried again every hour; `/product list` shows the fix.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot import jobs
from bot.messenger import UnreachableError
from bot.purchases.owed import Owed
from bot.roles import GoneError, Present, RoleError, Roles, Wanted
from storage.records import Access, Product

log = logging.getLogger(__name__)

Due = tuple[Access, Product]


@dataclass(frozen=True, slots=True)
class PurchasesRun:
    """What has to be done on Discord because of purchases."""

    owed: Owed
    roles: Roles

    async def tick(self, now: datetime) -> None:
        """Give what is owed and take what is over, a bounded part of it."""
        await jobs.each("a product's role", await self.owed.due(now), self._settle)
        await self._look()
        await self._look_for()

    async def seen(self, guild_id: int, present: Present) -> None:
        """Give a member who came back what they bought and have still."""
        for has, product in await self.owed.lost(guild_id, present.user_id, present.role_ids):
            await self._give(has, product)
        await self.owed.came(guild_id, present.user_id)

    async def _look_for(self) -> None:
        """Ask whether who bought something without a role is there: else they are invited."""
        for guild_id, found in (await self.owed.to_look_for()).items():
            try:
                present = await self.roles.present(guild_id, {has.user_id for has in found})
            except UnreachableError as error:
                log.info("purchases: nobody can tell who is there: %s", error)
                continue
            there = {each.user_id for each in present}
            for has in found:
                await self.owed.placed(has, is_there=has.user_id in there)

    async def _look(self) -> None:
        """Ask for some who have a role, in case they left and came back."""
        for guild_id, user_ids in (await self.owed.to_look_at()).items():
            try:
                found = await self.roles.present(guild_id, user_ids)
            except UnreachableError as error:
                log.info("purchases: nobody can tell who is there: %s", error)
                continue
            for present in found:
                await self.seen(guild_id, present)

    async def _settle(self, due: Due) -> None:
        has, product = due
        given, now = has.given_role_id, self.owed.clock().timestamp()
        wanted = product.role_id if has.holds(now) else None
        if given is not None and given != wanted and not await self._take(has, product, given):
            return
        if wanted is not None and given != wanted:
            await self._give(has, product)

    async def _give(self, has: Access, product: Product) -> None:
        assert product.role_id is not None
        wanted = Wanted(product.guild_id, product.role_id, product.role_by)
        try:
            await self.roles.give(wanted, has.user_id, product.title)
        except RoleError as error:
            log.warning("purchases: a role cannot be given: %s", error.problem)
            await self.owed.judged(product, error.problem)
            await self.owed.stuck(has, error.problem)
        except GoneError:
            await self.owed.stuck(has, "left")
        except UnreachableError:
            log.info("purchases: a role waits, for Discord cannot be reached")
        else:
            await self.owed.judged(product, None)
            await self.owed.given(has, product.role_id)

    async def _take(self, has: Access, product: Product, role_id: int) -> bool:
        """Take a role unless something else gave it, too; return whether that is over."""
        if not await self.owed.must_keep(has, role_id):
            try:
                await self.roles.take(has.guild_id, has.user_id, role_id, product.title)
            except RoleError as error:
                if error.problem != "gone":
                    log.warning("purchases: a role cannot be taken back: %s", error.problem)
                    await self.owed.stuck(has, error.problem)
                    return False
            except GoneError:
                pass
            except UnreachableError:
                return False
        await self.owed.given(has, None)
        return True
