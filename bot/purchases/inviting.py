"""Invites who bought something and is not in the server: with the role, and for them alone.

The invitation is tried by direct message once; Discord delivers that only to who shares another
server with the bot, so moderators find it in `/purchase show`, too. It lasts a week, another one is
made while its buyer stays away, and the last is taken back when what they bought is over.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.i18n import Speaker
from bot.invites import Invited, Invites, NoDoorError
from bot.messenger import Messenger, Recipient, UnreachableError
from bot.purchases import counter
from bot.purchases.claims import Claims
from bot.purchases.outbox import Outbox
from bot.purchases.rules import INVITED_S
from bot.purchases.sending import BATCH, Sending, Written
from bot.roles import Roles, Wanted
from storage import invites
from storage.connection import Connection
from storage.records import NoticeKind, Product, Reminder

log = logging.getLogger(__name__)

KINDS: tuple[NoticeKind, ...] = ("invite",)
WEEKS_MAX = 8


@dataclass(frozen=True, slots=True)
class InvitingRun:
    """Makes invitations and takes them back."""

    claims: Claims
    invites: Invites
    roles: Roles
    messenger: Messenger
    speaker: Speaker
    sending: Sending = field(init=False)

    def __post_init__(self) -> None:
        """Have the letters written here."""
        outbox = Outbox(self.claims.database, self.claims.clock)
        sending = Sending(outbox, self.messenger, self._compose, is_for_members=False)
        object.__setattr__(self, "sending", sending)

    async def tick(self, now: datetime) -> None:
        """Take back what is over, and make what is due, a few at a time."""
        at = now.timestamp()

        async def due() -> Collection[Reminder]:
            async with self.claims.database.read() as conn:
                return await invites.due(
                    conn, at, since=at - INVITED_S, most=WEEKS_MAX, limit=BATCH
                )

        try:
            await self._take_back(at)
        except UnreachableError as error:
            log.info("an invitation cannot be taken back yet: %s", error)
        await self.sending.tick(KINDS, due)

    async def _take_back(self, at: float) -> None:
        async with self.claims.database.read() as conn:
            found = await invites.over(conn, at, since=at - INVITED_S, limit=BATCH)
        for notice_id, code in found:
            await self.invites.drop(code)
            await self._keep(notice_id, None)

    async def _compose(self, one: Reminder, recipient: Recipient | None) -> Written | None:
        offer = await self.claims.still(one.guild_id, one.user_id, one.product_id)
        if offer is None or offer.access is None:
            return None
        async with self.claims.database.read() as conn:
            code = await invites.code(conn, one.notice_id)
            is_first = await invites.count(conn, one.guild_id, one.user_id) == 1
        if code is None:
            try:
                code = await self._made(one, offer.product)
            except NoDoorError as error:
                log.warning("nobody can be invited into guild %d: %s", one.guild_id, error)
                return None
            await self._keep(one.notice_id, code)
        if not is_first:
            return None
        texts = await self.speaker.to_member(one.guild_id, one.user_id)
        name = self.invites.server(one.guild_id)
        view = counter.invitation(one, offer.product, code, name, texts)
        return Written(view, counter.NOTED_ID.format(notice_id=one.notice_id))

    async def _made(self, one: Reminder, product: Product) -> str:
        """Make an invitation, with the product's role where that may be given."""
        role_id = product.role_id
        if role_id is not None:
            wanted = Wanted(product.guild_id, role_id, product.role_by)
            if (await self.roles.judged([wanted])).get(wanted, "absent") is not None:
                role_id = None  # it is given later, when somebody has put that right
        invited = Invited(
            guild_id=one.guild_id, user_id=one.user_id, role_id=role_id, lasts_s=INVITED_S
        )
        return await self.invites.make(invited, product.title)

    async def _keep(self, notice_id: int, code: str | None) -> None:
        async def job(conn: Connection) -> None:
            await invites.keep_code(conn, notice_id, code)

        await self.claims.database.write(job)
