"""Takes what sources send: proved, understood, and stored before it is acknowledged.

Which server a message is about: the one that knows the order, the one that the operator named, that
of the buyer's reference, of the product, the only one that has products; in this order. Where
none of them says it, the sender is asked to come again.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.clock import Clock
from bot.purchases import afdian, lemonsqueezy, patreon, references, standard, stripe
from bot.purchases.keeping import Keeping, Taken
from bot.purchases.rules import Heard
from bot.purchases.sources import Adapter, Message, parsed, refuse
from storage import products, purchases
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.records import Fact

ADAPTERS: Mapping[str, Adapter] = {
    each.source: each
    for each in (
        afdian.ADAPTER,
        lemonsqueezy.ADAPTER,
        patreon.ADAPTER,
        standard.ADAPTER,
        stripe.ADAPTER,
    )
}
_KEY = "purchases:key"


@dataclass(frozen=True, slots=True)
class Keys:
    """What the operator set: each source's secret, and the one of ours.

    ``own`` signs references and hashes addresses; None for one that is made at the first use and
    kept in the database.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    own: str | None = None
    guild_id: int | None = None

    async def ours(self, conn: Connection) -> bytes:
        """Return our own secret; needs a writing connection where it has to be made."""
        if self.own is not None:
            return self.own.encode()
        known = await stored.value(conn, _KEY)
        if known is None:
            known = secrets.token_hex(32)
            await stored.set_value(conn, _KEY, known)
        return known.encode()


@dataclass(frozen=True, slots=True)
class Hearing:
    """What sources tell of purchases."""

    database: Database
    clock: Clock
    keeping: Keeping
    keys: Keys = field(default_factory=Keys)

    async def hear(self, source: str, headers: Mapping[str, str], body: bytes) -> str:
        """Take in a message and return what its sender wants to hear.

        Raises
        ------
        RefusedError
            It is not believed, no source is called so, or nobody knows for which server it is.
        """
        adapter, secret = ADAPTERS.get(source), self.keys.sources.get(source)
        if adapter is None or secret is None:
            refuse("unknown", 404)
        now = self.clock().timestamp()
        message = Message({name.lower(): each for name, each in headers.items()}, body, now)
        adapter.prove(message, secret)
        heard = adapter.read(message, parsed(body))
        if heard:
            await self.take(heard)
        return adapter.answer

    async def take(self, heard: Sequence[Heard]) -> list[Taken]:
        """Store what was heard, all of it or nothing."""

        async def job(conn: Connection) -> list[Taken]:
            return [await self._take(conn, each) for each in heard]

        return await self.database.write(job)

    async def _take(self, conn: Connection, heard: Heard) -> Taken:
        key = await self.keys.ours(conn)
        known = await purchases.of_refs(conn, heard.source, heard.refs)
        buyer = references.referred(key, heard.reference) if heard.reference else None
        guild_id = known[0].guild_id if known else await self._guild(conn, heard, buyer)
        is_erased = any(each.user_id == 0 for each in known)
        user_id = heard.discord_id
        if buyer is not None and buyer[0] == guild_id:
            user_id = buyer[1]
        if user_id is not None and not is_erased:
            heard = replace(heard, facts=(*heard.facts, _referral(heard.facts[0], user_id)))
        address = references.address_hash(key, heard.email) if heard.email else ""
        return await self.keeping.take(conn, guild_id, heard, address, found=known)

    async def _guild(self, conn: Connection, heard: Heard, buyer: tuple[int, int] | None) -> int:
        if self.keys.guild_id is not None:
            return self.keys.guild_id
        named = {fact.product_key for fact in heard.facts if fact.product_key}
        called = await products.guild_called(conn, heard.source, named) if named else None
        if called is not None and (buyer is None or buyer[0] == called):
            return called
        having = await purchases.guilds_of(conn)
        if buyer is not None and buyer[0] in having:
            return buyer[0]
        if called is not None:
            return called
        if len(having) != 1:
            refuse("server", 503)
        return having[0]


def _referral(fact: Fact, user_id: int) -> Fact:
    """Return that a message said whose the purchase is."""
    return Fact(
        guild_id=0,
        source=fact.source,
        key=f"{fact.key}:who",
        kind="referred",
        happened_at=fact.happened_at,
        user_id=user_id,
    )
